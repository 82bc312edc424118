import assert from 'node:assert/strict';
import { chainOptions } from '../../../src/core/chain/options';
import type { ChatRequest } from '../../../src/core/chain/chat';
import { problem, toProblem, type Problem } from '../../../src/core/problem';
import { CRITERION_IDS, type CriterionId } from '../../../src/core/rubric';
import { winnerOf } from '../../../src/core/verdict';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { swapVerdict } from '../../../src/core/verdictRule';
import type { JudgeCall, JudgeClip } from '../../../src/engine/judge';
import type { AskedClip } from '../../../src/engine/worker/sweep/asking';
import { lookWith } from '../../../src/engine/worker/chain/look';
import * as clips from '../../support/clips';
import {
  always,
  clipOf,
  criterionOf,
  firstOf,
  frames,
  idsOf,
  open,
  Scripted,
  seeing,
  seenClip,
  sharper,
  texts,
  verdictOf,
  type Reply,
  type Script,
} from './chainSupport';
import { assertNoChildren, refusal, removeTempDirs, waitFor } from './support';

describe('the chain judge', () => {
  let a: AskedClip;
  let b: AskedClip;
  before(async () => {
    [a, b] = [await seenClip(clips.h264()), await seenClip(clips.ruined())];
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

  it('asks in both orders with pictures of both clips, and says the better clip by its side', async () => {
    const carrier = new Scripted(seeing);
    const judge = open(carrier);
    const judged = await judge.compare({ a, b, prompt: 'a test card' });
    assert.deepEqual(new Set(carrier.asked.map(firstOf)), new Set(['A', 'B']));
    for (const request of carrier.asked) {
      assert.equal(frames(request).length, 16);
      assert.ok(texts(request).includes('"a test card"') && request.schema && !request.topLogprobs);
    }
    assert.deepEqual(judged.orders, { mode: 'both', ab: 'A', ba: 'A', consistent: true });
    assert.deepEqual(judged.usage, { requests: 2, promptTokens: 200, completionTokens: 20 });
    const v = verdictOf(judge, { a, b, prompt: 'a test card' }, judged);
    assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
    assert.equal(v.overall.winner, 'A');
    for (const c of v.criteria) {
      assert.deepEqual([c.status, c.score, c.reason], ['judged', 1, 'A shows finer detail than B.']);
      assert.deepEqual(c.evidence, [{ side: 'B', start: 1.2, end: 1.2 }]);
    }
    assert.match(v.raw!, /=== A first \(P is A, Q is B\)[^]*=== B first|=== B first [^]*=== A first/);
    assert.equal(judge.info.capabilities.symmetric, false);
    await judge.dispose();
    assert.ok(carrier.disposed);
  });

  it('fetches pictures larger than the measured frames; of a long clip by seeking', async () => {
    const [x, y] = [a, b].map(({ pictures: _, ...clip }): JudgeClip => clip) as [JudgeClip, JudgeClip];
    const judge = open(new Scripted(seeing, 6));
    const pairs = [
      { a: x, b: y },
      { a: y, b: x },
      { a: x, b: y },
    ];
    for (const { orders } of await Promise.all(pairs.map((pair) => judge.compare(pair)))) assert.ok(orders);
    const [first, ...more] = a.pictures!;
    assert.deepEqual([first!.width, first!.height, more.length], [512, 296, 7]);
    assert.deepEqual(
      a.pictures!.map((p) => p.time),
      [0.125, 0.375, 0.625, 0.875, 1.125, 1.375, 1.625, 1.875],
    );
    const odd = await clipOf(clips.clip('chain-long', { width: 96, height: 64, fps: 8, seconds: 24 }));
    const look = lookWith({ decodeDeadline: 20, ffmpegPath: process.env['FFMPEG_BIN'] });
    const far = await look(odd, chainOptions({ frames: 4 }), new AbortController().signal);
    assert.deepEqual(
      far.map((p) => [p.width, p.height, p.time]),
      [3, 9, 15, 21].map((t) => [96, 64, t]),
    );
  });

  it('of the pair the other way round says the mirror image, whatever the model’s bias', async () => {
    // Leans to the first clip, more so for some criteria, and speaks differently for every order of the criteria.
    const biased: Script = (request, call) => {
      const ids = idsOf(request);
      const { name, other, score } = sharper(request, call);
      const criteria = ids.map((id, i) => [
        id,
        i % 3 === 0
          ? criterionOf('P', 'Q', 1)
          : { ...criterionOf(name, other, score), reason: `${i}: clip ${name}` },
      ]);
      return {
        text: JSON.stringify({
          criteria: Object.fromEntries(criteria),
          VA: 'P',
          VF: name,
          VP: 'tie',
          overall: 'P',
        }),
      };
    };
    const judge = open(new Scripted(biased), { asked: { samples: 2 } });
    const [ab, ba] = [
      { a, b },
      { a: b, b: a },
    ];
    const [v, mirrored] = [
      verdictOf(judge, ab, await judge.compare(ab)),
      verdictOf(judge, ba, await judge.compare(ba)),
    ];
    assert.deepEqual({ ...swapVerdict(mirrored), timings: {} }, { ...v, timings: {} });
    assert.deepEqual(
      [v.overall.winner, v.dimensions.VF.winner, v.orders],
      ['tie', 'A', { mode: 'both', ab: 'A', ba: 'B', consistent: false }],
    );
  });

  it('shuffles the criteria anew for each question, the same at every run', async () => {
    const ids = (request: ChatRequest) => idsOf(request).join();
    const [one, two] = [new Scripted(seeing), new Scripted(seeing)];
    await open(one, { asked: { samples: 2 } }).compare({ a, b });
    await open(two, { asked: { samples: 2 } }).compare({ a, b });
    assert.equal(new Set(one.asked.map(ids)).size, 4);
    assert.deepEqual(one.asked.map(ids), two.asked.map(ids));
    assert.equal(new Set(one.asked.map((r) => r.seed)).size, 4);
    assert.ok(one.asked.every((r) => r.temperature > 0));
  });

  it('tells each criterion while it is written, and again when the other order has spoken', async () => {
    const told: [CriterionId, number, string][] = [];
    const judge = open(new Scripted(seeing, 1));
    await judge.compare({ a, b }, { onCriterion: (id, p, t) => told.push([id, p.a, t!.words]) });
    assert.equal(told.length, 30);
    assert.ok(told.slice(0, 15).every(([, p]) => p === 0.5));
    assert.ok(told.slice(15).every(([, p]) => p > 0.6));
    assert.deepEqual(new Set(told.map(([id]) => id)), new Set(CRITERION_IDS));
    assert.equal(told[0]![2], '{A} shows finer detail than {B}.');
  });

  it('a carrier that begins anew, or does not stream: what counts is told', async () => {
    const told = new Map<CriterionId, string>();
    const restarting: Script = async (request, call, n) => {
      call.onText?.('{"criteria": {"va.tone": {"reason": "of a lost answer", "score": -1}, ');
      call.onRestart?.('lost');
      return seeing(request, call, n);
    };
    const silent: Script = (request, call, n) => seeing(request, { ...call, onText: undefined }, n);
    for (const script of [restarting, silent]) {
      told.clear();
      const carrier = new Scripted(script);
      if (script === silent) {
        const { ask } = carrier;
        carrier.ask = (request, call) => ask.call(carrier, request, { ...call, onText: undefined });
      }
      await open(carrier).compare({ a, b }, { onCriterion: (id, _, t) => told.set(id, t!.words) });
      assert.equal(told.size, 15);
      assert.equal(told.get('va.tone'), '{A} shows finer detail than {B}.');
    }
  });

  it('a carrier that begins anew: what no other answer judges is withdrawn, the rest told again without it', async () => {
    const said: string[] = [];
    let hasSpoken: () => void;
    const other = new Promise<void>((resolve) => (hasSpoken = resolve));
    const restarting: Script = async (request, call, n) => {
      const { name, score } = sharper(request, call);
      const tone = (words: string, of: number) => `"va.tone": {"reason": "${words}", "score": ${of}}, `;
      if (n === 0) {
        call.onText?.(
          `{"criteria": {${tone(`${name} is lost`, -score)}"va.style": {"reason": "gone", "score": 0}, `,
        );
        await other;
        call.onRestart?.('memory');
      } else {
        call.onText?.(`{"criteria": {${tone(`${name} holds`, score)}`);
        hasSpoken();
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
      return { text: '' };
    };
    const call: JudgeCall = {
      onCriterion: (id, p, told) => said.push(`${id} ${winnerOf(p)} ${told!.words}`),
      onRestart: (why, withdrawn) => said.push(`${why}: ${withdrawn.join()}`),
    };
    await assert.rejects(open(new Scripted(restarting)).compare({ a, b }, call), /no verdict|cannot be read/);
    const at = said.indexOf('memory: va.style');
    assert.ok(at > 0, said.join('\n'));
    assert.match(said[at - 1]!, /^va\.tone A \{A\} holds/);
  });

  it('asks once more for what is lacking, and for no more than that', async () => {
    const forgetful: Script = (request, call, n) => {
      const { name, other, score } = sharper(request, call);
      if (request.messages.length === 4)
        return {
          text: JSON.stringify({ criteria: { 'va.tone': criterionOf(name, other, score) }, overall: name }),
        };
      const answer = JSON.parse((seeing(request, call, n) as Reply).text);
      answer.criteria['va.tone'].score = 7;
      delete answer.overall;
      return { text: `Here:\n${JSON.stringify(answer)}` };
    };
    const carrier = new Scripted(forgetful);
    const judge = open(carrier);
    const judged = await judge.compare({ a, b });
    const again = carrier.asked.filter((r) => r.messages.length === 4);
    assert.deepEqual([carrier.asked.length, again.length], [4, 2]);
    for (const request of again) {
      assert.match(texts(request), /- the score of "va.tone" is 7, .*\n- "overall" is missing/);
      assert.deepEqual(Object.keys(request.schema!['properties'] as object), ['criteria', 'overall']);
      assert.equal(frames(request).length, 16);
    }
    assert.equal(Object.keys(judged.criteria).length, 15);
    assert.equal(judged.raw!.match(/, asked again ===/g)?.length, 2);
  });

  it('where that helps nothing, keeps what was understood and the words as they were', async () => {
    const lines: string[] = [];
    const judge = open(new Scripted(always('{"va.tone": {"score": 1, "reason": "P"}} <b>and then nothing')), {
      log: (_, text) => lines.push(text),
    });
    const judged = await judge.compare({ a, b });
    const v = verdictOf(judge, { a, b }, judged);
    assert.deepEqual(
      v.criteria.filter((c) => c.status === 'judged').map((c) => c.id),
      ['va.tone'],
    );
    assert.equal(v.criteria.filter((c) => c.status === 'missing').length, 14);
    assert.equal(v.overall.winner, 'tie');
    assert.equal(v.raw!.split('<b>and then nothing').length, 5);
    assert.ok(lines.some((l) => l.includes('"overall" is missing')));
  });

  it('an answer that is none in both orders is a problem that has all of it, and so has the log', async () => {
    const carrier = new Scripted(always('I cannot watch\nvideos.'));
    const lines: string[] = [];
    const judge = open(carrier, { log: (_, text) => void lines.push(text) });
    const unread = (await judge.compare({ a, b }).catch(toProblem)) as Problem;
    assert.deepEqual([unread.code, unread.raw?.split('watch\nvideos.').length], ['answerUnread', 5]);
    assert.match(unread.message, /^The judge "A script" gave no verdict that can be read\./);
    assert.ok(!`${unread.message} ${unread.fix}`.includes('videos'), 'a blind reader may see it');
    assert.match(lines.join('\n'), /"A script" said:\n=== [^]*I cannot watch\nvideos\./);
    assert.equal(carrier.asked.length, 4);
  });

  it('an order without an answer counts as knowing nothing', async () => {
    const script: Script = (request, call, n) =>
      firstOf(request) === 'B' ? { text: 'no' } : seeing(request, call, n);
    const { orders, overall } = await open(new Scripted(script)).compare({ a, b });
    assert.deepEqual(orders, { mode: 'both', ab: 'A', ba: 'tie', consistent: false, unanswered: 'ba' });
    assert.ok(overall.a > overall.b && overall.a < 0.6);
  });

  it('asks no more at once than the carrier takes, also of many pairs', async () => {
    // The first six wait for each other, the last of them answers first.
    const meeting: Script = async (request, call, n) => {
      if (n < 6) await waitFor(() => carrier.asked.length >= 6);
      if (n < 5) await new Promise((resolve) => setTimeout(resolve, 10));
      return seeing(request, call, n);
    };
    const carrier: Scripted = new Scripted(meeting, 6);
    const judge = open(carrier);
    const pairs = [
      { a, b },
      { a: b, b: a },
      { a, b },
      { a: b, b: a },
      { a, b },
    ];
    const judged = await Promise.all(pairs.map((pair) => judge.compare(pair)));
    const winners = judged.map(({ orders }) => orders?.mode === 'both' && orders.ab);
    assert.deepEqual(winners, ['A', 'B', 'A', 'B', 'A']);
    assert.equal(carrier.most, 6);
  });

  it('is cancelled: before, and while it asks', async () => {
    const judge = open(new Scripted(seeing));
    await refusal(judge.compare({ a, b }, { signal: AbortSignal.abort() }), 'cancelled');
    const stop = new AbortController();
    const carrier = new Scripted((_, { signal }) => {
      setImmediate(() => stop.abort());
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () =>
          reject(problem('cancelled', 'The comparison was cancelled.')),
        ),
      );
    });
    await refusal(open(carrier).compare({ a, b }, { signal: stop.signal }), 'cancelled');
    assert.equal(carrier.running, 0);
  });

  it('one request that fails ends the others, and is what is told', async () => {
    const carrier = new Scripted((request, { signal }) => {
      if (firstOf(request) === 'A') throw problem('runtime', 'The server is gone.');
      return new Promise((_, reject) =>
        signal!.addEventListener('abort', () =>
          reject(problem('cancelled', 'The comparison was cancelled.')),
        ),
      );
    });
    assert.equal(await refusal(open(carrier).compare({ a, b }), 'runtime'), 'The server is gone.');
    assert.equal(carrier.running, 0);
  });

  it('a clip that cannot be read is told of', async () => {
    const { path: _, pictures: __, ...rest } = a;
    const gone = { ...rest, path: '/nowhere/gone.mp4' };
    await refusal(open(new Scripted(seeing)).compare({ a: gone, b }), 'fileMissing', 'gone.mp4');
  });

  it('says what a model was not shown', async () => {
    const script: Script = async (request, call, n) => ({
      ...(await seeing(request, call, n)),
      reduced: 'Four frames were left out.',
    });
    assert.equal((await open(new Scripted(script)).compare({ a, b })).reduced, 'Four frames were left out.');
  });
});
