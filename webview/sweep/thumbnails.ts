import type { SweepGridMessage } from '../../src/protocol/sweepPage';

/** How long requests are gathered, milliseconds, and how many go in one message. */
const GATHER = 60;
const BATCH = 64;

/** Which clips have a still. Asks for those in sight that lack one, each once. */
export class Thumbnails {
  /** By path. */
  private made = new Map<string, string | null>();
  private asked = new Set<string>();
  private wanted: string[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: (clips: string[]) => void,
    private readonly changed: () => void,
  ) {}

  /** Another grid: a path may mean another file. */
  reset(): void {
    this.made = new Map();
    this.asked = new Set();
    this.wanted = [];
  }

  receive(list: readonly { clip: string; hash: string | null }[]): void {
    for (const { clip, hash } of list) this.made.set(clip, hash);
    this.changed();
  }

  /** Where the clip's still is; undefined while there is none. A clip without one is asked for. */
  uri({ thumbBase }: SweepGridMessage, clip: string, hash: string | undefined): string | undefined {
    const made = this.made.get(clip);
    if (made === null) return undefined;
    const name = made ?? (this.asked.has(clip) ? undefined : hash);
    if (name) return `${thumbBase}/${name.slice(0, 2)}/${name}.jpg`;
    this.want(clip);
    return undefined;
  }

  /** The address led nowhere: not made yet, or dropped from the cache; after an answer, there is none. */
  failed(clip: string): void {
    if (this.asked.has(clip)) this.made.set(clip, null);
    else this.want(clip);
    this.changed();
  }

  private want(clip: string): void {
    if (this.asked.has(clip)) return;
    this.asked.add(clip);
    this.wanted.push(clip);
    this.timer ??= setTimeout(() => this.send(), GATHER);
  }

  private send(): void {
    this.timer = undefined;
    const clips = this.wanted;
    this.wanted = [];
    for (let i = 0; i < clips.length; i += BATCH) this.ask(clips.slice(i, i + BATCH));
  }
}
