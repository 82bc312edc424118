import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { problem, ProblemError } from '../core/problem';
import type { Grid } from '../core/sweep/grid';
import { count, findColumn } from '../core/sweep/reportWords';
import type { Engine } from '../engine/client';
import type { SweepProgress, SweepState, SweepTarget } from '../protocol/sweep';
import type { JudgeSpec } from '../core/judgeSpec';
import type { Command } from './args';
import { clearStatus, complain, problemText, status, type Output } from './output';
import { clipRequest, logDir, standInFor } from './places';
import { asksText, progressText, scanText, sweepText } from './sweepText';
import { UsageError } from './usage';

type Sweep = Extract<Command, { name: 'sweep' }>;

/** `aesrm sweep DIR`; returns the exit code. */
export async function runSweep(
  command: Sweep,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
  judge: JudgeSpec,
): Promise<number> {
  const root = folder(command.dir);
  const asked = await withKept({ ...targetFor(command, root), judge }, engine);
  const onFiles = ({ files }: { files: number }) => status(`looking: ${files} files`);
  const scan = await engine.sweepScan(asked, { signal, onProgress: onFiles });
  clearStatus();
  if (!scan.grid) {
    complain(scan.message ?? `No grid of samples was found in ${command.dir}.`);
    return 1;
  }
  const { grid } = scan;
  if (scan.message) complain(scan.message);
  // Nobody who asks for one layout wants days of judging in another.
  if (scan.message && command.pattern !== undefined) return 1;
  const target = withBaseline(asked, grid, command.baseline);
  if (command.scan) {
    if (command.json) await out.json({ ...scan, grid });
    else await out.write(scanText({ ...scan, grid }));
    return 0;
  }
  if (scan.cost.asks && scan.cost.asks.requests > 0) complain(asksText(scan.cost.asks));
  const done = await judged(command, target, engine, grid, signal);
  const exported = await exportAll(command, target, engine, signal);
  if (command.json)
    await out.throughFile('sweep.json', (path) =>
      engine.sweepExport({ sweep: target, format: 'json', target: path }, { signal }),
    );
  else await out.write(sweepText(done.grid, done.state));
  return exitCode(command, done) || (exported ? 0 : 1);
}

/** One that cannot be made keeps neither the others back nor what was judged; says whether all were made. */
async function exportAll(
  { exports }: Sweep,
  sweep: SweepTarget,
  engine: Engine,
  signal: AbortSignal,
): Promise<boolean> {
  let all = true;
  for (const [format, path] of exports)
    try {
      const made = await engine.sweepExport({ sweep, format, target: resolve(path) }, { signal });
      clearStatus();
      complain(`${format}: ${made.path}`);
      for (const note of made.notes) complain(`${format}: ${note}`);
    } catch (error) {
      if (signal.aborted || !(error instanceof ProblemError)) throw error;
      all = false;
      complain(`${format}: ${problemText(error.problem)}`);
    }
  return all;
}

/** With what was corrected of this sweep before; what is asked for now comes first. */
async function withKept(target: SweepTarget, engine: Engine): Promise<SweepTarget> {
  const { logDir, name } = target;
  if (logDir === null) return target;
  const { layout } = await engine.sweepLayout({ logDir, name });
  return { ...target, layout: { ...layout, ...target.layout } };
}

function folder(dir: string): string {
  const root = resolve(dir);
  if (!statSync(root, { throwIfNoEntry: false })) throw problem('fileMissing', `There is no folder ${dir}.`);
  if (!statSync(root).isDirectory()) throw problem('notAFile', `${dir} is not a folder.`);
  return root;
}

function targetFor(command: Sweep, root: string): SweepTarget {
  const log = logDir(command.log, [root]);
  const { name } = clipRequest(root, log);
  const { pattern, grid } = command;
  return {
    root,
    name: name === root.replaceAll('\\', '/') && resolve('.') === root ? '' : name,
    logDir: log,
    ...(log === null ? {} : { fallbackLogDir: standInFor(log) }),
    layout: { ...(pattern === undefined ? {} : { pattern }), ...(grid === undefined ? {} : { grid }) },
    pairing: command.pairs,
  };
}

function withBaseline(target: SweepTarget, grid: Grid, asked: string | undefined): SweepTarget {
  if (asked === undefined) return target;
  const column = findColumn(grid.columns, asked);
  if (!column) {
    const known = grid.columns.map(({ label }) => label).join(', ');
    throw new UsageError(`there is no one column "${asked}"; there are: ${known}`);
  }
  return { ...target, layout: { ...target.layout, baseline: column.id } };
}

interface Done {
  grid: Grid;
  state: SweepState;
}

/** Encodes and judges what is missing. The grid is that of the end: samples may have come meanwhile. */
async function judged(
  command: Sweep,
  sweep: SweepTarget,
  engine: Engine,
  scanned: Grid,
  signal: AbortSignal,
): Promise<Done> {
  let grid = scanned;
  let kept: string | null | undefined;
  const onProgress = (step: SweepProgress) => {
    if (step.grid) grid = step.grid.grid;
    if (step.state) kept = step.state.kept.dir;
    status(progressText(step));
  };
  try {
    const { watch, retryBroken } = command;
    const state = await engine.sweepRun({ sweep, watch, retryBroken }, { signal, onProgress });
    clearStatus();
    for (const note of state.notes) complain(note);
    for (const text of keptElsewhere(sweep, state)) complain(text);
    return { grid, state };
  } catch (error) {
    clearStatus();
    if (signal.aborted) complain(stoppedText(kept === undefined ? sweep.logDir : kept));
    throw error;
  }
}

/** Why the record is not where it was asked to be, and where it is. */
function keptElsewhere({ logDir }: SweepTarget, { kept }: SweepState): string[] {
  const why = kept.problem ? [problemText(kept.problem)] : [];
  if (kept.dir === null || kept.dir === logDir) return why;
  return [
    ...why,
    `what is judged is kept in ${kept.dir} instead of ${logDir}; the same command finds it there.`,
  ];
}

function stoppedText(dir: string | null): string {
  return dir === null
    ? 'stopped; no record is kept, only the encodings in the cache. The same command starts the judging again.'
    : `stopped; what was judged is kept in ${dir}. The same command goes on from there.`;
}

function exitCode({ failOnRegression, json }: Sweep, { grid, state }: Done): number {
  for (const { clip, problem: why } of state.broken)
    complain(`${grid.clips[clip]?.path ?? 'a clip'}: ${problemText(why)}`);
  if (grid.clips.length > 0 && state.broken.length >= grid.clips.length) {
    complain('no clip of the grid could be read.');
    return 1;
  }
  const found = state.statistics?.regressions.length ?? 0;
  if (!failOnRegression || found === 0) return 0;
  if (json) complain(`${count(found, 'regression')} found.`);
  return 3;
}

/** `aesrm encode FILE…`: fills the cache; one line each. Returns the exit code. */
export async function runEncode(
  { files, json, log }: Extract<Command, { name: 'encode' }>,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  let refused = 0;
  const record = log === undefined ? null : logDir(log, []);
  for (const file of files)
    try {
      const { clip } = await engine.inspect(clipRequest(file, record), { signal });
      if (json) await out.json({ path: file, clip });
      else await out.write(`${clip.hash.slice(0, 12)}\t${count(clip.frames, 'frame')}\t${file}\n`);
    } catch (error) {
      if (signal.aborted || !(error instanceof ProblemError)) throw error;
      refused++;
      complain(problemText(error.problem));
      if (json) await out.json({ path: file, error: error.problem });
    }
  return refused > 0 ? 1 : 0;
}
