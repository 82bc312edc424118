import { JUDGES_TITLE, judgesOpening, judgesSections } from '../core/judges/export/sections';
import type { Engine } from '../engine/client';
import type { Command } from './args';
import { clearStatus, complain, status, type Output } from './output';
import { logDir, standInFor } from './places';
import { reportText } from './reportText';

type Judges = Extract<Command, { name: 'judges' }>;

/** `aesrm judges`; returns the exit code. */
export async function runJudges(
  command: Judges,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
): Promise<number> {
  // What is refused before is that there be none.
  const record = logDir(command.log, [])!;
  const params = { logDirs: [record, standInFor(record)], outputs: [] };
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    status(total === 0 ? 'reading the record' : `comparing judges: ${done} of ${total}`);
  const report = await engine.judges(params, { signal, onProgress });
  clearStatus();
  if (command.json) {
    for (const note of report.notes) complain(note);
    await out.json(report);
  } else await out.write(reportText(JUDGES_TITLE, judgesOpening(report), judgesSections(report)));
  return 0;
}
