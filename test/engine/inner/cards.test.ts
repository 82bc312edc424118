import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { drmCards, knownCards } from '../../../src/engine/worker/gpu/cards';
import { nvidiaMemory } from '../../../src/engine/worker/gpu/files';
import { removeTempDirs, tempDir } from './support';

const MIB = 2 ** 20;

describe('the memory of graphics cards, asked of the system', () => {
  const { PATH } = process.env;
  afterEach(() => {
    process.env.PATH = PATH;
    removeTempDirs();
  });

  /** A program of that name, which notes how it is called. */
  function smi(body: string): string {
    const dir = tempDir();
    const path = join(dir, 'nvidia-smi');
    writeFileSync(path, `#!/bin/sh\necho "$@" >> "${dir}/calls"\n${body}\n`);
    chmodSync(path, 0o755);
    process.env.PATH = `${dir}${delimiter}${PATH}`;
    return join(dir, 'calls');
  }

  it('is asked of nvidia-smi once, however often it is wanted', async function () {
    if (process.platform === 'win32') this.skip();
    const calls = smi('echo "24564, 23010"; echo "[N/A], [N/A]"');
    const cards = knownCards();
    const [one, two] = await Promise.all([cards('cuda'), cards('cuda')]);
    assert.deepEqual(one, [{ total: 24564 * MIB, free: 23010 * MIB }]);
    assert.deepEqual(two, one);
    assert.equal(
      readFileSync(calls, 'utf8'),
      '--query-gpu=memory.total,memory.free --format=csv,noheader,nounits\n',
    );
  });

  it('is not known where nvidia-smi fails or is not there', async function () {
    if (process.platform === 'win32') this.skip();
    smi('echo "NVIDIA-SMI has failed"; exit 9');
    assert.deepEqual(await nvidiaMemory(), []);
    process.env.PATH = tempDir();
    assert.deepEqual(await nvidiaMemory(), []);
  });

  it('is read of cards whose driver tells it', async () => {
    const dir = tempDir();
    const card = (name: string, files: Record<string, string>) => {
      mkdirSync(join(dir, name, 'device'), { recursive: true });
      for (const [file, text] of Object.entries(files)) writeFileSync(join(dir, name, 'device', file), text);
    };
    card('card0', { vendor: '0x8086\n' });
    card('card1', { mem_info_vram_total: '17163091968\n', mem_info_vram_used: '1203249152\n' });
    card('card1-DP-1', { mem_info_vram_total: '1\n', mem_info_vram_used: '1\n' });
    assert.deepEqual(await drmCards(dir), [{ total: 17_163_091_968, free: 15_959_842_816 }]);
    assert.deepEqual(await drmCards(join(dir, 'none')), []);
  });
});
