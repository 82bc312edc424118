import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DecodeError } from '../../core/decode';
import { problem } from '../../core/problem';
import {
  decodeLayouts,
  LAYOUT_FILE,
  LAYOUT_FORMAT,
  type SweepLayout,
  type SweepLayouts,
} from '../../core/sweep/layout';
import { openLog, refuseLinks } from '../log/file';

const MOST_BYTES = 4 << 20;

/** The corrected layout of one sweep (its root relative to the folder of the record); empty where there is none. */
export async function readLayout(recordDir: string, sweep: string): Promise<SweepLayout> {
  const { sweeps } = await readLayouts(recordDir);
  return Object.hasOwn(sweeps, sweep) ? sweeps[sweep]! : {};
}

/**
 * All corrected layouts of a record's folder.
 * @throws ProblemError `logCorrupt` for a file that is no layout of a version known here
 */
export async function readLayouts(recordDir: string): Promise<SweepLayouts> {
  const path = join(recordDir, LAYOUT_FILE);
  const text = await readPlain(path);
  if (text === undefined) return { format: LAYOUT_FORMAT, sweeps: {} };
  try {
    return decodeLayouts(JSON.parse(text));
  } catch (error) {
    const why = error instanceof DecodeError ? error.message : 'it is not JSON';
    throw problem(
      'logCorrupt',
      `The layouts in ${path} cannot be read: ${why}.`,
      'Correct the file, or delete it.',
    );
  }
}

/** Keeps the layout of one sweep beside those of others; an empty one takes it away. A file that cannot be read stays. */
export async function writeLayout(recordDir: string, sweep: string, layout: SweepLayout): Promise<void> {
  const { sweeps } = await readLayouts(recordDir);
  const others = Object.entries(sweeps).filter(([root]) => root !== sweep);
  const own: [string, SweepLayout][] = Object.keys(layout).length === 0 ? [] : [[sweep, layout]];
  if (own.length === 0 && others.length === Object.keys(sweeps).length) return;
  const entries = [...others, ...own].sort(([a], [b]) => (a < b ? -1 : 1));
  const layouts: SweepLayouts = { format: LAYOUT_FORMAT, sweeps: Object.fromEntries(entries) };
  await replace(recordDir, `${JSON.stringify(layouts, undefined, 2)}\n`);
}

async function readPlain(path: string): Promise<string | undefined> {
  const handle = await openLog(path, 'read').catch((error: NodeJS.ErrnoException) => {
    // A file in the folder's place holds no layouts either.
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  try {
    if (handle && (await handle.stat()).size > MOST_BYTES)
      throw problem(
        'logCorrupt',
        `The layouts in ${path} cannot be read: the file is far too large.`,
        'Delete it.',
      );
    return await handle?.readFile('utf8');
  } finally {
    await handle?.close();
  }
}

/** Under another name first: a reader sees the old text or the new one, never half of it. */
async function replace(recordDir: string, text: string): Promise<void> {
  const path = join(recordDir, LAYOUT_FILE);
  await mkdir(recordDir, { recursive: true });
  await refuseLinks(path);
  const draft = `${path}.${randomUUID()}`;
  try {
    const handle = await open(draft, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC')
      throw problem('diskFull', `The layout is not kept: the disk of ${recordDir} is full.`);
    throw problem(
      'logUnwritable',
      `The layout is not kept: ${path} cannot be written (${code ?? String(error)}).`,
    );
  }
}
