import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { EventEmitter, l10n, Uri, workspace } from 'vscode';
import { ProblemError, toProblem } from '../../core/problem';
import type { Grid, GridClip } from '../../core/sweep/grid';
import type { SweepLayout } from '../../core/sweep/layout';
import type { Pairing } from '../../core/sweep/table';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type { OpenedSweep, SweepDiff, SweepProgress, SweepState, SweepTarget } from '../../protocol/sweep';
import type { EngineHost } from '../engineHost';
import type { RecordKeeper } from '../record';
import { readSettings } from '../settings';
import { pathIndex } from './facts';
import { LayoutKeeper, type LayoutPlaces, type LayoutRead } from './layoutKeeper';
import { withKnown, withProgress, withVote, type CastVote, type SessionView } from './sessionView';

/** So long after the last vote. */
const REFRESH_MS = 3000;

export interface SessionServices {
  engine: EngineHost;
  record: RecordKeeper;
  log: Log;
}

/** What runs now and how it was asked to end. */
interface Running {
  stop: AbortController;
  ends: 'paused' | 'stopped';
  done: Promise<void>;
}

/**
 * One opened sweep. It goes on whether anything shows it or not. Looks through the folder take turns, and a run is
 * interrupted for one; whether it goes on after that is what was asked for last.
 */
export class SweepSession {
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;
  private readonly asked = new AbortController();
  private running: Running | undefined;
  private refreshing: NodeJS.Timeout | undefined;
  /** The look through the folder that goes on, and the reading of prompts behind the last one. */
  private looking: AbortController | undefined;
  private prompts: AbortController | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private loaded: Promise<void> | undefined;
  private wanted: boolean;
  private readonly layouts: LayoutKeeper;
  view: SessionView;

  constructor(
    readonly root: Uri,
    private readonly services: SessionServices,
    running = false,
  ) {
    this.wanted = running;
    this.layouts = new LayoutKeeper(() => this.engine, services.log);
    const pairing = readSettings(root).sweepPairing;
    this.view = { phase: 'scanning', grids: [], gridRevision: 0, layout: {}, pairing };
  }

  get name(): string {
    return basename(this.root.fsPath);
  }

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** It runs, or will as soon as the folder is looked through. */
  get isWanted(): boolean {
    return this.wanted || this.isRunning;
  }

  /** The first look through the folder, whoever asks for it. */
  load(): Promise<void> {
    return (this.loaded ??= this.scan());
  }

  /** Looks through the folder and takes in what is known. A run is interrupted for that. */
  scan(): Promise<void> {
    return this.anew(() => this.readLayout());
  }

  /** What is known is shown before its statistics are there. */
  private opened({ grid, state }: OpenedSweep): void {
    this.take(state, grid);
    this.changed.fire();
  }

  /** Encodes and judges what is missing, then watches for more if the setting says so. */
  start(): void {
    this.wanted = true;
    if (this.view.phase !== 'scanning' && !this.view.grid) return void this.scan();
    if (this.view.phase !== 'scanning') this.launch(false);
    this.changed.fire();
  }

  /** Clips that were left out are tried again, though their files did not change. */
  retryBroken(): Promise<void> {
    this.wanted = true;
    return this.inTurn(async () => {
      await this.interrupt('paused');
      if (this.wanted) this.launch(true);
    });
  }

  async end(ends: 'paused' | 'stopped'): Promise<void> {
    this.wanted = false;
    if (this.running) await this.interrupt(ends);
    else if (ends === 'stopped') this.endIdle();
    this.changed.fire();
  }

  /** Nothing runs: a look through the folder ends, and what was paused is stopped. */
  private endIdle(): void {
    this.looking?.abort();
    if (this.view.phase === 'paused') this.update({ phase: 'stopped' });
  }

  /** A correction is kept, and the folder is looked through anew. */
  correct(change: Partial<Record<keyof SweepLayout, string | null>>): Promise<void> {
    return this.anew(async () => {
      const entries = Object.entries({ ...this.view.layout, ...change }).filter(
        ([, v]) => v !== null && v !== undefined,
      );
      const layout = Object.fromEntries(entries) as SweepLayout;
      this.told(await this.layouts.keep(this.layoutPlaces(), layout));
    });
  }

  setPairing(pairing: Pairing): Promise<void> {
    return this.anew(() => Promise.resolve(this.update({ pairing })));
  }

