import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { EventEmitter, Uri, workspace } from 'vscode';
import { toProblem, type Problem } from '../../core/problem';
import { summaryOf, type Grid, type GridSummary } from '../../core/sweep/grid';
import type { SweepLayout } from '../../core/sweep/layout';
import type { Pairing } from '../../core/sweep/table';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type {
  OpenedSweep,
  SweepCost,
  SweepDiff,
  SweepProgress,
  SweepState,
  SweepTarget,
} from '../../protocol/sweep';
import type { SweepPhase } from '../../protocol/sweepPage';
import type { EngineHost } from '../engineHost';
import type { RecordKeeper } from '../record';
import { readSettings } from '../settings';

export interface SessionServices {
  engine: EngineHost;
  record: RecordKeeper;
  log: Log;
}

/** Everything that is shown of one sweep. */
export interface SessionView {
  phase: SweepPhase;
  files?: number;
  grids: GridSummary[];
  grid?: Grid;
  gridRevision: number;
  message?: string;
  cost?: SweepCost;
  progress?: Pick<SweepProgress, 'clips' | 'pairs' | 'rate' | 'secondsLeft'>;
  state?: SweepState;
  problem?: Problem;
  layout: SweepLayout;
  pairing: Pairing;
}

/** What runs now and how it was asked to end. */
interface Running {
  stop: AbortController;
  ends: 'paused' | 'stopped';
  done: Promise<void>;
}

/** One opened sweep. It goes on whether anything shows it or not. */
export class SweepSession {
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;
  private readonly asked = new AbortController();
  private running: Running | undefined;
  view: SessionView;

  constructor(
    readonly root: Uri,
    private readonly services: SessionServices,
  ) {
    const pairing = readSettings(root).sweepPairing;
    this.view = { phase: 'scanning', grids: [], gridRevision: 0, layout: {}, pairing };
  }

  get name(): string {
    return basename(this.root.fsPath);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Looks through the folder and takes in what is known; judges nothing. */
  async scan(): Promise<void> {
    this.update({ phase: 'scanning' });
    try {
      const target = await this.target();
      const { signal } = this.asked;
      const onProgress = ({ files }: { files: number }) => this.update({ files });
      const scan = await this.engine.sweepScan(target, { signal, onProgress });
      const { message: _, problem: __, grid: ___, ...rest } = this.view;
      this.view = { ...rest, ...(scan.message === undefined ? {} : { message: scan.message }) };
      if (!scan.grid) return this.update({ phase: 'none', grids: scan.grids, cost: scan.cost });
      const { grid, state } = await this.engine.sweepOpen(target, {
        signal,
        onProgress: (step) => {
          if ('known' in step) this.opened(step.known);
        },
      });
      const done = state.pairs.judged === state.pairs.total && state.pairs.total > 0;
      this.take(state, grid);
      this.update({ phase: done ? 'done' : 'ready', grids: scan.grids, cost: scan.cost });
    } catch (error) {
      this.failed(error);
    }
  }

  /** What is known is shown before its statistics are there. */
  private opened({ grid, state }: OpenedSweep): void {
    this.take(state, grid);
    this.changed.fire();
  }

  /** Encodes and judges what is missing, then watches for more if the setting says so. */
  start(retryBroken = false): void {
    if (this.running || !this.view.grid) return;
    const stop = new AbortController();
    const running: Running = { stop, ends: 'stopped', done: Promise.resolve() };
    this.running = running;
    const { problem: _, ...view } = this.view;
    this.view = view;
    this.update({ phase: 'running' });
    running.done = this.run(running, retryBroken);
  }

  async end(ends: 'paused' | 'stopped'): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.ends = ends;
    running.stop.abort();
    await running.done;
  }

  /** A correction is kept, and the folder is looked through anew. */
  async correct(change: Partial<Record<keyof SweepLayout, string | null>>): Promise<void> {
    const entries = Object.entries({ ...this.view.layout, ...change }).filter(
      ([, v]) => v !== null && v !== undefined,
    );
    const layout = Object.fromEntries(entries) as SweepLayout;
    const went = this.isRunning;
    await this.end('paused');
    this.update({ layout });
    const home = this.services.record.homeOf(this.root);
    try {
      if (home) await this.engine.sweepLayout({ logDir: home.dir, name: this.recordName(), layout });
    } catch (error) {
      this.services.log('warn', toProblem(error).message);
    }
    await this.scan();
    if (went) this.start();
  }

  async setPairing(pairing: Pairing): Promise<void> {
    const went = this.isRunning;
    await this.end('paused');
    this.update({ pairing });
    await this.scan();
    if (went) this.start();
  }

