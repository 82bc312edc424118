import { MEASURE_IDS, type ClipMeasures, type MeasureId } from '../../../src/core/measures';
import { FRAME_PLAN } from '../../../src/core/plan';
import { CRITERION_IDS, type CriterionId } from '../../../src/core/rubric';
import type { ClipRecord, JudgeInfo, Probabilities } from '../../../src/core/verdict';
import type { VerdictInput } from '../../../src/core/verdictRule';

/** Numbers in [0, 1) that are the same at every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** An unremarkable clip, in each measure's own unit. */
const ORDINARY: Record<MeasureId, number> = {
  brightness: 45,
  contrast: 20,
  shadows: 0.5,
  highlights: 0.2,
  saturation: 20,
  warmth: 2,
  palette: 5,
  sharpness: 8,
  noise: 0.5,
  detail: 5,
  inFocus: 40,
  flicker: 0.1,
  change: 2,
  residual: 1,
  shake: 0.1,
  repeat: 0,
  weightX: 50,
  weightY: 50,
  symmetry: 80,
};

export type SeriesOverride = Partial<Record<MeasureId, number | ((t: number) => number)>>;

/** Measures of a made-up clip: ordinary but for `over`, which may depend on time (seconds). */
export function measures(over: SeriesOverride = {}, { fps = 16, frames = 32 } = {}): ClipMeasures {
  const times = Array.from({ length: frames }, (_, i) => i / fps);
  const entries = MEASURE_IDS.map((id) => {
    const value = over[id] ?? ORDINARY[id];
    return [id, times.map((t) => (typeof value === 'number' ? value : value(t)))];
  });
  return { times, series: Object.fromEntries(entries) as ClipMeasures['series'] };
}

/** `value` from `start` (inclusive) to `end`, else `rest`. */
export const during = (start: number, end: number, value: number, rest: number) => (t: number) =>
  t >= start - 1e-9 && t < end - 1e-9 ? value : rest;

export function clipRecord(path: string, over: Partial<ClipRecord> = {}): ClipRecord {
  return {
    path,
    hash: `hash-of-${path}`,
    duration: 2,
    fps: 16,
    width: 832,
    height: 480,
    frames: 32,
    ...over,
  };
}

export const JUDGE: JudgeInfo = {
  id: 'compact',
  name: 'AesRM Review compact',
  version: '1.0.0',
  hash: 'c0ffee'.padEnd(64, '0'),
  kind: 'compact',
  capabilities: { symmetric: true, streaming: false, encodes: true, reasons: false },
};

export const A_WINS: Probabilities = { a: 0.7, tie: 0.2, b: 0.1 };
export const TIE: Probabilities = { a: 0.2, tie: 0.6, b: 0.2 };
export const B_WINS: Probabilities = { a: 0.1, tie: 0.2, b: 0.7 };

/** Every criterion a tie but for `calls`; film language is not claimed. */
export function verdictInput(
  calls: Partial<Record<CriterionId, Probabilities | null>> = {},
  a: ClipMeasures = measures(),
  b: ClipMeasures = measures(),
): VerdictInput {
  return {
    id: 'v-1',
    at: '2026-01-02T03:04:05.000Z',
    judge: JUDGE,
    device: 'cpu',
    plan: FRAME_PLAN.id,
    options: {},
    a: clipRecord('base/walk.mp4'),
    b: clipRecord('grpo/walk.mp4'),
    criteria: CRITERION_IDS.map((id) => (id in calls ? (calls[id] ?? null) : TIE)),
    claimed: CRITERION_IDS.filter((id) => id !== 'vp.language'),
    dimensions: { VA: A_WINS, VF: B_WINS, VP: TIE },
    overall: A_WINS,
    measures: { A: a, B: b },
    orders: { mode: 'symmetric' },
    timings: { judge: 3 },
  };
}

/** Measures that wander at random, about ordinary values, with a fault here and there. */
export function randomMeasures(next: () => number): ClipMeasures {
  const fps = [8, 16, 24, 30][Math.floor(next() * 4)]!;
  const frames = 1 + Math.floor(next() * 60);
  const over = MEASURE_IDS.map((id) => {
    const level = ORDINARY[id] * (0.5 + next()) + next();
    const [at, length, jump] = [next() * 3, next(), next() < 0.3 ? next() * 4 : 1];
    return [id, (t: number) => (t >= at && t < at + length ? level * jump : level * (0.95 + 0.1 * next()))];
  });
  return measures(Object.fromEntries(over) as SeriesOverride, { fps, frames });
}
