import type { SweepSession } from './session';

/** Stills asked of the engine at once. */
const AT_ONCE = 2;
/** Told to the page in bunches. */
const BUNCH_MS = 100;

interface Made {
  /** Its path. */
  clip: string;
  hash: string | null;
}

/** Stills that the page wants, the latest wish first: what was scrolled past can wait. */
export class Stills {
  private wanted: string[] = [];
  private working = 0;
  private made: Made[] = [];
  private telling: NodeJS.Timeout | undefined;
  private readonly gone = new AbortController();
  /** Grid of those made. */
  private revision = 0;

  constructor(
    private readonly session: SweepSession,
    private readonly tell: (gridRevision: number, made: Made[]) => void,
  ) {}

  /** A page asks for each clip once, and again when it shows another grid or was loaded anew. */
  want(clips: readonly string[]): void {
    const rest = this.wanted.filter((clip) => !clips.includes(clip));
    this.wanted = [...clips, ...rest];
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
      const { gridRevision } = this.session.view;
      const hash = await this.make(clip);
      if (this.gone.signal.aborted) break;
      // In another grid the same path may be another file. The page asks again for what it shows of that.
      if (this.session.view.gridRevision !== gridRevision) continue;
      if (this.revision !== gridRevision) this.made = [];
      this.revision = gridRevision;
      this.made.push({ clip, hash });
      this.telling ??= setTimeout(() => this.flush(), BUNCH_MS);
    }
    this.working--;
  }

  private async make(clip: string): Promise<string | null> {
    const uri = this.session.uriOf(clip);
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
