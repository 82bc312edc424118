import { align, isNumber, mean, sharedSeries, type Alignment, type SharedSeries } from './align';
import { MEASURES, type ClipMeasures } from './measures';
import type { Choice } from './pair';
import type { CriterionId } from './rubric';
import type { Evidence } from './verdict';
import { strongestPlaces, type Run } from './windows';
import {
  asDescription,
  gain,
  PER_STEP,
  takesSide,
  VISIBILITY,
  visibleStep,
  WITNESSES,
  type Witness,
} from './witnesses';

/** Both clips' measures, put on one grid once and read for every criterion. */
export interface MeasuredPair {
  a: ClipMeasures;
  b: ClipMeasures;
  alignment: Alignment;
}

export function measuredPair(a: ClipMeasures, b: ClipMeasures): MeasuredPair {
  return { a, b, alignment: align(a, b) };
}

/** What one witness has to say for one side: its places in order of time, and how strong it is at best. */
interface Finding {
  evidence: Evidence[];
  strongest: Evidence;
  /** In the measure's smallest visible steps, so that measures can be ranked. */
  strength: number;
}

/** One measure at the shared times; where two long clips share none, each clip's own mean at time 0. */
function series({ a, b, alignment }: MeasuredPair, { measure }: Witness): SharedSeries | undefined {
  if (alignment.ratesDiffer && PER_STEP.has(measure)) return undefined;
  const shared = sharedSeries(alignment, a, b, measure);
  if (shared.t.length > 0) return shared;
  const [x, y] = [a.series[measure]?.filter(isNumber) ?? [], b.series[measure]?.filter(isNumber) ?? []];
  return x.length > 0 && y.length > 0 ? { t: [0], a: [mean(x)], b: [mean(y)] } : undefined;
}

/** To 4 decimals, never -0: the record is JSON, and reasons are made from it. */
const round = (value: number) => Math.round(value * 1e4) / 1e4 + 0;

function worseSide(witness: Witness, a: number, b: number): Evidence['side'] {
  const g = gain(witness, a, b);
  return g === 0 ? 'both' : g > 0 ? 'B' : 'A';
}

/** The record of one place; of the whole shared time where `run` is undefined. */
function record({ alignment }: MeasuredPair, witness: Witness, s: SharedSeries, run?: Run): Evidence {
  const { from, to } = run ?? { from: 0, to: s.t.length };
  const [a, b] = [round(mean(s.a.slice(from, to))), round(mean(s.b.slice(from, to)))];
  const { unit } = MEASURES[witness.measure];
  return {
    side: worseSide(witness, a, b),
    start: run ? round(s.t[from] ?? 0) : 0,
    end: round(run ? Math.min(alignment.end, (s.t[to - 1] ?? 0) + alignment.step) : alignment.end),
    measure: witness.measure,
    a,
    b,
    ...(unit === '' ? {} : { unit }),
    ...(run ? {} : { whole: true }),
  };
}

/** By how much values favour the side of `sign` (1 for A, -1 for B), in the measure's unit; of a description, its size. */
function gainFor(witness: Witness, a: number, b: number, sign: 1 | -1): number {
  return witness.sense.better === 'describes' ? Math.abs(a - b) : sign * gain(witness, a, b);
}

/** Whether what speaks visibly for a side outweighs twofold what speaks visibly against it. */
function leansTo(gains: readonly number[], steps: readonly number[]): boolean {
  let [pro, con] = [0, 0];
  gains.forEach((g, i) => {
    if (Math.abs(g) < (steps[i] ?? Infinity)) return;
    if (g > 0) pro += g;
    else con -= g;
  });
  return pro > 0 && con <= pro / 2;
}

