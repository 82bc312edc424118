import { reduce, type Change, type State } from './state';

/** Holds the one state; changes made in one task are drawn once, after it. */
export class Store {
  private scheduled = false;

  constructor(
    private current: State,
    private readonly draw: (state: State) => void,
  ) {}

  get state(): State {
    return this.current;
  }

  apply(change: Change): void {
    const next = reduce(this.current, change);
    if (next === this.current) return;
    this.current = next;
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => this.flush());
  }

  /** Draws what is pending now: needed before focus moves to something that is not there yet. */
  flush(): void {
    if (!this.scheduled) return;
    this.scheduled = false;
    this.draw(this.current);
  }
}
