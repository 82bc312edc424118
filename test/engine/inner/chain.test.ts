import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { NAMES } from '../../../src/core/chain/names';
import type { ChatAnswer, ChatPart, ChatRequest, ChatToken } from '../../../src/core/chain/chat';
import { CALL_IDS } from '../../../src/core/chain/wanted';
import type { Side } from '../../../src/core/pair';
import { FRAME_PLAN } from '../../../src/core/plan';
import { problem } from '../../../src/core/problem';
import { CRITERION_IDS, type CriterionId } from '../../../src/core/rubric';
import { decodeVerdict, type Verdict } from '../../../src/core/verdict';
import { assembleVerdict, swapVerdict } from '../../../src/core/verdictRule';
import type { Carrier, CarrierCall } from '../../../src/engine/carrier';
import type { JudgeClip, Judgement, JudgePair } from '../../../src/engine/judge';
import { verdictParts } from '../../../src/engine/judgement';
import type { ChainJudge } from '../../../src/engine/worker/chain/chainJudge';
import { openChainJudge, type OpenChainOptions } from '../../../src/engine/worker/chain/open';
import * as clips from '../../support/clips';
import { assertNoChildren, decode, refusal, removeTempDirs, waitFor } from './support';

type Reply = Partial<ChatAnswer> & { text: string };
type Script = (request: ChatRequest, call: CarrierCall, n: number) => Reply | Promise<Reply>;

/** A carrier that says what a script tells it to, in small pieces, and keeps what it was asked. */
class Scripted implements Carrier {
  readonly asked: ChatRequest[] = [];
  abilities = { schema: true, logprobs: false };
  running = 0;
  most = 0;
  disposed = false;
  constructor(
    private readonly script: Script,
    readonly width = 2,
  ) {}
  async ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer> {
    const n = this.asked.push(request) - 1;
    this.most = Math.max(this.most, ++this.running);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      if (call.signal?.aborted) throw problem('cancelled', 'The comparison was cancelled.');
      const reply = await this.script(request, call, n);
      for (let i = 0; i < reply.text.length; i += 7) call.onText?.(reply.text.slice(i, i + 7));
      return { finish: 'stop', device: 'script', tokens: { prompt: 100, completion: 10 }, ...reply };
    } finally {
      this.running--;
    }
  }
  async dispose(): Promise<void> {
    this.disposed = true;
  }
}

const texts = ({ messages }: ChatRequest) =>
  messages.flatMap((m) => m.content.flatMap((c) => (c.type === 'text' ? [c.text] : []))).join('\n');
const frames = ({ messages }: ChatRequest) =>
  messages.flatMap((m) => m.content.filter((c): c is ChatPart & { type: 'frame' } => c.type === 'frame'));
/** The side that a request shows first. */
const firstOf = (request: ChatRequest): Side => frames(request)[0]!.side;

/** Mean contrast between neighbours of what a request's clip shows: the script has eyes. */
function sharpness(request: ChatRequest, call: CarrierCall, side: Side): number {
  const values = frames(request)
    .filter((f) => f.side === side)
    .map((f) => {
      const { rgb, width } = call.frame(f);
      let sum = 0;
      for (let i = 3; i < rgb.length; i += 3)
        if ((i / 3) % width !== 0) sum += Math.abs(rgb[i]! - rgb[i - 3]!);
      return sum / rgb.length;
    });
  return values.reduce((a, b) => a + b) / values.length;
}

/** The name of the sharper clip, as a request calls it. */
function sharper(request: ChatRequest, call: CarrierCall): { name: string; other: string; score: 1 | -1 } {
  const first = firstOf(request);
  const [x, y] = [sharpness(request, call, first), sharpness(request, call, first === 'A' ? 'B' : 'A')];
  return x > y
    ? { name: NAMES.first, other: NAMES.second, score: 1 }
    : { name: NAMES.second, other: NAMES.first, score: -1 };
}

const criterionOf = (name: string, other: string, score: number) => ({
  reason: `Clip ${name} shows finer detail than clip ${other}.`,
  score,
  evidence: [{ side: other, time: 1.2 }],
});