  async diff(earlier: number, later: number): Promise<SweepDiff> {
    return this.engine.sweepDiff({ sweep: await this.target(), earlier, later });
  }

  /** After votes: what agrees and what does not. */
  async refresh(): Promise<void> {
    if (!this.view.grid || this.view.phase === 'scanning') return;
    try {
      const { state, grid } = await this.engine.sweepOpen(await this.target());
      this.take(state, grid);
      this.changed.fire();
    } catch (error) {
      this.services.log('warn', toProblem(error).message);
    }
  }

  clip(index: number): Uri | undefined {
    const clip = this.view.grid?.clips[index];
    return clip && Uri.joinPath(this.root, ...clip.path.split('/'));
  }

  dispose(): void {
    this.asked.abort();
    void this.end('paused');
    this.changed.dispose();
  }

  get engine(): Engine {
    return this.services.engine.get();
  }

  async target(): Promise<SweepTarget> {
    const home = this.services.record.homeOf(this.root);
    const name = this.recordName();
    if (home && this.view.phase === 'scanning')
      try {
        const { layout } = await this.engine.sweepLayout({ logDir: home.dir, name });
        this.view = { ...this.view, layout };
      } catch (error) {
        this.update({ message: toProblem(error).message });
      }
    const fallback = this.services.record.userHomeOf(this.root);
    return {
      root: this.root.fsPath,
      name,
      logDir: home?.dir ?? null,
      ...(home && fallback !== home.dir ? { fallbackLogDir: fallback } : {}),
      layout: this.view.layout,
      pairing: this.view.pairing,
    };
  }

  private recordName(): string {
    const folder = workspace.getWorkspaceFolder(this.root);
    if (folder?.uri.toString() === this.root.toString()) return '';
    return workspace.asRelativePath(this.root, false).replaceAll('\\', '/');
  }

  private async run(running: Running, retryBroken: boolean): Promise<void> {
    const { record } = this.services;
    try {
      const home = record.homeOf(this.root);
      const target = await this.target();
      const watch = readSettings(this.root).sweepWatch;
      let told = false;
      const state = await this.engine.sweepRun(
        { sweep: target, watch, retryBroken },
        {
          signal: running.stop.signal,
          onProgress: (step) => {
            this.progressed(step);
            if (told || !home || !step.state?.kept.created) return;
            told = true;
            void record.kept(home, 'verdict', true);
          },
        },
      );
      this.take(state, undefined);
      this.update({ phase: 'done' });
    } catch (error) {
      if (running.stop.signal.aborted) this.update({ phase: running.ends });
      else this.failed(error);
    } finally {
      this.running = undefined;
      this.changed.fire();
    }
  }

  private progressed(step: SweepProgress): void {
    const { stage, clips, pairs, rate, secondsLeft, grid, state } = step;
    const phase: SweepPhase = stage === 'working' || stage === 'scanning' ? 'running' : stage;
    this.update({
      phase,
      progress: {
        clips,
        pairs,
        ...(rate === undefined ? {} : { rate }),
        ...(secondsLeft === undefined ? {} : { secondsLeft }),
      },
    });
    if (grid) this.view = { ...this.view, grids: this.gridsWith(grid.grid) };
    this.take(state, grid?.grid);
    this.changed.fire();
  }

  /** The engine counts grids from one after each of its ends; the session's own count never goes back. */
  private take(state: SweepState | undefined, grid: Grid | undefined): void {
    const isNew = grid !== undefined && JSON.stringify(grid) !== JSON.stringify(this.view.grid);
    const gridRevision = this.view.gridRevision + (isNew ? 1 : 0);
    this.view = {
      ...this.view,
      gridRevision,
      ...(isNew ? { grid } : {}),
      ...(state ? { state: { ...state, gridRevision } } : {}),
    };
  }

  private gridsWith(grid: Grid): GridSummary[] {
    return this.view.grids.map((known) => (known.id === grid.id ? summaryOf(grid) : known));
  }

  private failed(error: unknown): void {
    const problem = toProblem(error);
    this.services.log('warn', `${this.root.fsPath}: ${problem.message}`);
    if (problem.code !== 'cancelled') this.update({ phase: 'failed', problem });
  }

  private update(change: Partial<SessionView>): void {
    this.view = { ...this.view, ...change };
    this.changed.fire();
  }
}

/** A short stable name for a folder, for ids of items. */
export const keyOf = (root: Uri) => createHash('sha256').update(root.toString()).digest('hex').slice(0, 10);
