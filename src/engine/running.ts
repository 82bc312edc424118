import { readFile } from 'node:fs/promises';

/** Whether a process of this machine lives; one that is dead and not yet collected does not. */
export async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const status =
    process.platform === 'linux' ? await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '') : '';
  return !/\) [ZX] /.test(status);
}
