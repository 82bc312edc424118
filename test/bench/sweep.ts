import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recognise } from '../../src/core/sweep/grid/recognise';
import { sweepStatistics } from '../../src/core/sweep/stats/statistics';
import { newPairTable, SERIES, type PairTable } from '../../src/core/sweep/table';
import { readTree } from '../../src/engine/sweep/tree';
import { best, timed, type Figure } from './setting';

const CHECKPOINTS = 200;
const PROMPTS = 50;
const UNRELATED = 100_000;
const RUNS = 3;

/** From a folder's path to its grid: 10,000 small files in the manner of a trainer, among as many others as a run leaves. */
export async function recognising(): Promise<Figure[]> {
  const root = mkdtempSync(join(tmpdir(), 'aesrm-bench-tree-'));
  try {
    makeTree(root);
    const ms: number[] = [];
    let clips = 0;
    for (let run = 0; run < RUNS; run++)
      ms.push(
        await timed(async () => {
          const { files } = await readTree(root, {});
          clips = recognise(files).grids[0]?.clips.length ?? 0;
        }),
      );
    const complete = clips === CHECKPOINTS * PROMPTS;
    return [
      {
        name: 'recognising a sweep',
        value: complete ? best(ms) / 1000 : NaN,
        unit: 's',
        target: { atMost: 2 },
        note: `${clips} clips among ${UNRELATED.toLocaleString('en')} other files; best of ${RUNS}`,
      },
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function makeTree(root: string): void {
  for (let step = 1; step <= CHECKPOINTS; step++) {
    const folder = join(root, 'samples', `step-${step * 100}`);
    mkdirSync(folder, { recursive: true });
    for (let prompt = 0; prompt < PROMPTS; prompt++)
      writeFileSync(join(folder, `prompt-${prompt}.mp4`), `${step}:${prompt}`);
  }
  for (let i = 0; i < UNRELATED; i++) {
    const folder = join(root, 'logs', String(i % 100));
    if (i < 100) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${i}.json`), '');
  }
}

/** All pairs of 200 checkpoints on 50 prompts, their outcomes made up. */
export async function statistics(): Promise<Figure[]> {
  const table = madeUpPairs();
  const ms: number[] = [];
  for (let run = 0; run < RUNS; run++)
    ms.push(
      await timed(() =>
        sweepStatistics({
          columns: CHECKPOINTS,
          rows: PROMPTS,
          seeds: 1,
          table,
          unjudged: 0,
          baseline: 0,
          pairing: 'all',
        }),
      ),
    );
  return [
    {
      name: 'statistics of a sweep',
      value: best(ms) / 1000,
      unit: 's',
      target: { atMost: 2 },
      note: `${table.count.toLocaleString('en')} made-up pairs; best of ${RUNS}`,
    },
  ];
}

function madeUpPairs(): PairTable {
  const table = newPairTable((PROMPTS * CHECKPOINTS * (CHECKPOINTS - 1)) / 2);
  for (let row = 0; row < PROMPTS; row++)
    for (let later = 1; later < CHECKPOINTS; later++)
      for (let earlier = 0; earlier < later; earlier++) {
        const i = table.count++;
        table.row[i] = row;
        table.earlier[i] = earlier;
        table.later[i] = later;
        for (let s = 0; s < SERIES.length; s++) {
          const margin = Math.random() * 2 - 1 + (later - earlier) / (2 * CHECKPOINTS);
          table.margin[i * SERIES.length + s] = margin;
          table.winner[i * SERIES.length + s] = Math.abs(margin) < 0.2 ? 0 : Math.sign(margin);
        }
      }
  return table;
}
