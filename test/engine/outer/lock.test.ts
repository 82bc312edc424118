import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { takeLock } from '../../../src/engine/log/lock';
import { program } from '../../support/program';
import { cleanUp, tempDir } from './support';

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ELOCKED';

/** Another process that takes the lock, says so, and holds it until it is ended. */
async function holder(file: string): Promise<ChildProcess> {
  const path = program(
    'lock-holder',
    `import { takeLock } from './src/engine/log/lock';
     setInterval(() => undefined, 1000);
     takeLock(process.argv[2]).then(() => process.stdout.write('held'));`,
  );
  const child = spawn(process.execPath, [path, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout!, 'data');
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a lock between processes', () => {
  let dir: string;
  let file: string;
  beforeEach(() => {
    dir = tempDir();
    file = join(dir, 'log');
  });
  afterEach(cleanUp);

  it('is held by one, and leaves nothing behind', async () => {
    const held = await takeLock(file);
    await assert.rejects(takeLock(file), isTaken);
    assert.ok(await held.isMine());
    await held.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('of another process holds as long as that lives, and not a moment longer', async () => {
    const child = await holder(file);
    try {
      await assert.rejects(takeLock(file), isTaken);
    } finally {
      await end(child);
    }
    const held = await takeLock(file);
    assert.ok(await held.isMine());
    await held.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('of a dead process goes to one of many that wait', async () => {
    await end(await holder(file));
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(file)));
    const won = tries.filter((t) => t.status === 'fulfilled');
    assert.equal(won.length, 1);
    assert.ok(await won[0]!.value.isMine());
  });

  it('of a process elsewhere holds until it is stale', async () => {
    mkdirSync(`${file}.lock`);
    const note = { where: 'another machine', pid: 999_999_999, id: 'x' };
    writeFileSync(`${file}.holder`, JSON.stringify(note));
    await assert.rejects(takeLock(file), isTaken);
    const past = new Date(Date.now() - 6000);
    utimesSync(`${file}.lock`, past, past);
    await (await takeLock(file)).release();
  });

  it('of a process that died before it said its name is freed', async () => {
    mkdirSync(`${file}.lock`);
    await assert.rejects(takeLock(file), isTaken);
    const past = new Date(Date.now() - 1500);
    utimesSync(`${file}.lock`, past, past);
    await (await takeLock(file)).release();
  });

  it('is told to whoever lost it', async () => {
    const held = await takeLock(file);
    const past = new Date(Date.now() - 6000);
    utimesSync(`${file}.lock`, past, past);
    const child = await holder(file);
    try {
      assert.equal(await held.isMine(), false);
      assert.ok(held.lost.aborted);
      await held.release();
      assert.ok(existsSync(`${file}.lock`), "it is the other one's");
    } finally {
      await end(child);
    }
  });

  it('writes and reads its note through no link', async () => {
    const outside = join(tempDir(), 'bashrc');
    writeFileSync(outside, 'mine');
    symlinkSync(outside, `${file}.holder`);
    const held = await takeLock(file);
    assert.ok(await held.isMine());
    assert.equal(readFileSync(outside, 'utf8'), 'mine');
    await held.release();
  });
});
