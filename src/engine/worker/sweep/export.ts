import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cancelled, problem, ProblemError } from '../../../core/problem';
import { exportSweep, MOST_PICTURES } from '../../../core/sweep/export';
import type { ExportFormat } from '../../../core/sweep/formats';
import type { SweepMethods } from '../../../protocol/sweep';
import type { HandlerContext } from '../../../protocol/rpc';
import { documentOf } from './state';
import type { Sweep } from './sweep';

/** Characters written at once. */
const CHUNK = 1 << 18;

/** Writes an export; the file or folder appears whole or not at all. */
export async function exportTo(
  sweep: Sweep,
  format: ExportFormat,
  target: string,
  { signal, progress }: HandlerContext<SweepMethods['sweepExport']['progress']>,
): Promise<SweepMethods['sweepExport']['result']> {
  const document = await documentOf(sweep);
  const extras = format === 'html' ? { thumbnails: await stills(sweep, signal) } : {};
  const { files, notes } = exportSweep(format, document, extras);
  const rows = document.pairs.count;
  if (files.length === 0)
    throw problem('noVideo', notes[0] ?? `There is nothing to export as ${format}.`, 'Choose another form.');
  progress({ rows: 0, of: rows });
  const names = files.map(({ name }) => name);
  await refuseOther(target, names);
  const scratch = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.making`);
  try {
    if (files.length === 1) await write(scratch, files[0]!.text, signal);
    else {
      await mkdir(scratch);
      for (const { name, text } of files) await write(join(scratch, name), text, signal);
      await removeBefore(target, names);
    }
    await rename(scratch, target);
  } catch (error) {
    await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
    throw ProblemError.is(error) ? error : unwritable(target, error);
  }
  progress({ rows, of: rows });
  return { path: target, rows, notes };
}

/**
 * An export takes the place of a file, or of a folder that holds nothing but the same export from before. Anything else
 * stays: a rename would take the place of a device too.
 */
async function refuseOther(target: string, names: readonly string[]): Promise<void> {
  const found = await stat(target).catch(() => undefined);
  if (!found) return;
  const refused = (why: string) => problem('unreadable', `"${target}" ${why}.`, 'Choose another name.');
  if (!found.isFile() && !found.isDirectory()) throw refused('is not a plain file');
  if (names.length === 1) {
    if (found.isDirectory()) throw refused('is a folder, and this export is a file');
    return;
  }
  if (!found.isDirectory()) throw refused('is a file, and this export is a folder');
  const others = (await readdir(target)).filter((name) => !names.includes(name));
  if (others.length > 0) throw refused('exists and holds other files');
}

/** Takes the same export from before away, once the new one is whole. */
async function removeBefore(target: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(target, name), { force: true });
  await rmdir(target).catch(() => undefined);
}

/** The stills that are kept, by clip, as `data:` URIs; none where they are too many for one page. */
async function stills(sweep: Sweep, signal: AbortSignal): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  let size = 0;
  for (const clip of sweep.grid!.clips.keys()) {
    if (signal.aborted) throw cancelled();
    const hash = sweep.hashOf(clip);
    const path = hash === undefined ? null : await sweep.session.keptThumbnail(hash);
    const data = path === null ? undefined : await readFile(path, 'base64').catch(() => undefined);
    if (data === undefined) continue;
    const uri = `data:image/jpeg;base64,${data}`;
    size += uri.length;
    if (size > MOST_PICTURES) return new Map();
    found.set(clip, uri);
  }
  return found;
}

async function write(path: string, text: Iterable<string>, signal: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  try {
    let chunk = '';
    for (const part of text) {
      chunk += part;
      if (chunk.length < CHUNK) continue;
      if (signal.aborted) throw cancelled();
      await file.write(chunk);
      chunk = '';
    }
    await file.write(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

function unwritable(target: string, error: unknown): ProblemError {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return problem('diskFull', `There is no space left for "${target}".`, 'Make room and try again.');
  const cause = (message ?? String(error)).replace(/^\w+: |, .*$/g, '');
  return problem('unreadable', `"${target}" cannot be written: ${cause}.`, 'Choose another place.');
}
