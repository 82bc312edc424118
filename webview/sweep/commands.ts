import { idsAt, placeOf } from '../../src/core/sweep/grid';
import type { Regression } from '../../src/core/sweep/statistics';
import type { Series } from '../../src/core/sweep/table';
import type {
  PairOfCells,
  Reference,
  SweepAction,
  SweepFilter,
  SweepMessage,
  SweepPageState,
  SweepSnapshot,
  SweepSort,
} from '../../src/protocol/sweepPage';
import type { SweepHost } from '../host';
import { carried } from './carry';
import { shownOf, type Shown } from './context';
import { inOrder, stepTo } from './rows';
import type { Overlay, Place, Store, Ui } from './state';
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
        if (message.gridRevision === this.store.state.grid?.revision) this.store.set({ diff: message.diff });
        return;
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
    const ui = carried(this.ui, this.store.state.grid?.grid, grid.grid);
    this.store.set({ grid, ui, diff: undefined } as Partial<Store['state']>);
    if (ui.diff) this.post({ type: 'diff', ...ui.diff });
  }

  private takeProxy({ clip, uri }: Extract<SweepMessage, { type: 'proxy' }>): void {
    if (this.ui.playing?.clip !== clip) return;
    this.set({ playing: uri === null ? { clip, from: 'none' } : { clip, from: 'proxy', uri } });
  }

  private go({ to, cell }: Extract<SweepMessage, { type: 'go' }>): void {
    if (to !== 'cell') return this.regression(to === 'nextRegression' ? 1 : -1);
    const { shown } = this;
    const place = cell && shown && placeOf(shown.index.grid, cell);
    if (!place) return;
    if (!shown.rows.includes(place.row)) this.set({ filter: 'all' });
    this.moveTo(place);
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
      .map(({ later, row, earlier, seed }) => ({ column: later, row, earlier, seed }))
      .filter(({ row }) => shown.rows.includes(row))
      .sort(inOrder(shown.rows));
    const { cell, seed } = this.ui;
    const next = shown && places && stepTo(places, shown.rows, { ...cell, seed }, 1);
    if (!next) return this.say(t(shown?.facts.votes.length ? 'noDisagreements' : 'noVotes'));
    const reference: Reference = next.earlier === shown.facts.baseline ? 'baseline' : 'previous';
    if (shown.facts.against(next) !== next.earlier) this.set({ reference });
    this.set({ series: 'overall', seed: next.seed });
    this.moveTo({ column: next.column, row: next.row });
  }

  openCell(place: Place = this.ui.cell): void {
    this.set({ cell: place });
    const { facts } = this.shown ?? {};
    const pair = facts?.pair(place);
    if (pair) return this.openPair(pair, facts!.reference);
    const { kind, problem } = facts?.cell(place) ?? {};
    this.say(problem?.message ?? t(kind === 'hole' ? 'holeHint' : 'noPartner'));
  }

  openPair({ earlier, later, row, seed }: PairOfCells, against: Reference): void {
    this.stop();
    const [a, b] = [earlier, later].map((column) => this.pathOf(this.shown?.index.clip(column, row, seed)));
    if (a !== undefined && b !== undefined)
      this.post({ type: 'openPair', pair: { earlier: a, later: b }, against });
  }

  private pathOf(clip: number | undefined): string | undefined {
    return clip === undefined ? undefined : this.shown?.index.grid.clips[clip]?.path;
  }

  diff(column: number): void {
    const { columns } = this.shown?.index.grid ?? {};
    const [earlier, later] = [columns?.[column - 1]?.id, columns?.[column]?.id];
    if (earlier === undefined || later === undefined) return;
    const diff = { earlier, later };
    this.set({ diff });
    this.open('diff');
    this.post({ type: 'diff', ...diff });
  }

  play(clip: string): void {
    if (this.ui.playing?.clip !== clip) this.set({ playing: { clip, from: 'file' } });
  }

  stop(): void {
    if (this.ui.playing) this.set({ playing: undefined } as Partial<Ui>);
  }

  playOrStop(): void {
    const clip = this.pathOf(this.shown?.facts.cell(this.ui.cell).clip);
    if (clip === undefined || this.ui.playing?.clip === clip) this.stop();
    else this.play(clip);
  }

  playFailed(clip: string): void {
    const { playing } = this.ui;
    if (playing?.clip !== clip) return;
    if (playing.from === 'proxy') return this.set({ playing: { clip, from: 'none' } });
    if (playing.from !== 'file') return;
    this.set({ playing: { clip, from: 'asked' } });
    this.post({ type: 'needProxy', clip });
  }

  revealClip(clip = this.pathOf(this.shown?.facts.cell(this.ui.cell).clip)): void {
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
    const { series, reference, curves, folded, filter, sort, kept } = this.ui;
    const { format, root } = boot;
    const { grid } = this.store.state;
    const cell = grid ? idsAt(grid.grid, this.ui.cell) : kept;
    const chosen = {
      ...(reference ? { reference } : {}),
      ...(curves ? { curves } : {}),
      ...(folded ? { folded } : {}),
    };
    this.host.setState({ format, root, series, filter, sort, ...(cell ? { cell } : {}), ...chosen });
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
