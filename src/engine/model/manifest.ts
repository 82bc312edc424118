import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, isAbsolute, sep } from 'node:path';
import { DecodeError } from '../../core/decode';
import { decodeModelManifest, type ModelFile, type ModelManifest } from '../../core/modelManifest';
import { problem, type ProblemError } from '../../core/problem';

/** A model whose files were found, measured and hashed. */
export interface LoadedModel {
  manifest: ModelManifest;
  /** Real paths. */
  encoder: string;
  judge: string;
  /** SHA-256 over the files' hashes and the plan: the judge's identity. */
  hash: string;
  /** Absolute path of the model card, beside the manifest. */
  cardPath: string;
}

const REINSTALL = 'Install the extension again, or put the folder "models/compact" back.';

/** Reads `manifest.json` of a model folder and checks every file it names. */
export async function loadModel(dir: string): Promise<LoadedModel> {
  const root = await realpath(dir).catch(() => {
    throw problem('modelMissing', `The judge's model folder "${dir}" does not exist.`, REINSTALL);
  });
  const manifest = await readManifest(root);
  const [encoder, judge] = await Promise.all([
    checkFile(root, manifest.files.encoder),
    checkFile(root, manifest.files.judge),
  ]);
  const identity = [manifest.files.encoder.sha256, manifest.files.judge.sha256, manifest.plan].join('\n');
  const hash = createHash('sha256').update(identity).digest('hex');
  return { manifest, encoder, judge, hash, cardPath: join(root, 'MODEL_CARD.md') };
}

async function readManifest(root: string): Promise<ModelManifest> {
  const path = join(root, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw problem('modelMissing', `The judge's model is not there: "${path}" does not exist.`, REINSTALL);
    throw invalid(`"${path}" cannot be read (${String(error)})`);
  });
  try {
    return decodeModelManifest(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`"${path}" is not JSON`);
    if (error instanceof DecodeError) throw invalid(`"${path}": ${error.message}`);
    throw error;
  }
}

/** The real path of a model's file, after its place, size and hash were checked. */
async function checkFile(root: string, file: ModelFile): Promise<string> {
  const path = await realpath(join(root, file.path)).catch(() => {
    throw problem(
      'modelMissing',
      `The judge's model is incomplete: "${file.path}" is missing in "${root}".`,
      REINSTALL,
    );
  });
  if (!isWithin(root, path)) throw invalid(`"${file.path}" leads out of the model's folder`);
  const { size } = await stat(path);
  if (size !== file.bytes) throw invalid(`"${file.path}" has ${size} bytes, its manifest says ${file.bytes}`);
  if ((await sha256(path)) !== file.sha256)
    throw invalid(`"${file.path}" is not the file that its manifest names (SHA-256)`);
  return path;
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function invalid(cause: string): ProblemError {
  return problem('modelInvalid', `The judge's model is refused: ${cause}.`, REINSTALL);
}
