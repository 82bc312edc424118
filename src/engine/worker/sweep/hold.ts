import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { cancelled } from '../../../core/problem';
import { makeFolder } from '../../folder';
import type { Sweep } from './sweep';

/** A holder that has not renewed its hold for this long is dead. */
const STALE_MS = 5000;
const LOOK_MS = 1500;

/**
 * One process at a time works on a sweep of a record. Who has to wait follows meanwhile; who comes next takes over.
 * Where no lock can be had (a folder that cannot be written), everyone works: nothing is lost by that, only time.
 */
export async function holdSweep(
  sweep: Sweep,
  signal: AbortSignal,
  follow: () => Promise<void>,
): Promise<{ release(): Promise<void> }> {
  const { logDir, name } = sweep.target;
  if (logDir === null) return { release: () => Promise.resolve() };
  const file = join(logDir, `sweep-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`);
  for (;;) {
    try {
      sweep.record.created ||= await makeFolder(logDir);
      const release = await lock(file, {
        realpath: false,
        stale: STALE_MS,
        onCompromised: () => undefined,
      });
      return { release: () => release().catch(() => undefined) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') return { release: () => Promise.resolve() };
    }
    await follow();
    await delay(LOOK_MS, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
}
