#!/usr/bin/env node
import { DEFAULTS } from './core/defaults';
import { ProblemError } from './core/problem';
import { createEngine, type Engine } from './engine/client';
import { HELP, parseCommand, type Command } from './cli/args';
import { runBench } from './cli/bench';
import { runCompare } from './cli/compare';
import { runJudge } from './cli/judge';
import { chooseJudge, type ChosenJudge } from './cli/judgeOption';
import { runJudges } from './cli/judges';
import { clearStatus, complain, Output, problemText, status, systemReason } from './cli/output';
import { runEncode, runSweep } from './cli/sweep';
import { cacheDir, COMPACT_MODEL, version, WORKER } from './cli/places';
import { UsageError } from './cli/usage';

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The command line: the same engine as the extension's. Returns the exit code. */
async function main(argv: readonly string[], abort: AbortController): Promise<number> {
  const out = new Output(() => abort.abort(0));
  const command = parseCommand(argv);
  if (command.name === 'help') await out.write(HELP);
  if (command.name === 'version') await out.write(`${version()}\n`);
  if (command.name === 'help' || command.name === 'version') return 0;
  const chosen = chooseJudge(command.asks);
  const engine = engineFor(command, chosen);
  const { signal } = abort;
  try {
    if (command.name === 'judges') return await runJudges(command, engine, out, signal);
    if (command.name === 'encode') return await runEncode(command, engine, out, signal);
    const judge = await chosen.spec(engine, signal, ({ done, total }) =>
      status(`checking the model: ${Math.floor((100 * done) / Math.max(1, total))}%`),
    );
    clearStatus();
    if (command.name === 'compare') return await runCompare(command, engine, out, signal, judge);
    if (command.name === 'sweep') return await runSweep(command, engine, out, signal, judge);
    if (command.name === 'bench') return await runBench(command, engine, out, signal, judge);
    return await runJudge(command, engine, out, signal, judge, chosen.width);
  } finally {
    clearStatus();
    await engine.dispose();
  }
}

function engineFor({ device }: Extract<Command, { device: unknown }>, { access }: ChosenJudge): Engine {
  const config = {
    modelDir: COMPACT_MODEL,
    cacheDir: cacheDir(),
    cacheBytes: DEFAULTS['cache.maxSizeMB'] * 1_000_000,
    device,
    decodeDeadline: DEFAULTS.decodeDeadlineSeconds,
  };
  const log = (level: string, text: string) => {
    if (process.env.AESRM_DEBUG) complain(`${level}: ${text}`);
  };
  return createEngine(config, { workerPath: WORKER, log, endpointAccess: access });
}

function exitCodeOf(error: unknown): number {
  if (ProblemError.is(error, 'cancelled')) return 1;
  if (error instanceof UsageError) {
    complain(`${error.message}; see aesrm --help`);
    return 2;
  }
  if (process.env.AESRM_DEBUG && error instanceof Error) complain(error.stack ?? error.message);
  complain(error instanceof ProblemError ? problemText(error.problem) : `${systemReason(error)}.`);
  return 1;
}

const abort = new AbortController();
for (const [signal, code] of Object.entries(SIGNALS)) process.on(signal, () => abort.abort(code));

main(process.argv.slice(2), abort)
  .catch(exitCodeOf)
  .then((code) => {
    // Cut short, by a signal or by a reader of stdout that went away: stdin may still be open.
    if (abort.signal.aborted) process.exit(abort.signal.reason as number);
    process.exitCode = code;
  });
