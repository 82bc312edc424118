import { dirname, resolve } from 'node:path';
import type { JudgeSpec } from '../core/judgeSpec';
import { cancelled, ProblemError, toProblem, type Problem } from '../core/problem';
import { probabilitiesText, winnerText } from '../core/verdictFacts';
import { verdictLine } from '../core/verdictLine';
import { plainLine } from '../core/markdown';
import type { Engine } from '../engine/client';
import type { CompareResult } from '../protocol/engine';
import type { Command } from './args';
import { complain, keptIn, problemText, type Output } from './output';
import { readPairs, type PairId, type PairLine, type ReadPair } from './pairs';
import { clipRequest, logDir } from './places';

type Judge = Extract<Command, { name: 'judge' }>;

/** Pairs that the engine knows of at once, at least: one works, the others are hashed and ready. */
const IN_FLIGHT = 4;

/** `aesrm judge PAIRS.jsonl`: one line per pair, in order of completion; returns the exit code. */
export async function runJudge(
  command: Judge,
  engine: Engine,
  out: Output,
  signal: AbortSignal,
  judge: JudgeSpec,
  width: number,
): Promise<number> {
  const base = resolve(command.root ?? (command.pairs === '-' ? '.' : dirname(command.pairs)));
  const log = logDir(command.log, [base]);
  const told = new Set<string>();
  let refused = 0;
  const refuse = async (id: PairId, problem: Problem) => {
    refused++;
    complain(`pair ${id}: ${problemText(problem)}`);
    if (command.json) await out.json({ id, error: problem });
  };
  const once = (text: string) => {
    if (!told.has(text)) complain(text);
    told.add(text);
  };
  const work = async (read: ReadPair) => {
    if ('error' in read) return refuse(read.id, { code: 'internal', message: read.error });
    try {
      const result = await ask(read.pair, engine, { judge, log, again: command.again, signal, note: once });
      if (result.logCreated) keptIn(log);
      if (result.logProblem) once(`the verdicts are not kept: ${problemText(result.logProblem)}`);
      await (command.json ? out.json(record(read.id, result)) : out.write(row(read.id, result)));
    } catch (error) {
      if (signal.aborted || !(error instanceof ProblemError)) throw error;
      await refuse(read.id, toProblem(error));
    }
  };
  try {
    await eachOf(readPairs(command.pairs, command.root), Math.max(IN_FLIGHT, width), work, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof ProblemError)) throw error;
    complain(problemText(error.problem));
    refused++;
  }
  return refused > 0 ? 1 : 0;
}

interface How {
  judge: JudgeSpec;
  log: string | null;
  again: boolean;
  signal: AbortSignal;
  note(text: string): void;
}

function ask(
  { a, b, prompt }: PairLine,
  engine: Engine,
  { judge, log, again, signal, note }: How,
): Promise<CompareResult> {
  const params = { a: clipRequest(a, log), b: clipRequest(b, log), judge, logDir: log, again };
  return engine.compare(prompt === undefined ? params : { ...params, prompt }, {
    signal,
    onProgress: (step) => {
      if (step.stage === 'note') note(step.text);
    },
  });
}

function record(id: PairId, { verdict, fromLog }: CompareResult) {
  return { id, fromLog, verdict: verdictLine(verdict) };
}

function row(id: PairId, { verdict: { overall, a, b } }: CompareResult): string {
  const fields = [id, winnerText(overall.winner), probabilitiesText(overall), a.path, b.path];
  return `${fields.map((field) => plainLine(String(field))).join('\t')}\n`;
}

/** Works on what comes, so many at once; stops at the first failure. */
async function eachOf<T>(
  items: AsyncGenerator<T>,
  width: number,
  work: (item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const lane = async () => {
    for (let next = await items.next(); !next.done && !signal.aborted; next = await items.next())
      await work(next.value);
  };
  const all = Promise.all(Array.from({ length: width }, lane));
  const stopped = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(cancelled()), { once: true }),
  );
  await Promise.race([all, stopped]);
}
