import { fork } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/paths';
import type { HostReport, HostTask } from './hostProcess';
import { CHECKPOINTS, madeUpSweep, PROMPTS } from './madeUp';
import { withEngine, type Figure } from './setting';

const RUN_MS = 15_000;

/** The extension host's part of a sweep of 10,000 clips whose last checkpoint is not judged yet, opened and running. */
export function hosts(): Promise<Figure[]> {
  return withEngine(async (_, dir, __, config) => {
    const judged = CHECKPOINTS - 1;
    const sweep = await madeUpSweep(dir, judged);
    const report = await inProcess({ config, sweep, runMs: RUN_MS });
    const whole = report.judged === (PROMPTS * judged * (judged - 1)) / 2;
    const only = (value: number) => (whole ? value : NaN);
    const size = `${CHECKPOINTS} x ${PROMPTS}`;
    return [
      { name: 'tree, open', value: only(report.tree), unit: 'ms', target: { atMost: 500 }, note: size },
      {
        name: "host's most memory",
        value: only(report.most),
        unit: 'MB',
        target: { atMost: 200 },
        note: `a process with the host's part alone; ${Math.round(report.before)} MB before`,
      },
      {
        name: "host's longest turn, opening",
        value: only(report.opening),
        unit: 'ms',
        target: { atMost: 50 },
      },
      {
        name: "host's longest turn, running",
        value: only(report.running),
        unit: 'ms',
        target: { atMost: 50 },
        note: `${report.messages} messages to the page in ${RUN_MS / 1000} s, ${report.sent.toFixed(1)} MB`,
      },
    ];
  });
}

function inProcess(task: HostTask): Promise<HostReport> {
  const child = fork(join(ROOT, 'out', 'bench', 'hostProcess.js'), { execArgv: ['--enable-source-maps'] });
  child.send(task);
  return new Promise((resolve, reject) => {
    child.once('message', (report) => resolve(report as HostReport));
    child.once('exit', (code) => reject(new Error(`the host's process ended with ${code}`)));
  });
}
