import { readFile } from 'node:fs/promises';

/**
 * When a process started, as a word without spaces: with its number it names the process for good. Empty where the
 * system does not tell (it does on Linux) or there is no such process.
 */
export async function startOf(pid: number): Promise<string> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
      readFile(`/proc/${pid}/stat`, 'latin1'),
    ]);
    // After the name, which may hold anything: state, parent, ... and as the twentieth, ticks since the system started.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${boot.trim().slice(0, 8)}_${ticks}`;
  } catch {
    return '';
  }
}

/** Whether a process lives and is the one that started then. */
export async function isSameProcess(pid: number, start: string): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return start === (await startOf(pid));
}
