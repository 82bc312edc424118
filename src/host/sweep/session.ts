import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { EventEmitter, l10n, Uri, workspace } from 'vscode';
import { toProblem, type Problem } from '../../core/problem';
import { summaryOf, type Grid, type GridClip, type GridSummary } from '../../core/sweep/grid';
import type { SweepLayout } from '../../core/sweep/layout';
import type { Pairing } from '../../core/sweep/table';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type {
  SweepCost,
  SweepDiff,
  SweepProgress,
  SweepState,
  SweepTarget,
  SweepVote,
} from '../../protocol/sweep';
import type { SweepPhase } from '../../protocol/sweepPage';
import type { EngineHost } from '../engineHost';
import type { RecordKeeper } from '../record';
import { readSettings } from '../settings';
import { pathIndex } from './facts';

/** So long after the last vote. */
const REFRESH_MS = 3000;

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
  private refreshing: NodeJS.Timeout | undefined;
  private looking: AbortController | undefined;
  private prompts: AbortController | undefined;
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
    this.prompts?.abort();
    this.update({ phase: 'scanning' });
    const looking = (this.looking = new AbortController());
    const signal = AbortSignal.any([this.asked.signal, looking.signal]);
    try {
      const target = await this.target();
      const onProgress = ({ files }: { files: number }) => this.update({ files });
      const scan = await this.engine.sweepScan(target, { signal, onProgress });
      const { message: _, problem: __, grid: ___, ...rest } = this.view;
      this.view = { ...rest, ...(scan.message === undefined ? {} : { message: scan.message }) };
      if (!scan.grid) return this.update({ phase: 'none', grids: scan.grids, cost: scan.cost });
      const { grid, state } = await this.engine.sweepOpen(target, { signal });
      const done = state.pairs.judged === state.pairs.total && state.pairs.total > 0;
      this.take(state, grid);
      this.update({ phase: done ? 'done' : 'ready', grids: scan.grids, cost: scan.cost });
      void this.readPrompts(target);
    } catch (error) {
      if (looking.signal.aborted) this.cancelledLooking();
      else this.failed(error);
    }
  }

  private cancelledLooking(): void {
    if (this.view.grid) return this.update({ phase: 'stopped' });
    this.update({ phase: 'none', message: l10n.t('The look through the folder was cancelled.') });
  }

  /** Prompts that only the clips themselves tell come after the grid is shown; a new look begins anew. */
  private async readPrompts(target: SweepTarget): Promise<void> {
    const stop = (this.prompts = new AbortController());
    const signal = AbortSignal.any([this.asked.signal, stop.signal]);
    try {
      const found = await this.engine.sweepPrompts(target, { signal });
      if (!found || signal.aborted) return;
      this.take(found.state, found.grid);
      this.changed.fire();
    } catch (error) {
      if (!signal.aborted) this.services.log('warn', toProblem(error).message);
    }
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
    if (!running) return this.endIdle(ends);
    running.ends = ends;
    running.stop.abort();
    await running.done;
  }

  /** Nothing runs: a look through the folder ends, and what was paused is stopped. */
  private endIdle(ends: 'paused' | 'stopped'): void {
    if (ends !== 'stopped') return;
    this.looking?.abort();
    if (this.view.phase === 'paused') this.update({ phase: 'stopped' });
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

  /** A vote counts at once; what follows from it for the agreement is reckoned when the reader pauses. */
  voted(vote: Omit<SweepVote, 'overall'> & { overall: SweepVote['overall'] | null }): void {
    const { state } = this.view;
    if (!state) return;
    const key = ({ earlier, later, row, seed, by }: Omit<SweepVote, 'overall'>) =>
      [earlier, later, row, seed, by].join(':');
    const others = state.votes.filter((other) => key(other) !== key(vote));
    const { overall } = vote;
    const votes = overall === null ? others : [...others, { ...vote, overall }];
    this.update({ state: { ...state, votes } });
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => void this.refresh(), REFRESH_MS);
  }

  private async refresh(): Promise<void> {
    // A run tells of the votes by itself.
    if (!this.view.grid || this.view.phase === 'scanning' || this.isRunning) return;
    try {
      const { state, grid } = await this.engine.sweepOpen(await this.target(), { signal: this.asked.signal });
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

  /** The grid's clip of a URI. */
  clipOf(uri: string): GridClip | undefined {
    const { grid } = this.view;
    const root = `${this.root.toString()}/`;
    if (!grid || !uri.startsWith(root)) return undefined;
    const index = pathIndex(grid).get(Uri.parse(uri).path.slice(this.root.path.length + 1));
    return index === undefined ? undefined : grid.clips[index];
  }

  dispose(): void {
    clearTimeout(this.refreshing);
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
