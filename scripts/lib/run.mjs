import { spawn } from 'node:child_process';

/**
 * @typedef {{cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number, quiet?: boolean,
 *   onLine?: (line: string) => void}} RunOptions
 */

/**
 * Runs a program to its end and gives its exit code and what it printed; prints it along unless `quiet`.
 * The program gets a process group of its own, all of which is ended at the deadline.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{code: number, output: string}>}
 */
export function run(command, args, { cwd, env, timeoutMs = 1_200_000, quiet = false, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let output = '';
    let rest = '';
    let late = false;
    const take = (stream) => (chunk) => {
      output += chunk;
      if (!quiet) stream.write(chunk);
      if (!onLine) return;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    for (const [from, to] of /** @type {const} */ ([
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ])) {
      from.setEncoding('utf8');
      from.on('data', take(to));
    }
    const timer = setTimeout(() => {
      late = true;
      endGroup(child.pid, 'SIGKILL');
    }, timeoutMs);
    const forward = (signal) => endGroup(child.pid, signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const end = (code, more = '') => {
      clearTimeout(timer);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      if (rest && onLine) onLine(rest);
      resolve({ code, output: output + more });
    };
    child.on('error', (error) => end(127, String(error.message)));
    child.on('close', (code, signal) => {
      const why = late ? `\n${command} was ended after ${timeoutMs / 1000} s\n` : '';
      if (why && !quiet) process.stderr.write(why);
      end(code ?? (signal ? 128 : 1), why);
    });
  });
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
export function endGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // it has ended by itself
  }
}
