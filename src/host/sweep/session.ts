import { basename } from 'node:path';
import { EventEmitter, l10n, Uri } from 'vscode';
import { ProblemError, toProblem } from '../../core/problem';
import type { Grid, GridClip } from '../../core/sweep/grid';
import type { Pairing } from '../../core/sweep/table';
import type { Engine } from '../../engine/client';
import type { EngineStatus } from '../../protocol/engine';
import type { OpenedSweep, SweepDiff, SweepState, SweepTarget } from '../../protocol/sweep';
import type { Agreement } from '../judges/agreement';
import { CostConsent } from '../judges/costConsent';
import { readSettings } from '../settings';
import { pathIndex } from './facts';
import { Judging, type Ending, type Ends } from './judging';
import { Launches } from './launches';
import { corrected, LayoutKeeper, type Correction, type LayoutRead } from './layoutKeeper';
import { placesOf } from './places';
import { PromptReading } from './promptReading';
import type { SessionServices } from './services';
import { withKnown, withProgress, withVote, type CastVote, type SessionView } from './sessionView';

/** So long after the last vote. */
const REFRESH_MS = 3000;

/**
 * One opened sweep. It goes on whether anything shows it or not. Looks through the folder take turns, and a run is
 * interrupted for one; whether it goes on after that is what was asked for last.
 */
export class SweepSession {
  private readonly changed = new EventEmitter<void>();
  readonly onChange = this.changed.event;
  private readonly asked = new AbortController();
  private refreshing: NodeJS.Timeout | undefined;
  /** The look through the folder that goes on. */
  private looking: AbortController | undefined;
  private turn: Promise<unknown> = Promise.resolve();
  private loaded: Promise<void> | undefined;
  private wanted: boolean;
  private readonly layouts: LayoutKeeper;
  private readonly judging: Judging;
  private readonly consent: CostConsent;
  private readonly launches: Launches;
  private readonly prompts: PromptReading;
  view: SessionView;

  constructor(
    readonly root: Uri,
    private readonly services: SessionServices,
    running = false,
    agreed?: Agreement,
  ) {
    this.wanted = running;
    this.layouts = new LayoutKeeper(() => this.engine, services.log);
    this.judging = new Judging(
      root,
      services,
      (step) => this.show(withProgress(this.view, step)),
      (ending) => this.ended(ending),
    );
    this.consent = new CostConsent(() => services.judges.chosen, agreed);
    this.launches = this.newLaunches();
    this.prompts = new PromptReading(services, (found) => this.opened(found));
    const pairing = readSettings(root).sweepPairing;
    this.view = { phase: 'scanning', grids: [], gridRevision: 0, layout: {}, pairing };
  }

  get name(): string {
    return basename(this.root.fsPath);
  }

  get isRunning(): boolean {
    return this.judging.isRunning;
  }

  /** It runs, or will as soon as the folder is looked through. */
  get isWanted(): boolean {
    return this.wanted || this.isRunning;
  }

  /** What its judging may cost, so far as it was agreed to and the sweep is not over. */
  get agreement(): Agreement | undefined {
    return this.consent.agreement;
  }

  /** It is being looked through, or will be: what a window only remembers is not until someone asks for it. */
  get isLoaded(): boolean {
    return this.loaded !== undefined;
  }

  /** The first look through the folder, whoever asks for it. */
  load(): Promise<void> {
    return this.loaded ?? this.scan();
  }

  /** Looks through the folder and takes in what is known. A run is interrupted for that. */
  scan(): Promise<void> {
    return this.anew(async () => this.told(await this.layouts.read(this.places())));
  }

  /** Encodes and judges what is missing, then watches for more if the setting says so. */
  start(): void {
    this.wanted = true;
    if (this.view.phase !== 'scanning' && !this.view.grid) return void this.scan();
    if (this.view.phase === 'scanning') void this.load();
    else void this.launches.launch();
    this.changed.fire();
  }

  /** Clips that were left out are tried again, though their files did not change. */
  retryBroken(): Promise<void> {
    this.wanted = true;
    return this.inTurn(async () => {
      this.launches.retryBroken();
      await this.judging.interrupt('paused');
      if (this.wanted) await this.launches.launch();
    });
  }

  async end(ends: Ends): Promise<void> {
    this.wanted = false;
    if (this.isRunning) await this.interrupt(ends);
    else if (ends === 'stopped') this.endIdle();
    this.changed.fire();
  }

  /** A run takes a while to end: who asked meanwhile that it go on had asked last. */
  private async interrupt(ends: Ends): Promise<void> {
    await this.judging.interrupt(ends);
    await this.inTurn(() => (this.wanted ? this.launches.launch() : Promise.resolve()));
  }

  /** Nothing runs: a look through the folder ends, and what was paused is stopped. */
  private endIdle(): void {
    this.looking?.abort();
    this.consent.forget();
    if (this.view.phase === 'paused') this.update({ phase: 'stopped' });
  }

  /** A correction is kept, and the folder is looked through anew. */
  correct(change: Correction): Promise<void> {
    return this.anew(async () => {
      this.told(await this.layouts.keep(this.places(), corrected(this.view.layout, change)));
    });
  }

