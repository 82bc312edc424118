import { AnswerReader } from '../../src/core/chain/answer';
import { combine, type Sample } from '../../src/core/chain/combine';
import { NAMES } from '../../src/core/chain/names';
import { transcript, type Utterance } from '../../src/core/chain/transcript';
import type { Choice, Side } from '../../src/core/pair';
import { FRAME_PLAN } from '../../src/core/plan';
import { CRITERION_IDS, type CriterionId } from '../../src/core/rubric';
import type { ClipRecord, JudgeInfo, Verdict } from '../../src/core/verdict';
import { assembleVerdict } from '../../src/core/verdictRule';
import { clipRecord } from './snapshot';

export const CHAIN_JUDGE: JudgeInfo = {
  id: 'local-tiny',
  name: 'a local model: Tiny-VL 2B',
  version: 'q4',
  hash: '7be1d0c4'.repeat(8),
  kind: 'local-vlm',
  capabilities: { symmetric: false, streaming: true, encodes: false, reasons: true },
};

/** What an answer says of one criterion; `{A}` and `{B}` stand for the clips. */
export interface Opinion {
  better: Choice;
  words: string;
  /** Seconds. */
  at?: readonly (readonly [Side | 'both', number])[];
}

export const OPINIONS: Record<CriterionId, Opinion> = {
  'va.color': {
    better: 'B',
    words: '{B} keeps one teal and amber palette to the end, while {A} drifts to green in its second half.',
    at: [
      ['A', 1.2],
      ['B', 1.2],
    ],
  },
  'va.lighting': {
    better: 'B',
    words: 'A clear key light shapes the faces in {B}; {A} is flat.',
    at: [['both', 0.4]],
  },
  'va.tone': { better: 'tie', words: 'Shadows and highlights hold in both.' },
  'va.exposure': { better: 'B', words: '{A} is darker than its subject wants.', at: [['A', 0.5]] },
  'va.style': { better: 'tie', words: 'One style holds in both.' },
  'vf.structure': {
    better: 'A',
    words:
      'The hands of {B} melt into the sleeve when the arm is raised, and the fingers are six for a moment; in {A} they keep their shape.',
    at: [
      ['B', 1.3],
      ['B', 1.6],
      ['A', 1.6],
    ],
  },
  'vf.texture': { better: 'A', words: 'The bark boils in {B}.', at: [['B', 1.5]] },
  'vf.sharpness': { better: 'A', words: '{B} softens at its end.', at: [['B', 1.8]] },
  'vf.artifacts': { better: 'tie', words: 'Neither shows blocking or banding.' },
  'vf.flicker': { better: 'B', words: '{A} jumps in brightness once.', at: [['A', 1]] },
  'vp.composition': { better: 'tie', words: 'Both weigh the frame in the middle.', at: [['both', 1]] },
  'vp.focal': { better: 'tie', words: 'The depth of field suits both.' },
  'vp.camera': { better: 'tie', words: 'Both are steady.' },
  'vp.richness': {
    better: 'B',
    words: '{B} has more layers: leaves in front, a wall behind.',
    at: [['B', 0.2]],
  },
  'vp.language': { better: 'B', words: '{B} reads as one intended shot.' },
};

type Opinions = Partial<Record<CriterionId, Opinion>>;

/** An answer in the form that is asked for, as a model writes it that was shown `first` first. */
export function answerText(first: Side, opinions: Opinions, overall: Choice | undefined): string {
  const name = (side: Side) => (side === first ? NAMES.first : NAMES.second);
  const verdict = (choice: Choice) => (choice === 'tie' ? 'tie' : name(choice));
  const score = (choice: Choice) => (choice === 'tie' ? 0 : choice === first ? 1 : -1);
  const criteria = Object.entries(opinions).map(([id, { better, words, at = [] }]) => [
    id,
    {
      reason: words.replace(/\{([AB])\}/g, (_, side: Side) => `clip ${name(side)}`),
      score: score(better),
      evidence: at.map(([side, time]) => ({ side: side === 'both' ? 'both' : name(side), time })),
    },
  ]);
  const calls = overall === undefined ? {} : { overall: verdict(overall) };
  return `\`\`\`json\n${JSON.stringify({ criteria: Object.fromEntries(criteria), ...calls }, null, 2)}\n\`\`\``;
}

/** Of these opinions, those in which the order with B first differs. */
export const SPLIT: Opinions = {
  'va.tone': { better: 'B', words: '{A} crushes its shadows.', at: [['A', 0.3]] },
  'va.exposure': { better: 'A', words: 'The sky of {B} is burnt out.', at: [['B', 0.9]] },
};

function utterance(first: Side, text: string, sample = 1): Utterance {
  return { first, sample, seed: 40 + sample, again: false, text };
}

/** Reads the answers as the judge does. */
function sampleOf({ first, text }: Utterance, a: ClipRecord, b: ClipRecord): Sample {
  const reader = new AnswerReader({ first }, { A: a.duration, B: b.duration });
  reader.feed(text);
  reader.end();
  return { order: { first }, criteria: reader.criteria, calls: reader.calls };
}

/** A verdict of a vision-language model: asked in both orders, which differ on two criteria and agree on the whole. */
export function chainVerdict(
  over: Partial<Verdict> = {},
  clips: { a?: ClipRecord; b?: ClipRecord } = {},
): Verdict {
  const { a = clipRecord(), b = clipRecord({ hash: '1'.repeat(64) }) } = clips;
  const utterances = [
    utterance('A', answerText('A', OPINIONS, 'B')),
    utterance('B', answerText('B', { ...OPINIONS, ...SPLIT }, 'B')),
  ];
  const combined = combine(
    utterances.map((u) => sampleOf(u, a, b)),
    'A',
  )!;
  const verdict = assembleVerdict({
    ...combined,
    id: 'chain-1',
    at: '2026-11-12T14:03:00Z',
    judge: CHAIN_JUDGE,
    device: 'webgpu, q4f16',
    plan: FRAME_PLAN.id,
    options: { protocol: 'aesrm.chain/1', mode: 'chain', samples: 1 },
    a,
    b,
    criteria: CRITERION_IDS.map((id) => combined.criteria[id] ?? null),
    claimed: CRITERION_IDS,
    measures: {},
    raw: transcript(utterances),
    usage: { requests: 2, promptTokens: 5120, completionTokens: 1804 },
    timings: { look: 240, ask: 12_400, total: 12_800 },
  });
  return { ...verdict, ...over };
}

/** The same in base mode: the verdict's words alone. */
export function baseVerdict(over: Partial<Verdict> = {}): Verdict {
  const chain = chainVerdict();
  const words = { A: 'Q Q P tie', B: 'overall: P\nVA: P\nVF: Q\nVP: tie' };
  const raw = transcript((['A', 'B'] as const).map((first) => utterance(first, words[first])));
  const { streaming: _, reasons: __, ...can } = chain.judge.capabilities;
  return {
    ...chain,
    judge: { ...chain.judge, capabilities: { ...can, streaming: false, reasons: false } },
    options: { ...chain.options, mode: 'base' },
    criteria: CRITERION_IDS.map((id) => ({
      id,
      status: 'notSeen',
      score: null,
      reason: 'This judge does not speak of it.',
      evidence: [],
    })),
    confidence: 'tokens',
    raw,
    ...over,
  };
}
