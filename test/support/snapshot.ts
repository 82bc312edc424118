import { CRITERIA, type CriterionId } from '../../src/core/rubric';
import { MEASURE_IDS, type ClipMeasures, type MeasureId } from '../../src/core/measures';
import { FRAME_PLAN } from '../../src/core/plan';
import type { Call, ClipRecord, CriterionVerdict, Evidence, Verdict } from '../../src/core/verdict';
import type { PanelSnapshot, SideView } from '../../src/protocol/panel';

/** A clip as the engine records it; 2 s at 16 fps unless told. */
export function clipRecord(over: Partial<ClipRecord> = {}): ClipRecord {
  const { duration = 2, fps = 16 } = over;
  return {
    path: 'clips/clip.mp4',
    hash: '0'.repeat(64),
    duration,
    fps,
    width: 832,
    height: 480,
    frames: Math.round(duration * fps),
    ...over,
  };
}

/** What each measure is near, and how far it moves. */
const LEVELS: Partial<Record<MeasureId, [number, number]>> = {
  brightness: [31, 2],
  contrast: [19, 1.5],
  sharpness: [8, 1.2],
  noise: [1.2, 0.2],
  saturation: [24, 2],
  detail: [5.1, 0.1],
  flicker: [0.3, 0.25],
  residual: [2.2, 0.7],
  palette: [6, 3],
};

/** Smooth curves with one dip in the middle; `seed` tells two clips apart. */
export function clipMeasures(clip: ClipRecord, seed: number): ClipMeasures {
  const times = Array.from({ length: clip.frames }, (_, i) => i / clip.fps);
  const dip = (t: number) => Math.exp(-(((t - clip.duration * 0.48) / (clip.duration * 0.12)) ** 2));
  const series = MEASURE_IDS.map((id, k) => {
    const [level, swing] = LEVELS[id] ?? [10, 1];
    const value = (t: number) =>
      level +
      swing *
        (Math.sin(t * 2.1 + k + seed) * 0.6 + Math.sin(t * 7.3 + 2 * seed) * 0.25 - (seed % 2) * 2 * dip(t));
    return [id, times.map((t) => Math.max(0, value(t)))] as const;
  });
  return { times, series: Object.fromEntries(series) as ClipMeasures['series'] };
}

const call = (a: number, tie: number, b: number): Call => ({
  winner: a > b && a > tie ? 'A' : b > a && b > tie ? 'B' : 'tie',
  p: { a, tie, b },
});

const place = (side: Evidence['side'], start: number, end: number, measure?: MeasureId): Evidence => ({
  side,
  start,
  end,
  ...(measure ? { measure } : {}),
});
const whole = (side: Evidence['side'], measure: MeasureId): Evidence => ({
  ...place(side, 0, 2, measure),
  whole: true,
});

type Said = Pick<CriterionVerdict, 'score' | 'reason' | 'evidence'>;
const SAID: Partial<Record<CriterionId, Said>> = {
  'va.color': {
    score: -1,
    reason: 'B holds one palette; A drifts by 14% between 1.0 s and 1.6 s.',
    evidence: [whole('both', 'palette'), place('A', 1, 1.625, 'palette')],
  },
  'va.lighting': {
    score: -1,
    reason: 'B is lit with more contrast: 22% against 17%.',
    evidence: [whole('A', 'contrast')],
  },
  'va.tone': { score: 0, reason: 'Both keep shadows and highlights: under 1% clipped.', evidence: [] },
  'va.exposure': {
    score: -1,
    reason: 'A is darker than a middle exposure: 24% against 37%.',
    evidence: [place('A', 0.25, 0.75, 'brightness')],
  },
  'va.style': { score: 0, reason: 'One style holds in both.', evidence: [] },
  'vf.structure': {
    score: 1,
    reason: 'Shapes hold better in A: B changes twice as much after camera motion.',
    evidence: [place('B', 1.5, 1.75, 'residual')],
  },
  'vf.texture': {
    score: 1,
    reason: "Surfaces boil in B around 1.6 s: residual 2.1 times A's.",
    evidence: [place('B', 1.5, 1.75, 'residual')],
  },
  'vf.sharpness': {
    score: 1,
    reason: "B loses edge detail here: its sharpness is 40% of A's.",
    evidence: [place('B', 0.6875, 1.25, 'sharpness')],
  },
  'vf.artifacts': {
    score: 0,
    reason: 'No blocking or banding above the visible limit in either.',
    evidence: [],
  },
  'vf.flicker': {
    score: -1,
    reason: 'One brightness jump of 6.0% in A at 1.0 s; none in B.',
    evidence: [place('A', 1, 1, 'flicker')],
  },
  'vp.composition': {
    score: 0,
    reason: 'Both weigh the frame in the middle.',
    evidence: [place('both', 1.125, 1.4375, 'weightX')],
  },
  'vp.focal': { score: 0, reason: 'As much of the frame is in focus in both.', evidence: [] },
  'vp.camera': { score: 0, reason: 'Both move steadily: shake under 0.3% of width.', evidence: [] },
  'vp.richness': {
    score: -1,
    reason: 'B has more to look at: 5.4 bit against 4.9 bit.',
    evidence: [whole('both', 'detail')],
  },
};

