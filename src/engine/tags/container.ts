import { COMMON, fileInput } from '../ffmpeg/arguments';
import { startFfmpeg } from '../ffmpeg/child';
import type { Ffmpeg } from '../ports';
import type { Tags } from './file';

/** Bytes of all tags: a graph of a thousand nodes and its drawing take a tenth. */
const MOST_BYTES = 16 << 20;

export interface TagOptions {
  /** Seconds without any output. */
  deadline: number;
  signal?: AbortSignal | undefined;
}

/** The tags of a file as ffmpeg reads them, of the container alone; none where it cannot. */
export async function containerTags(
  ffmpeg: Ffmpeg,
  path: string,
  { deadline, signal }: TagOptions,
): Promise<Tags> {
  const quiet = [...COMMON, '-loglevel', 'error'];
  const args = [...quiet, ...fileInput(path), '-f', 'ffmetadata', 'pipe:1'];
  const child = startFfmpeg(ffmpeg.path, args, { deadline, signal });
  const pieces: Buffer[] = [];
  let size = 0;
  child.stdout.on('data', (piece: Buffer) => {
    child.alive();
    size += piece.length;
    if (size > MOST_BYTES) child.kill();
    else pieces.push(piece);
  });
  const { how, code } = await child.ended;
  if (how === 'lost') return containerTags(ffmpeg, path, { deadline, signal });
  return how === 'exit' && code === 0 ? tagsIn(Buffer.concat(pieces).toString('utf8')) : {};
}

/** ffmpeg's metadata text: `key=value` lines, `=`, `;`, `#`, `\` and line ends behind a backslash. */
function tagsIn(text: string): Tags {
  const tags: Tags = {};
  for (const [line] of text.matchAll(/(?:[^\\\n]|\\[^])+/g)) {
    if (line.startsWith('[')) break;
    const [key, ...rest] = line.split(/(?<!\\)=/);
    if (line.startsWith(';') || rest.length === 0) continue;
    const plain = (part: string) => part.replace(/\\([^])/g, '$1');
    tags[plain(key!).toLowerCase()] ??= plain(rest.join('='));
  }
  return tags;
}
