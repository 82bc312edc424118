import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeEndpoints, endpointSetting } from '../../../src/core/endpoint/config';
import type { EndpointSpec } from '../../../src/core/judgeSpec';
import { faults } from '../../support/chatFaults';
import { servedJudge } from '../../support/chatJudge';
import { ChatServer } from '../../support/chatServer';
import { engineIn, ownFolder } from './support';
import { loggedPairs, runOf, tiny } from './sweepSupport';

/** All pairs of these are 528. */
const CHECKPOINTS = 33;
const KINDS = 3;

describe('a sweep of five hundred pairs, put to two servers of which one answer in ten fails and some are slow', function () {
  this.timeout(600_000);
  let dir: string;
  let logDir: string;
  const servers: ChatServer[] = [];
  ownFolder((own) => ({ dir, logDir } = own));
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  it('ends complete, and with the right winner of every pair', async () => {
    const waits: number[] = [];
    for (const [dialect, seed] of [
      ['vllm', 11],
      ['sglang', 12],
    ] as const) {
      const next = faults(seed);
      const fault = (n: number) => {
        const made = next(n);
        if (made?.kind === 'late') waits.push(made.ms);
        return made;
      };
      servers.push(await ChatServer.start({ dialect, fault, answer: servedJudge() }));
    }
    const limits = [6, 2];
    const listed = servers.map(({ url, model }, i) => ({
      ...{ name: `gpu${i}`, url, model, concurrency: limits[i], weight: limits[i] },
    }));
    const endpoints = decodeEndpoints(listed).map(endpointSetting);
    const judge: EndpointSpec = { kind: 'endpoint', endpoints, asked: { mode: 'base', frames: 4 } };
    const { root, kindOf } = makeCheckpoints();
    const engine = engineIn(dir, { endpointAccess: () => Promise.resolve({ allowed: true }) });
    const state = await engine.sweepRun(runOf(root, { judge }));
    assert.deepEqual(state.pairs, { total: 528, judged: 528 });
    assert.deepEqual(state.notes, []);
    const rows = loggedPairs(logDir);
    assert.equal(rows.length, 528);
    for (const { a, b, bytes } of rows)
      assert.equal(overallOf(bytes), Math.sign(kindOf(b) - kindOf(a)), `${a} ${b}`);
    assert.ok(waits.length >= 3 && Math.min(...waits) >= 300, `late: ${waits.join()} ms`);
    const asked = servers.reduce((sum, { chats }) => sum + chats.length, 0);
    assert.ok(asked > 2 * 528 * 1.05, `${asked} requests: nothing failed`);
    for (const [i, server] of servers.entries())
      assert.ok(server.mostActive <= limits[i]!, `${server.mostActive} at once`);
  });

  /** Clips of three kinds, each with less grain than the one before, and each of a content of its own. */
  function makeCheckpoints() {
    const root = join(dir, 'ws', 'run');
    const kinds = new Map<string, number>();
    const then = new Date(Date.now() - 3_600_000);
    for (let step = 1; step <= CHECKPOINTS; step++) {
      const kind = step % KINDS;
      // Bytes behind the last box: another file that looks the same.
      const file = Buffer.concat([
        readFileSync(tiny(kind + 1, 0)),
        Buffer.from(String(step).padStart(8, '\0')),
      ]);
      kinds.set(createHash('sha256').update(file).digest('hex'), kind);
      const folder = join(root, `step-${step}00`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'prompt.mp4'), file);
      utimesSync(join(folder, 'prompt.mp4'), then, then);
    }
    return { root, kindOf: (hash: string) => kinds.get(hash)! };
  }
});

/** 1 where A is better: the first series of a logged pair, behind its four pairs of probabilities. */
const overallOf = (bytes: string) => (Buffer.from(bytes, 'hex')[16]! & 3) - 1;
