import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cancelled } from '../../../core/problem';
import { makeFolder } from '../../folder';
import { refuseLinks } from '../../log/file';
import { takeLock, type Held } from '../../log/lock';
import type { Sweep } from './sweep';

const LOOK_MS = 1500;

/** Everyone's: nothing is lost by that, only time. */
const FREE: Held = {
  lost: new AbortController().signal,
  isMine: () => Promise.resolve(true),
  release: () => Promise.resolve(),
};

/**
 * One process at a time works on a sweep of a record. Who has to wait follows meanwhile; who comes next takes over.
 * Where the record cannot be written, the lock is where the rows go instead; where there is none, everyone works.
 */
export async function holdSweep(
  sweep: Sweep,
  signal: AbortSignal,
  follow: () => Promise<void>,
): Promise<Held> {
  const { name, logDir, fallbackLogDir } = sweep.target;
  const file = `sweep-${createHash('sha256').update(name).digest('hex').slice(0, 12)}`;
  const places = logDir === null ? [] : [logDir, ...(fallbackLogDir === undefined ? [] : [fallbackLogDir])];
  while (places.length > 0) {
    const [dir] = places;
    try {
      await refuseLinks(join(dir!, file));
      const made = await makeFolder(dir!);
      if (dir === logDir) sweep.record.created ||= made;
      return await takeLock(join(dir!, file));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') {
        places.shift();
        continue;
      }
    }
    await follow();
    await delay(LOOK_MS, undefined, { signal }).catch(() => {
      throw cancelled();
    });
  }
  return FREE;
}
