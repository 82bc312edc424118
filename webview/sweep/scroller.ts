import type { Shown } from './context';
import { gridSize } from './geometry';
import type { Place, Store } from './state';

/** The one scrolling part of the page: tells the state what is in sight, and brings cells there. */
export class Scroller {
  private pending = false;

  constructor(
    private readonly store: Store,
    private readonly shown: () => Shown | undefined,
  ) {
    window.addEventListener('resize', () => this.measure());
  }

  private get element(): HTMLElement | null {
    return document.querySelector('.scroller');
  }

  readonly scrolled = (): void => {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.measure();
    });
  };

  /** Also after every draw: what stands above the grid may have grown. */
  measure(): void {
    const at = this.element;
    if (!at) return;
    const gridTop = at.querySelector<HTMLElement>('.grid')?.offsetTop ?? 0;
    const view = {
      top: at.scrollTop,
      left: at.scrollLeft,
      width: at.clientWidth,
      height: at.clientHeight,
      gridTop,
    };
    const last = this.store.state.ui.view;
    const same = (Object.keys(view) as (keyof typeof view)[]).every((key) => view[key] === last[key]);
    if (!same) this.store.ui({ view });
  }

  /** Scrolls no further than it must; says whether the cell is among those shown. */
  scrollTo(place: Place): boolean {
    const at = this.element;
    const shown = this.shown();
    const index = shown?.rows.indexOf(place.row) ?? -1;
    if (!at || !shown || index < 0) return false;
    this.measure();
    const { gridTop, width, height } = this.store.state.ui.view;
    const { names, cell, row, head } = gridSize(width, shown.index.grid.columns);
    const top = gridTop + head + index * row;
    const left = names + place.column * cell;
    at.scrollTo({
      top: within(at.scrollTop, top - head, top + row - height),
      left: within(at.scrollLeft, left - names, left + cell - width),
      behavior: 'instant',
    });
    this.measure();
    this.store.flush();
    return true;
  }

  /** Brings a cell into sight, and puts the focus on the cell. */
  readonly reveal = (place: Place): void => {
    const at = this.element;
    if (!at || !this.scrollTo(place)) return;
    at.querySelector<HTMLElement>(`[data-cell="${place.column}:${place.row}"]`)?.focus({
      preventScroll: true,
    });
  };
}

function within(now: number, most: number, least: number): number {
  return Math.min(most, Math.max(now, least));
}
