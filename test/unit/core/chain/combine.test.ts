import assert from 'node:assert/strict';
import type { SaidCriterion } from '../../../../src/core/chain/answer';
import type { ChatToken } from '../../../../src/core/chain/chat';
import { combine, combineCriterion, type Sample, type Weighed } from '../../../../src/core/chain/combine';
import {
  agreement,
  oneTokenVerdict,
  TokenFinder,
  tokenProbabilities,
} from '../../../../src/core/chain/probabilities';
import { mirrorWords } from '../../../../src/core/chain/spoken';
import { CALL_IDS, type CallId } from '../../../../src/core/chain/wanted';
import { mirrorChoice, otherSide, type Choice } from '../../../../src/core/pair';
import { CRITERION_IDS, DIMENSION_IDS, type CriterionId } from '../../../../src/core/rubric';
import type { Evidence, Probabilities } from '../../../../src/core/verdict';
import { decodeVerdict } from '../../../../src/core/verdictDecode';
import { mirrorProbabilities } from '../../../../src/core/verdictMirror';
import { ordersText } from '../../../../src/core/verdictFacts';
import { assembleVerdict, swapVerdict, type VerdictInput } from '../../../../src/core/verdictRule';
import { JUDGE, measures, random, verdictInput } from '../samples';
import { AB, BA } from './support';

const near = (p: Probabilities | undefined, a: number, tie: number, b: number) =>
  assert.ok(
    p && Math.max(Math.abs(p.a - a), Math.abs(p.tie - tie), Math.abs(p.b - b)) < 1e-9,
    JSON.stringify(p),
  );

function said(id: CriterionId, choice: Choice, words = `{A} is ${choice}`, evidence: Evidence[] = []) {
  return { id, choice, words, evidence, at: 0 };
}
const calls = (all: Partial<Record<CallId, Choice | Weighed>>) =>
  new Map(Object.entries(all).map(([id, c]) => [id as CallId, typeof c === 'string' ? { choice: c } : c]));
const sample = (
  order: Sample['order'],
  overall: Choice,
  criteria: (SaidCriterion & Weighed)[] = [],
): Sample => ({
  order,
  criteria: new Map(criteria.map((c) => [c.id, c])),
  calls: calls({ VA: overall, VF: overall, VP: overall, overall }),
});

describe('agreement', () => {
  it('grows with the answers that agree, and is never certain', () => {
    near(agreement(['A']), 2 / 3, 1 / 6, 1 / 6);
    near(agreement(['B', 'B', 'B']), 1 / 12, 1 / 12, 10 / 12);
    near(agreement(['A', 'B']), 4 / 9, 1 / 9, 4 / 9);
    near(agreement([]), 1 / 3, 1 / 3, 1 / 3);
  });
});

