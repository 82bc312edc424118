import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRITERION_IDS } from '../../src/core/rubric';
import { FRAME_PLAN } from '../../src/core/plan';
import { FileStore } from '../../src/engine/cache/store';
import type { Engine } from '../../src/engine/client';
import type { Judgement } from '../../src/engine/judge';
import { packPairs, SweepRowLog, type JudgedPair } from '../../src/engine/log/sweepRows';
import { loadModel } from '../../src/engine/model/manifest';
import { SweepFiles } from '../../src/engine/sweep/files';
import { CACHE_FOLDER } from '../../src/protocol/cacheFolders';
import type { SweepTarget } from '../../src/protocol/sweep';
import { best, MODEL_DIR, withEngine, type Figure } from './setting';

const CHECKPOINTS = 200;
const PROMPTS = 50;
const RUNS = 3;

/** A sweep of 10,000 clips that was judged whole, opened by a fresh engine: files and verdicts are made up. */
export function resuming(): Promise<Figure[]> {
  return withEngine(async (_, dir, another) => {
    const [root, logDir] = [join(dir, 'ws', 'run'), join(dir, 'ws', '.aesrm')];
    const hashes = makeClips(root);
    const files = new SweepFiles(new FileStore(join(dir, 'cache', CACHE_FOLDER), 1e9), root);
    await files.refresh([...hashes.keys()]);
    for (const [path, hash] of hashes) files.set(path, { hash });
    await files.save();
    await keepPairs(logDir, hashes);
    const sweep = { root, name: 'run', logDir, layout: {}, pairing: 'all' as const };
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

const pathOf = (step: number, prompt: number) => `step-${step * 100}/prompt-${prompt}.mp4`;

function makeClips(root: string): Map<string, string> {
  const hashes = new Map<string, string>();
  for (let step = 1; step <= CHECKPOINTS; step++) {
    mkdirSync(join(root, `step-${step * 100}`), { recursive: true });
    for (let prompt = 0; prompt < PROMPTS; prompt++) {
      const text = `${step}:${prompt}`;
      writeFileSync(join(root, pathOf(step, prompt)), text);
      hashes.set(pathOf(step, prompt), createHash('sha256').update(text).digest('hex'));
    }
  }
  return hashes;
}

async function keepPairs(logDir: string, hashes: ReadonlyMap<string, string>): Promise<void> {
  const { hash: judgeHash } = await loadModel(MODEL_DIR);
  const log = new SweepRowLog(logDir);
  for (let prompt = 0; prompt < PROMPTS; prompt++) {
    const pairs: JudgedPair[] = [];
    for (let later = 2; later <= CHECKPOINTS; later++)
      for (let earlier = 1; earlier < later; earlier++)
        pairs.push({
          a: hashes.get(pathOf(earlier, prompt))!,
          b: hashes.get(pathOf(later, prompt))!,
          judgement: madeUp(),
        });
    await log.append(packPairs(pairs), { judgeHash, plan: FRAME_PLAN.id }, 'bench');
  }
}

function madeUp(): Judgement {
  const p = () => {
    const a = Math.random();
    return { a, tie: 0, b: 1 - a };
  };
  return {
    overall: p(),
    dimensions: { VA: p(), VF: p(), VP: p() },
    criteria: { [CRITERION_IDS[0]!]: p() },
    device: 'cpu',
  };
}
