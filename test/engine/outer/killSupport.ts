import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  watch,
  writeFileSync,
  type FSWatcher,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { FFMPEG } from '../../support/ffmpeg';
import type { EngineConfig } from '../../../src/protocol/engine';
import type { SweepProgress, SweepRunParams, SweepState } from '../../../src/protocol/sweep';
import { WORKER } from '../../support/paths';
import { program } from '../../support/program';
import { pairsOfLine, type LoggedPair } from './sweepSupport';
import { configIn } from './support';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A configuration whose ffmpeg counts the clips that it decodes, over all processes; reading tags is no decoding. */
export function countingConfig(dir: string): { config: EngineConfig; decoded(): number } {
  const count = join(dir, 'decoded');
  const path = join(dir, 'ffmpeg');
  mkdirSync(dir, { recursive: true });
  writeFileSync(count, '');
  const noted = `case "$*" in *-version*|*ffmetadata*) ;; *) echo x >> '${count}';; esac`;
  writeFileSync(path, `#!/bin/sh\n${noted}\nexec '${FFMPEG}' "$@"\n`);
  chmodSync(path, 0o755);
  const decoded = () => readFileSync(count, 'utf8').length / 2;
  return { config: { ...configIn(dir), ffmpegPath: path }, decoded };
}

/** Where a kill hits: so long after the start or after some progress, or at the moment at which a file appears. */
export type Point =
  | { after: 'start' | 'clip' | 'pair'; ms: number }
  | { at: 'hold' | 'append' | 'encoding' | 'files'; ms: number };

const FILES: Record<string, { under: 'log' | 'cache'; name: RegExp }> = {
  hold: { under: 'log', name: /^sweep-\w+\.lock$/ },
  append: { under: 'log', name: /^sweeps\.jsonl(\.lock)?$/ },
  encoding: { under: 'cache', name: /encodings.*\.making$/ },
  files: { under: 'cache', name: /sweeps.*\.making$/ },
};

export const nameOf = (point: Point) => ('at' in point ? point.at : point.after);

/** The names of all. */
export const POINTS = ['append', 'clip', 'encoding', 'files', 'hold', 'pair', 'start'];

/** Points over all stages of a run, in turn, each at a random moment. */
export function pointOf(n: number, random: () => number): Point {
  const points: Point[] = [
    { after: 'start', ms: 1200 * random() },
    { after: 'clip', ms: 150 * random() },
    { at: 'append', ms: 2 * random() },
    { at: 'encoding', ms: 2 * random() },
    { after: 'pair', ms: 100 * random() },
    { at: 'hold', ms: 5 * random() },
    { after: 'clip', ms: 400 * random() },
    { at: 'files', ms: random() },
  ];
  return points[n % points.length]!;
}

/** Calls `strike` once, when the run comes to the point; `heard` is to be told of all progress. */
export function atPoint(
  point: Point,
  places: { log: string; cache: string },
  strike: () => void,
): { heard(step: SweepProgress): void; stop(): void } {
  let before: { clips: number; pairs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let watcher: FSWatcher | undefined;
  const soon = () => {
    watcher?.close();
    timer ??= setTimeout(strike, point.ms);
  };
  if ('at' in point) {
    const { under, name } = FILES[point.at]!;
    mkdirSync(places[under], { recursive: true });
    // Node's recursive watcher throws where a folder goes while it is entered, as locks do; the log's lies flat.
    const recursive = under === 'cache';
    watcher = watch(places[under], { recursive }, (_, file) => name.test(String(file)) && soon());
  } else if (point.after === 'start') soon();
  const heard = ({ clips, pairs }: SweepProgress) => {
    const now = { clips: clips.done, pairs: pairs.done };
    before ??= now;
    if ('after' in point && point.after === 'clip' && now.clips > before.clips) soon();
    if ('after' in point && point.after === 'pair' && now.pairs > before.pairs) soon();
  };
  return {
    heard,
    stop: () => {
      watcher?.close();
      clearTimeout(timer);
    },
  };
}

/** What is in a row log, torn lines counted. */
export function logOf(logDir: string): { bytes: Buffer; pairs: LoggedPair[]; torn: number } {
  const file = join(logDir, 'sweeps.jsonl');
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const pairs: LoggedPair[] = [];
  let torn = 0;
  for (const line of bytes.toString('utf8').split('\n').filter(Boolean))
    try {
      pairs.push(...pairsOfLine(line));
    } catch {
      torn++;
    }
  return { bytes, pairs, torn };
}

/** A process that owns the engine, as VS Code's extension host does. */
export class Owner {
  readonly steps: SweepProgress[] = [];
  state: SweepState | undefined;
  failure: string | undefined;
  enginePid: number | undefined;
  readonly gone: Promise<unknown>;
  private readonly child: ChildProcess;

  constructor(config: EngineConfig, params: SweepRunParams, onStep: (step: SweepProgress) => void) {
    this.child = spawn(
      process.execPath,
      [ownerProgram(), JSON.stringify({ config, params, worker: WORKER })],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    this.gone = once(this.child, 'close');
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      const said = parsed(line);
      if (said === undefined) return;
      if ('pid' in said) this.enginePid = said.pid;
      if ('state' in said) this.state = said.state;
      if ('failure' in said) this.failure = said.failure;
      if (!('step' in said)) return;
      this.steps.push(said.step);
      onStep(said.step);
    });
  }

  /** Alone, so that the engine has to see for itself that nobody is left; or with everything it started. */
  kill(withEngine: boolean): void {
    if (withEngine && this.enginePid !== undefined)
      try {
        process.kill(-this.enginePid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    this.child.kill('SIGKILL');
  }
}

type Said = { pid: number } | { step: SweepProgress } | { state: SweepState } | { failure: string };

/** The last line of a killed process may be cut. */
function parsed(line: string): Said | undefined {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return undefined;
  }
}

let path: string | undefined;
const ownerProgram = () =>
  (path ??= program(
    'sweep-owner',
    `import { createEngine } from './src/engine/client';
     const { config, params, worker } = JSON.parse(process.argv[2]);
     const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n');
     const engine = createEngine(config, { workerPath: worker });
     const look = setInterval(() => { if (engine.pid) { clearInterval(look); say({ pid: engine.pid }); } }, 2);
     engine.sweepRun(params, { onProgress: ({ state, ...step }) => say({ step }) })
       .then((state) => say({ state }), (error) => say({ failure: error.message }))
       .then(() => engine.dispose());`,
  ));
