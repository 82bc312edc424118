import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { LocalFile } from '../../core/local/record';
import { cancelled, problem } from '../../core/problem';

const CHUNK = 1 << 20;
/** The key of a tensor's property (protobuf: field 1, eight bytes) that names a file beside the graph; field 2 is the name. */
const LOCATION = Buffer.from('\x0a\x08location\x12', 'latin1');
/** The longest name that is looked for, with its length before it. */
const NAME_ROOM = 260;

export interface HashedFile {
  sha256: string;
  /** Names of files in which an ONNX graph says that it keeps weights. */
  outside: string[];
}

/** One hash of all files of a model: another one is another model. */
export function weightsOf(files: readonly LocalFile[]): string {
  const all = files.map(({ path, sha256 }) => [path, sha256]).sort();
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}

/** SHA-256 of a file and what it says of other files, read once in a stream. */
export async function hashFile(
  path: string,
  { signal, onBytes }: { signal?: AbortSignal | undefined; onBytes?: (done: number) => void } = {},
): Promise<HashedFile> {
  const hash = createHash('sha256');
  const outside = new Set<string>();
  let done = 0;
  let tail = Buffer.alloc(0);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
      if (signal?.aborted) throw cancelled();
      hash.update(chunk);
      const text = Buffer.concat([tail, chunk]);
      locations(text, outside);
      tail = text.subarray(-NAME_ROOM - LOCATION.length);
      onBytes?.((done += chunk.length));
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw problem('modelInvalid', `"${path}" cannot be read (${code}).`);
  }
  return { sha256: hash.digest('hex'), outside: [...outside] };
}

function locations(text: Buffer, found: Set<string>): void {
  for (let at = text.indexOf(LOCATION); at !== -1; at = text.indexOf(LOCATION, at + 1)) {
    const from = at + LOCATION.length;
    const length = text[from];
    // A name at the chunk's end is found whole with the next one.
    if (length === undefined || from + 1 + length > text.length) continue;
    found.add(text.toString('utf8', from + 1, from + 1 + length));
  }
}
