import type { CellIds } from '../../src/core/sweep/grid';
import type { Series } from '../../src/core/sweep/table';
import type { SweepDiff } from '../../src/protocol/sweep';
import type {
  Reference,
  SweepFilter,
  SweepGridMessage,
  SweepSnapshot,
  SweepSort,
} from '../../src/protocol/sweepPage';

export type Overlay = 'judge' | 'help' | 'diff' | 'ranking' | 'votes' | 'broken';

/** Indices of the grid's columns and rows. */
export interface Place {
  column: number;
  row: number;
}

/** A clip that plays in its cell, by its path. `asked`: a stand-in is being made; `none`: there is none. */
export interface Playing {
  clip: string;
  from: 'file' | 'asked' | 'proxy' | 'none';
  uri?: string;
}

export interface Ui {
  series: Series;
  /** What the marks are against; undefined until the reader chooses: what the pairing has. */
  reference?: Reference;
  /** What the curves are against; likewise. */
  curves?: Reference;
  filter: SweepFilter;
  sort: SweepSort;
  /** Whose clips are shown; an index of the grid's seeds. */
  seed: number;
  cell: Place;
  /** Where the reader was before the page was loaded: taken up with the first grid. */
  kept?: CellIds;
  overlay?: Overlay;
  /** Whether what was recognised is unfolded; undefined until the reader says. */
  recognised?: boolean;
  /** The pattern being typed. */
  pattern?: string;
  /** Whether the curves are folded to a line. */
  folded: boolean;
  /** Whether the curves' table is unfolded. */
  table: boolean;
  playing?: Playing;
  /** Ids of the columns of the diff that is shown or awaited. */
  diff?: { earlier: string; later: string };
  /** The scroller, CSS pixels; `gridTop` is where the grid begins in it. */
  view: { top: number; left: number; width: number; height: number; gridTop: number };
  /** For the live region. */
  said: string;
}

export interface State {
  snapshot?: SweepSnapshot;
  grid?: SweepGridMessage;
  /** Of the grid that is shown. */
  diff?: SweepDiff;
  /** Counts the thumbnails' changes. */
  thumbnails: number;
  ui: Ui;
}

export function initialUi(): Ui {
  return {
    series: 'overall',
    filter: 'all',
    sort: 'found',
    seed: 0,
    cell: { column: 0, row: 0 },
    folded: false,
    table: false,
    view: { top: 0, left: 0, width: 1280, height: 800, gridTop: 0 },
    said: '',
  };
}

/** Holds the one state; changes made in one task are drawn once, after it. */
export class Store {
  private scheduled = false;
  private current: State = { thumbnails: 0, ui: initialUi() };

  constructor(private readonly draw: (state: State) => void) {}

  get state(): State {
    return this.current;
  }

  set(change: Partial<State>): void {
    this.current = { ...this.current, ...change };
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  ui(change: Partial<Ui>): void {
    this.set({ ui: { ...this.current.ui, ...change } });
  }

  /** Draws what is pending now: needed before focus moves to something that is not there yet. */
  flush(): void {
    if (!this.scheduled) return;
    this.scheduled = false;
    this.draw(this.current);
  }
}
