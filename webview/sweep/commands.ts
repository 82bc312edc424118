import type { Regression } from '../../src/core/sweep/statistics';
import type { Series } from '../../src/core/sweep/table';
import type {
  PairOfCells,
  SweepAction,
  SweepFilter,
  SweepMessage,
  SweepPageState,
  SweepSnapshot,
  SweepSort,
} from '../../src/protocol/sweepPage';
import type { SweepHost } from '../host';
import { shownOf, type Shown } from './context';
import { stepTo } from './rows';
import type { Overlay, Place, Reference, Store, Ui } from './state';
import { t } from './strings';
import { Thumbnails } from './thumbnails';

/** How long what was said stands, milliseconds. */
const SAID_MS = 6000;

/** Everything that the reader and the host can make the page do. */
export class Commands {
  readonly thumbnails: Thumbnails;
  private opener: Element | null = null;
  private saying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly host: SweepHost,
    /** Brings a cell into sight. */
    private readonly reveal: (place: Place) => void,
  ) {
    this.thumbnails = new Thumbnails(
      (clips) => this.post({ type: 'needThumbnails', clips }),
      () => this.store.set({ thumbnails: this.store.state.thumbnails + 1 }),
    );
  }

  post(action: SweepAction): void {
    this.host.post(action);
  }

  get ui(): Ui {
    return this.store.state.ui;
  }

  get shown(): Shown | undefined {
    return shownOf(this.store.state);
  }

  set(change: Partial<Ui>): void {
    this.store.ui(change);
  }

  receive(message: SweepMessage): void {
    switch (message.type) {
      case 'snapshot':
        return this.takeSnapshot(message.snapshot);
      case 'grid':
        return this.takeGrid(message.grid);
      case 'diff':
        return this.store.set({ diff: message.diff });
      case 'thumbnails':
        if (message.gridRevision === this.store.state.grid?.revision) this.thumbnails.receive(message.made);
        return;
      case 'proxy':
        return this.takeProxy(message);
      case 'go':
        return this.go(message);
    }
  }

  private takeSnapshot(snapshot: SweepSnapshot): void {
    const { state } = this.store.state.snapshot ?? {};
    this.store.set({ snapshot: snapshot.sameState && state ? { ...snapshot, state } : snapshot });
  }

  private takeGrid(grid: NonNullable<Store['state']['grid']>): void {
    this.thumbnails.reset();
    const { columns, rows, seeds } = grid.grid;
    const { cell, seed, playing: _, diff: __, ...ui } = this.ui;
    this.store.set({
      grid,
      ui: {
        ...ui,
        cell: {
          column: Math.max(0, Math.min(cell.column, columns.length - 1)),
          row: Math.max(0, Math.min(cell.row, rows.length - 1)),
        },
        seed: Math.min(seed, seeds.length - 1),
        ...(ui.overlay === 'diff' ? { overlay: undefined } : {}),
      } as Ui,
    });
  }

  private takeProxy({ clip, uri, gridRevision }: Extract<SweepMessage, { type: 'proxy' }>): void {
    const { playing } = this.ui;
    if (gridRevision !== this.store.state.grid?.revision || playing?.clip !== clip) return;
    this.set({ playing: uri === null ? { clip, from: 'none' } : { clip, from: 'proxy', uri } });
  }

  private go({ to, cell }: Extract<SweepMessage, { type: 'go' }>): void {
    if (to !== 'cell') return this.regression(to === 'nextRegression' ? 1 : -1);
    if (!cell || !this.shown) return;
    if (!this.shown.rows.includes(cell.row)) this.set({ filter: 'all' });
    this.moveTo(cell);
  }

  /** Puts the reader on a cell: in sight and focused. */
  moveTo(cell: Place): void {
    this.set({ cell });
    this.store.flush();
    this.reveal(cell);
  }

  /** From anywhere to the reader's cell, with the grid's head at the top of the page. */
  toGrid(): void {
    document.querySelector('.grid')?.scrollIntoView({ block: 'start', behavior: 'instant' });
    this.move(0, 0);
  }

  /** @param columns, rows steps among what is shown; the edges hold */
  move(columns: number, rows: number): void {
    const { shown } = this;
    if (!shown || shown.rows.length === 0) return;
    const { cell } = this.ui;
    const at = Math.max(0, shown.rows.indexOf(cell.row));
    const row = shown.rows[clamp(at + rows, shown.rows.length)]!;
    this.moveTo({ column: clamp(cell.column + columns, shown.index.grid.columns.length), row });
  }

  regression(by: 1 | -1): void {
    if (this.shown?.regressions.length === 0) this.set({ filter: 'all' });
    const { shown } = this;
    const next = shown && stepTo(shown.regressions, shown.rows, this.ui.cell, by);
    if (!next) return this.say(t('noMoreRegressions'));
    this.showRegression(next.regression, next.row);
  }

  /** A regression is against the column before, in one series: that is what the marks then show. */
  showRegression({ of, column, worse }: Regression, row = worse[0]): void {
    this.set({ series: of, reference: 'previous', overlay: undefined } as Partial<Ui>);
    if (row === undefined) return;
    if (!this.shown?.rows.includes(row)) this.set({ filter: 'all' });
    this.moveTo({ column, row });
  }

  disagreement(): void {
    if (this.shown && this.shown.facts.disagreements.every(({ row }) => !this.shown!.rows.includes(row)))
      this.set({ filter: 'all' });
    const { shown } = this;
    const places = shown?.facts.disagreements
      .map(({ later, row, earlier }) => ({ column: later, row, earlier }))
      .filter(({ row }) => shown.rows.includes(row))
      .sort((a, b) => a.column - b.column || shown.rows.indexOf(a.row) - shown.rows.indexOf(b.row));
    const next = shown && places && stepTo(places, shown.rows, this.ui.cell, 1);
    if (!next) return this.say(t(shown?.facts.votes.length ? 'noDisagreements' : 'noVotes'));
    const reference: Reference = next.earlier === shown.facts.baseline ? 'baseline' : 'previous';
    if (shown.facts.against(next) !== next.earlier) this.set({ reference });
    this.set({ series: 'overall' });
    this.moveTo(next);
  }

  openCell(place: Place = this.ui.cell): void {
    this.set({ cell: place });
    const { facts } = this.shown ?? {};
    const pair = facts?.pair(place);
    if (pair) return this.openPair(pair);
    const { kind, problem } = facts?.cell(place) ?? {};
    this.say(problem?.message ?? t(kind === 'hole' ? 'holeHint' : 'noPartner'));
  }

  openPair(pair: PairOfCells): void {
    this.stop();
    this.post({ type: 'openPair', pair });
  }

  diff(column: number): void {
    if (column < 1) return;
    const diff = { earlier: column - 1, later: column };
    this.set({ diff });
    this.open('diff');
    this.post({ type: 'diff', ...diff });
  }

  play(clip: number): void {
    if (this.ui.playing?.clip !== clip) this.set({ playing: { clip, from: 'file' } });
  }

  stop(): void {
    if (this.ui.playing) this.set({ playing: undefined } as Partial<Ui>);
  }

  playOrStop(): void {
    const clip = this.shown?.facts.cell(this.ui.cell).clip;
    if (clip === undefined || this.ui.playing?.clip === clip) this.stop();
    else this.play(clip);
  }

  playFailed(clip: number): void {
    const { playing } = this.ui;
    if (playing?.clip !== clip) return;
    if (playing.from === 'proxy') return this.set({ playing: { clip, from: 'none' } });
    if (playing.from !== 'file') return;
    this.set({ playing: { clip, from: 'asked' } });
    this.post({ type: 'needProxy', clip });
  }

  revealClip(clip = this.shown?.facts.cell(this.ui.cell).clip): void {
    if (clip !== undefined) this.post({ type: 'revealClip', clip });
  }

  choose(change: {
    series?: Series;
    reference?: Reference;
    curves?: Reference;
    filter?: SweepFilter;
    sort?: SweepSort;
    seed?: number;
  }): void {
    this.set(change);
    const rows = this.shown?.rows ?? [];
    if (rows.length > 0 && !rows.includes(this.ui.cell.row))
      this.set({ cell: { ...this.ui.cell, row: rows[0]! } });
  }

  applyPattern(): void {
    const pattern = this.ui.pattern?.trim();
    if (pattern) this.post({ type: 'setPattern', pattern });
  }

  forgetPattern(): void {
    this.set({ pattern: undefined } as Partial<Ui>);
    this.post({ type: 'setPattern', pattern: null });
  }

  /** Opens one overlay and moves the focus into it. */
  open(overlay: Overlay): void {
    if (!this.ui.overlay) this.opener = document.activeElement;
    this.set({ overlay });
    this.store.flush();
    document.querySelector<HTMLElement>('[data-dialog]')?.focus();
  }

  /** Closes it; the focus goes back to where it was opened from. */
  close(): void {
    this.set({ overlay: undefined } as Partial<Ui>);
    this.store.flush();
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    this.opener = null;
  }

  escape(): boolean {
    if (this.ui.overlay) return (this.close(), true);
    if (this.ui.playing) return (this.stop(), true);
    return false;
  }

  remember(boot: SweepPageState): void {
    const { series, reference, curves, folded, filter, sort, cell } = this.ui;
    const { format, root } = boot;
    const chosen = {
      ...(reference ? { reference } : {}),
      ...(curves ? { curves } : {}),
      ...(folded ? { folded } : {}),
    };
    this.host.setState({ format, root, series, filter, sort, cell, ...chosen });
  }

  private say(said: string): void {
    // The same words again are news too.
    this.set({ said: this.ui.said === said ? `${said} ` : said });
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.set({ said: '' }), SAID_MS);
  }
}

function clamp(i: number, count: number): number {
  return Math.max(0, Math.min(count - 1, i));
}
