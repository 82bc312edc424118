import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import files from 'node:fs/promises';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { takeLock, type Held } from '../../../src/engine/log/lock';
import { program } from '../../support/program';
import { cleanUp, tempDir } from './support';

const isTaken = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ELOCKED';

/** Another process that takes the lock, says so and when it has lost it, and holds it until it is ended. */
async function holder(file: string): Promise<ChildProcess> {
  const path = program(
    'lock-holder',
    `import { takeLock, type Held } from './src/engine/log/lock';
     setInterval(() => undefined, 1000);
     takeLock(process.argv[2]).then((held) => {
       held.lost.addEventListener('abort', () => held.release().then(() => process.stdout.write('lost')));
       process.stdout.write('held');
     });`,
  );
  const child = spawn(process.execPath, [path, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.equal(String((await once(child.stdout!, 'data'))[0]), 'held');
  return child;
}

/** Does `work` before the next file is removed: the process stands still there. */
function beforeRemoving(work: () => Promise<unknown>): void {
  const { rm } = files;
  files.rm = async (...of: Parameters<typeof rm>) => {
    files.rm = rm;
    await work();
    return rm(...of);
  };
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

  it('of a process elsewhere holds as long as it is renewed, whatever the clocks say', async () => {
    mkdirSync(`${file}.lock`);
    const note = { where: 'another machine', pid: 999_999_999 };
    writeFileSync(`${file}.lock/holder-x`, JSON.stringify(note));
    let clock = Date.now() - 3_600_000;
    const renew = () => utimesSync(`${file}.lock/holder-x`, new Date(clock), new Date((clock += 1000)));
    renew();
    const renewing = setInterval(renew, 1000);
    try {
      await assert.rejects(takeLock(file, 6500), isTaken);
    } finally {
      clearInterval(renewing);
    }
    clock += 7_200_000;
    renew();
    await assert.rejects(takeLock(file), isTaken);
    await (await takeLock(file, 8000)).release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('of a process that died before it said its name is freed', async () => {
    mkdirSync(`${file}.lock`);
    await assert.rejects(takeLock(file), isTaken);
    await (await takeLock(file, 4000)).release();
  });

  it('is not taken from who came while the one before stood still on its way out', async () => {
    const held = await takeLock(file);
    let next: Held | undefined;
    beforeRemoving(async () => (next = await takeLock(file, 10_000)));
    await held.release();
    assert.ok(await next!.isMine());
    await assert.rejects(takeLock(file), isTaken);
    await next!.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('is not taken from who came while another stood still that was freeing it', async () => {
    await end(await holder(file));
    let next: Held | undefined;
    beforeRemoving(async () => (next = await takeLock(file, 10_000)));
    await assert.rejects(takeLock(file), isTaken);
    assert.ok(await next!.isMine());
    await next!.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('outlives a note beside that a dead process left', async () => {
    const child = await holder(file);
    const [dead] = readdirSync(`${file}.lock`);
    const text = readFileSync(`${file}.lock/${dead}`, 'utf8');
    await end(child);
    const held = await takeLock(file);
    writeFileSync(`${file}.lock/${dead}`, text);
    await assert.rejects(takeLock(file), isTaken);
    assert.ok(await held.isMine());
    await held.release();
    assert.deepEqual(readdirSync(dir), []);
  });

  it('of a number that was given out again is freed all the same', async () => {
    await end(await holder(file));
    const [name] = readdirSync(`${file}.lock`);
    const note = JSON.parse(readFileSync(`${file}.lock/${name}`, 'utf8')) as { pid: number };
    writeFileSync(`${file}.lock/${name}`, JSON.stringify({ ...note, pid: process.ppid }));
    await assert.rejects(takeLock(file), isTaken);
    await (await takeLock(file, 10_000)).release();
  });

  it('is told to whoever lost it, and stays with who took it', async () => {
    const child = await holder(file);
    try {
      child.kill('SIGSTOP');
      const held = await takeLock(file, 10_000);
      const said = once(child.stdout!, 'data');
      child.kill('SIGCONT');
      assert.equal(String((await said)[0]), 'lost');
      assert.ok(await held.isMine());
      await assert.rejects(takeLock(file), isTaken);
      await held.release();
      assert.deepEqual(readdirSync(dir), []);
    } finally {
      await end(child);
    }
  });

  it('belongs to whose note was first, though another thinks it made the folder', async () => {
    const held = await takeLock(file);
    await Promise.all(Array.from({ length: 5 }, () => assert.rejects(takeLock(file, 300), isTaken)));
    assert.ok(await held.isMine());
    rmSync(`${file}.lock`, { recursive: true });
    const next = await takeLock(file);
    assert.deepEqual([await held.isMine(), held.lost.aborted], [false, true]);
    await held.release();
    assert.ok(await next.isMine(), "it is the other one's");
    await next.release();
  });

  it('writes, reads and removes through no link', async () => {
    const outside = tempDir();
    const [other, target] = [join(outside, 'holder-x'), join(outside, 'bashrc')];
    for (const path of [other, target]) writeFileSync(path, 'mine');
    symlinkSync(outside, `${file}.lock`);
    await assert.rejects(takeLock(file, 2000), isTaken);
    rmSync(`${file}.lock`);
    mkdirSync(`${file}.lock`);
    symlinkSync(target, `${file}.lock/holder-x`);
    const held = await takeLock(file, 4000);
    assert.ok(await held.isMine());
    await held.release();
    assert.deepEqual([readFileSync(other, 'utf8'), readFileSync(target, 'utf8')], ['mine', 'mine']);
  });
});
