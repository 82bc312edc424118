import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { ChatPart, ChatRequest } from '../../../src/core/chain/chat';
import { decodeEndpoints, type EndpointConfig } from '../../../src/core/endpoint/config';
import { ProblemError, type Problem } from '../../../src/core/problem';
import type { Carrier, CarrierFrame } from '../../../src/engine/carrier';
import { openEndpointCarrier } from '../../../src/engine/worker/endpoint';
import type { EndpointPorts } from '../../../src/engine/worker/endpoint/carrier';
import { ChatServer, type Fault, type ServerOptions } from '../../support/chatServer';

const servers: ChatServer[] = [];
const carriers: Carrier[] = [];

export const KEY = 'sk-secret-0123456789';
export const QUICK = { backoff: 5, mostBackoff: 50, rest: 20, mostRest: 200 };

export async function serve(options: ServerOptions = {}): Promise<ChatServer> {
  const server = await ChatServer.start(options);
  servers.push(server);
  return server;
}

export function endpointOf(server: { url: string; model: string }, more: object = {}): EndpointConfig {
  return decodeEndpoints([{ name: 'lab', url: server.url, model: server.model, ...more }])[0]!;
}

export const allowed: EndpointPorts['access'] = () => Promise.resolve({ allowed: true, key: KEY });

export async function carrierTo(
  endpoints: EndpointConfig[],
  ports: Partial<EndpointPorts> = {},
): Promise<Carrier> {
  const timing = { ...QUICK, ...ports.timing };
  const carrier = await openEndpointCarrier(endpoints, { access: allowed, ...ports, timing });
  carriers.push(carrier);
  return carrier;
}

export async function endAll(): Promise<void> {
  await Promise.all(carriers.splice(0).map((carrier) => carrier.dispose()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
}

/** A picture of its own for every frame. */
export function frame(part: ChatPart & { type: 'frame' }): CarrierFrame {
  const [width, height] = [28, 16];
  const shift = (part.side === 'A' ? 0 : 100) + 40 * part.time;
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7 + shift) & 0xff);
  return { width, height, rgb };
}

export function question(text: string, more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    messages: [
      { role: 'system', content: [{ type: 'text', text: 'You judge clips.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text },
          { type: 'frame', side: 'A', time: 0 },
          { type: 'text', text: 'then' },
          { type: 'frame', side: 'A', time: 1 },
          { type: 'frame', side: 'B', time: 0 },
        ],
      },
    ],
    maxTokens: 500,
    temperature: 0,
    seed: 7,
    ...more,
  };
}

export const first =
  <F extends Fault>(fault: F) =>
  (n: number) =>
    n === 0 ? fault : undefined;
export const always =
  <F extends Fault>(fault: F) =>
  () =>
    fault;

export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => assert.fail('it went well'),
    (e: unknown) => e,
  );
  assert.ok(error instanceof ProblemError, String(error));
  const { message, fix = '' } = error.problem;
  assert.match(message, /^\S.*[.…]$/s);
  assert.doesNotMatch(message + fix, /undefined|\[object|sk-secret/);
  return error.problem;
}

export const ask = (carrier: Carrier, more: object = {}) =>
  carrier.ask(question('Which one?'), { frame, ...more });

export async function until(what: string, look: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (look()) return;
    await delay(10);
  }
  assert.fail(`not seen: ${what}`);
}

/** A port on which nothing listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
