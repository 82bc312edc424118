import { setImmediate as turn } from 'node:timers/promises';
import { arr, obj, oneOf } from '../../core/decode';
import { compareJudges } from '../../core/judges/build';
import { exportJudges } from '../../core/judges/export';
import { nothingText } from '../../core/judges/export/words';
import { comparesNothing, JUDGES_REPORT_FORMATS, type JudgesReport } from '../../core/judges/report';
import { problem } from '../../core/problem';
import type { JudgesParams, JudgesProgress } from '../../protocol/judges';
import type { HandlerContext } from '../../protocol/rpc';
import { readJudges } from '../log/judges';
import { writeWhole } from '../wholeFile';
import { path } from './params';
import type { Session } from './session';

const IMPORTED = 'Some of the verdicts in the record were made on another machine.';

/** Parameters of `judges`, checked as they come off the wire. */
export function decodeJudgesParams(value: unknown): JudgesParams {
  const o = obj(value, 'judges');
  return {
    logDirs: arr(o.logDirs, 'logDirs').map((v, i) => path(v, `logDirs[${i}]`)),
    outputs: arr(o.outputs, 'outputs').map((v, i) => {
      const output = obj(v, `outputs[${i}]`);
      return {
        format: oneOf(output.format, JUDGES_REPORT_FORMATS, `outputs[${i}].format`),
        path: path(output.path, `outputs[${i}].path`),
      };
    }),
  };
}

/** Reads the records and compares their judges; between two comparisons others have their turn. */
export async function judgesOf(
  session: Session,
  { logDirs, outputs }: JudgesParams,
  { signal, progress }: HandlerContext<JudgesProgress>,
): Promise<JudgesReport> {
  const dirs = [...new Set(logDirs)];
  progress({ done: 0, total: 0 });
  const { record, votes, machines } = await readJudges(
    dirs.map((dir) => session.logsOf(dir)),
    async () => {
      await turn();
      signal.throwIfAborted();
    },
  );
  const here = await session.machine();
  const unread = dirs.flatMap((dir) =>
    (['verdicts', 'rows', 'votes'] as const).flatMap((kind) => session.unread(dir, kind).text ?? []),
  );
  const isImported = machines.some((machine) => machine !== here);
  const counting = compareJudges(record, votes, {
    at: new Date().toISOString(),
    notes: [...unread, ...(isImported ? [IMPORTED] : [])],
  });
  for (;;) {
    const step = counting.next();
    if (step.done) return deliver(step.value, outputs, signal);
    progress(step.value);
    await turn();
    signal.throwIfAborted();
  }
}

async function deliver(
  report: JudgesReport,
  outputs: JudgesParams['outputs'],
  signal: AbortSignal,
): Promise<JudgesReport> {
  if (comparesNothing(report)) {
    const { message, fix } = nothingText(report);
    throw problem('empty', message, fix);
  }
  for (const { format, path: target } of outputs)
    await writeWhole(target, [exportJudges(format, report)], signal);
  return report;
}
