import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { decompress } from 'fzstd';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
} from 'hyparquet';
import { columnsToRead, type PairsFile } from '../../core/bench/loaders';
import { problem, ProblemError } from '../../core/problem';

type Schema = ReturnType<typeof parquetSchema>;

/** A page is never larger than it says; zlib wants room for a byte even where all values are missing. */
const atMost = (length: number) => ({ maxOutputLength: Math.max(1, length) });

/** Beside Snappy and no compression, which hyparquet reads itself. */
const COMPRESSORS: Compressors = {
  GZIP: (input, length) => gunzipSync(input, atMost(length)),
  BROTLI: (input, length) => brotliDecompressSync(input, atMost(length)),
  ZSTD: (input, length) => decompress(input, new Uint8Array(length)),
};

/** The columns of a Parquet file that its layout reads; the others, as frames of videos, are never fetched. */
export async function parquetTable(name: string, file: AsyncBuffer): Promise<PairsFile> {
  try {
    const metadata = await parquetMetadataAsync(file);
    const schema = parquetSchema(metadata).children;
    const all = schema.map(({ element }) => element.name);
    const columns = columnsToRead(name, all);
    refuseEmbedded(
      name,
      schema.filter(({ element }) => columns.includes(element.name)),
    );
    const rows = await parquetReadObjects({ file, metadata, columns, compressors: COMPRESSORS });
    return { name, columns: all, rows };
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw problem('unreadable', `"${name}" cannot be read as a Parquet file: ${(error as Error).message}.`);
  }
}

function refuseEmbedded(name: string, read: readonly Schema[]): void {
  const inside = read.filter(({ children }) => children.some(({ element }) => element.name === 'bytes'));
  if (inside.length === 0) return;
  const columns = inside.map(({ element }) => element.name).join(', ');
  throw problem(
    'unreadable',
    `"${name}" has the videos themselves in it (${columns}), not paths.`,
    'Write them to files, and their paths into these columns.',
  );
}
