import { readdir, readFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { cardsOf, parseVram, sharedMemory, type CardMemory, type KnownCards } from '../../../core/gpu/memory';
import { nvidiaMemory } from './files';

const DRM = '/sys/class/drm';

/** Asks the system at the first call, and remembers what it said. */
export function knownCards(): (provider: string) => Promise<CardMemory[]> {
  let known: Promise<KnownCards> | undefined;
  return async (provider) => cardsOf(provider, await (known ??= lookForCards()));
}

async function lookForCards(): Promise<KnownCards> {
  const [nvidia, others] = await Promise.all([nvidiaMemory(), otherCards()]);
  return { nvidia, others };
}

async function otherCards(): Promise<CardMemory[]> {
  if (process.platform === 'darwin') return process.arch === 'arm64' ? [sharedMemory(totalmem())] : [];
  return process.platform === 'linux' ? drmCards(DRM) : [];
}

/** Cards under `/sys/class/drm`: those of AMD tell their memory, others mostly do not. */
export async function drmCards(dir: string): Promise<CardMemory[]> {
  const names = (await readdir(dir).catch((): string[] => [])).filter((name) => /^card\d+$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const read = (file: string) => readFile(join(dir, name, 'device', file), 'utf8').catch(() => '');
      return parseVram(await read('mem_info_vram_total'), await read('mem_info_vram_used'));
    }),
  );
  return found.filter((card) => card !== undefined);
}
