import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { uptime } from 'node:os';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import { arr, bool, obj, optional, str } from '../../core/decode';
import { decodeAgreement, type Agreement } from '../judges/agreement';
import { isSameProcess, startOf } from '../processes';

/** A sweep that was open, over the end of a window. */
export interface Kept {
  /** Its folder, as a URI. */
  root: string;
  /** It was being judged, or watched: it goes on. */
  running: boolean;
  /** What its judging may cost, so far as a person has agreed to it and it is not over. */
  agreed?: Agreement;
}

const KEY = 'aesrm.sweeps';
/** Process and its start: numbers are given out again, and in a container soon. */
const NAME = /^(\d+)-(\w*)\.json$/;

/**
 * Which sweeps each window of a workspace has open: a file per extension host, on the disk at once, because the
 * workbench writes its own memory down at its leisure and loses it where it is killed. A window without a workspace
 * has no place for files and remembers with the workbench.
 */
export class SweepMemory {
  private readonly own = startOf(process.pid).then((start) => `${process.pid}-${start}.json`);
  private writing: Promise<void> = Promise.resolve();
  private last = '[]';

  constructor(
    private readonly dir: string | undefined,
    private readonly memento: Memento,
    private readonly onTrouble: (error: unknown) => void,
  ) {}

  /** What windows had open that are no more, and what others have open. */
  async read(): Promise<Kept[]> {
    const { dir } = this;
    if (dir === undefined) return decoded(this.memento.get(KEY));
    const found = new Map<string, Kept>();
    for (const name of await namesIn(dir)) {
      const text = await readFile(join(dir, name), 'utf8').catch(() => '');
      for (const kept of decoded(parsed(text))) {
        const known = found.get(kept.root);
        // Of two windows, the one in which it ran knows what was agreed to.
        found.set(kept.root, known?.running ? known : { ...known, ...kept });
      }
    }
    return [...found.values()];
  }

  write(kept: readonly Kept[]): Promise<void> {
    const text = JSON.stringify(kept);
    if (text === this.last) return this.writing;
    this.last = text;
    return this.inTurn(() => this.writeNow(text, kept));
  }

  /** Once their sweeps are open here: the files of windows that are no more. */
  forgetDead(): Promise<void> {
    const { dir } = this;
    return this.inTurn(async () => {
      if (dir === undefined) return;
      const own = await this.own;
      for (const name of await namesIn(dir))
        if (name !== own && !(await isAlive(dir, name))) await rm(join(dir, name), { force: true });
    });
  }

  private async writeNow(text: string, kept: readonly Kept[]): Promise<void> {
    const { dir } = this;
    if (dir === undefined) return void (await this.memento.update(KEY, kept));
    const path = join(dir, await this.own);
    if (kept.length === 0) return rm(path, { force: true });
    await mkdir(dir, { recursive: true });
    const draft = `${path}.making`;
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    return (this.writing = this.writing.then(work).catch(this.onTrouble));
  }
}

async function namesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names.filter((name) => NAME.test(name)).sort();
}

/** Whether the window of a file is still there. */
async function isAlive(dir: string, name: string): Promise<boolean> {
  const [, pid, start] = NAME.exec(name)!;
  if (start === '' && (await isFromBefore(join(dir, name)))) return false;
  return isSameProcess(Number(pid), start!);
}

/** Whether a file was written before this system started: a number that was given out then says nothing. */
function isFromBefore(path: string): Promise<boolean> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs < Date.now() - uptime() * 1000,
    () => true,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return [];
  }
}

function decoded(value: unknown): Kept[] {
  try {
    return arr(value, 'sweeps').map((v) => {
      const o = obj(v, 'sweep');
      const agreed = optional(o.agreed, decodeAgreement);
      return {
        root: str(o.root, 'root'),
        running: bool(o.running, 'running'),
        ...(agreed === undefined ? {} : { agreed }),
      };
    });
  } catch {
    return [];
  }
}
