import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Engine } from '../../src/engine/client';
import { Launcher } from '../../src/engine/launcher/launcher';
import { loadModel } from '../../src/engine/model/manifest';
import { locateFfmpeg } from '../../src/engine/ffmpeg/locate';
import type { Ffmpeg } from '../../src/engine/ports';
import type { DecodedClip } from '../../src/engine/sample/clip';
import { decodeClip } from '../../src/engine/sample/decode';
import { StderrReader } from '../../src/engine/sample/header';
import { passArguments } from '../../src/engine/sample/pass';
import { frameFeed } from '../../src/engine/worker/compactJudge';
import { openSession, type Session } from '../../src/engine/worker/runtime';
import { clip } from '../support/clips';
import { FFMPEG } from '../support/ffmpeg';
import { DIST } from '../support/paths';
import { benchClips, best, MODEL_DIR, timed, withEngine, type Figure } from './setting';

const RUNS = 3;
const LANES = 2;
/** Checkpoints of the made sweep; for each prompt the tags of one clip are read, as no file tells its text. */
const COLUMNS = 4;
/** The least ratio to the bare parts. */
const LEAST = 0.85;

/** What imageio and diffusers ask of x264: its defaults. */
const AS_TRAINERS_DO = ['-c:v', 'libx264', '-crf', '23', '-pix_fmt', 'yuv420p'];

interface ClipSet {
  name: string;
  note: string;
  paths: string[];
}

/**
 * Clips per second of a sweep from nothing (hashes, measures, stills, cache and record included), beside the same
 * ffmpeg commands and bare runs of the encoder on the same frames, two clips at a time; the two take turns.
 */
export async function throughput(perSize: number): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const set of clipSets(perSize)) figures.push(...(await compared(set)));
  return figures;
}

function clipSets(perSize: number): ClipSet[] {
  const made = (name: string, count: number, width: number, height: number, fps: number): ClipSet => ({
    name,
    note: `${count} generated clips, ${width}x${height}, 3 s, ${fps} fps`,
    paths: Array.from({ length: count }, (_, i) =>
      clip(`sweep-${height}-medium-${i}`, {
        ...{ width, height, fps, seconds: 3 },
        filter: `hue=h=${20 * i},noise=alls=6:allf=t:all_seed=${i + 1}`,
        encode: AS_TRAINERS_DO,
      }),
    ),
  });
  const sets = [made('480p', 16, 832, 480, 16), made('720p', 8, 1280, 720, 24)];
  const { clips, real } = benchClips(Math.max(4, perSize));
  const large = clips.filter(({ width, height }) => Math.min(width, height) >= 480).slice(0, 16);
  if (!real || large.length === 0) return sets;
  return [
    ...sets,
    {
      name: 'real clips',
      note: `${large.length} real clips, 480p and larger`,
      paths: large.map(({ path }) => path),
    },
  ];
}

/** What one run took: milliseconds, and those of the processors (NaN where the system does not tell). */
interface Cost {
  ms: number;
  cpu: number;
}

async function compared({ name, note, paths }: ClipSet): Promise<Figure[]> {
  const [mine, bare, lean]: [Cost[], Cost[], Cost[]] = [[], [], []];
  const alone = await bareParts(paths);
  const launcher = new Launcher(join(DIST, 'launcher.js'), process.env);
  await alone.run();
  for (let run = 0; run < RUNS; run++) {
    bare.push(await costOf(process.pid, () => alone.run()));
    lean.push(await costOf(process.pid, () => alone.run(launcher)));
    mine.push(await sweepOf(paths));
  }
  launcher.dispose();
  await alone.dispose();
  const perSecond = (runs: readonly Cost[]) => (1000 * paths.length) / best(runs.map(({ ms }) => ms));
  const cpu = (runs: readonly Cost[]) => Math.round(best(runs.map((run) => run.cpu)) / paths.length);
  return [
    { name: `sweep, ${name}`, value: perSecond(mine), unit: 'clips/s', note },
    {
      name: `sweep, ${name}, over bare`,
      value: perSecond(mine) / perSecond(bare),
      unit: 'x',
      target: { atLeast: LEAST },
      note: `bare: ${perSecond(bare).toPrecision(3)} clips/s; processor ${cpu(mine)} ms a clip, bare ${cpu(bare)} ms; best of ${RUNS}`,
    },
    {
      name: `sweep, ${name}, over bare through a launcher`,
      value: perSecond(mine) / perSecond(lean),
      unit: 'x',
      note: `bare, its ffmpeg started as the engine does: ${perSecond(lean).toPrecision(3)} clips/s, processor ${cpu(lean)} ms a clip`,
    },
  ];
}