  /** Another judge is asked from now on. It does not go on by itself where the one before was at work: it may cost. */
  async judgeChanged(): Promise<void> {
    if (!this.isLoaded) return;
    await this.end('paused');
    await this.scan();
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
    if (!state || this.asked.signal.aborted) return;
    this.update({ state: { ...state, votes: withVote(state.votes, vote) } });
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => void this.refresh(), REFRESH_MS);
  }

  private async refresh(): Promise<void> {
    // A run tells of the votes by itself, and so does a look.
    const isTold = () => !this.view.grid || this.view.phase === 'scanning' || this.isRunning;
    if (isTold()) return;
    try {
      const target = this.target();
      const opened = await this.engine.sweepOpen(target, { signal: this.asked.signal });
      // What was asked may have changed meanwhile: a correction, another pairing.
      if (!isTold() && JSON.stringify(target) === JSON.stringify(this.target())) this.opened(opened);
    } catch (error) {
      this.services.log('warn', toProblem(error).message);
    }
  }

  /** Of a clip of the grid; undefined for any other path. */
  uriOf(path: string): Uri | undefined {
    const { grid } = this.view;
    return grid && pathIndex(grid).has(path) ? Uri.joinPath(this.root, ...path.split('/')) : undefined;
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
    void this.judging.interrupt('paused');
    this.changed.dispose();
  }

  /** What is known of the judge that it asks. */
  judgeStatus(): Promise<EngineStatus> {
    return this.engine.status(this.services.judges.spec());
  }

  get engine(): Engine {
    return this.services.engine.get();
  }

  target(): SweepTarget {
    const { name, homeDir, fallbackDir } = this.places();
    return {
      root: this.root.fsPath,
      name,
      logDir: homeDir ?? null,
      ...(fallbackDir === undefined ? {} : { fallbackLogDir: fallbackDir }),
      layout: this.view.layout,
      pairing: this.view.pairing,
      judge: this.services.judges.spec(),
    };
  }

  private places() {
    return placesOf(this.root, this.services.record);
  }

  /** The run is interrupted, `change` made, the folder looked through; then it goes on if that is still wanted. */
  private anew(change: () => Promise<void>): Promise<void> {
    const done = this.inTurn(async () => {
      await this.judging.interrupt('paused');
      if (this.asked.signal.aborted) return;
      this.update({ phase: 'scanning' });
      await change();
      await this.look();
      if (this.wanted && this.view.phase !== 'failed') await this.launches.launch();
    });
    this.loaded ??= done;
    return done;
  }

  private async look(): Promise<void> {
    this.prompts.end();
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
      void this.prompts.begin(target, this.asked.signal);
    } catch (error) {
      if (looking.signal.aborted) this.cancelledLooking();
      else this.failed(error);
    }
  }

  private cancelledLooking(): void {
    if (this.view.grid) return this.update({ phase: 'stopped' });
    this.update({ phase: 'none', message: l10n.t('The look through the folder was cancelled.') });
  }

  private told({ layout, notice }: LayoutRead): void {
    const { layoutNotice: _, ...view } = this.view;
    this.show({ ...view, layout, ...(notice === undefined ? {} : { layoutNotice: notice }) });
  }

  private newLaunches(): Launches {
    const { signal } = this.asked;
    return new Launches({
      isDue: () => this.wanted && !this.isRunning && this.view.grid !== undefined && !signal.aborted,
      target: () => this.target(),
      isAgreed: (target) => this.consent.given(target.judge, () => this.engine.sweepCost(target, { signal })),
      begin: (target, retryBroken) => this.begin(target, retryBroken),
      onRefused: () => {
        this.wanted = false;
        this.changed.fire();
      },
      onFailed: (error) => {
        if (!signal.aborted) this.failed(error);
      },
    });
  }

  private begin(target: SweepTarget, retryBroken: boolean): void {
    const { problem: _, ...view } = this.view;
    this.judging.begin(target, retryBroken);
    this.show({ ...view, phase: 'running' });
  }

  private ended(ending: Ending): void {
    const isOver = 'state' in ending || ('asked' in ending && ending.asked === 'stopped');
    if (isOver) this.consent.forget();
    if ('asked' in ending) return this.update({ phase: ending.asked });
    if ('state' in ending) {
      this.wanted = false;
      this.take(ending.state, undefined);
      return this.update({ phase: 'done' });
    }
    const { error } = ending;
    // Where the engine was taken away, the window ends: the sweep goes on in the next.
    if (!ProblemError.is(error, 'cancelled')) this.wanted = false;
    this.failed(error);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const next = this.turn.then(work);
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** What is known is shown, also before its statistics are there. */
  private opened({ grid, state }: OpenedSweep): void {
    this.take(state, grid);
    this.changed.fire();
  }

  private take(state: SweepState | undefined, grid: Grid | undefined): void {
    this.view = withKnown(this.view, state, grid);
  }

  private failed(error: unknown): void {
    const problem = toProblem(error);
    this.services.log('warn', `${this.root.fsPath}: ${problem.message}`);
    // The engine was taken away, as by a change of settings: whoever looks can go on.
    if (problem.code === 'cancelled') return this.update({ phase: this.view.grid ? 'stopped' : 'none' });
    this.wanted = false;
    this.update({ phase: 'failed', problem });
  }

  private update(change: Partial<SessionView>): void {
    this.show({ ...this.view, ...change });
  }

  private show(view: SessionView): void {
    this.view = view;
    this.changed.fire();
  }
}
