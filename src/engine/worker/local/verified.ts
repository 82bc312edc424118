import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GRAPHS, variantsOf, type Dtype, type Graph } from '../../../core/local/layout';
import type { LocalFile, LocalModelRecord } from '../../../core/local/record';
import { problem } from '../../../core/problem';
import { isWithin } from '../../local/folder';

const FIX = 'Remove it and add it again (AesRM: Manage Models…).';

/** SHA-256 of a file's content; may remember. */
export type HashOf = (path: string, signal?: AbortSignal) => Promise<string>;

/** SHA-256 over the names and hashes of all files: the judge's identity. */
export function modelHash({ family, files }: LocalModelRecord): string {
  const named = files.map(({ path, sha256 }) => [path, sha256]).sort(([a], [b]) => (a! < b! ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([family, named]))
    .digest('hex');
}

/** Refuses a model one of whose files, as far as these number formats need them, is not what it was when it was added. */
export async function verify(
  record: LocalModelRecord,
  dtypes: Record<Graph, Dtype>,
  hashOf: HashOf,
  signal?: AbortSignal,
): Promise<void> {
  const variants = variantsOf(record.files);
  const graphs = GRAPHS.flatMap(
    (graph) => variants[graph].find(({ dtype }) => dtype === dtypes[graph])!.files,
  );
  const used = new Set(graphs.map(({ path }) => path));
  for (const file of record.files)
    if (used.has(file.path) || file.path.endsWith('.json') || file.path.endsWith('.jinja'))
      await verifyFile(record, file, hashOf, signal);
}

async function verifyFile(
  { name, folder }: LocalModelRecord,
  { path, sha256, at }: LocalFile,
  hashOf: HashOf,
  signal?: AbortSignal,
): Promise<void> {
  const real = await realpath(join(folder, path)).catch(() => {
    throw problem(
      'modelMissing',
      `The local model "${name}" is incomplete: "${path}" is missing in "${folder}".`,
      FIX,
    );
  });
  const refuse = (cause: string) =>
    problem('modelInvalid', `The local model "${name}" is refused: "${basename(path)}" ${cause}.`, FIX);
  if (at === undefined ? !isWithin(folder, real) : real !== at)
    throw refuse('leads to another place than when the model was added');
  if ((await hashOf(real, signal)) !== sha256) throw refuse('is not the file that was added (SHA-256)');
}