  async diff(earlier: number, later: number): Promise<SweepDiff> {
    return this.engine.sweepDiff({ sweep: this.target(), earlier, later });
  }

  /** A vote counts at once; what follows from it for the agreement is reckoned when the reader pauses. */
  voted(vote: CastVote): void {
    const { state } = this.view;
    if (!state) return;
    this.update({ state: { ...state, votes: withVote(state.votes, vote) } });
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => void this.refresh(), REFRESH_MS);
  }

  private async refresh(): Promise<void> {
    // A run tells of the votes by itself.
    if (!this.view.grid || this.view.phase === 'scanning' || this.isRunning) return;
    try {
      const { state, grid } = await this.engine.sweepOpen(this.target(), { signal: this.asked.signal });
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
    if (!grid || !uri.startsWith(`${this.root.toString()}/`)) return undefined;
    const index = pathIndex(grid).get(Uri.parse(uri).path.slice(this.root.path.length + 1));
    return index === undefined ? undefined : grid.clips[index];
  }

  dispose(): void {
    clearTimeout(this.refreshing);
    this.asked.abort();
    void this.interrupt('paused');
    this.changed.dispose();
  }

  get engine(): Engine {
    return this.services.engine.get();
  }

  target(): SweepTarget {
    const { homeDir, fallbackDir } = this.places();
    return {
      root: this.root.fsPath,
      name: this.recordName(),
      logDir: homeDir ?? null,
      ...(fallbackDir === undefined ? {} : { fallbackLogDir: fallbackDir }),
      layout: this.view.layout,
      pairing: this.view.pairing,
    };
  }

  /** Where the record is kept, and where instead if that cannot be written. */
  private places(): { homeDir?: string; fallbackDir?: string } {
    const { record } = this.services;
    const home = record.homeOf(this.root);
    if (!home) return {};
    const fallbackDir = record.userHomeOf(this.root);
    return { homeDir: home.dir, ...(fallbackDir === home.dir ? {} : { fallbackDir }) };
  }

  /** The run is interrupted, `change` made, the folder looked through; then it goes on if that is still wanted. */
  private anew(change: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      await this.interrupt('paused');
      if (this.asked.signal.aborted) return;
      this.update({ phase: 'scanning' });
      await change();
      await this.look();
      if (this.wanted && this.view.phase !== 'failed') this.launch(false);
    });
  }

  private async look(): Promise<void> {
    this.prompts?.abort();
    const looking = (this.looking = new AbortController());
    const signal = AbortSignal.any([this.asked.signal, looking.signal]);
    try {
      const target = this.target();
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

  private async readLayout(): Promise<void> {
    this.told(await this.layouts.read(this.layoutPlaces()));
  }

  private told({ layout, notice }: LayoutRead): void {
    const { layoutNotice: _, ...view } = this.view;
    this.view = { ...view, layout, ...(notice === undefined ? {} : { layoutNotice: notice }) };
    this.changed.fire();
  }

  private layoutPlaces(): LayoutPlaces {
    return { ...this.places(), name: this.recordName() };
  }

  private launch(retryBroken: boolean): void {
    if (this.running || !this.view.grid || this.asked.signal.aborted) return;
    const running: Running = { stop: new AbortController(), ends: 'stopped', done: Promise.resolve() };
    this.running = running;
    const { problem: _, ...view } = this.view;
    this.view = view;
    this.update({ phase: 'running' });
    running.done = this.run(running, retryBroken);
  }

  private async interrupt(ends: 'paused' | 'stopped'): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.ends = ends;
    running.stop.abort();
    await running.done;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
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
      const target = this.target();
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
      this.running = undefined;
      this.wanted = false;
      this.take(state, undefined);
      this.update({ phase: 'done' });
    } catch (error) {
      this.running = undefined;
      if (running.stop.signal.aborted) return this.update({ phase: running.ends });
      // Where the engine was taken away, the window ends: the sweep goes on in the next.
      if (!ProblemError.is(error, 'cancelled')) this.wanted = false;
      this.failed(error);
    }
  }

  private progressed(step: SweepProgress): void {
    this.view = withProgress(this.view, step);
    this.changed.fire();
  }

  private take(state: SweepState | undefined, grid: Grid | undefined): void {
    this.view = withKnown(this.view, state, grid);
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
