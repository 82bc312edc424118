import { existsSync, readdirSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join } from 'node:path';

/** What the loader was told before us, for what the worker starts in its turn. */
const OUTER = 'AESRM_OUTER_LIBRARY_PATH';
const VARIABLE = 'LD_LIBRARY_PATH';

/**
 * Folders in which the loader looks for CUDA's libraries when a provider is loaded: the user's own word first, then the
 * provider's folder and the packages that pip puts beside it, and where NVIDIA's toolkit is installed.
 * @param dir the provider's folder, once there is one
 */
export function libraryFolders(dir: string | undefined, env: NodeJS.ProcessEnv = process.env): string[] {
  const told = (env[OUTER] ?? env[VARIABLE] ?? '').split(delimiter).filter((folder) => folder !== '');
  const own = dir === undefined ? [] : [dir, ...besideWheel(dir)];
  const toolkits = foldersIn('/usr/local').filter((name) => /^cuda(-12(\.\d+)?)?$/.test(name));
  const installed = toolkits.map((name) => join('/usr/local', name, 'lib64'));
  return [...new Set([...told, ...[...own, ...installed].filter((folder) => existsSync(folder))])];
}

/** Of `site-packages/onnxruntime/capi`: `site-packages/nvidia/cudnn/lib` and its like. */
function besideWheel(dir: string): string[] {
  const packages = join(dirname(dirname(dir)), 'nvidia');
  return foldersIn(packages).map((name) => join(packages, name, 'lib'));
}

/** The loader reads its path once, when a process starts: who is to load CUDA is started with it. */
export function withLibraryPath(env: NodeJS.ProcessEnv, dir: string | undefined): NodeJS.ProcessEnv {
  if (dir === undefined || !isAbsolute(dir) || process.platform !== 'linux') return env;
  const path = libraryFolders(dir, env).join(delimiter);
  return { ...env, [VARIABLE]: path, [OUTER]: env[OUTER] ?? env[VARIABLE] ?? '' };
}

/** The path is for this process; ffmpeg and whatever else it starts have no use for it. */
export function restoreLibraryPath(env: NodeJS.ProcessEnv = process.env): void {
  const outer = env[OUTER];
  if (outer === undefined) return;
  delete env[OUTER];
  if (outer === '') delete env[VARIABLE];
  else env[VARIABLE] = outer;
}

function foldersIn(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}
