import { createHash, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { cp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProviderFolder } from './providerFolder';

/** Where the packages lie that came with the extension. */
export interface ShippedRuntime {
  /** Folder of `onnxruntime-node`. */
  node: string;
  /** Folder of `onnxruntime-common`. */
  common: string;
  version: string;
}

/** The natives of this machine, within `onnxruntime-node`. */
export const NATIVES = join('bin', 'napi-v6', process.platform, process.arch);

/**
 * ONNX Runtime looks for its providers beside its own library and nowhere else, and the extension's folder is not to
 * be written to: so there is a copy of it, with links to the libraries. Node resolves links to what it loads, the
 * copies are real therefore; ONNX Runtime does not, so that links serve for the libraries.
 *
 * The path of the copy's `onnxruntime-node`. Made once for the files as they are; another copy is removed then.
 */
export async function privateRuntime(
  shipped: ShippedRuntime,
  { dir, files }: Pick<ProviderFolder, 'dir' | 'files'>,
  runtimes: string,
): Promise<string> {
  const targets = [...files.map((name) => join(dir, name)), join(shipped.node, 'package.json')];
  const key = keyOf(shipped, targets, await Promise.all(targets.map((path) => stat(path))));
  const home = join(runtimes, key);
  const node = (root: string) => join(root, 'node_modules', 'onnxruntime-node');
  if (await exists(node(home))) return node(home);
  const making = `${home}.${process.pid}-${randomBytes(4).toString('hex')}.making`;
  try {
    await make(making, shipped, dir, files);
    await rename(making, home);
  } catch (error) {
    await rm(making, { recursive: true, force: true });
    // Another window was faster.
    if (!(await exists(node(home)))) throw error;
  }
  await removeOthers(runtimes, key);
  return node(home);
}

function keyOf({ version }: ShippedRuntime, paths: readonly string[], stats: readonly Stats[]): string {
  const facts = stats.map(({ size, mtimeMs }, i) => `${paths[i]}:${size}:${mtimeMs}`);
  return createHash('sha256')
    .update([version, ...facts].join('\n'))
    .digest('hex')
    .slice(0, 12);
}

async function make(root: string, shipped: ShippedRuntime, dir: string, files: readonly string[]) {
  const modules = join(root, 'node_modules');
  const node = join(modules, 'onnxruntime-node');
  await copyParts(shipped.node, node, ['package.json', 'dist', NATIVES]);
  await copyParts(shipped.common, join(modules, 'onnxruntime-common'), ['package.json', join('dist', 'cjs')]);
  for (const name of files) {
    const link = join(node, NATIVES, name);
    await rm(link, { force: true });
    await symlink(join(dir, name), link);
  }
}

async function copyParts(from: string, to: string, parts: readonly string[]): Promise<void> {
  const mode = constants.COPYFILE_FICLONE;
  for (const part of parts) await cp(join(from, part), join(to, part), { recursive: true, mode });
}

/** What is loaded from one of them stays loaded. */
async function removeOthers(runtimes: string, key: string): Promise<void> {
  const names = await readdir(runtimes).catch((): string[] => []);
  const others = names.filter((name) => name !== key && !name.endsWith('.making'));
  await Promise.all(others.map((name) => rm(join(runtimes, name), { recursive: true, force: true })));
}

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
