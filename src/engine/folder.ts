import { mkdir, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and what is missing above it, one at a time: Node's own recursive way never ends where
 * the system refuses a name without a reason, as under /proc. Returns whether the folder itself was made.
 */
export async function makeFolder(path: string): Promise<boolean> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isFolder(at)) && at !== dirname(at); at = dirname(at))
    missing.push(at);
  let made = false;
  for (const at of missing.reverse()) made = await makeOne(at);
  return made;
}

async function makeOne(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    // Another process may have been quicker.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await isFolder(path))) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Where a file is in the way, the next look upwards finds it.
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is not a folder`), { code: 'ENOTDIR', path });
}
