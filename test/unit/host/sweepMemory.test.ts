import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import { startOf } from '../../../src/host/processes';
import { SweepMemory } from '../../../src/host/sweep/memory';

const memento = {
  get: () => undefined,
  update: () => Promise.resolve(),
  keys: () => [],
} as unknown as Memento;
const [one, two] = [
  { root: 'file:///one', running: true },
  { root: 'file:///two', running: false },
];

describe('the memory of open sweeps', () => {
  let dir: string;
  const troubles: unknown[] = [];
  const memory = () => new SweepMemory(dir, memento, (error) => void troubles.push(error));
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'aesrm-memory-'));
    troubles.length = 0;
  });
  afterEach(() => {
    rmSync(dir, { recursive: true });
    assert.deepEqual(troubles, []);
  });

  it('is on the disk at once, and gone with the last sweep', async () => {
    const own = memory();
    await own.write([one!, two!]);
    assert.deepEqual(await memory().read(), [one, two]);
    await own.write([]);
    assert.deepEqual(readdirSync(dir), []);
  });

  it('forgets windows that are no more, also where their number was given out again', async () => {
    const start = await startOf(process.ppid);
    const alive = `${process.ppid}-${start}.json`;
    const reused = `${process.ppid}-${start}0.json`;
    const dead = `999999999-${start}.json`;
    for (const name of [alive, reused, dead]) writeFileSync(join(dir, name), JSON.stringify([one]));
    const own = memory();
    assert.deepEqual(await own.read(), [one]);
    await own.write([two!]);
    await own.forgetDead();
    const mine = `${process.pid}-${await startOf(process.pid)}.json`;
    assert.deepEqual(readdirSync(dir).sort(), [alive, mine].sort());
    assert.deepEqual((await memory().read()).map(({ root }) => root).sort(), [one!.root, two!.root]);
  });

  it('keeps what a sweep may cost, of two windows that of the one in which it ran', async () => {
    const agreed = (judge: string) => ({
      judge,
      pairs: 1,
      asks: { requests: 2, frames: 32, tokens: { prompt: 9, completion: 9 }, bytes: 7 },
    });
    const own = memory();
    await own.write([{ ...one!, agreed: agreed('own') }]);
    assert.deepEqual(await memory().read(), [{ ...one, agreed: agreed('own') }]);
    for (const start of ['0', 'z'])
      writeFileSync(
        join(dir, `${start === '0' ? 1 : 999999999}-${start}.json`),
        JSON.stringify([{ ...one, running: false, agreed: agreed('other') }]),
      );
    assert.deepEqual(await memory().read(), [{ ...one, agreed: agreed('own') }]);
  });

  it('reads around files that are cut or strange', async () => {
    for (const [i, text] of ['', '[{"root":', '{"root":1}', '[7]'].entries())
      writeFileSync(join(dir, `${i + 1}-x.json`), text);
    assert.deepEqual(await memory().read(), []);
  });
});