/** Says of every criterion that the sharper clip is better. */
const seeing: Script = (request, call) => {
  const { name, other, score } = sharper(request, call);
  const ids = [...texts(request).matchAll(/^- (v[afp]\.\w+) \(/gm)].map((m) => m[1]!);
  const criteria = Object.fromEntries(ids.map((id) => [id, criterionOf(name, other, score)]));
  return { text: JSON.stringify({ criteria, ...Object.fromEntries(CALL_IDS.map((id) => [id, name])) }) };
};

const always =
  (text: string): Script =>
  () => ({ text });

describe('the chain judge', () => {
  let a: JudgeClip;
  let b: JudgeClip;
  const clipOf = async (path: string): Promise<JudgeClip> => {
    const { duration, fps, size, frames: count, measures } = await decode(path);
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    const record = { path: path.split('/').at(-1)!, hash, duration, fps, ...size, frames: count };
    return { path, record, measures };
  };
  before(async () => {
    [a, b] = [await clipOf(clips.h264()), await clipOf(clips.ruined())];
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

  const MODEL = {
    id: 'script',
    name: 'A script',
    version: '1',
    kind: 'endpoint',
    weights: 'script/1',
  } as const;
  const open = (carrier: Carrier, over: Partial<OpenChainOptions> = {}) =>
    openChainJudge(carrier, {
      model: MODEL,
      decodeDeadline: 20,
      ffmpegPath: process.env['FFMPEG_BIN'],
      ...over,
    });
  const verdictOf = (judge: ChainJudge, pair: JudgePair, judged: Judgement): Verdict =>
    assembleVerdict({
      ...{
        id: 'v',
        at: '2026-01-02T03:04:05.000Z',
        judge: judge.info,
        device: judged.device,
        plan: FRAME_PLAN.id,
      },
      ...{ options: judge.optionsFor(pair.prompt), prompt: pair.prompt, a: pair.a.record, b: pair.b.record },
      ...verdictParts(judged, judge.claimed),
      ...{ measures: { A: pair.a.measures, B: pair.b.measures }, timings: judged.timings ?? {} },
    });

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

  it('of the pair the other way round says the mirror image, whatever the model’s bias', async () => {
    // Leans to the first clip, more so for some criteria, and speaks differently for every order of the criteria.
    const biased: Script = (request, call) => {
      const ids = [...texts(request).matchAll(/^- (v[afp]\.\w+) \(/gm)].map((m) => m[1]!);
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
    const ids = (request: ChatRequest) =>
      [...texts(request).matchAll(/^- (v[afp]\.\w+) \(/gm)].map((m) => m[1]!).join();
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
      call.onRestart?.();
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
      assert.deepEqual(Object.keys((request.schema as any).properties), ['criteria', 'overall']);
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

  it('an answer that is none in both orders is a problem that says what was said', async () => {
    const carrier = new Scripted(always('I cannot watch\nvideos.'));
    const said = await refusal(open(carrier).compare({ a, b }), 'answerUnread');
    assert.match(
      said,
      /^The judge "A script" gave no verdict that can be read; it said: "I cannot watch videos."/,
    );
    assert.equal(carrier.asked.length, 4);
  });

  it('an order without an answer counts as knowing nothing', async () => {
    const script: Script = (request, call, n) =>
      firstOf(request) === 'B' ? { text: 'no' } : seeing(request, call, n);
    const { orders, overall } = await open(new Scripted(script)).compare({ a, b });
    assert.deepEqual(orders, { mode: 'both', ab: 'A', ba: 'tie', consistent: false, unanswered: 'ba' });
    assert.ok(overall.a > overall.b && overall.a < 0.6);
  });

  it('asks no more at once than the carrier takes, also of many pairs, and answers in order', async () => {
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
    const winners = [];
    for await (const judged of judge.compareMany(pairs))
      winners.push(judged.orders?.mode === 'both' && judged.orders.ab);
    assert.deepEqual(winners, ['A', 'B', 'A', 'B', 'A']);
    assert.equal(carrier.most, 6);
    assert.ok(judge.estimate(10).tokens === 2200 && judge.estimate(10).seconds > 0);
  });

  it('many pairs that nobody wants any more are given up', async () => {
    const carrier = new Scripted(seeing, 8);
    const judge = open(carrier);
    const endless = function* () {
      while (true) yield { a, b };
    };
    for await (const judged of judge.compareMany(endless())) {
      assert.ok(judged);
      break;
    }
    assert.equal(carrier.running, 0);
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
    const gone = { ...a, path: '/nowhere/gone.mp4', record: { ...a.record, hash: 'other' } };
    await refusal(open(new Scripted(seeing)).compare({ a: gone, b }), 'fileMissing', 'gone.mp4');
  });

  it('says what a model was not shown', async () => {
    const script: Script = async (request, call, n) => ({
      ...(await seeing(request, call, n)),
      reduced: 'Four frames were left out.',
    });
    assert.equal((await open(new Scripted(script)).compare({ a, b })).reduced, 'Four frames were left out.');
  });

  describe('in base mode', () => {
    const tokens = (text: string, p: Record<string, number>): ChatToken[] =>
      text.split(/(?= )/).map((t) => ({
        text: t,
        logprob: Math.log(p[t.trim()] ?? 0.01),
        top: Object.entries(p).map(([word, v]) => ({ text: word, logprob: Math.log(v) })),
      }));
    const base = { asked: { mode: 'base' as const } };

    it('takes the probabilities of the words; no criteria, no reasons', async () => {
      const carrier = new Scripted((request, call) => {
        const { name, other } = sharper(request, call);
        const text = `${name} ${name} tie ${other}`;
        return { text, logprobs: tokens(text, { [name]: 0.6, [other]: 0.1, tie: 0.3 }) };
      });
      carrier.abilities = { schema: true, logprobs: true };
      const judge = open(carrier, base);
      const judged = await judge.compare({ a, b });
      assert.ok(Math.abs(judged.overall.a - 0.6) < 1e-9 && Math.abs(judged.overall.tie - 0.3) < 1e-9);
      assert.equal(judged.confidence, 'tokens');
      assert.equal(carrier.asked.length, 2);
      assert.ok(carrier.asked.every((r) => r.topLogprobs && !r.schema && r.maxTokens < 100));
      const v = verdictOf(judge, { a, b }, judged);
      assert.ok(v.criteria.every((c) => c.status === 'notSeen'));
      assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
      assert.equal(judge.info.capabilities.reasons, false);
    });

    it('without them, how far the orders agree', async () => {
      const judged = await open(new Scripted((r, c) => ({ text: sharper(r, c).name })), base).compare({
        a,
        b,
      });
      assert.equal(judged.confidence, 'agreement');
      assert.ok(Math.abs(judged.overall.a - 2 / 3) < 1e-9);
      assert.deepEqual(judged.dimensions.VA, { a: 1 / 3, tie: 1 / 3, b: 1 / 3 });
    });

    it('asks once more for words that can be read', async () => {
      const carrier = new Scripted((r) => ({
        text: r.messages.length === 4 ? 'P P P P' : 'Clip P looks nice',
      }));
      const judged = await open(carrier, base).compare({ a, b });
      assert.deepEqual(
        [carrier.asked.length, judged.orders],
        [4, { mode: 'both', ab: 'A', ba: 'B', consistent: false }],
      );
    });
  });

  it('is another judge for other weights, options or words, and no other for another name', () => {
    const hash = (over: Partial<OpenChainOptions>) => open(new Scripted(seeing), over).info.hash;
    const { format, text } = { format: 'aesrm.chain/1' as const, text: {} as any };
    const own = { format, id: 'x/1', text: { ...text, system: 'y' } };
    const hashes = [
      hash({}),
      hash({ model: { ...MODEL, weights: 'other' } }),
      hash({ asked: { mode: 'base' } }),
      hash({ asked: { samples: 2 } }),
      hash({ asked: { seed: 2 } }),
      hash({ asked: { frames: 4 } }),
      hash({ protocol: own }),
    ];
    assert.equal(new Set(hashes).size, hashes.length);
    assert.equal(hash({ model: { ...MODEL, name: 'By another name' } }), hashes[0]);
    const judge = open(new Scripted(seeing));
    assert.notDeepEqual(judge.optionsFor('a fox'), judge.optionsFor(undefined));
  });
});
