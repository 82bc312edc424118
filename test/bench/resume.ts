import type { Engine } from '../../src/engine/client';
import type { SweepTarget } from '../../src/protocol/sweep';
import { CHECKPOINTS, madeUpSweep, PROMPTS } from './madeUp';
import { best, withEngine, type Figure } from './setting';

const RUNS = 3;

/** A sweep of 10,000 clips that was judged whole, opened by a fresh engine: files and verdicts are made up. */
export function resuming(): Promise<Figure[]> {
  return withEngine(async (_, dir, another) => {
    const sweep = await madeUpSweep(dir);
    const runs: Opening[] = [];
    for (let run = 0; run < RUNS; run++)
      runs.push(
        await another(async (engine) => {
          await engine.status();
          return opening(engine, sweep);
        }),
      );
    const whole = runs.every(({ judged }) => judged === (PROMPTS * CHECKPOINTS * (CHECKPOINTS - 1)) / 2);
    const seconds = (values: number[]) => (whole ? best(values) / 1000 : NaN);
    const note = `${runs[0]!.judged.toLocaleString('en')} made-up pairs; best of ${RUNS}`;
    return [
      {
        name: 'resuming a judged sweep',
        value: seconds(runs.map(({ known }) => known)),
        unit: 's',
        target: { atMost: 2 },
        note: `the folder looked through, grid, marks and pairs known; ${note}`,
      },
      { name: 'the same, with its statistics', value: seconds(runs.map(({ all }) => all)), unit: 's', note },
    ];
  });
}

interface Opening {
  /** Milliseconds until what is known is there, and until all is. */
  known: number;
  all: number;
  judged: number;
}

/** As the host does it. */
async function opening(engine: Engine, sweep: SweepTarget): Promise<Opening> {
  const from = performance.now();
  let known = NaN;
  let judged = NaN;
  await engine.sweepScan(sweep);
  await engine.sweepOpen(sweep, {
    onProgress: (step) => {
      if (!('known' in step)) return;
      known = performance.now() - from;
      ({ judged } = step.known.state.pairs);
    },
  });
  return { known, all: performance.now() - from, judged };
}
