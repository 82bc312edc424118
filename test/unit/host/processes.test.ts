import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isSameProcess, startOf } from '../../../src/host/processes';
import { skip } from '../../support/skip';

describe('a process by its number and start', () => {
  it('is known while it lives, and not after', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const start = await startOf(child.pid!);
    assert.ok(await isSameProcess(child.pid!, start));
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(await isSameProcess(child.pid!, start), false);
  });

  it('is not another that was given its number', async function () {
    if (process.platform !== 'linux') skip(this, 'only Linux tells when a process started');
    const own = await startOf(process.pid);
    assert.match(own, /^[0-9a-f]{8}_\d+$/);
    assert.ok(await isSameProcess(process.pid, own));
    assert.equal(await isSameProcess(process.pid, `${own}1`), false);
  });
});
