import { once } from 'node:events';
import { basename, join } from 'node:path';
import { cancelled, toProblem } from '../../../core/problem';
import type { Grid } from '../../../core/sweep/grid';
import { folderOf } from '../../../core/sweep/grid/paths';
import { clipsToRead, withTagged, type Tagged } from '../../../core/sweep/grid/prompts';
import type { TaggedPrompt } from '../../tags/prompt';
import type { Sweep } from './sweep';

/** As many as are decoded at once; the session's gate has the last word. */
const AT_ONCE = 2;

/** Prompts of a sweep that only its clips' tags tell: one reading at a time. */
export class TagReading {
  private turn: Promise<unknown> = Promise.resolve();

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
    await readTags(sweep, signal, onProgress);
    const grid = this.known(sweep.grid!);
    if (grid === sweep.grid) return false;
    sweep.reword(grid);
    return true;
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
  const wanted = clipsToRead(grid!, (path) => files.get(path)?.tagged !== undefined);
  let [next, done] = [0, 0];
  const lane = async () => {
    while (next < wanted.length) {
      const { path } = clips[wanted[next++]!]!;
      const read = () => session.taggedPrompt(join(target.root, path), signal);
      const found = await session.gate.run(1, signal, read);
      if (signal.aborted) throw cancelled();
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