describe('probabilities of a verdict token', () => {
  const token = (text: string, top: Record<string, number>): ChatToken => ({
    text,
    logprob: Math.log(top[text] ?? 0.5),
    top: Object.entries(top).map(([t, p]) => ({ text: t, logprob: Math.log(p) })),
  });
  it('sums the spellings of each verdict, without what is none', () => {
    const t = token(' P', { ' P': 0.4, P: 0.1, '"P': 0.1, Q: 0.2, tie: 0.05, ' T': 0.05, The: 0.1 });
    near(tokenProbabilities(t, AB), 0.6 / 0.9, 0.1 / 0.9, 0.2 / 0.9);
    near(tokenProbabilities(t, BA), 0.2 / 0.9, 0.1 / 0.9, 0.6 / 0.9);
  });
  it('reads scores: a minus begins -1', () => {
    near(tokenProbabilities(token(' -', { ' -': 0.5, ' 1': 0.25, ' 0': 0.25 }), AB), 0.25, 0.25, 0.5);
    near(tokenProbabilities(token('-1', { '-1': 0.5, '1': 0.5 }), AB), 0.5, 0, 0.5);
  });
  it('counts the token itself where it is not among its alternatives', () => {
    const t = { ...token('Q', { P: 0.5 }), text: 'Q', logprob: Math.log(0.5) };
    near(tokenProbabilities(t, AB), 0.5, 0, 0.5);
  });
  it('gives none where the token is no verdict, where verdicts are rare, or where numbers are none', () => {
    assert.equal(tokenProbabilities(token('The', { The: 0.5, P: 0.4 }), AB), undefined);
    assert.equal(tokenProbabilities(token('P', { P: 0.1, x: 0.8 }), AB), undefined);
    assert.equal(tokenProbabilities({ text: 'P', logprob: NaN, top: [] }, AB), undefined);
    assert.equal(tokenProbabilities({ text: 'P', logprob: -Infinity, top: [] }, AB), undefined);
  });
  it('of an answer of one token are the verdict, whatever token was drawn', () => {
    const drawn = token('Clip', { Clip: 0.3, P: 0.2, ' P': 0.1, Q: 0.25, tie: 0.05 });
    const said = oneTokenVerdict({ text: 'Clip', logprobs: [drawn] }, AB)!;
    assert.equal(said.choice, 'A');
    near(said.p, 0.3 / 0.6, 0.05 / 0.6, 0.25 / 0.6);
    assert.equal(oneTokenVerdict({ text: '', logprobs: [drawn] }, BA)!.choice, 'B');
  });
  it('of an answer of one token are not those of scores', () => {
    const dash = token('-', { '-': 0.6, '1': 0.3, '0': 0.1 });
    assert.equal(oneTokenVerdict({ text: '-', logprobs: [dash] }, AB), undefined);
  });
  it('where they are not known, or of other things, it is the token that tells', () => {
    const thinking = token('P', { P: 0.1, '<think>': 0.9 });
    assert.deepEqual(oneTokenVerdict({ text: 'P', logprobs: [thinking] }, BA), { choice: 'B' });
    assert.deepEqual(oneTokenVerdict({ text: '"Q' }, AB), { choice: 'B' });
    assert.deepEqual(oneTokenVerdict({ text: ' t' }, AB), { choice: 'tie' });
    for (const text of ['<think>', 'Clip', '', '**'])
      assert.equal(oneTokenVerdict({ text }, AB), undefined, text);
  });
  it('finds the token at a place, behind thoughts that were taken from the text, and none where they do not match', () => {
    const tokens = ['<think>', 'x', '</think>', '{"a', '": "', 'P', '"}'].map((t) => token(t, {}));
    const finder = new TokenFinder({ text: '{"a": "P"}', logprobs: tokens });
    assert.equal(finder.at(7)?.text, 'P');
    assert.equal(finder.at(0)?.text, '{"a');
    assert.equal(new TokenFinder({ text: '{"b": "P"}', logprobs: tokens }).at(7), undefined);
    assert.equal(new TokenFinder({ text: '' }).at(0), undefined);
  });
  it('finds it behind and before characters that stand in several tokens', () => {
    const bad = '\ufffd';
    const texts = [
      '<think>',
      'x',
      '{"v": "',
      'P',
      '", "why": "',
      bad,
      bad,
      ' ',
      bad,
      bad,
      '", "w": "',
      'Q',
      '"}',
      '<|end|>',
    ];
    const text = '{"v": "P", "why": "🙂 漢", "w": "Q"}';
    const finder = new TokenFinder({ text, logprobs: texts.map((t) => token(t, {})) });
    assert.equal(finder.at(text.indexOf('P'))?.text, 'P');
    assert.equal(finder.at(text.indexOf('Q'))?.text, 'Q');
    assert.equal(finder.at(text.indexOf('🙂')), undefined);
    const other = new TokenFinder({ text: text.replace('w', 'v'), logprobs: texts.map((t) => token(t, {})) });
    assert.equal(other.at(text.indexOf('P')), undefined);
  });
});

