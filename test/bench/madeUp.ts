import { createHash } from 'node:crypto';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CRITERION_IDS } from '../../src/core/rubric';
import { FRAME_PLAN } from '../../src/core/plan';
import { FileStore } from '../../src/engine/cache/store';
import type { Judgement } from '../../src/engine/judge';
import { packPairs, SweepRowLog, type JudgedPair } from '../../src/engine/log/sweepRows';
import { loadModel } from '../../src/engine/model/manifest';
import { SweepFiles } from '../../src/engine/sweep/files';
import { CACHE_FOLDER } from '../../src/protocol/cacheFolders';
import type { SweepTarget } from '../../src/protocol/sweep';
import { MODEL_DIR } from './setting';

export const CHECKPOINTS = 200;
export const PROMPTS = 50;

/**
 * A sweep of 10,000 clips on the disk, all pairs of its first `judged` checkpoints in the record: the files are a few
 * bytes each, their hashes known, the verdicts made up.
 */
export async function madeUpSweep(
  dir: string,
  judged = CHECKPOINTS,
  cacheDir = join(dir, 'cache'),
): Promise<SweepTarget> {
  const [root, logDir] = [join(dir, 'ws', 'run'), join(dir, 'ws', '.aesrm')];
  const hashes = makeClips(root);
  const files = new SweepFiles(new FileStore(join(cacheDir, CACHE_FOLDER), 1e9), root);
  await files.refresh([...hashes.keys()]);
  for (const [path, hash] of hashes) files.set(path, { hash });
  await files.save();
  await keepPairs(logDir, hashes, judged);
  return { root, name: 'run', logDir, layout: {}, pairing: 'all' };
}

const pathOf = (step: number, prompt: number) => `step-${step * 100}/prompt-${prompt}.mp4`;

function makeClips(root: string): Map<string, string> {
  const hashes = new Map<string, string>();
  const old = new Date(Date.now() - 3_600_000);
  for (let step = 1; step <= CHECKPOINTS; step++) {
    mkdirSync(join(root, `step-${step * 100}`), { recursive: true });
    for (let prompt = 0; prompt < PROMPTS; prompt++) {
      const text = `${step}:${prompt}`;
      const path = join(root, pathOf(step, prompt));
      writeFileSync(path, text);
      // What was written just now would wait.
      utimesSync(path, old, old);
      hashes.set(pathOf(step, prompt), createHash('sha256').update(text).digest('hex'));
    }
  }
  return hashes;
}

async function keepPairs(logDir: string, hashes: ReadonlyMap<string, string>, judged: number): Promise<void> {
  const { hash: judgeHash } = await loadModel(MODEL_DIR);
  const log = new SweepRowLog(logDir);
  for (let prompt = 0; prompt < PROMPTS; prompt++) {
    const pairs: JudgedPair[] = [];
    for (let later = 2; later <= judged; later++)
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