async function costOf(pid: number, work: () => Promise<unknown>): Promise<Cost> {
  const before = processorTime(pid);
  const ms = await timed(work);
  return { ms, cpu: processorTime(pid) - before };
}

/** Milliseconds of a process and its children, running and ended; Linux tells it, in ticks of 10 ms. */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
    const own = fields.slice(11, 15).reduce((sum, ticks) => sum + 10 * Number(ticks), 0);
    return children.reduce((sum, child) => sum + processorTime(Number(child)), own);
  } catch {
    return NaN;
  }
}

/** One run of a sweep over these clips, nothing of them known, in an engine that has done the same before. */
function sweepOf(paths: readonly string[]): Promise<Cost> {
  return withEngine(async (engine, dir) => {
    const run = (name: string) => runSweep(engine, join(dir, name), paths);
    await run('first');
    await engine.clearCache();
    return run('second');
  });
}

/** NaN where not every clip was encoded. */
async function runSweep(engine: Engine, dir: string, paths: readonly string[]): Promise<Cost> {
  const root = join(dir, 'run');
  const old = new Date(Date.now() - 3_600_000);
  paths.forEach((path, i) => {
    const folder = join(root, `step-${100 * (1 + (i % COLUMNS))}`);
    mkdirSync(folder, { recursive: true });
    const target = join(folder, `prompt-${Math.floor(i / COLUMNS)}${extname(path)}`);
    copyFileSync(path, target);
    utimesSync(target, old, old);
  });
  const sweep = { root, name: 'run', logDir: join(dir, '.aesrm'), layout: {}, pairing: 'all' as const };
  let whole = false;
  await engine.status();
  const cost = await costOf(engine.pid!, async () => {
    const { broken, clips } = await engine.sweepRun({ sweep, watch: false, retryBroken: false });
    whole = broken.length === 0 && clips.encoded === paths.length;
  });
  return whole ? cost : { ms: NaN, cpu: NaN };
}

interface Bare {
  /** ffmpeg is started by this process, or through a launcher. */
  run(launcher?: Launcher): Promise<void>;
  dispose(): Promise<void>;
}

/** What any program has to do: decode by the same command, its output drained, and run the encoder. */
async function bareParts(paths: readonly string[]): Promise<Bare> {
  const model = await loadModel(MODEL_DIR);
  const ffmpeg = await locateFfmpeg(FFMPEG);
  const session = await openSession(model.encoder, { device: 'cpu' });
  const bursts: DecodedClip[] = [];
  for (const path of paths) bursts.push(await decodeClip({ ffmpeg, path, name: path, deadline: 60 }));
  const one = async (i: number, launcher?: Launcher) => {
    await drained(ffmpeg, paths[i]!, launcher);
    await encode(session, model.manifest.input.encoder, bursts[i]!);
  };
  const run = async (launcher?: Launcher) => {
    let next = 0;
    const lane = async () => {
      while (next < paths.length) await one(next++, launcher);
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  };
  return { run, dispose: () => session.dispose() };
}

async function encode(session: Session, input: string, { burst, burstSize }: DecodedClip): Promise<void> {
  await session.run({ [input]: frameFeed(burst, burstSize.width, burstSize.height) });
}

function drained(ffmpeg: Ffmpeg, path: string, launcher: Launcher | undefined): Promise<void> {
  const args = passArguments(ffmpeg, new StderrReader(() => undefined), { path });
  return new Promise((resolve, reject) => {
    const child =
      launcher?.start(ffmpeg.path, args) ?? spawn(ffmpeg.path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.resume();
    child.stderr.resume();
    child.once('error', reject);
    child.once('close', (code: number | null) =>
      code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`)),
    );
  });
}