describe('both orders', () => {
  it('that agree: their mean, consistent', () => {
    const c = combine([sample(AB, 'A'), sample(BA, 'A')], 'A')!;
    near(c.overall, 2 / 3, 1 / 6, 1 / 6);
    assert.deepEqual(c.orders, { mode: 'both', ab: 'A', ba: 'A', consistent: true });
    assert.equal(c.confidence, 'agreement');
  });
  it('that disagree: a tie, and said so', () => {
    const c = combine([sample(AB, 'A'), sample(BA, 'B')], 'A')!;
    near(c.overall, 5 / 12, 1 / 6, 5 / 12);
    assert.deepEqual(c.orders, { mode: 'both', ab: 'A', ba: 'B', consistent: false });
    assert.equal(assembled(c).overall.winner, 'tie');
  });
  it('of which one did not answer: that one knows nothing', () => {
    const c = combine([sample(AB, 'A'), { order: BA, criteria: new Map(), calls: new Map() }], 'A')!;
    near(c.overall, 1 / 2, 1 / 4, 1 / 4);
    assert.deepEqual(c.orders, { mode: 'both', ab: 'A', ba: 'tie', consistent: false, unanswered: 'ba' });
    assert.match(ordersText(c.orders), /with B first, the judge gave no verdict/);
    assert.deepEqual([c.inOrders.ab.overall, c.inOrders.ba], [agreement(['A']), {}]);
  });
  it('of which none answered: nothing', () => {
    assert.equal(combine([{ order: AB, criteria: new Map(), calls: new Map() }], 'A'), undefined);
  });
  it('with tokens: the mean of their probabilities', () => {
    const with_ = (order: Sample['order'], p: Probabilities): Sample => ({
      ...sample(order, 'A'),
      calls: calls({ overall: { choice: 'A', p } }),
    });
    const c = combine(
      [with_(AB, { a: 0.8, tie: 0.1, b: 0.1 }), with_(BA, { a: 0.4, tie: 0.2, b: 0.4 })],
      'A',
    )!;
    near(c.overall, 0.6, 0.15, 0.25);
    assert.equal(c.confidence, 'tokens');
    assert.deepEqual(c.dimensions, {}, 'nobody judged them');
    assert.deepEqual([c.orders.ab, c.orders.ba], ['A', 'tie']);
  });
  it('several samples: the majority of each order', () => {
    const three = (order: Sample['order'], list: Choice[]) => list.map((choice) => sample(order, choice));
    const c = combine([...three(AB, ['A', 'A', 'B']), ...three(BA, ['A', 'tie', 'A'])], 'A')!;
    near(c.overall, 7 / 12, (1 / 12 + 4 / 12) / 2, (4 / 12 + 1 / 12) / 2);
    assert.deepEqual([c.orders.ab, c.orders.ba, c.orders.consistent], ['A', 'A', true]);
  });
  it('several samples: the majority, and how far they agree, whatever their tokens say', () => {
    const of = (order: Sample['order'], list: [Choice, Probabilities][]): Sample[] =>
      list.map(([choice, p]) => ({ ...sample(order, choice), calls: calls({ overall: { choice, p } }) }));
    const slightlyA: [Choice, Probabilities] = ['A', { a: 0.5, tie: 0.1, b: 0.4 }];
    const three = [slightlyA, slightlyA, ['B', { a: 0.01, tie: 0.01, b: 0.98 }] as [Choice, Probabilities]];
    const c = combine([...of(AB, three), ...of(BA, three)], 'A')!;
    near(c.overall, 7 / 12, 1 / 12, 4 / 12);
    assert.deepEqual([c.confidence, c.orders.ab, c.orders.ba], ['agreement', 'A', 'A']);
  });
  it('verdicts that were left out follow from the criteria by the plain rule', () => {
    const va = CRITERION_IDS.slice(0, 5).map((id) => said(id, 'B'));
    const bare = { order: AB, criteria: new Map(va.map((c) => [c.id, c])), calls: new Map() };
    const c = combine([bare, { ...bare, order: BA }], 'A')!;
    assert.deepEqual([assembled(c).dimensions.VA.winner, assembled(c).overall.winner], ['B', 'B']);
    assert.deepEqual([c.dimensions.VF, assembled(c).dimensions.VF.unjudged], [undefined, true]);
  });
});

describe('the words for a criterion', () => {
  const id = 'va.tone';
  const place = (start: number): Evidence[] => [{ side: 'A', start, end: start }];
  const tell = (ab: SaidCriterion[], ba: SaidCriterion[], leading: 'A' | 'B' = 'A') =>
    combineCriterion(
      id,
      [...ab.map((c) => sample(AB, 'A', [c])), ...ba.map((c) => sample(BA, 'A', [c]))],
      leading,
    )?.told;
  it('are those of an answer that agrees with the outcome, the leading order first', () => {
    assert.deepEqual(tell([said(id, 'A', 'x', place(1))], [said(id, 'A', 'y', place(2))]), {
      words: 'x',
      evidence: place(1),
    });
    assert.equal(tell([said(id, 'A', 'x')], [said(id, 'A', 'y')], 'B')?.words, 'y');
    assert.equal(
      tell([said(id, 'B', 'x'), said(id, 'A', 'y'), said(id, 'A', 'z', place(1))], [said(id, 'A', 'w')])
        ?.words,
      'z',
    );
    assert.equal(tell([said(id, 'A', '')], [said(id, 'A', 'y')])?.words, 'y');
  });
  it('where no answer agrees with the outcome, are both', () => {
    assert.deepEqual(tell([said(id, 'A', 'x.', place(1))], [said(id, 'B', '', place(2))]), {
      words: 'Some answers favour {A}: x. Some answers favour {B}.',
      evidence: [...place(1), ...place(2)],
    });
  });
  it('none where nobody spoke of it', () => assert.equal(tell([], []), undefined));
});

