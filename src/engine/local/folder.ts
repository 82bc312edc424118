import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { isFamily, refusalOf, type FamilyId } from '../../core/local/families';
import {
  GRAPHS,
  missingFrom,
  NEEDED_FILES,
  OPTIONAL_FILES,
  variantsOf,
  type SizedFile,
} from '../../core/local/layout';
import { problem, type ProblemError } from '../../core/problem';
import { readJson } from './json';
import { hashFile } from './hashing';
import type { LocalFile } from '../../core/local/record';

export interface FolderRead {
  /** Absolute, without links. */
  folder: string;
  family: FamilyId;
  /** From the model's own README, where it says one. */
  licence?: string;
  files: LocalFile[];
}

export interface ReadOptions {
  signal?: AbortSignal | undefined;
  /** Bytes hashed so far, of so many. */
  onProgress?: ((done: number, total: number) => void) | undefined;
}

const FIX =
  'Choose a folder in the Hugging Face layout with ONNX files, such as a clone of an "-ONNX" repository.';

export function refusedModel(name: string, cause: string): ProblemError {
  return problem('modelInvalid', `The local model "${name}" is refused: ${cause}`, FIX);
}

/** Reads a folder in the Hugging Face layout and hashes its files; refuses what cannot be run. */
export async function readFolder(dir: string, options: ReadOptions = {}): Promise<FolderRead> {
  const name = basename(dir);
  const folder = await realpath(dir).catch(() => {
    throw problem('modelMissing', `The local model's folder "${dir}" does not exist.`);
  });
  const sized = await listFiles(folder);
  const missing = missingFrom(sized);
  if (missing.length > 0) throw refusedModel(name, `it has no ${missing.join(', ')}.`);
  const { family } = await readFamily(folder, name);
  const total = sized.reduce((sum, { bytes }) => sum + bytes, 0);
  let before = 0;
  const files: LocalFile[] = [];
  for (const { path, bytes } of sized) {
    const real = await realpath(join(folder, path));
    const { sha256, outside } = await hashFile(real, {
      signal: options.signal,
      onBytes: (done) => options.onProgress?.(before + done, total),
    });
    before += bytes;
    refuseStrangers(name, path, outside, sized);
    files.push({ path, bytes, sha256, ...(isWithin(folder, real) ? {} : { at: real }) });
  }
  const licence = await licenceOf(folder, sized);
  return { folder, family, ...(licence === undefined ? {} : { licence }), files };
}

/** The family of the model in a folder, by its config.json. */
export async function readFamily(
  folder: string,
  name: string,
): Promise<{ family: FamilyId; config: Record<string, unknown> }> {
  const config = await readJson(join(folder, 'config.json'), name);
  const type = typeof config.model_type === 'string' ? config.model_type : 'unknown';
  if (!isFamily(type)) throw refusedModel(name, refusalOf(type));
  return { family: type, config };
}

/** Files that count, with their sizes; links are followed. */
async function listFiles(folder: string): Promise<SizedFile[]> {
  const top: readonly string[] = [...NEEDED_FILES, ...OPTIONAL_FILES];
  const inside = await readdir(join(folder, 'onnx')).catch(() => []);
  const graphs = inside.filter(
    (name) => GRAPHS.some((graph) => name.startsWith(graph)) && name.includes('.onnx'),
  );
  const found: SizedFile[] = [];
  for (const path of [...top, ...graphs.sort().map((name) => `onnx/${name}`)]) {
    const s = await stat(join(folder, path)).catch(() => undefined);
    if (s?.isFile()) found.push({ path, bytes: s.size });
  }
  const used = Object.values(variantsOf(found)).flatMap((variants) => variants.flatMap(({ files }) => files));
  const wanted = new Set(used.map(({ path }) => path));
  return found.filter(({ path }) => !path.startsWith('onnx/') || wanted.has(path));
}

/** A graph may keep weights in the files beside it that go by its name, and nowhere else. */
function refuseStrangers(
  name: string,
  path: string,
  outside: readonly string[],
  files: readonly SizedFile[],
): void {
  if (!path.endsWith('.onnx')) return;
  const own = new Set(files.filter((f) => f.path.startsWith(`${path}_data`)).map((f) => f.path.slice(5)));
  const stranger = outside.find((location) => !own.has(location));
  if (stranger !== undefined)
    throw refusedModel(name, `"${path}" keeps weights in "${stranger}", which is not there or not its own.`);
}

/** `license:` of the head of README.md, else whether there is a LICENSE. */
async function licenceOf(folder: string, files: readonly SizedFile[]): Promise<string | undefined> {
  const has = (path: string) => files.some((file) => file.path === path);
  const text = has('README.md') ? await readStart(join(folder, 'README.md')) : '';
  const head = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text)?.[1] ?? '';
  const named = /^license:[ \t]*([\w.+-]+)[ \t]*$/m.exec(head)?.[1];
  return named ?? (has('LICENSE') ? 'see LICENSE' : undefined);
}

async function readStart(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
