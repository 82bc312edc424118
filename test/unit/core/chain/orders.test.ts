import assert from 'node:assert/strict';
import { saidInOrders, splitCriteria, type SaidInOrders } from '../../../../src/core/chain/orders';
import {
  mirrorTranscript,
  transcript,
  transcriptParts,
  utterancesOf,
} from '../../../../src/core/chain/transcript';
import type { Side } from '../../../../src/core/pair';
import { CRITERION_IDS, type CriterionId } from '../../../../src/core/rubric';
import { swapVerdict } from '../../../../src/core/verdictRule';
import { answerText, baseVerdict, chainVerdict, OPINIONS, SPLIT } from '../../../support/chainVerdict';

const of = (said: SaidInOrders | undefined, order: 'ab' | 'ba', id: CriterionId) =>
  said?.[order].criteria.find((c) => c.id === id);

const asked = (first: Side, text: string, { sample = 1, again = false } = {}) => ({
  ...{ first, sample, seed: 7, again, text },
});

const heard = (...utterances: ReturnType<typeof asked>[]) =>
  saidInOrders(chainVerdict({ raw: transcript(utterances) }))!;

describe('what a model said in each order', () => {
  it('is every criterion with its reason and its places, for the real sides', () => {
    const said = saidInOrders(chainVerdict())!;
    assert.deepEqual([said.ab.first, said.ba.first, said.ab.samples], ['A', 'B', 1]);
    assert.deepEqual(
      said.ba.criteria.map((c) => c.id),
      CRITERION_IDS,
    );
    assert.deepEqual(of(said, 'ab', 'va.exposure'), {
      id: 'va.exposure',
      status: 'judged',
      score: -1,
      reason: 'A is darker than its subject wants.',
      evidence: [{ side: 'A', start: 0.5, end: 0.5 }],
    });
    assert.deepEqual(of(said, 'ba', 'va.exposure'), {
      id: 'va.exposure',
      status: 'judged',
      score: 1,
      reason: 'The sky of B is burnt out.',
      evidence: [{ side: 'B', start: 0.9, end: 0.9 }],
    });
    assert.deepEqual([said.ab.overall, said.ba.overall], ['B', 'B']);
    // The answers call no dimension: it follows from the criteria.
    assert.deepEqual(said.ab.dimensions, { VA: 'B', VF: 'A', VP: 'B' });
  });

  it('tells on which criteria the orders differ, and counts none that one of them leaves out', () => {
    assert.deepEqual(splitCriteria(saidInOrders(chainVerdict())!), Object.keys(SPLIT).sort(byRubric));
    const { 'va.color': _, ...rest } = { ...OPINIONS, ...SPLIT };
    const said = heard(asked('A', answerText('A', OPINIONS, 'B')), asked('B', answerText('B', rest, 'B')));
    assert.equal(of(said, 'ba', 'va.color')?.status, 'missing');
    assert.ok(!splitCriteria(said).includes('va.color'));
  });

  it('mirrors with the verdict: the order that showed A first is the one that shows B first', () => {
    const verdict = chainVerdict({}, {});
    const [said, mirrored] = [saidInOrders(verdict)!, saidInOrders(swapVerdict(verdict))!];
    assert.equal(mirrored.ba.first, 'B');
    for (const [i, c] of said.ab.criteria.entries()) {
      const m = mirrored.ba.criteria[i]!;
      assert.equal(m.score, c.score === null ? null : 0 - c.score);
      assert.equal(m.evidence.length, c.evidence.length);
    }
    assert.equal(of(mirrored, 'ba', 'va.exposure')?.reason, 'B is darker than its subject wants.');
    assert.deepEqual(of(mirrored, 'ba', 'va.exposure')?.evidence, [{ side: 'B', start: 0.5, end: 0.5 }]);
    assert.deepEqual([mirrored.ab.overall, mirrored.ab.dimensions.VF], ['A', 'B']);
    assert.deepEqual(splitCriteria(mirrored), splitCriteria(said));
  });

  it('in base mode is the calls alone, in words with labels or without', () => {
    const said = saidInOrders(baseVerdict())!;
    for (const { overall, dimensions, criteria } of [said.ab, said.ba]) {
      assert.deepEqual([overall, dimensions], ['B', { VA: 'B', VF: 'A', VP: 'tie' }]);
      assert.ok(criteria.every((c) => c.status === 'notSeen' && c.score === null));
    }
    assert.deepEqual(splitCriteria(said), []);
  });

  it('of overall verdicts alone says nothing on dimensions, and of a token that is no word what the record says', () => {
    const { options } = baseVerdict();
    const verdict = baseVerdict({
      options: { ...options, mode: 'overall' },
      raw: transcript([asked('A', 'Clip'), asked('B', 'P')]),
      orders: { mode: 'both', ab: 'A', ba: 'B', consistent: false },
    });
    const said = saidInOrders(verdict)!;
    assert.deepEqual([said.ab.overall, said.ba.overall], ['A', 'B']);
    assert.deepEqual([said.ab.dimensions, said.ba.dimensions], [{}, {}]);
    assert.ok(said.ab.criteria.every((c) => c.status === 'notSeen'));
  });

  it('takes from an answer that was asked for again only what the first one lacks', () => {
    const first = answerText('A', { 'va.color': { better: 'A', words: 'First.' } }, undefined);
    const again = answerText(
      'A',
      {
        'va.color': { better: 'B', words: 'Second thoughts.' },
        'va.tone': { better: 'B', words: 'Again.' },
      },
      'A',
    );
    const said = heard(asked('A', first), asked('A', again, { again: true }), asked('B', '{}'));
    assert.equal(said.ab.samples, 1);
    assert.deepEqual(of(said, 'ab', 'va.color')?.reason, 'First.');
    assert.deepEqual([of(said, 'ab', 'va.tone')?.reason, of(said, 'ab', 'va.tone')?.score], ['Again.', -1]);
  });

  it('of several samples is what most of them say, in the words of one that says so', () => {
    const tone = (better: 'A' | 'B', words: string) =>
      answerText('B', { 'va.tone': { better, words } }, better);
    const said = heard(
      asked('B', tone('A', 'One.'), { sample: 1 }),
      asked('B', tone('B', 'Two.'), { sample: 2 }),
      asked('B', tone('B', 'Three.'), { sample: 3 }),
    );
    assert.equal(said.ba.samples, 3);
    assert.deepEqual([of(said, 'ba', 'va.tone')?.score, of(said, 'ba', 'va.tone')?.reason], [-1, 'Two.']);
    assert.equal(said.ba.dimensions.VA, 'B');
    assert.equal(said.ab.samples, 0);
  });

  it('keeps of a cut or broken answer what is whole', () => {
    const whole = answerText('A', OPINIONS, 'B');
    const cut = heard(
      asked('A', whole.slice(0, whole.indexOf('"va.tone"') + 30)),
      asked('B', 'I cannot tell.'),
    );
    assert.equal(of(cut, 'ab', 'va.lighting')?.status, 'judged');
    assert.equal(of(cut, 'ab', 'vp.language')?.status, 'missing');
    assert.ok(cut.ba.criteria.every((c) => c.status === 'missing' && c.reason === ''));
    assert.deepEqual(cut.ba.dimensions, {});
    const long = heard(asked('A', `${whole}${'x'.repeat(70_000)}`));
    assert.equal(of(long, 'ab', 'vp.language')?.status, 'judged');
  });

  it('leaves out what the order that got no answer says on the whole', () => {
    const orders = { mode: 'both', ab: 'B', ba: 'tie', consistent: false, unanswered: 'ba' } as const;
    const raw = transcript([asked('A', answerText('A', OPINIONS, 'B')), asked('B', 'Sorry.')]);
    const said = saidInOrders(chainVerdict({ orders, raw }))!;
    assert.deepEqual([said.ab.overall, said.ba.overall], ['B', undefined]);
  });

  it("takes the record's word on the whole, which may rest on the tokens' probabilities", () => {
    const orders = { mode: 'both', ab: 'tie', ba: 'B', consistent: false } as const;
    assert.equal(saidInOrders(chainVerdict({ orders }))!.ab.overall, 'tie');
  });

  it('is unknown without a transcript, or of a judge that is symmetric', () => {
    const { raw: _, ...silent } = chainVerdict();
    assert.equal(saidInOrders(silent), undefined);
    assert.equal(saidInOrders(chainVerdict({ raw: 'Something else.' })), undefined);
    assert.equal(saidInOrders(chainVerdict({ orders: { mode: 'symmetric' } })), undefined);
  });
});

