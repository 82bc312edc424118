import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes all that was ever written for the GPU. How much that was. */
export async function removeGpuFiles(root: string): Promise<{ files: number; bytes: number }> {
  const names = await readdir(root, { recursive: true }).catch((): string[] => []);
  const stats = await Promise.all(names.map((name) => lstat(join(root, name)).catch(() => undefined)));
  const files = stats.filter((found) => found?.isFile());
  await rm(root, { recursive: true, force: true });
  return { files: files.length, bytes: files.reduce((sum, found) => sum + (found?.size ?? 0), 0) };
}
