import { CELL_WIDTH, HEAD_HEIGHT, namesWidth, ROW_HEIGHT } from './geometry';
import type { Place, Store } from './state';

/** The one scrolling part of the page: tells the state what is in sight, and brings cells there. */
export class Scroller {
  private pending = false;

  constructor(
    private readonly store: Store,
    private readonly rows: () => readonly number[],
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

  /** Scrolls no further than it must, and puts the focus on the cell. */
  readonly reveal = (place: Place): void => {
    const at = this.element;
    const index = this.rows().indexOf(place.row);
    if (!at || index < 0) return;
    this.measure();
    const { gridTop, width, height } = this.store.state.ui.view;
    const names = namesWidth(width);
    const top = gridTop + HEAD_HEIGHT + index * ROW_HEIGHT;
    const left = names + place.column * CELL_WIDTH;
    at.scrollTo({
      top: within(at.scrollTop, top - HEAD_HEIGHT, top + ROW_HEIGHT - height),
      left: within(at.scrollLeft, left - names, left + CELL_WIDTH - width),
      behavior: 'instant',
    });
    this.measure();
    this.store.flush();
    at.querySelector<HTMLElement>(`[data-cell="${place.column}:${place.row}"]`)?.focus({
      preventScroll: true,
    });
  };
}

function within(now: number, most: number, least: number): number {
  return Math.min(most, Math.max(now, least));
}
