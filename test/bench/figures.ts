import { execFileSync, fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompareParams } from '../../src/protocol/engine';
import { FFMPEG } from '../support/ffmpeg';
import { ROOT } from '../support/paths';
import {
  bareDecode,
  benchClips,
  best,
  median,
  timed,
  twoSeconds,
  withEngine,
  type BenchClip,
  type Figure,
} from './setting';

const RUNS = 3;

const pair = (a: string, b: string, logDir: string | null): CompareParams => ({
  a: { path: a, name: a },
  b: { path: b, name: b },
  logDir,
  again: false,
});

/** From a path to an encoding and its measures, beside the decoder alone; the two take turns. */
export async function encoding(perSize: number, tell: (text: string) => void): Promise<Figure[]> {
  const { clips, real } = benchClips(perSize);
  const ratios: { clip: BenchClip; ratio: number; ms: number; bare: number }[] = [];
  for (const clip of clips) {
    const [mine, bare]: [number[], number[]] = [[], []];
    await withEngine(async (engine) => {
      const [warm] = twoSeconds();
      await engine.compare(pair(warm, warm, null));
      for (let run = 0; run < RUNS; run++) {
        await engine.clearCache();
        bare.push(bareDecode(clip.path));
        // A clip against itself is decoded and encoded once.
        mine.push(await timed(() => engine.compare(pair(clip.path, clip.path, null))));
      }
    });
    const ratio = best(mine) / best(bare);
    ratios.push({ clip, ratio, ms: best(mine), bare: best(bare) });
    tell(
      `${clip.width}x${clip.height} ${clip.name}: ${Math.round(best(mine))} ms / ${Math.round(best(bare))} ms`,
    );
  }
  const large = ratios.filter(({ clip }) => Math.min(clip.width, clip.height) >= 480);
  const kind = `${large.length} ${real ? 'real clips' : 'generated clips'}`;
  const each = large.map((r) => r.ratio);
  return [
    ...ratios.map(({ clip, ratio, ms }) => ({
      name: `encoding ${clip.width}x${clip.height}`,
      value: ratio,
      unit: 'x bare decode',
      note: `${Math.round(ms)} ms, ${clip.name}`,
    })),
    {
      name: 'encoding, 480p and larger',
      value: total(large.map((r) => r.ms)) / total(large.map((r) => r.bare)),
      unit: 'x bare decode',
      target: { atMost: 2 },
      note: `all of ${kind}: the sum of ours over the sum of the bare`,
    },
    { name: 'encoding, 480p+, median', value: median(each), unit: 'x bare decode', note: `of ${kind}` },
    { name: 'encoding, 480p+, largest', value: Math.max(...each), unit: 'x bare decode', note: `of ${kind}` },
  ];
}

/** A pair that the log knows: from the request to the answer, across the process boundary; warm, and at first. */
export function fromLog(): Promise<Figure[]> {
  return withEngine(async (engine, dir, another) => {
    const request = pair(...twoSeconds(), join(dir, '.aesrm'));
    await engine.compare(request);
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await engine.compare(request);
    const ms: number[] = [];
    for (let i = 0; i < 20; i++) ms.push(await timed(() => engine.compare(request)));
    const note = 'median of 20, files unchanged';
    const first: number[] = [];
    for (let i = 0; i < RUNS; i++) first.push(await another((fresh) => timed(() => fresh.compare(request))));
    return [
      { name: 'again, from the log', value: median(ms), unit: 'ms', target: { atMost: 30 }, note },
      {
        name: 'again, a fresh engine',
        value: best(first),
        unit: 'ms',
        note: `the first answer: its start and a cold index in it; best of ${RUNS}`,
      },
    ];
  });
}

/** From nothing to the first verdict on two clips of two seconds, beside what its parts cost anyone. */
export async function coldStart(): Promise<Figure[]> {
  const [a, b] = twoSeconds();
  const whole: number[] = [];
  for (let i = 0; i < RUNS; i++)
    await withEngine(async (engine) => void whole.push(await timed(() => engine.compare(pair(a, b, null)))));
  const bare = await bareCosts();
  const beside = Object.entries(bare).map(([name, ms]) => `${name} ${Math.round(ms)} ms`);
  const decode = bareDecode(a) + bareDecode(b);
  return [
    {
      name: 'cold start to first verdict',
      value: best(whole),
      unit: 'ms',
      target: { atMost: 1500 },
      note: `two clips, 2 s, 832x480; bare: ${beside.join(', ')}, both decoded ${Math.round(decode)} ms`,
    },
    { name: 'cold start over its bare parts', value: best(whole) / (sum(bare) + decode), unit: 'x' },
  ];
}

const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const sum = (parts: Record<string, number>) => total(Object.values(parts));

async function bareCosts(): Promise<Record<string, number>> {
  const empty = join(ROOT, 'out', 'bench-empty.cjs');
  writeFileSync(empty, 'process.send(1, () => process.exit(0));\n');
  const forked = async () => {
    const child = fork(empty, { execArgv: [] });
    await new Promise((resolve) => child.once('message', resolve));
  };
  const load = `const t = performance.now(); require('onnxruntime-node'); console.log(performance.now() - t)`;
  const runs: [number, number, number][] = [];
  for (let i = 0; i < RUNS; i++) {
    const ort = Number(execFileSync(process.execPath, ['-e', load], { cwd: ROOT, encoding: 'utf8' }));
    const ffmpeg = await timed(() => execFileSync(FFMPEG, ['-version'], { stdio: 'ignore' }));
    runs.push([await timed(forked), ort, ffmpeg]);
  }
  const column = (i: 0 | 1 | 2) => best(runs.map((run) => run[i]));
  return { 'node fork': column(0), 'ONNX Runtime load': column(1), 'ffmpeg start': column(2) };
}

/** The worker's peak, after it has judged clips of every size; Linux tells it. */
export function memory(): Promise<Figure[]> {
  return withEngine(async (engine) => {
    const { clips } = benchClips(1);
    const path = twoSeconds()[0];
    for (const clip of clips) await engine.compare(pair(clip.path, path, null));
    const value = peak(engine.pid!);
    const note = `after ${clips.length} comparisons, up to ${clips[0]!.width}x${clips[0]!.height}`;
    return [{ name: "worker's peak memory", value, unit: 'MB', target: { atMost: 400 }, note }];
  });
}

function peak(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
  } catch {
    return NaN;
  }
}
