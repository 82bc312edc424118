import { dirname, resolve } from 'node:path';
import { benchOpening, benchSections, benchTitle } from '../core/bench/export/sections';
import type { JudgeSpec } from '../core/judgeSpec';
import type { BenchReport } from '../core/bench/report';
import type { Engine } from '../engine/client';
import type { BenchParams, BenchProgress } from '../protocol/bench';
import type { Command } from './args';
import { clearStatus, complain, problemText, status, type Output } from './output';
import { reportText } from './reportText';
import { asksText, pacedText } from './sweepText';

type Bench = Extract<Command, { name: 'bench' }>;

/** `aesrm bench PAIRS.csv`; returns the exit code. */
export async function runBench(
  command: Bench,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
  judge: JudgeSpec,
): Promise<number> {
  const params: BenchParams = {
    pairs: resolve(command.pairs),
    root: resolve(command.root ?? dirname(command.pairs)),
    ...(command.compare === undefined ? {} : { compare: resolve(command.compare) }),
    judge,
    outputs: command.outputs.map(([format, path]) => ({ format, path: resolve(path) })),
  };
  const { asks } = judge.kind === 'compact' ? {} : await engine.benchCost(params, { signal });
  if (asks) complain(asksText(asks));
  const ask = async (asked: BenchParams) => tell(command, await measured(asked, engine, signal));
  if (!command.json) {
    const report = await ask(params);
    await out.write(reportText(benchTitle(report), benchOpening(report), benchSections(report)));
    return 0;
  }
  await out.throughFile('bench.json', (path) =>
    ask({ ...params, outputs: [...params.outputs, { format: 'json', path }] }),
  );
  return 0;
}

async function measured(params: BenchParams, engine: Engine, signal: AbortSignal): Promise<BenchReport> {
  try {
    return await engine.bench(params, { signal, onProgress: (step) => status(progressText(step)) });
  } catch (error) {
    clearStatus();
    if (signal.aborted)
      complain('stopped; the clips that were read stay in the cache. The same command goes on from there.');
    throw error;
  } finally {
    clearStatus();
  }
}

/** What a reader of JSON or of a file alone would miss. */
function tell({ outputs }: Bench, report: BenchReport): BenchReport {
  for (const note of report.notes) complain(note);
  for (const { path, problem } of report.problems) complain(`${path}: ${problemText(problem)}`);
  for (const [format, path] of outputs) complain(`${format}: ${path}`);
  return report;
}

function progressText({ stage, ...step }: BenchProgress): string {
  return stage === 'counting' ? 'counting' : pacedText('judging', step);
}
