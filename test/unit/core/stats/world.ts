import { fit } from '../../../../src/core/sweep/stats/davidson';
import type { StatisticsInput } from '../../../../src/core/sweep/statistics';
import { newPairTable, SERIES, type Pairing } from '../../../../src/core/sweep/table';

/** A training run as it may be in truth; log strengths, effects as standard deviations on their scale. */
export interface World {
  /** By column, the last one the best. */
  strengths: number[];
  /** What a prompt adds to each column by itself: all its seeds share it. */
  prompt: number;
  /** What a seed adds to each column by itself: all pairs of that clip share it. */
  clip: number;
  /** Davidson's nu: 0.5 ties one pair of five between equals, 4 two of three. */
  nu: number;
  seeds: number;
  /** Probability that a clip is missing. */
  holes: number;
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Whether the pair is judged; the baseline is column 0. */
const isAsked: Record<Pairing, (a: number, b: number) => boolean> = {
  all: () => true,
  adjacent: (a, b) => b === a + 1,
  baseline: (a) => a === 0,
};

/** One sweep of the world; its four series are independent of each other. */
export function sweepOf(world: World, rows: number, pairing: Pairing, random: () => number): StatisticsInput {
  const columns = world.strengths.length;
  const table = newPairTable((rows * world.seeds * columns * (columns - 1)) / 2);
  const asked = world.strengths.flatMap((_, b) =>
    world.strengths.slice(0, b).flatMap((__, a) => (isAsked[pairing](a, b) ? [[a, b] as const] : [])),
  );
  for (let row = 0; row < rows; row++) {
    const here = world.strengths.map((x) => SERIES.map(() => x + world.prompt * normal(random)));
    for (let seed = 0; seed < world.seeds; seed++) {
      const clips = here.map((series) => series.map((x) => x + (world.clip && world.clip * normal(random))));
      const there = here.map(() => random() >= world.holes);
      for (const [a, b] of asked) {
        if (!there[a] || !there[b]) continue;
        const e = table.count++;
        table.earlier[e] = a;
        table.later[e] = b;
        table.row[e] = row;
        table.seed[e] = seed;
        const signs = SERIES.map((_, s) => outcome(clips[b]![s]! - clips[a]![s]!, world.nu, random));
        table.winner.set(signs, e * SERIES.length);
      }
    }
  }
  return { columns, rows, seeds: world.seeds, table, unjudged: 0, baseline: 0, pairing };
}

function outcome(difference: number, nu: number, random: () => number): -1 | 0 | 1 {
  const { up, whole } = odds(difference, nu);
  const at = random() * whole;
  return at < up ? 1 : at < up + nu ? 0 : -1;
}

function odds(difference: number, nu: number) {
  const up = Math.exp(difference / 2);
  return { up, whole: up + 1 / up + nu };
}

/** What endless prompts would show: by column the win rates, and the strengths that fit them. */
export function truthOf(world: World): { baseline: number[]; previous: number[]; strengths: number[] } {
  const { strengths, nu } = world;
  const spread = Math.sqrt(2 * (world.prompt ** 2 + world.clip ** 2));
  const over = (difference: number, of: (d: number) => number) => {
    let [sum, weight] = [0, 0];
    for (let z = -8; z <= 8; z += 1 / 64) {
      const density = Math.exp((-z * z) / 2);
      sum += density * of(difference + spread * z);
      weight += density;
    }
    return sum / weight;
  };
  const tied = (difference: number) => over(difference, (d) => nu / odds(d, nu).whole);
  const won = (difference: number) => over(difference, (d) => odds(d, nu).up / odds(d, nu).whole);
  const rate = (difference: number) => won(difference) + tied(difference) / 2;
  return {
    baseline: strengths.map((x) => rate(x - strengths[0]!)),
    previous: strengths.map((x, i) => rate(x - strengths[Math.max(0, i - 1)]!)),
    strengths: fitted(strengths, rate, tied),
  };
}

/** So much weight that the prior says nothing. */
const ENDLESS = 1e8;

function fitted(strengths: number[], rate: (d: number) => number, tied: (d: number) => number): number[] {
  const columns = strengths.length;
  const [earlier, later]: [number[], number[]] = [[], []];
  const net = new Float64Array(columns);
  let ties = 0;
  strengths.forEach((x, b) =>
    strengths.slice(0, b).forEach((y, a) => {
      earlier.push(a);
      later.push(b);
      net[b]! += ENDLESS * (rate(x - y) - 0.5);
      net[a]! -= ENDLESS * (rate(x - y) - 0.5);
      ties += ENDLESS * tied(x - y);
    }),
  );
  const weight = new Float64Array(earlier.length).fill(ENDLESS);
  const start = new Float64Array(columns + (ties > 0 ? 1 : 0));
  return [...fit({ columns, earlier, later, weight, net, ties }, start, 1e-9).at.slice(0, columns)];
}