/** What a witness says in favour of the side of `sign`; undefined where it says nothing visible. */
function finding(pair: MeasuredPair, witness: Witness, sign: 1 | -1): Finding | undefined {
  const s = series(pair, witness);
  if (!s) return undefined;
  const { measure } = witness;
  const gains = s.a.map((a, i) => gainFor(witness, a, s.b[i] ?? a, sign));
  const steps = s.a.map((a, i) => visibleStep(measure, a, s.b[i] ?? a));
  if (!leansTo(gains, steps)) return undefined;
  const gainOf = ({ a = 0, b = 0 }: Evidence) => gainFor(witness, a, b, sign);
  const isVisible = (e: Evidence) => gainOf(e) >= visibleStep(measure, e.a ?? 0, e.b ?? 0);
  const { steady, places } = strongestPlaces(gains, s.t, pair.alignment.step);
  const whole = record(pair, witness, s);
  const found = steady && isVisible(whole) ? [whole] : places.map((run) => record(pair, witness, s, run));
  const visible = found.filter(isVisible);
  const [strongest] = [...visible].sort((x, y) => gainOf(y) - gainOf(x));
  return (
    strongest && { evidence: visible, strongest, strength: gainOf(strongest) / VISIBILITY[measure].absolute }
  );
}

function findings(pair: MeasuredPair, witnesses: readonly Witness[], sign: 1 | -1): Finding[] {
  const found = witnesses.map((w) => finding(pair, w, sign)).filter((f) => f !== undefined);
  return found.sort((x, y) => y.strength - x.strength);
}

/** Whether a measure visibly takes a side, now the one and now the other, or only ever the same. */
function takesSides(pair: MeasuredPair, witness: Witness): boolean {
  const s = series(pair, witness);
  return s?.a.some((a, i) => takesSide(witness, a, s.b[i] ?? a) !== 0) ?? false;
}

/**
 * What differs without being better, the strongest first: by measures without a better side, and by the others where
 * they take none. One that takes now this side and now that would be told by one of its places only.
 */
function descriptions(pair: MeasuredPair, witnesses: readonly Witness[]): Evidence[] {
  const neutral = witnesses.filter((w) => !takesSides(pair, w)).map(asDescription);
  return findings(pair, neutral, 1).map((f) => f.strongest);
}

/**
 * For a tie: the measure that takes a side most visibly all the same, else one that differs, else the first that was
 * taken.
 */
function tieEvidence(pair: MeasuredPair, witnesses: readonly Witness[]): Evidence[] {
  const both = (e: Evidence): Evidence => ({ ...e, side: 'both' });
  const directed = witnesses.filter((w) => w.sense.better !== 'describes');
  const [first] = [...findings(pair, directed, 1), ...findings(pair, directed, -1)].sort(
    (x, y) => y.strength - x.strength,
  );
  if (first) return [both(first.strongest)];
  const [differs] = descriptions(pair, witnesses);
  if (differs) return [differs];
  for (const w of witnesses) {
    const s = series(pair, w);
    if (s) return [both(record(pair, w, s))];
  }
  return [];
}

/**
 * The places that speak of one criterion. First what supports the winner: the strongest measure's places (two at
 * most) and the best place of the next one; then the best place of the strongest measure that says otherwise.
 * Where no measure supports the winner, what differs is told without calling it better, of side "both".
 * Swapping the clips and the winner gives the same evidence, mirrored.
 */
export function evidenceFor(id: CriterionId, winner: Choice, pair: MeasuredPair): Evidence[] {
  const witnesses = WITNESSES[id];
  if (winner === 'tie')
    return tieEvidence(
      pair,
      witnesses.filter((w) => !w.aside),
    );
  const sign = winner === 'A' ? 1 : -1;
  const directed = witnesses.filter((w) => w.sense.better !== 'describes');
  const [first, second] = findings(pair, directed, sign);
  const [against] = findings(pair, directed, sign === 1 ? -1 : 1);
  const support = first
    ? [...first.evidence, ...(second ? [second.strongest] : [])]
    : descriptions(pair, witnesses).slice(0, against ? 1 : 2);
  return [...support, ...(against ? [against.strongest] : [])];
}
