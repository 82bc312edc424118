import { dirname } from 'node:path';
import type { JudgeSpec } from '../core/judgeSpec';
import { ProblemError, toProblem, type Problem } from '../core/problem';
import { CRITERION_IDS } from '../core/rubric';
import { verdictText } from '../core/verdictText';
import type { Engine } from '../engine/client';
import type { CompareProgress } from '../protocol/engine';
import type { Command } from './args';
import { clearStatus, complain, keptIn, problemText, status, type Output } from './output';
import { clipRequest, logDir } from './places';

type Compare = Extract<Command, { name: 'compare' }>;

/** `aesrm compare A B`; returns the exit code. */
export async function runCompare(
  command: Compare,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
  judge: JudgeSpec,
): Promise<number> {
  const log = logDir(command.log, [dirname(command.a), dirname(command.b)]);
  const { prompt, again, json } = command;
  const problems = new Map<string, Problem>();
  const written = new Set<string>();
  const onProgress = (step: CompareProgress) => {
    if (step.stage === 'problem') problems.set(step.problem.message, step.problem);
    else if (step.stage === 'note') complain(step.text);
    else if (step.stage === 'criterion') told(written.add(step.criterion.id));
    else if (step.stage === 'restarted') {
      for (const id of step.withdrawn) written.delete(id);
      told(written, ', an answer is begun anew');
    } else show(step);
  };
  const clips = { a: clipRequest(command.a, log), b: clipRequest(command.b, log) };
  const params = { ...clips, judge, logDir: log, again };
  try {
    const result = await engine.compare(prompt === undefined ? params : { ...params, prompt }, {
      signal,
      onProgress,
    });
    clearStatus();
    if (result.logCreated) keptIn(log);
    if (result.logProblem) complain(`the verdict was not kept: ${problemText(result.logProblem)}`);
    if (json) await out.json({ ...result.verdict, fromLog: result.fromLog });
    else await out.write(verdictText(result.verdict, { color: colours(), width: columns() }));
    return 0;
  } catch (error) {
    if (signal.aborted || !(error instanceof ProblemError)) throw error;
    const { problem } = error;
    if (!problems.has(problem.message)) problems.set(problem.message, problem);
    for (const p of problems.values()) complain(problemText(p));
    if (json) await out.json({ error: toProblem(error) });
    return 1;
  }
}

function told(written: ReadonlySet<string>, more = ''): void {
  status(`judging: ${written.size} of ${CRITERION_IDS.length} criteria${more}`);
}

function show(step: CompareProgress): void {
  if (step.stage === 'judging') status('judging');
  if (step.stage !== 'decoding') return;
  const of = step.of === undefined ? '' : ` of ${step.of.toFixed(1)}`;
  status(`decoding ${step.side}: ${step.seconds.toFixed(1)}${of} s`);
}

function colours(): boolean {
  return process.stdout.isTTY === true && !process.env.NO_COLOR;
}

function columns(): number {
  return Math.min(100, Math.max(40, process.stdout.columns ?? 80));
}
