import assert from 'node:assert/strict';
import { faults } from '../../support/chatFaults';
import { answerTo } from '../../support/chatServer';
import { carrierTo, endAll, endpointOf, frame, question, serve } from './endpointSupport';

const REQUESTS = 500;

describe('five hundred questions to endpoints of which one answer in ten fails', () => {
  afterEach(endAll);

  it('are all answered, each with its own answer, and never more at a time than is allowed', async function () {
    this.timeout(600_000);
    const servers = [
      await serve({ dialect: 'vllm', fault: faults(11) }),
      await serve({ dialect: 'sglang', fault: faults(12) }),
    ];
    const limits = [6, 2];
    const carrier = await carrierTo(
      servers.map((server, i) =>
        endpointOf(server, { name: `gpu${i}`, concurrency: limits[i], weight: limits[i] }),
      ),
    );
    const streamed = new Map<number, string>();
    const answers = await Promise.all(
      Array.from({ length: REQUESTS }, (_, i) =>
        carrier.ask(question(`pair ${i}`), {
          frame,
          onText: (delta) => streamed.set(i, (streamed.get(i) ?? '') + delta),
          onRestart: () => streamed.set(i, ''),
        }),
      ),
    );
    const asked = servers.flatMap((server) => server.chats);
    const expected = new Map(asked.map(({ body }) => [pairOf(JSON.stringify(body)), answerTo(body)]));
    assert.equal(expected.size, REQUESTS);
    for (const [i, answer] of answers.entries()) {
      assert.equal(answer.text, expected.get(i), `pair ${i}`);
      assert.equal(answer.finish, 'stop');
      assert.equal(streamed.get(i), answer.text);
      assert.equal(answer.tokens?.prompt, 1002);
    }
    assert.ok(asked.length > REQUESTS * 1.05, `${asked.length} requests: nothing failed`);
    for (const [i, server] of servers.entries()) {
      assert.ok(server.mostActive <= limits[i]!, `${server.mostActive} at a time`);
      assert.ok(server.chats.length > 50, `${server.chats.length} requests`);
    }
    assert.equal(servers[0]!.mostActive, limits[0], 'it is kept busy');
  });
});

const pairOf = (body: string) => Number(/pair (\d+)"/.exec(body)?.[1]);
