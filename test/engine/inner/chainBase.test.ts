import assert from 'node:assert/strict';
import type { ChatToken } from '../../../src/core/chain/chat';
import { CHAIN_PROTOCOL } from '../../../src/core/chain/protocol';
import type { ProblemError } from '../../../src/core/problem';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import type { AskedClip } from '../../../src/engine/worker/sweep/asking';
import type { OpenChainOptions } from '../../../src/engine/worker/chain/open';
import * as clips from '../../support/clips';
import { MODEL, open, Scripted, seeing, seenClip, sharper, verdictOf } from './chainSupport';
import { assertNoChildren, removeTempDirs } from './support';

describe('the chain judge without its chain', () => {
  let a: AskedClip;
  let b: AskedClip;
  before(async () => {
    [a, b] = [await seenClip(clips.h264()), await seenClip(clips.ruined())];
  });
  after(removeTempDirs);
  afterEach(assertNoChildren);

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
      assert.deepEqual(judged.dimensions, {}, 'one word is the verdict on the whole');
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

  describe('for the overall verdict alone', () => {
    const overall = { asked: { mode: 'overall' as const } };

    it('asks for one token in each order, and says nothing on dimensions and criteria', async () => {
      const carrier = new Scripted((request, call) => {
        const { name, other } = sharper(request, call);
        const top = Object.entries({ [name]: 0.6, [other]: 0.1, tie: 0.2, The: 0.1 }).map(([text, p]) => ({
          ...{ text, logprob: Math.log(p) },
        }));
        return { text: 'The', finish: 'length', logprobs: [{ text: 'The', logprob: Math.log(0.1), top }] };
      });
      carrier.abilities = { schema: true, logprobs: true };
      const judge = open(carrier, overall);
      const judged = await judge.compare({ a, b });
      assert.ok(
        Math.abs(judged.overall.a - 0.6 / 0.9) < 1e-9 && Math.abs(judged.overall.tie - 0.2 / 0.9) < 1e-9,
      );
      assert.deepEqual([judged.confidence, judged.dimensions, judged.criteria], ['tokens', {}, {}]);
      assert.deepEqual(
        carrier.asked.map((r) => [r.maxTokens, r.schema]),
        [
          [1, undefined],
          [1, undefined],
        ],
      );
      const v = verdictOf(judge, { a, b }, judged);
      for (const call of Object.values(v.dimensions)) assert.equal(call.unjudged, true);
      assert.ok(v.criteria.every((c) => c.status === 'notSeen'));
      assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
    });

    it('of a model that thinks first says how else to ask', async () => {
      const carrier = new Scripted(() => ({ text: '<think>' }));
      await assert.rejects(open(carrier, overall).compare({ a, b }), (error: ProblemError) =>
        /another way of asking/.test(error.problem.fix ?? ''),
      );
      assert.ok(carrier.asked.length >= 2, 'asked once more');
    });
  });
});

it('a chain judge is another for other weights, options or words, and no other for another name', () => {
  const hash = (over: Partial<OpenChainOptions>) => open(new Scripted(seeing), over).info.hash;
  const own = { ...CHAIN_PROTOCOL, text: { ...CHAIN_PROTOCOL.text, system: 'Look.' } };
  const hashes = [
    hash({}),
    hash({ model: { ...MODEL, weights: 'other' } }),
    hash({ asked: { mode: 'base' } }),
    hash({ asked: { mode: 'overall' } }),
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
