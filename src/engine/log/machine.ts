import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

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
    await mkdir(dir, { recursive: true });
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

export function machineDir(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  if (env.AESRM_CACHE) return env.AESRM_CACHE;
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), 'aesrm');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'aesrm');
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'aesrm');
}
