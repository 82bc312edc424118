import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EndpointSpec } from '../../../src/core/judgeSpec';
import { decodeEndpoints, endpointSetting } from '../../../src/core/endpoint/config';
import { markOf } from '../../../src/core/sweep/marks';
import type { CompareProgress } from '../../../src/protocol/engine';
import { ChatServer, type ServerOptions } from '../../support/chatServer';
import { servedJudge, type ServedJudge } from '../../support/chatJudge';
import { h264, ruined } from '../../support/clips';
import { engineIn, ownFolder, pair } from './support';
import { listener, loggedPairs, makeSweep, runOf, targetOf, tiny } from './sweepSupport';

const allow = () => Promise.resolve({ allowed: true });
/** A folder that was looked through just now is not looked through again. */
const settled = () => delay(1100);

describe('a vision-language judge in the engine', function () {
  this.timeout(60_000);
  let dir: string;
  let logDir: string;
  const servers: ChatServer[] = [];
  ownFolder((own) => ({ dir, logDir } = own));
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));

  async function served(judge: ServedJudge = {}, options: ServerOptions = {}) {
    const server = await ChatServer.start({ answer: servedJudge(judge), ...options });
    servers.push(server);
    const spec = (more: Partial<EndpointSpec> = {}, setting: object = {}): EndpointSpec => ({
      kind: 'endpoint',
      endpoints: decodeEndpoints([{ name: 'here', url: server.url, model: server.model, ...setting }]).map(
        endpointSetting,
      ),
      asked: {},
      ...more,
    });
    return { server, spec };
  }

  it('compares two clips: criteria come while they are written, in both orders, and are kept', async () => {
    const { server, spec } = await served();
    const engine = engineIn(dir, { endpointAccess: allow });
    const steps: CompareProgress[] = [];
    const params = { ...pair(h264(), ruined(), logDir), judge: spec() };
    const { verdict, measures, fromLog } = await engine.compare(params, {
      onProgress: (s) => void steps.push(s),
    });
    assert.equal(fromLog, false);
    assert.deepEqual(
      [verdict.overall.winner, verdict.judge.kind, verdict.judge.name],
      ['A', 'endpoint', server.model],
    );
    assert.deepEqual(verdict.orders, { mode: 'both', ab: 'A', ba: 'A', consistent: true });
    assert.ok(verdict.criteria.every(({ status, score }) => status === 'judged' && score === 1));
    assert.match(verdict.criteria[0]!.reason, /^A keeps its detail, B is soft/);
    assert.deepEqual(verdict.usage?.requests, 2);
    assert.equal(server.chats.length, 2);
    assert.ok(measures.A && measures.B);
    const told = steps.flatMap((step) => (step.stage === 'criterion' ? [step.criterion] : []));
    assert.equal(new Set(told.map(({ id }) => id)).size, 15);
    assert.ok(
      steps.findIndex(({ stage }) => stage === 'judging') <
        steps.findIndex(({ stage }) => stage === 'criterion'),
    );
    const swapped = await engine.compare({ ...pair(ruined(), h264(), logDir), judge: spec() });
    assert.deepEqual([swapped.fromLog, swapped.verdict.overall.winner], [true, 'B']);
    assert.equal(server.chats.length, 2, 'what the record knows is not asked again');
    await engine.compare({ ...pair(h264(), ruined(), logDir), judge: spec({ asked: { mode: 'base' } }) });
    assert.equal(server.chats.length, 4, 'asked in another way, it is another judge');
    const one = await engine.compare({
      ...pair(h264(), ruined(), logDir),
      judge: spec({ asked: { mode: 'overall' } }),
    });
    assert.deepEqual(
      [one.fromLog, one.verdict.overall.winner, one.verdict.usage?.completionTokens],
      [false, 'A', 2],
    );
    assert.deepEqual(
      Object.values(one.verdict.dimensions).map(({ unjudged }) => unjudged),
      [true, true, true],
    );
    assert.deepEqual(
      server.chats.slice(4).map(({ body }) => body.max_tokens),
      [1, 1],
    );
    const compact = await engine.compare(pair(h264(), ruined(), logDir));
    assert.deepEqual([compact.fromLog, compact.verdict.judge.kind], [false, 'compact']);
  });

  it('is told of without being asked: no request leaves for its name', async () => {
    const { server, spec } = await served();
    const { judge } = await engineIn(dir).status(spec({ asked: { mode: 'base' } }));
    assert.ok(!('problem' in judge));
    assert.deepEqual([judge.name, judge.cardPath], [`${server.model}, verdict only`, undefined]);
    assert.equal(server.seen.length, 0);
  });

  it('sends nothing where the host was not allowed, and says what to do', async () => {
    const { server, spec } = await served();
    const engine = engineIn(dir, { endpointAccess: () => Promise.resolve({ allowed: false }) });
    await assert.rejects(
      engine.compare({ ...pair(h264(), ruined(), null), judge: spec() }),
      /not allowed that frames/,
    );
    assert.equal(server.seen.length, 0);
  });

  it('is not asked ahead of the reader', async () => {
    const { server, spec } = await served();
    const engine = engineIn(dir, { endpointAccess: allow });
    const ahead = { ...pair(h264(), ruined(), logDir), judge: spec(), foresee: true };
    await assert.rejects(engine.compare(ahead), /cancelled/);
    assert.equal(server.seen.length, 0);
  });

  it('judges a sweep: the cost is told before, each pair is asked once, in both orders, and opens with its reasons', async () => {
    const { server, spec } = await served();
    const engine = engineIn(dir, { endpointAccess: allow });
    const root = makeSweep(dir);
    const price = { price: { prompt: 1, completion: 10 } };
    const { cost } = await engine.sweepScan(targetOf(root, { judge: spec({}, price) }));
    assert.deepEqual([cost.asks?.requests, cost.asks?.frames], [18, 18 * 16]);
    assert.ok(cost.asks!.cost! > 0.01 && cost.asks!.cost! < 5, String(cost.asks!.cost));
    assert.equal(server.seen.length, 0);
    const { steps, onProgress } = listener();
    const state = await engine.sweepRun(runOf(root, { judge: spec() }), { onProgress });
    assert.deepEqual(state.pairs, { total: 9, judged: 9 });
    assert.deepEqual([steps.at(-1)?.pairs.done, steps.at(-1)?.rate], [9, undefined]);
    assert.equal(server.chats.length, 18);
    assert.equal(loggedPairs(logDir).length, 9);
    assert.equal(markOf(state.marks.baseline, 2, 'overall'), -1, 'the later step has less grain');
    const params = pair(join(root, 'step-100/prompt-0.mp4'), join(root, 'step-300/prompt-0.mp4'), logDir);
    const judge = spec();
    const prompt =
      state.statistics && (await engine.sweepOpen(targetOf(root, { judge }))).grid.rows[0]!.prompt;
    const { fromLog, verdict } = await engine.compare({ ...params, judge, ...(prompt ? { prompt } : {}) });
    assert.deepEqual([fromLog, verdict.overall.winner], [true, 'A']);
    assert.match(verdict.criteria[3]!.reason, /keeps its detail/);
    assert.equal(server.chats.length, 18);
    // The compact judge has rows of its own beside these.
    const compact = await engine.sweepOpen(targetOf(root));
    assert.equal(compact.state.pairs.judged, 0);
  });

  it('judges a sweep anew under another prompt, and finds what it said under each', async () => {
    const { server, spec } = await served();
    const engine = engineIn(dir, { endpointAccess: allow });
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    const judge = spec();
    const say = (prompt: string) => writeFileSync(join(root, 'step-100/prompt-0.txt'), prompt);
    const known = async (more = {}) => (await engine.sweepOpen(targetOf(root, more))).state.pairs.judged;
    await engine.sweepRun(runOf(root));
    await engine.sweepRun(runOf(root, { judge }));
    assert.equal(server.chats.length, 4);
    for (const [prompt, requests] of [
      ['A cat on a roof.', 6],
      ['A dog in the rain.', 8],
    ] as const) {
      say(prompt);
      await settled();
      assert.deepEqual([await known({ judge }), await known()], [1, 2], 'the compact judge reads none');
      const { pairs } = await engine.sweepRun(runOf(root, { judge }));
      assert.deepEqual([pairs.judged, server.chats.length], [2, requests]);
    }
    say('A cat on a roof.');
    await settled();
    assert.equal(await known({ judge }), 2);
    rmSync(join(root, 'step-100/prompt-0.txt'));
    await settled();
    assert.equal(await known({ judge }), 2, 'without a prompt');
  });

  it('takes rows that do not say their prompt for none, and finds the whole verdicts without asking', async () => {
    const { server, spec } = await served();
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    const judge = spec();
    await engineIn(dir, { endpointAccess: allow }).sweepRun(runOf(root, { judge }));
    const file = join(logDir, 'sweeps.jsonl');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/"prompt":"[^"]*",/g, ''));
    const engine = engineIn(dir, { endpointAccess: allow });
    assert.equal((await engine.sweepOpen(targetOf(root, { judge }))).state.pairs.judged, 0);
    const { pairs } = await engine.sweepRun(runOf(root, { judge }));
    assert.deepEqual([pairs.judged, server.chats.length], [2, 4]);
  });

  it('goes on where a killed engine ended, and asks no pair twice that was kept', async () => {
    const { server, spec } = await served({}, { fault: () => ({ kind: 'slow', ms: 1 }) });
    const engine = engineIn(dir, { endpointAccess: allow });
    const root = makeSweep(dir);
    let killed = false;
    const state = await engine.sweepRun(runOf(root, { judge: spec({}, { concurrency: 2 }) }), {
      onProgress: ({ pairs }) => {
        if (killed || pairs.done < 4) return;
        killed = true;
        process.kill(engine.pid!, 'SIGKILL');
      },
    });
    assert.ok(killed);
    assert.deepEqual(state.pairs, { total: 9, judged: 9 });
    // At most the pairs that were in flight are asked again.
    assert.ok(server.chats.length <= 18 + 2 * 2 + 2, String(server.chats.length));
    assert.equal(new Set(loggedPairs(logDir).map(({ key }) => key)).size, 9);
  });

  it('leaves a pair out that has no answer, says so, and asks again in the next run', async () => {
    const whole = servedJudge();
    let asked = 0;
    // The first pair's two orders, and each asked again for what was missing.
    const answer: ServerOptions['answer'] = (body) => (++asked <= 4 ? 'I cannot say.' : whole(body));
    const { spec } = await served({}, { answer });
    const engine = engineIn(dir, { endpointAccess: allow });
    const root = makeSweep(dir, { steps: 2, prompts: 4 });
    const judge = spec({}, { concurrency: 1 });
    const first = await engine.sweepRun(runOf(root, { judge }));
    assert.deepEqual(first.pairs, { total: 4, judged: 3 });
    assert.match(first.notes.join(), /No verdict on .*prompt-0.* are asked about again in the next run/);
    const then = await engine.sweepRun(runOf(root, { judge }));
    assert.deepEqual([then.pairs, then.notes], [{ total: 4, judged: 4 }, []]);
  });

  it('stops a sweep whose server never has an answer, and keeps what there was', async () => {
    const { spec } = await served({ says: 'Both are lovely.' });
    const engine = engineIn(dir, { endpointAccess: allow });
    const root = makeSweep(dir, { steps: 3, prompts: 4 });
    await assert.rejects(
      engine.sweepRun(runOf(root, { judge: spec({}, { concurrency: 1 }) })),
      /no verdict that can be read/,
    );
    assert.ok(!existsSync(join(logDir, 'sweeps.jsonl')));
  });

  it('is measured in a benchmark: its position bias is that of its two orders, and it goes on where it ended', async () => {
    const names = [tiny(1, 0), tiny(3, 0), tiny(1, 1), tiny(3, 1)];
    // Relative to the root of all.
    const [sharp, soft] = [
      [names[1]!, names[3]!],
      [names[0]!, names[2]!],
    ].map((of) => of.map((path) => path.slice(1)));
    const rows = soft!.map((path, i) => `${path},${sharp![i]},A,overall,human_pairwise,lab,p${i}`);
    const pairs = join(dir, 'pairs.csv');
    writeFileSync(pairs, ['a,b,preferred,aspect,label_kind,source,group', ...rows].join('\n'));
    const engine = engineIn(dir, { endpointAccess: allow });
    const fair = await served();
    const params = { pairs, root: '/', outputs: [] };
    const good = await engine.bench({ ...params, judge: fair.spec() });
    assert.deepEqual([good.counts.used, good.cells[0]?.withTies.value, good.position.changed], [2, 1, 0]);
    assert.equal(good.judge.kind, 'endpoint');
    assert.equal(fair.server.chats.length, 4);
    await engine.bench({ ...params, judge: fair.spec() });
    assert.equal(fair.server.chats.length, 4, 'answers are kept');
    const bent = await served({ biased: true });
    const bad = await engine.bench({ ...params, judge: bent.spec({ asked: { samples: 1, frames: 4 } }) });
    assert.equal(bad.position.changes?.value, 1, 'every verdict follows the side that is shown first');
    assert.equal(bad.position.first?.value, 1);
  });

  it('is measured without the pairs on which one order got no answer, whose answers are kept as such', async () => {
    const [soft, sharp] = [tiny(1, 0), tiny(3, 0)].map((path) => path.slice(1));
    const pairs = join(dir, 'pairs.csv');
    const head = 'a,b,preferred,aspect,label_kind,source,group';
    writeFileSync(pairs, `${head}\n${soft},${sharp},A,overall,human_pairwise,lab,p`);
    const whole = servedJudge();
    let asked = 0;
    // The second order, and its question asked again.
    const answer: ServerOptions['answer'] = (body) => (++asked === 1 ? whole(body) : 'I cannot say.');
    const { server, spec } = await served({}, { answer });
    const engine = engineIn(dir, { endpointAccess: allow });
    for (const time of ['asked', 'known']) {
      const judge = spec({}, { concurrency: 1 });
      const { position } = await engine.bench({ pairs, root: '/', outputs: [], judge });
      assert.deepEqual([position.pairs, position.unanswered, position.changed], [0, 1, 0], time);
    }
    assert.equal(server.chats.length, 3);
    // As it was kept when what was not said was taken for a tie.
    const kept = readdirSync(join(dir, 'cache'), { recursive: true, encoding: 'utf8' });
    const [name] = kept.filter((path) => /answers.*\.json$/.test(path));
    const file = join(dir, 'cache', name!);
    const { unsaid: _, ...orders } = JSON.parse(readFileSync(file, 'utf8')).orders;
    writeFileSync(file, JSON.stringify({ format: 'aesrm.answer/1', orders, device: 'gpu' }));
    asked = 0;
    const judge = spec({}, { concurrency: 1 });
    const { position } = await engine.bench({ pairs, root: '/', outputs: [], judge });
    assert.deepEqual([position.pairs, position.unanswered, server.chats.length], [0, 1, 6]);
  });

  it('tells what is wrong with a protocol file', async () => {
    const { spec } = await served();
    const file = join(dir, 'protocol.json');
    writeFileSync(file, '{ "format": "aesrm.chain/1" ');
    const { judge } = await engineIn(dir).status(spec({ protocol: file }));
    assert.match(
      'problem' in judge ? judge.problem.message : '',
      /protocol file ".*" cannot be used: it is not JSON/,
    );
  });
});