describe('a transcript read back', () => {
  const utterances = [
    asked('A', 'One.\n\n=== B first (P is B, Q is A), sample 1, seed 7 ===\nnot a head'),
    asked('A', '', { again: true }),
    asked('B', 'Two\n\n\n', { sample: 12 }),
  ];
  const text = transcript(utterances);

  it('gives the answers, and is taken in by none that imitates a head', () => {
    const back = utterancesOf(text);
    assert.deepEqual(
      back.map(({ first, sample, seed, again }) => [first, sample, seed, again]),
      [
        ['A', 1, 7, false],
        ['A', 1, 7, true],
        ['B', 12, 7, false],
      ],
    );
    assert.match(back[0]!.text, /^One\.\n\n ===.*\nnot a head$/);
    assert.deepEqual([back[1]!.text, back[2]!.text], ['', 'Two\n\n\n']);
  });

  it('gives the other sides for the mirrored one', () => {
    assert.deepEqual(
      utterancesOf(mirrorTranscript(text)).map((u) => u.first),
      ['B', 'B', 'A'],
    );
  });

  it('has all of its text in its parts, under a head or not', () => {
    const parts = transcriptParts(`stray\n\n${text}`);
    assert.deepEqual(
      parts.map((p) => p.head.slice(0, 11)),
      ['', '=== A first', '=== A first', '=== B first'],
    );
    assert.equal(parts[0]!.said, 'stray\n\n');
    assert.deepEqual(transcriptParts('no head'), [{ head: '', said: 'no head' }]);
    assert.deepEqual(transcriptParts(''), []);
  });
});

function byRubric(x: string, y: string): number {
  const order = (id: string) => (CRITERION_IDS as readonly string[]).indexOf(id);
  return order(x) - order(y);
}