export const JUDGE: Verdict['judge'] = {
  id: 'compact',
  name: 'Compact',
  version: '1.0.0',
  hash: '3fa9c21e'.repeat(8),
  kind: 'compact',
  capabilities: { symmetric: true, streaming: false, encodes: true, reasons: false },
  device: 'cpu',
};

export function verdict(over: Partial<Verdict> = {}): Verdict {
  return {
    format: 'aesrm.verdict/1',
    id: 'v1',
    at: '2026-11-12T14:03:00Z',
    rubric: 'aesrm.rubric/1',
    judge: JUDGE,
    plan: FRAME_PLAN.id,
    options: {},
    a: clipRecord(),
    b: clipRecord(),
    overall: call(0.19, 0.1, 0.71),
    dimensions: { VA: call(0.12, 0.1, 0.78), VF: call(0.58, 0.15, 0.27), VP: call(0.18, 0.61, 0.21) },
    criteria: CRITERIA.map((c): CriterionVerdict => {
      const said = SAID[c.id];
      return said
        ? { id: c.id, status: 'judged', ...said }
        : {
            id: c.id,
            status: 'notSeen',
            score: null,
            reason: 'This judge does not speak of it.',
            evidence: [],
          };
    }),
    orders: { mode: 'symmetric' },
    timings: { decode: 120, encode: 70, judge: 20 },
    ...over,
  };
}

export function sideView(over: Partial<SideView> & { seed?: number } = {}): SideView {
  const { seed = 1, ...rest } = over;
  const clip = rest.clip ?? clipRecord();
  return {
    name: 'two-guys-talking-near-a-big-tree.mp4',
    folder: 'base',
    media: rest.uri === undefined ? 'none' : 'video',
    clip,
    measures: clipMeasures(clip, seed),
    ...rest,
  };
}

/** A judged pair, as the host would send it. */
export function snapshot(over: Partial<PanelSnapshot> = {}): PanelSnapshot {
  return {
    revision: 1,
    sides: { A: sideView({ seed: 1 }), B: sideView({ seed: 2, folder: 'grpo' }) },
    phase: 'done',
    verdict: verdict(),
    fromLog: false,
    judge: {
      ...JUDGE,
      hasCard: true,
      agreement: [
        {
          set: 'FETV',
          labelKind: 'human_rating_3_annotators',
          aspect: 'static quality',
          pairs: 64,
          accuracy: 0.66,
          ci: [0.54, 0.76],
        },
        {
          set: 'FETV',
          labelKind: 'human_rating_3_annotators',
          aspect: 'temporal quality',
          pairs: 58,
          accuracy: 0.57,
          ci: [0.44, 0.69],
        },
        { set: 'MCM', labelKind: 'degradation', pairs: 40, accuracy: 0.9, ci: [0.77, 0.96] },
      ],
    },
    canUndoVote: false,
    blind: { on: false, revealed: false },
    ...over,
  };
}

/** The same pair in blind mode before the vote: no names, no verdict. */
export function blindSnapshot(over: Partial<PanelSnapshot> = {}): PanelSnapshot {
  const { verdict: _, ...rest } = snapshot();
  const anonymous = (side: SideView): SideView => ({ ...side, name: '', folder: '' });
  return {
    ...rest,
    sides: { A: anonymous(rest.sides.A), B: anonymous(rest.sides.B) },
    blind: { on: true, revealed: false },
    ...over,
  };
}
