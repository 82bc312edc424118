import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createEngine } from '../../src/engine/client';
import { loadModel } from '../../src/engine/model/manifest';
import { FFMPEG } from '../support/ffmpeg';
import { ROOT, WORKER } from '../support/paths';
import { judgeAll } from '../support/reasons/judge';
import { drawnSources, heldOutSources, knownPairs, type Half } from '../support/reasons/pairs';
import { table, type Marked } from '../support/reasons/table';
import { MODEL_DIR } from './setting';

/** What the program that starts this one was told; it has looked at it. */
interface Options {
  on: 'drawn' | Half;
  clips: number;
  /** Every pair's reason as well. */
  each: boolean;
  json?: string;
}

function options(): Options {
  const { values } = parseArgs({
    options: {
      on: { type: 'string', default: 'drawn' },
      clips: { type: 'string', default: '12' },
      each: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const { on, clips, each, json } = values;
  return { on: on as Options['on'], clips: Number(clips), each, ...(json ? { json } : {}) };
}

function told({ pair, mark, reason }: Marked): string {
  const { damage, side, source, from, to } = pair;
  const when = from === undefined ? 'whole' : `${from}–${to} s`;
  const wrong = (['side', 'words', 'moment'] as const).filter((k) => !mark[k]);
  const verdict = wrong.length === 0 ? 'right' : `wrong: ${wrong.join(', ')}`;
  return `${damage.worse} ${damage.name}, ${side}, ${when}, ${source} — ${verdict}\n    ${reason}`;
}

async function main({ on, clips, each, json }: Options): Promise<void> {
  const sources = on === 'drawn' ? drawnSources() : heldOutSources(on, clips);
  if (!sources) throw new Error('there are no held-out clips here: set AESRM_CLIPS to their folder');
  process.env.AESRM_STATE = join(ROOT, 'out', 'reasons', 'state');
  const cacheDir = join(ROOT, 'out', 'reasons', 'cache');
  const engine = createEngine(
    { modelDir: MODEL_DIR, cacheDir, cacheBytes: 1e9, device: 'cpu', decodeDeadline: 60, ffmpegPath: FFMPEG },
    { workerPath: WORKER },
  );
  try {
    const { manifest } = await loadModel(MODEL_DIR);
    const pairs = knownPairs(sources, manifest.claimed);
    const results: unknown[] = [];
    const rows = await judgeAll(engine, pairs, (pair, result) => results.push({ pair, ...result }));
    if (json) writeFileSync(json, JSON.stringify(results));
    if (each) console.log(`${rows.map(told).join('\n')}\n`);
    console.log(`${sources.length} clips (${on}), ${manifest.name} ${manifest.version}`);
    console.log(table(rows));
  } finally {
    await engine.dispose();
  }
}

main(options()).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
