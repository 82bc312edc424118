import { randomUUID } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from '../folder';

/**
 * A random name for this machine and user, the same for the extension and the command line, so that a log tells
 * its own lines from brought ones. Where it cannot be kept, it lasts as long as the process.
 */
export async function machineId(dir = machineDir()): Promise<string> {
  const file = join(dir, 'machine-id');
  const known = await read(file);
  if (known) return known;
  const id = randomUUID();
  const scratch = `${file}.${id}`;
  try {
    await makeFolder(dir);
    await writeFile(scratch, `${id}\n`);
    await rename(scratch, file);
    // Where two processes were first at once, the last one named the machine.
    return (await read(file)) ?? id;
  } catch {
    return id;
  }
}

async function read(file: string): Promise<string | undefined> {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim();
  return /^[0-9a-f-]{36}$/.test(text) ? text : undefined;
}

/** Apart from every cache: a log would take its own lines for brought ones after the cache was deleted. */
export function machineDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.AESRM_STATE) return resolve(env.AESRM_STATE);
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'aesrm');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'aesrm');
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'aesrm');
}
