import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Launcher, type Started } from '../../../src/engine/launcher/launcher';
import { h264 } from '../../support/clips';
import { FFMPEG } from '../../support/ffmpeg';
import { DIST } from '../../support/paths';
import { assertNoChildren, waitFor } from './support';

interface Heard {
  out: Buffer;
  err: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

function hear(child: Pick<Started, 'stdout' | 'stderr' | 'once'>): Promise<Heard> {
  const out: Buffer[] = [];
  let err = '';
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ out: Buffer.concat(out), err, code, signal }));
  });
}

const isRunning = (pid: number) => {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** Of abstract sockets that somebody listens on. */
const addresses = () =>
  [...readFileSync('/proc/net/unix', 'utf8').matchAll(/ @(aesrm-[0-9a-f]+)@*$/gm)].map(([, name]) => name!);

if (process.platform === 'linux')
  describe('starting ffmpeg through a small process', () => {
    let launcher: Launcher;
    beforeEach(() => (launcher = new Launcher(join(DIST, 'launcher.js'), process.env)));
    afterEach(async () => {
      launcher.dispose();
      await waitFor(() => launcher.pid === undefined);
    });
    after(assertNoChildren);

    async function started(path: string, args: readonly string[]): Promise<Started> {
      let child: Started | undefined;
      await waitFor(() => (child ??= launcher.start(path, args)) !== undefined);
      return child!;
    }

    it('output, errors and code are those of a direct start, also of several at a time', async () => {
      const args = ['-nostdin', '-nostats', '-loglevel', 'info', '-i', h264(), '-f', 'rawvideo', 'pipe:1'];
      const direct = await hear(spawn(FFMPEG, args, { stdio: ['ignore', 'pipe', 'pipe'] }) as never);
      const all = await Promise.all(
        Array.from({ length: 10 }, async () => hear(await started(FFMPEG, args))),
      );
      assert.ok(direct.out.length > 1_000_000);
      for (const { out, err, code } of all) {
        assert.equal(code, 0);
        assert.ok(out.equals(direct.out));
        assert.match(err, /Input #0.*Output #0/s);
      }
    });

    it('what nobody reads yet waits; nothing is lost of it', async () => {
      const child = await started('/bin/sh', ['-c', 'head -c 3000000 /dev/zero; echo end >&2; exit 3']);
      await waitFor(() => child.stdout.readableLength > 0);
      const { out, err, code } = await hear(child);
      assert.deepEqual([out.length, err, code], [3_000_000, 'end\n', 3]);
    });

    it('one that cannot be started says why', async () => {
      const child = await started('/nowhere/ffmpeg', []);
      await assert.rejects(hear(child), /ENOENT/);
      assert.equal(child.pid, undefined);
    });

    it('one that is killed has ended by that, and the next one starts', async () => {
      const child = await started('/bin/sleep', ['60']);
      const heard = hear(child);
      child.kill('SIGKILL');
      assert.deepEqual((await heard).signal, 'SIGKILL');
      assert.equal((await hear(await started('/bin/echo', ['hello']))).out.toString(), 'hello\n');
    });

    it('with the launcher ends what it started; that is said as lost, and nothing more is started', async () => {
      const child = await started('/bin/sleep', ['60']);
      await waitFor(() => child.pid !== undefined);
      const heard = hear(child);
      process.kill(launcher.pid!, 'SIGKILL');
      assert.equal((await heard).signal, 'SIGKILL');
      assert.equal(child.lost, true);
      await waitFor(() => !isRunning(child.pid!));
      assert.equal(launcher.start('/bin/echo', []), undefined);
    });

    it('what it started ends when it is let go', async () => {
      const child = await started('/bin/sleep', ['60']);
      await waitFor(() => child.pid !== undefined);
      launcher.dispose();
      await waitFor(() => !isRunning(child.pid!));
    });

    it('its secret is not among its arguments, which all on the machine may read', async () => {
      await started('/bin/true', []);
      const words = readFileSync(`/proc/${launcher.pid!}/cmdline`, 'utf8').split('\0').filter(Boolean);
      assert.deepEqual(words.slice(1), [join(DIST, 'launcher.js')]);
    });

    it('a stranger who connects is not heard', async () => {
      await waitFor(() => addresses().length > 0);
      let connected = 0;
      for (const name of addresses()) {
        const stranger = connect(`\0${name}`, () => connected++);
        // another engine's on this machine may be gone by now
        stranger.on('error', () => undefined);
        stranger.write(`${'0'.repeat(32)}00000000o and more`);
        await new Promise((closed) => stranger.resume().on('close', closed));
      }
      assert.ok(connected > 0);
      assert.equal((await hear(await started('/bin/echo', ['mine']))).out.toString(), 'mine\n');
    });
  });
