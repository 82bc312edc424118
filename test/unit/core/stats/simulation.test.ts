import * as assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { LEAST_REPLICATES, sweepStatistics } from '../../../../src/core/sweep/stats/statistics';
import { seededRandom } from '../../../../src/core/sweep/stats/random';
import { SERIES, type Pairing } from '../../../../src/core/sweep/table';
import { sweepOf, truthOf, type World } from './world';

/** Each simulated sweep has four series that are independent of each other: a run each. */
const SWEEPS = 500;
const RUNS = SWEEPS * SERIES.length;

const PLAIN: World = { strengths: [-0.8, 0, 0.8], prompt: 1, clip: 0, nu: 0.5, seeds: 1, holes: 0 };

/** Win rates between 0.05 and 0.95. */
const REGULAR = {
  plain: PLAIN,
  'strong prompt effects': { ...PLAIN, strengths: [-1, -0.5, 0, 0.5, 1], prompt: 2, nu: 0.2 },
  'no ties': { ...PLAIN, nu: 0 },
  'many ties': { ...PLAIN, nu: 4 },
  'seeds within prompts': { ...PLAIN, seeds: 4, clip: 0.7 },
  holes: { ...PLAIN, seeds: 2, clip: 0.5, holes: 0.25 },
  'close together': { ...PLAIN, strengths: [0, 0, 0, 0, 0.05] },
} satisfies Record<string, World>;

/** Win rates up to 0.96, 0.99 and 0.997, or hardly anything but ties. */
const EDGE = {
  'near 0 and 1': { ...PLAIN, strengths: [-2.5, 0, 2.5] },
  'nearer to 0 and 1, no ties': { ...PLAIN, strengths: [-2.5, 0, 2.5], prompt: 0.5, nu: 0 },
  'next to 0 and 1': { ...PLAIN, strengths: [-4, 0, 4], nu: 0.2 },
  'near 0 and 1, seeds': { ...PLAIN, strengths: [-2.5, 0, 2.5], seeds: 4, clip: 0.7 },
  'nearly all ties': { ...PLAIN, nu: 40 },
} satisfies Record<string, World>;

interface Job {
  world: World;
  rows: number;
  pairing: Pairing;
  sweeps: number;
  /** Of the bootstrap; absent: what the product takes. */
  replicates?: number;
  seed: number;
}

/** Covered and asked; for `best` sets with the best column, for `alarms` sweeps with a regression. */
type Counts = Record<'rates' | 'strengths' | 'best' | 'alarms', [hits: number, of: number]>;

const none = (): Counts => ({ rates: [0, 0], strengths: [0, 0], best: [0, 0], alarms: [0, 0] });

function run({ world, rows, pairing, sweeps, replicates, seed }: Job): Counts {
  const counts = none();
  const truth = truthOf(world);
  const random = seededRandom(seed);
  const best = world.strengths.length - 1;
  const count = (what: keyof Counts, hit: boolean) => {
    counts[what][0] += hit ? 1 : 0;
    counts[what][1] += 1;
  };
  const covers = (interval: [number, number] | undefined, value: number) =>
    interval !== undefined && interval[0] <= value && value <= interval[1];
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const statistics = sweepStatistics(sweepOf(world, rows, pairing, random), replicates);
    count('alarms', statistics.regressions.length > 0);
    for (const series of Object.values(statistics.series))
      world.strengths.forEach((_, i) => {
        const [against, step] = [series.againstBaseline[i], series.againstPrevious[i]];
        if (against && against.interval) count('rates', covers(against.interval, truth.baseline[i]!));
        // The second column's step is the same as its rate against the baseline.
        if (i > 1 && step && step.interval) count('rates', covers(step.interval, truth.previous[i]!));
        const strength = series.ranking?.strengths[i];
        if (strength?.interval) count('strengths', covers(strength.interval, truth.strengths[i]!));
        if (i === best && series.best && !series.best.thin.includes(best))
          count('best', series.best.columns.includes(best));
      });
  }
  return counts;
}

/** Parts of a job that a thread takes at once. */
const PART = 50;