const REASONING = {
  ...JUDGE,
  kind: 'endpoint' as const,
  capabilities: { ...JUDGE.capabilities, symmetric: false, reasons: true },
};
function assembled(c: NonNullable<ReturnType<typeof combine>>, over: Partial<VerdictInput> = {}) {
  return assembleVerdict({
    ...verdictInput({}, measures(), measures({ sharpness: 3 })),
    ...c,
    judge: REASONING,
    claimed: CRITERION_IDS,
    criteria: CRITERION_IDS.map((id) => c.criteria[id] ?? null),
    ...over,
  });
}

describe('a verdict of a judge that gives reasons', () => {
  const evidence: Evidence[] = [{ side: 'B', start: 1, end: 1.5 }];
  const c = () =>
    combine(
      [
        sample(AB, 'A', [
          said('vf.sharpness', 'A', '{A} beats {B}. A hero.', evidence),
          said('va.tone', 'A', ''),
        ]),
        sample(BA, 'A'),
      ],
      'A',
    )!;
  it('has the judge’s words and places, not the measures’; missing where it gave none', () => {
    const v = assembled(c(), { raw: 'x', usage: { requests: 2, promptTokens: 5 }, reduced: 'less' });
    const of = (id: CriterionId) => v.criteria.find((k) => k.id === id)!;
    assert.deepEqual(
      [of('vf.sharpness').reason, of('vf.sharpness').evidence],
      ['A beats B. A hero.', evidence],
    );
    assert.deepEqual(
      [of('va.tone').status, of('va.tone').reason],
      ['judged', 'The judge gave a score and no reason.'],
    );
    assert.deepEqual([of('vp.camera').status, of('vp.camera').score], ['missing', null]);
    assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
  });
  it('names the other sides once it is swapped, and again the same', () => {
    const v = assembled(c(), { raw: '=== A first (P is A, Q is B), sample 1, seed 1 ===\nP' });
    const swapped = swapVerdict(v);
    assert.equal(swapped.criteria.find((k) => k.id === 'vf.sharpness')!.reason, 'B beats A. A hero.');
    assert.match(swapped.raw!, /^=== B first \(P is B, Q is A\)/);
    assert.deepEqual(swapVerdict(swapped), v);
  });
  it('is the mirror image of that on the mirrored answers', () => {
    const next = random(3);
    const choice = () => (['A', 'tie', 'B'] as const)[Math.floor(next() * 3)]!;
    for (let i = 0; i < 200; i++) {
      const samples = Array.from({ length: 1 + Math.floor(next() * 5) }, (): Sample => {
        const criteria = CRITERION_IDS.filter(() => next() < 0.8).map((id) =>
          said(id, choice(), next() < 0.2 ? '' : `{A} ${next()} {B}`, next() < 0.5 ? evidence : []),
        );
        return {
          order: next() < 0.5 ? AB : BA,
          criteria: new Map(criteria.map((k) => [k.id, k])),
          calls: calls(Object.fromEntries(CALL_IDS.filter(() => next() < 0.8).map((id) => [id, choice()]))),
        };
      });
      const [one, other] = [combine(samples, 'A'), combine(samples.map(mirrorSample), 'B')];
      if (!one || !other) {
        assert.equal(one, other);
        continue;
      }
      const mirrored = swapVerdict(assembled(other, { a: verdictInput().b, b: verdictInput().a }));
      assert.deepEqual(round(mirrored), round(assembled(one)));
    }
  });
});

const round = (v: unknown) =>
  JSON.parse(JSON.stringify(v, (_, x) => (typeof x === 'number' ? Math.round(x * 1e9) / 1e9 + 0 : x)));

function mirrorSample({ order, criteria, calls: all }: Sample): Sample {
  const weighed = <T extends Weighed>(w: T): T => ({
    ...w,
    choice: mirrorChoice(w.choice),
    ...(w.p ? { p: mirrorProbabilities(w.p) } : {}),
  });
  return {
    order: { first: otherSide(order.first) },
    criteria: new Map(
      [...criteria].map(([id, k]) => [
        id,
        {
          ...weighed(k),
          words: mirrorWords(k.words),
          evidence: k.evidence.map((e) => ({
            ...e,
            side: e.side === 'both' ? ('both' as const) : otherSide(e.side),
          })),
        },
      ]),
    ),
    calls: new Map([...all].map(([id, w]) => [id, weighed(w)])),
  };
}

it('every dimension and the overall verdict are called', () => {
  assert.deepEqual(CALL_IDS, [...DIMENSION_IDS, 'overall']);
});
