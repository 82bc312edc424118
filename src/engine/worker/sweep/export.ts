import { mkdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cancelled, problem, ProblemError } from '../../../core/problem';
import { exportSweep, MOST_PICTURES } from '../../../core/sweep/export';
import type { ExportFormat } from '../../../core/sweep/formats';
import type { SweepMethods } from '../../../protocol/sweep';
import type { HandlerContext } from '../../../protocol/rpc';
import { refuseOther, scratchFor, unwritable, writeText } from '../../wholeFile';
import { documentOf } from './state';
import type { Sweep } from './sweep';

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
  const scratch = scratchFor(target);
  try {
    if (files.length === 1) await writeText(scratch, files[0]!.text, signal);
    else {
      await mkdir(scratch);
      for (const { name, text } of files) await writeText(join(scratch, name), text, signal);
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
