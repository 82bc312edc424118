import type { SweepSession } from './session';

/** Stills asked of the engine at once. */
const AT_ONCE = 2;
/** Told to the page in bunches. */
const BUNCH_MS = 100;

interface Made {
  clip: number;
  hash: string | null;
}

/** Stills that the page wants, the latest wish first: what was scrolled past can wait. */
export class Stills {
  private wanted: number[] = [];
  private readonly asked = new Set<number>();
  private working = 0;
  private made: Made[] = [];
  private telling: NodeJS.Timeout | undefined;
  private readonly gone = new AbortController();
  private revision = 0;

  constructor(
    private readonly session: SweepSession,
    private readonly tell: (gridRevision: number, made: Made[]) => void,
  ) {}

  want(clips: readonly number[]): void {
    const { gridRevision } = this.session.view;
    if (gridRevision !== this.revision) {
      this.asked.clear();
      this.wanted = [];
      this.made = [];
      this.revision = gridRevision;
    }
    const fresh = clips.filter((clip) => !this.asked.has(clip));
    const rest = this.wanted.filter((clip) => !fresh.includes(clip));
    this.wanted = [...fresh, ...rest];
    while (this.working < AT_ONCE && this.wanted.length > 0) void this.work();
  }

  dispose(): void {
    clearTimeout(this.telling);
    this.gone.abort();
    this.wanted = [];
  }

  private async work(): Promise<void> {
    this.working++;
    for (let clip = this.wanted.shift(); clip !== undefined; clip = this.wanted.shift()) {
      // Clips are known by their place in the grid: another grid, and the number means another clip.
      const { revision } = this;
      if (this.session.view.gridRevision !== revision) continue;
      this.asked.add(clip);
      const hash = await this.make(clip);
      if (this.gone.signal.aborted) break;
      if (this.revision !== revision) continue;
      this.made.push({ clip, hash });
      this.telling ??= setTimeout(() => this.flush(), BUNCH_MS);
    }
    this.working--;
  }

  private async make(clip: number): Promise<string | null> {
    const uri = this.session.clip(clip);
    if (!uri) return null;
    try {
      const { hash } = await this.session.engine.thumbnail(uri.fsPath, { signal: this.gone.signal });
      return hash;
    } catch {
      // A clip that cannot be read has no still; why, the sweep itself tells.
      return null;
    }
  }

  private flush(): void {
    this.telling = undefined;
    const { made } = this;
    this.made = [];
    this.tell(this.revision, made);
  }
}
