import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/**
 * Holds `dir` while `work` runs; a second process waits for it. A holder that died is recognised by its pid.
 * @template T
 * @param {string} dir
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(dir, work, waitMs = 600_000) {
  mkdirSync(dirname(dir), { recursive: true });
  const until = Date.now() + waitMs;
  while (!take(dir)) {
    if (!holderLives(dir)) rmSync(dir, { recursive: true, force: true });
    else if (Date.now() > until) throw new Error(`${dir} is held by another run for too long`);
    else await wait(300);
  }
  try {
    return await work();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function take(dir) {
  try {
    mkdirSync(dir);
  } catch {
    return false;
  }
  writeFileSync(join(dir, 'pid'), String(process.pid));
  return true;
}

function holderLives(dir) {
  try {
    const pid = Number(readFileSync(join(dir, 'pid'), 'utf8'));
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch (error) {
    // no pid yet: it was taken this very moment; EPERM: it lives and is someone else's
    return error.code === 'ENOENT' || error.code === 'EPERM';
  }
}
