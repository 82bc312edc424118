/** A run of points, `from` inclusive to `to` exclusive. */
export interface Run {
  from: number;
  to: number;
}

/** Shortest place worth going to: this many seconds, and at least two steps. */
const SHORTEST = 0.15;
/** Runs closer than this, in seconds, are one place to a viewer. */
const MERGE = 0.3;
/** Most places named for one measure. */
const MOST = 2;
/** Share of the points that runs must cover for a difference to count as steady. */
const STEADY = 0.8;
/** Many places spread over this share of the time are "throughout" as well. */
const SPREAD = 0.6;

const sum = (gains: readonly number[], r: Run) => gains.slice(r.from, r.to).reduce((s, g) => s + g, 0);

/** Runs of points at half the peak or more; a hole in time ends a run. */
function runsAboveHalf(gains: readonly number[], t: readonly number[], step: number): Run[] {
  const half = gains.reduce((most, g) => Math.max(most, g), 0) / 2;
  const runs: Run[] = [];
  gains.forEach((g, i) => {
    if (g < half) return;
    const last = runs.at(-1);
    if (last && last.to === i && isNext(t, i, step)) last.to = i + 1;
    else runs.push({ from: i, to: i + 1 });
  });
  return runs;
}

function isNext(t: readonly number[], i: number, step: number): boolean {
  const [before, now] = [t[i - 1], t[i]];
  return before !== undefined && now !== undefined && now - before < 1.5 * step;
}

/** Widens a run to the shortest length, towards the neighbour with more in it. */
function widened(run: Run, gains: readonly number[], t: readonly number[], step: number): Run {
  const need = Math.max(2, Math.ceil(SHORTEST / step - 1e-6));
  let { from, to } = run;
  while (to - from < need) {
    const left = isNext(t, from, step) ? (gains[from - 1] ?? -Infinity) : -Infinity;
    const right = isNext(t, to, step) ? (gains[to] ?? -Infinity) : -Infinity;
    if (left === -Infinity && right === -Infinity) break;
    if (left > right) from--;
    else to++;
  }
  return { from, to };
}

function merged(runs: readonly Run[], t: readonly number[], step: number): Run[] {
  const out: Run[] = [];
  for (const run of runs) {
    const last = out.at(-1);
    const hole = last ? (t[run.from] ?? 0) - (t[last.to - 1] ?? 0) - step : Infinity;
    if (last && hole <= MERGE + 1e-6) last.to = Math.max(last.to, run.to);
    else out.push({ ...run });
  }
  return out;
}

function isSteady(
  runs: readonly Run[],
  gains: readonly number[],
  t: readonly number[],
  step: number,
): boolean {
  const covered = runs.reduce((n, r) => n + r.to - r.from, 0);
  if (covered >= STEADY * gains.length) return true;
  const [first, last] = [runs[0], runs.at(-1)];
  if (!first || !last || runs.length <= MOST) return false;
  const spread = (t[last.to - 1] ?? 0) - (t[first.from] ?? 0);
  return spread + step >= SPREAD * ((t.at(-1) ?? 0) - (t[0] ?? 0) + step);
}

/**
 * Where a difference is strongest. `places`: at most two runs around its peaks, in order of time;
 * `steady`: it holds over (nearly) all the points, or comes back all over them.
 * @param gains size of the difference at each point; above 0 counts
 * @param t times of the points, seconds, ascending
 * @param step seconds from one point to the next
 */
export function strongestPlaces(
  gains: readonly number[],
  t: readonly number[],
  step: number,
): { steady: boolean; places: Run[] } {
  if (!gains.some((g) => g > 0)) return { steady: false, places: [] };
  const wide = runsAboveHalf(gains, t, step).map((run) => widened(run, gains, t, step));
  const runs = merged(wide, t, step);
  const strongest = [...runs].sort((x, y) => sum(gains, y) - sum(gains, x) || x.from - y.from).slice(0, MOST);
  return {
    steady: isSteady(runs, gains, t, step),
    places: strongest.sort((x, y) => x.from - y.from),
  };
}
