import { createReadStream } from 'node:fs';
import { cp, lstat, mkdir, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What a record consists of; anything else in its folder was put there by someone else. */
const OWN =
  /^((verdicts|votes|sweeps)\.jsonl|sweep\.json|((verdicts|votes|sweeps)\.jsonl|sweep-[0-9a-f]{12})\.lock)$/;
const NEWLINE = 10;

export interface RecordContents {
  verdicts: number;
  votes: number;
  /** Lines of judged pairs of sweeps. */
  rows: number;
  /** Someone writes to it now, or died while writing. */
  locked: boolean;
}

/** What a record holds. Refuses one that is a link or has one in it: what that leads to is not ours. */
export async function readRecord(dir: string): Promise<RecordContents> {
  const names = await namesIn(dir);
  const lines = (name: string) => (names.includes(name) ? countLines(join(dir, name)) : 0);
  return {
    verdicts: await lines('verdicts.jsonl'),
    votes: await lines('votes.jsonl'),
    rows: await lines('sweeps.jsonl'),
    locked: names.some((name) => name.endsWith('.lock') && OWN.test(name)),
  };
}

/** Whether a record may go without a question: it holds nothing but verdicts, and no more than this window made. */
export function mayGo({ verdicts, votes, rows, locked }: RecordContents, made: number): boolean {
  return votes === 0 && rows === 0 && !locked && verdicts <= made;
}

/** Removes a record by way of `remove`, and its folder unless something else is in it. */
export async function removeRecord(
  dir: string,
  remove: (path: string) => Promise<void> = (path) => rm(path, { recursive: true, force: true }),
): Promise<void> {
  const names = await namesIn(dir);
  const own = names.filter((name) => OWN.test(name));
  if (own.length > 0 && own.length === names.length) return remove(dir);
  for (const name of own) await remove(join(dir, name));
  await rmdir(dir).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOENT')) throw error;
  });
}

/** Moves a record's folder, across file systems too. A record that is there already stays as it is: nothing is moved. */
export async function moveRecord(from: string, to: string): Promise<'moved' | 'occupied'> {
  await namesIn(from);
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

/** The names in a record's folder, none of them a link's. */
async function namesIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => whenGone(error, []));
  const at = await lstat(dir).catch((error: unknown) => whenGone(error, undefined));
  const linked = entries.find((entry) => entry.isSymbolicLink());
  if (at?.isSymbolicLink()) throw new Error(`${dir} is a link`);
  if (linked) throw new Error(`${join(dir, linked.name)} is a link`);
  return entries.map((entry) => entry.name);
}

/** Lines that are not empty. */
async function countLines(path: string): Promise<number> {
  let lines = 0;
  let open = false;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>)
    for (const byte of chunk) {
      if (byte !== NEWLINE) open = true;
      else if (open) [lines, open] = [lines + 1, false];
    }
  return lines + (open ? 1 : 0);
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
