import { once } from 'node:events';
import { basename, join } from 'node:path';
import { cancelled, toProblem } from '../../../core/problem';
import type { Grid } from '../../../core/sweep/grid';
import { folderOf } from '../../../core/sweep/grid/paths';
import { clipsToRead, withTagged, type Tagged } from '../../../core/sweep/grid/prompts';
import type { TaggedPrompt } from '../../tags/prompt';
import { ALONE } from '../gate';
import { blameFor } from './reading';
import type { Sweep } from './sweep';

/** As many as are decoded at once; the session's gate has the last word. */
const AT_ONCE = 2;
/** So much blame leaves a clip's tags out: sooner than the clip, there are only words to lose. */
const MOST_BLAME = 6;

/** Prompts of a sweep that only its clips' tags tell: one reading at a time. */
export class TagReading {
  private turn: Promise<unknown> = Promise.resolve();
  private blaming: Promise<void> | undefined;

  constructor(private readonly sweep: Sweep) {}

  /**
   * Looks for prompts in the tags of clips, one call at a time; says whether it found any. All of them make one new
   * revision of the grid, whose cells and ids stay the same.
   */
  read(signal: AbortSignal, onProgress?: (done: number, of: number) => void): Promise<boolean> {
    const before = this.turn;
    const now = this.readAfter(before, signal, onProgress);
    this.turn = Promise.allSettled([before, now]);
    return now;
  }

  /** A clip whose tags are left out, because engines ended while they were read. */
  isLeftOut(path: string): boolean {
    return (this.sweep.files.get(path)?.tagBlame ?? 0) >= MOST_BLAME;
  }

  /** A grid with the prompts that were found so far. */
  known(grid: Grid): Grid {
    return withTagged(grid, (path) => this.sweep.files.get(path)?.tagged ?? undefined);
  }

  private async readAfter(
    before: Promise<unknown>,
    signal: AbortSignal,
    onProgress?: (done: number, of: number) => void,
  ): Promise<boolean> {
    const { sweep } = this;
    if (!signal.aborted) await Promise.race([before, once(signal, 'abort')]);
    if (signal.aborted) throw cancelled();
    await (this.blaming ??= this.blame());
    await readTags(sweep, signal, onProgress);
    const grid = this.known(sweep.grid!);
    if (grid === sweep.grid) return false;
    sweep.reword(grid);
    return true;
  }

  /** Blames the clips whose tags were being read when the engine before this one ended of itself. */
  private async blame(): Promise<void> {
    const { files, session } = this.sweep;
    for (const path of await session.tagNote(files.key).left) {
      const known = files.get(path);
      if (!known) continue;
      files.set(path, { tagBlame: (known.tagBlame ?? 0) + blameFor(session.forerunner) });
      if (this.isLeftOut(path)) files.set(path, { tagged: null });
    }
    await files.save();
  }
}

/**
 * Reads the tags of one clip for each row whose prompt is known from a name at most, and keeps what they say with
 * the sweep's files: nothing is read twice. Rejects for want of ffmpeg, and when cancelled; what was read is kept.
 */
async function readTags(
  { grid, files, session, target }: Sweep,
  signal: AbortSignal,
  onProgress?: (done: number, of: number) => void,
): Promise<void> {
  const clips = grid!.clips;
  const { note } = session.tagNote(files.key);
  const wanted = clipsToRead(grid!, (path) => files.get(path)?.tagged !== undefined);
  let [next, done] = [0, 0];
  const lane = async () => {
    while (next < wanted.length) {
      const { path } = clips[wanted[next++]!]!;
      const read = () => session.taggedPrompt(join(target.root, path), signal);
      const noted = () => note.during(path, signal, read);
      const places = files.get(path)?.tagBlame === undefined ? 1 : ALONE;
      const found = await session.gate.run(places, signal, noted);
      if (signal.aborted) throw cancelled();
      files.acquit(path, 'tagBlame');
      files.set(path, { tagged: found ? tagged(path, found) : null });
      onProgress?.(++done, wanted.length);
      await files.saveNowAndThen();
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    await files.save();
  }
}

/** The same for work that goes on without it: a sweep whose tags cannot be read lacks nothing but words. */
export async function tryTags(sweep: Sweep, signal: AbortSignal): Promise<void> {
  await sweep.tags.read(signal).catch((error: unknown) => {
    if (!signal.aborted) sweep.session.log('warn', toProblem(error).message);
  });
}

function tagged(clip: string, { prompt, path }: TaggedPrompt): Tagged {
  const [folder, name] = [folderOf(clip), basename(path)];
  return { prompt, from: folder === '' ? name : `${folder}/${name}` };
}
