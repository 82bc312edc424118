import { cp, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a record consists of; anything else in its folder was put there by someone else. */
const OWN = /^(verdicts|votes)\.jsonl(\.lock)?$/;

/** Removes a record, and its folder unless something else is in it. */
export async function removeRecord(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: unknown) => whenGone<string[]>(error, []));
  for (const name of names.filter((n) => OWN.test(n)))
    await rm(join(dir, name), { recursive: true, force: true });
  await rmdir(dir).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
  });
}

/** Moves a record's folder, across file systems too. A record that is there already stays as it is: nothing is moved. */
export async function moveRecord(from: string, to: string): Promise<'moved' | 'occupied'> {
  if (await isThere(to)) return 'occupied';
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await cp(from, to, { recursive: true, errorOnExist: true });
    await rm(from, { recursive: true });
  }
  return 'moved';
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => whenGone(error, false),
  );
}

function whenGone<T>(error: unknown, value: T): T {
  if (!hasCode(error, 'ENOENT')) throw error;
  return value;
}

function hasCode(error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