/** The jobs' counts, computed on all cores; the same whatever their number. */
async function simulate<K extends string>(jobs: Record<K, Job>): Promise<Record<K, Counts>> {
  const found = Object.fromEntries(Object.keys(jobs).map((name) => [name, none()])) as Record<K, Counts>;
  const parts = (Object.entries(jobs) as [K, Job][]).flatMap(([name, job]) =>
    Array.from({ length: job.sweeps / PART }, (_, i) => ({
      name,
      job: { ...job, sweeps: PART, seed: job.seed + 1000 * i },
    })),
  );
  const thread = () =>
    new Promise<void>((done, fail) => {
      const worker = new Worker(__filename);
      let part: (typeof parts)[number] | undefined;
      const next = () => {
        part = parts.shift();
        if (part) worker.postMessage(part.job);
        else void worker.terminate().then(() => done());
      };
      worker.on('error', fail).on('message', (counts: Counts) => {
        for (const what of Object.keys(counts) as (keyof Counts)[])
          counts[what].forEach((n, i) => (found[part!.name][what][i as 0 | 1] += n));
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: availableParallelism() }, thread));
  return found;
}

const share = ([hits, of]: [number, number]) => hits / of;
const percent = (x: number) => `${(100 * x).toFixed(1)}%`;

function within(value: number, low: number, high: number, what: string): void {
  assert.ok(
    value >= low && value <= high,
    `${what}: ${percent(value)}, not ${percent(low)} to ${percent(high)}`,
  );
}

function jobsOver(
  worlds: Record<string, World>,
  sizes: number[],
  more: Partial<Job> = {},
): Record<string, Job> {
  const jobs = Object.entries(worlds).flatMap(([name, world], w) =>
    sizes.map((rows): [string, Job] => {
      const job: Job = { world, rows, pairing: 'all', sweeps: SWEEPS, seed: 17 + 100_000 * w + rows };
      return [`${name}, ${rows} prompts`, { ...job, ...more }];
    }),
  );
  return Object.fromEntries(jobs);
}

const FEWEST = { replicates: LEAST_REPLICATES };

function simulations(): void {
  it(`covers 93-97% at 50 and 100 prompts in ${RUNS} runs with the product's own replicates`, async () => {
    const counts = await simulate(jobsOver({ plain: REGULAR.plain }, [50, 100]));
    for (const [name, { rates, strengths }] of Object.entries(counts)) {
      within(share(rates), 0.93, 0.97, `win rates, ${name}`);
      within(share(strengths), 0.93, 0.97, `strengths, ${name}`);
    }
  });

  it(`covers as much in other worlds, ${RUNS} runs each, with the fewest replicates that the product takes`, async () => {
    const regular = await simulate(jobsOver(REGULAR, [50], FEWEST));
    const edge = await simulate(jobsOver(EDGE, [50, 100], FEWEST));
    for (const what of ['rates', 'strengths'] as const) {
      for (const [name, counts] of Object.entries(regular))
        within(share(counts[what]), 0.93, 0.97, `${what}, ${name}`);
      for (const [name, counts] of Object.entries(edge))
        within(share(counts[what]), 0.93, 0.99, `${what}, ${name}`);
      const all = [...Object.values(regular), ...Object.values(edge)].map((counts) => share(counts[what]));
      within(all.reduce((sum, x) => sum + x, 0) / all.length, 0.93, 0.97, `${what}, over all worlds`);
    }
  });

  it(`misses no more than it says at 8, 12 and 20 prompts, ${RUNS} runs each with the fewest replicates`, async () => {
    const counts = await simulate(jobsOver({ ...REGULAR, ...EDGE }, [8, 12, 20], FEWEST));
    for (const [name, { rates, strengths }] of Object.entries(counts)) {
      within(share(rates), 0.93, 1, `win rates, ${name}`);
      within(share(strengths), 0.93, 1, `strengths, ${name}`);
    }
  });

  it(`keeps the truly best column in the best set in ${RUNS} runs, by ranking and by baseline`, async () => {
    const least = 0.95 - 3 * Math.sqrt((0.05 * 0.95) / RUNS);
    const worlds = {
      close: REGULAR['close together'],
      ties: EDGE['nearly all ties'],
      two: { ...PLAIN, strengths: [0, 0.01], nu: 0 },
    };
    for (const pairing of ['all', 'baseline'] as const) {
      const counts = await simulate(jobsOver(worlds, [8, 12, 50], { pairing, ...FEWEST }));
      for (const [name, { best }] of Object.entries(counts))
        within(share(best), least, 1, `${pairing}, ${name}`);
    }
  });

  it('raises a false regression in at most 5% of 2000 runs without any change, plus three standard errors', async () => {
    const runs = 2000;
    const still = { ...PLAIN, strengths: [0, 0, 0] };
    const worlds = {
      still,
      'still with strong prompt effects': { ...still, strengths: new Array<number>(8).fill(0), prompt: 2 },
      'still with seeds': { ...still, seeds: 4, clip: 0.7 },
      'still with holes': { ...still, holes: 0.25 },
    };
    const counts = await simulate(
      jobsOver(worlds, [8, 50, 100], { pairing: 'adjacent', sweeps: runs, replicates: 2 }),
    );
    for (const [name, { alarms }] of Object.entries(counts)) {
      assert.equal(alarms[1], runs);
      within(share(alarms), 0, 0.05 + 3 * Math.sqrt((0.05 * 0.95) / runs), `alarms, ${name}`);
    }
  });
}

if (isMainThread)
  describe('sweep statistics, simulated', function () {
    this.timeout(600_000);
    simulations();
  });
else parentPort!.on('message', (job: Job) => parentPort!.postMessage(run(job)));
