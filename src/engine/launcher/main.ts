import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  abstractAddress,
  greeting,
  type LauncherBeginning,
  type LauncherOrder,
  type LauncherWord,
  type OutputName,
} from './words';

/** Pairs of sockets kept ready: so many programs can start at the same moment. */
const READY = 4;

/**
 * The forked program: a small process that starts ffmpeg for a large one, because on Linux a start copies the page
 * tables of the process that asks for it. Output goes straight to the other process, through sockets that are
 * connected beforehand.
 */
function serve({ begin: { name, secret } }: LauncherBeginning): void {
  const address = abstractAddress(name);
  const running = new Map<number, ChildProcess>();
  const ready = new Map<number, Socket[]>();
  let next = 0;
  const say = (word: LauncherWord) => void process.send?.(word);
  const prepare = async () => {
    const id = next++;
    const open = (output: OutputName) => greeted(address, greeting(secret, id, output));
    ready.set(id, await Promise.all([open('stdout'), open('stderr')]));
  };
  const start = (id: number, path: string, args: readonly string[]) => {
    const [stdout, stderr] = ready.get(id) ?? [];
    ready.delete(id);
    if (!stdout || !stderr) return say({ id, failed: 'its outputs are gone' });
    const child = spawn(path, [...args], { stdio: ['ignore', stdout, stderr], windowsHide: true });
    // The child has its own; the other side hears of the end only when nobody else holds them.
    stdout.destroy();
    stderr.destroy();
    child.once('error', ({ message }) => {
      if (child.pid === undefined) say({ id, failed: message });
    });
    child.once('exit', (code, signal) => {
      running.delete(id);
      say({ id, ended: { code, signal } });
    });
    if (child.pid === undefined) return;
    running.set(id, child);
    say({ id, pid: child.pid });
    void prepare().catch(leave);
  };
  const leave = () => {
    for (const child of running.values()) child.kill('SIGKILL');
    process.exit(0);
  };
  process.on('disconnect', leave);
  process.on('SIGINT', () => undefined);
  process.on('message', (order: LauncherOrder) => {
    if ('kill' in order) running.get(order.id)?.kill('SIGKILL');
    else start(order.id, order.start.path, order.start.args);
  });
  Promise.all(Array.from({ length: READY }, prepare)).catch(leave);
}

async function greeted(address: string, words: string): Promise<Socket> {
  const socket = connect(address);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(words, resolve));
  return socket;
}

if (process.send) process.once('message', serve);
else process.stderr.write('This starts ffmpeg for the engine of AesRM Review; the engine starts it.\n');
