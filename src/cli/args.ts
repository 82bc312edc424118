import { parseArgs } from 'node:util';
import { BENCH_FORMATS, type BenchFormat } from '../core/bench/formats';
import { EXPORT_FORMATS, type ExportFormat } from '../core/sweep/formats';
import { PAIRINGS, type Pairing } from '../core/sweep/table';
import { DEVICES, type Device } from '../protocol/engine';
import { MOST_FRAMES, MOST_SAMPLES } from '../core/judgeSpec';
import type { JudgeOption } from './judgeOption';
import { UsageError } from './usage';

export interface Common {
  json: boolean;
  device: Device;
  /** As given: a folder, `none`, or undefined for the usual place. */
  log: string | undefined;
  again: boolean;
  asks: JudgeOption;
}

export type Command =
  | { name: 'help' }
  | { name: 'version' }
  | ({ name: 'compare'; a: string; b: string; prompt: string | undefined } & Common)
  | ({ name: 'judge'; pairs: string; root: string | undefined } & Common)
  | ({ name: 'bench'; pairs: string; root: string | undefined } & BenchOptions & Common)
  | ({ name: 'judges' } & Common)
  | ({ name: 'encode'; files: string[] } & Common)
  | ({ name: 'sweep'; dir: string } & SweepOptions & Common);

export interface SweepOptions {
  baseline: string | undefined;
  pairs: Pairing;
  pattern: string | undefined;
  grid: string | undefined;
  watch: boolean;
  scan: boolean;
  failOnRegression: boolean;
  retryBroken: boolean;
  /** In the order given. */
  exports: [format: ExportFormat, path: string][];
}

export interface BenchOptions {
  /** An earlier report. */
  compare: string | undefined;
  /** In the order given. */
  outputs: [format: BenchFormat, path: string][];
}

export const HELP = `Usage:
  aesrm compare A B [options]          which of two clips is better, on what, and where to look
  aesrm judge PAIRS.jsonl|- [options]  many pairs; one line each, in order of completion
  aesrm sweep DIR [options]            samples of many checkpoints: which is better, where it got worse
  aesrm bench PAIRS.csv [options]      how often the judge agrees with labels, by source and aspect
  aesrm judges [options]               how the judges of a record agree with each other and with votes
  aesrm encode FILE... [options]       reads clips into the cache

Each line of PAIRS.jsonl is {"a": PATH, "b": PATH, "id"?: ID, "prompt"?: TEXT};
paths are relative to the file's folder, or to the current one for "-".

Options:
  --json          JSON on stdout and nothing else; judge writes one line per pair
  --judge JUDGE   which judge to ask: compact; a model of --endpoints; or local:FOLDER, a
                  vision-language model in ONNX (see below)
  --device NAME   ${DEVICES.join(', ')}
  --prompt TEXT   what the clips were generated from (compare)
  --root DIR      what the paths of PAIRS are relative to, else its own folder (judge, bench)
  --log DIR|none  where the record is kept; without it, the nearest .aesrm of yours above
                  the current folder, or between it and the clips, else a new one here
  --again         judge again what the log already knows
  --help, --version

Options of a vision-language judge:
  --endpoints FILE       the servers, as JSON: a list as in the setting aesrm.endpoints
  --allow-host HOST      frames of the clips may be sent there; not needed for this machine
  --verdict-only         without the reasons: two short answers a pair instead of two long ones
  --overall-only         one token in each order of the clips: the verdict on the whole alone
  --samples N            answers in each order of the clips, 1 to ${MOST_SAMPLES}
  --frames N             frames of each clip, 1 to ${MOST_FRAMES}
  --protocol FILE        a text in place of the built-in one (aesrm.chain/1)

Options of sweep:
  --scan                 show what is recognised and what is to do; judge nothing
  --baseline C           the column to measure against: its name, or its number; else the first
  --pairs HOW            ${PAIRINGS.join(', ')}
  --pattern P            where names say what, as in {checkpoint}/{prompt}_{seed}.mp4
  --grid ID              which grid, where a folder holds several
  --export FORMAT=PATH   more than once if need be: ${EXPORT_FORMATS.slice(0, 4).join(', ')};
                         preference pairs: ${EXPORT_FORMATS.slice(4).join(', ')}
  --watch                wait for new samples until it is stopped
  --retry-broken         try broken clips again
  --fail-on-regression   exit with 3 where a column got worse than the one before it
  Stopped, it keeps what is judged, and the same command goes on from there.
  Broken clips are told and left out; exit 1 only where no grid or no whole clip is left,
  or where an export cannot be made.

Options of bench:
  --out FILE             the report as ${BENCH_FORMATS.map((f) => `.${f}`).join(', ')}; more than once if need be
  --compare REPORT.json  an earlier report: how its judge differs from this one, on the same labels
  PAIRS.csv has the columns a, b, preferred (A, B, tie), aspect, label_kind, source, group.
  Stopped, it keeps the encodings, and the same command goes on from there.
  Missing and broken clips are told and left out; exit 1 only where no pair is left.

Environment: AESRM_CACHE, the folder of the cache; FFMPEG_BIN, an ffmpeg; AESRM_ENDPOINT_KEY,
the key of the server that is asked.
Exit codes: 0 done; 1 an input was refused; 2 usage; 3 a check failed.
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  again: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
  judge: { type: 'string', default: 'compact' },
  endpoints: { type: 'string' },
  'allow-host': { type: 'string', multiple: true },
  'verdict-only': { type: 'boolean' },
  'overall-only': { type: 'boolean' },
  samples: { type: 'string' },
  frames: { type: 'string' },
  protocol: { type: 'string' },
  device: { type: 'string', default: 'auto' },
  log: { type: 'string' },
  prompt: { type: 'string' },
  root: { type: 'string' },
  baseline: { type: 'string' },
  pairs: { type: 'string' },
  pattern: { type: 'string' },
  grid: { type: 'string' },
  export: { type: 'string', multiple: true },
  watch: { type: 'boolean' },
  scan: { type: 'boolean' },
  'fail-on-regression': { type: 'boolean' },
  'retry-broken': { type: 'boolean' },
  out: { type: 'string', multiple: true },
  compare: { type: 'string' },
} as const;

const SWEEP_ONLY = [
  ...(['baseline', 'pairs', 'pattern', 'grid', 'export', 'watch', 'scan'] as const),
  ...(['fail-on-regression', 'retry-broken'] as const),
];

const BENCH_ONLY = ['out', 'compare'] as const;

export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  if (values.help || name === 'help') return { name: 'help' };
  if (values.version) return { name: 'version' };
  const { json, again, log, prompt, root } = values;
  const common: Common = { json, again, log, device: device(values.device), asks: judgeOption(values) };
  refuseUnfit(name, values);
  if ((name === 'encode' || name === 'judges') && values.judge !== 'compact')
    throw new UsageError(`--judge does not go with ${name}`);
  if (name === 'sweep') {
    const [dir] = operands(rest, 1, 'sweep takes one folder');
    return { name, dir: dir!, ...sweepOptions(values), ...common };
  }
  if (name === 'bench') return { name, root, ...benchOptions(rest, values), ...common };
  if (name === 'judges') {
    operands(rest, 0, 'judges takes no operand');
    if (log === 'none') throw new UsageError('judges reads a record: --log none has none');
    return { name, ...common };
  }
  if (name === 'encode') {
    if (rest.length === 0 || rest.includes('')) throw new UsageError('encode takes at least one clip');
    return { name, files: rest, ...common };
  }
  if (name === 'compare') {
    const [a, b] = operands(rest, 2, 'compare takes two clips');
    return { name, a: a!, b: b!, prompt, ...common };
  }
  if (name === 'judge') {
    if (prompt !== undefined)
      throw new UsageError('--prompt goes with compare; judge reads prompts from its lines');
    const [pairs] = operands(rest, 1, 'judge takes one file of pairs, or "-"');
    return { name, pairs: pairs!, root, ...common };
  }
  throw new UsageError(name === undefined ? 'a command is missing' : `there is no command "${name}"`);
}

type Values = ReturnType<typeof parse>['values'];

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. .*$/s, ''));
  }
}

/** Of commands that ask no judge. */
const JUDGE_ONLY = [
  'endpoints',
  'allow-host',
  'verdict-only',
  'overall-only',
  'samples',
  'frames',
  'protocol',
] as const;

/** Options that a command does not take; what it does not know is refused, not passed over. */
const UNFIT: Readonly<Record<string, readonly (keyof Values)[]>> = {
  compare: ['root'],
  sweep: ['prompt', 'root', 'again'],
  encode: ['prompt', 'root', 'again', ...JUDGE_ONLY],
  bench: ['prompt', 'log', 'again'],
  judges: ['prompt', 'root', 'again', ...JUDGE_ONLY],
};

function refuseUnfit(name: string | undefined, values: Values): void {
  const unfit = (UNFIT[name ?? ''] ?? []).find(
    (option) => values[option] !== undefined && values[option] !== false,
  );
  if (unfit) throw new UsageError(`--${unfit} does not go with ${name}`);
  const only = { sweep: SWEEP_ONLY, bench: BENCH_ONLY };
  for (const [command, options] of Object.entries(only)) {
    const stray = name === command ? undefined : options.find((option) => values[option] !== undefined);
    if (stray) throw new UsageError(`--${stray} goes with ${command}`);
  }
}

function judgeOption(values: Values): JudgeOption {
  const samples = upTo(values.samples, MOST_SAMPLES, 'samples');
  const frames = upTo(values.frames, MOST_FRAMES, 'frames');
  return {
    judge: values.judge,
    endpoints: values.endpoints,
    allowed: values['allow-host'] ?? [],
    protocol: values.protocol,
    asked: {
      ...modeOption(values),
      ...(samples === undefined ? {} : { samples }),
      ...(frames === undefined ? {} : { frames }),
    },
  };
}

function modeOption(values: Values): Pick<JudgeOption['asked'], 'mode'> {
  const { 'verdict-only': verdict, 'overall-only': overall } = values;
  if (verdict && overall) throw new UsageError('--verdict-only does not go with --overall-only');
  return verdict ? { mode: 'base' } : overall ? { mode: 'overall' } : {};
}

function upTo(text: string | undefined, most: number, name: string): number | undefined {
  if (text === undefined) return undefined;
  const n = Number(text);
  if (!Number.isInteger(n) || n < 1 || n > most)
    throw new UsageError(`--${name} is a whole number from 1 to ${most}`);
  return n;
}

function benchOptions(rest: string[], values: Values): BenchOptions & { pairs: string } {
  const [pairs] = operands(rest, 1, 'bench takes one file of labelled pairs');
  return { pairs: pairs!, compare: values.compare, outputs: (values.out ?? []).map(outOption) };
}

function outOption(path: string): [BenchFormat, string] {
  const format = BENCH_FORMATS.find((f) => path.toLowerCase().endsWith(`.${f}`));
  if (!format)
    throw new UsageError(`--out takes a file that ends in ${BENCH_FORMATS.map((f) => `.${f}`).join(', ')}`);
  return [format, path];
}

function sweepOptions(values: Values): SweepOptions {
  const { baseline, pattern, grid, watch = false, scan = false } = values;
  const pairs = PAIRINGS.find((p) => p === (values.pairs ?? 'all'));
  if (!pairs) throw new UsageError(`--pairs is one of ${PAIRINGS.join(', ')}`);
  if (scan && (watch || values.export))
    throw new UsageError('--scan judges nothing: no --watch, no --export');
  return {
    ...{ baseline, pattern, grid, watch, scan, pairs },
    failOnRegression: values['fail-on-regression'] ?? false,
    retryBroken: values['retry-broken'] ?? false,
    exports: (values.export ?? []).map(exportOption),
  };
}

function exportOption(text: string): [ExportFormat, string] {
  const at = text.indexOf('=');
  const format = EXPORT_FORMATS.find((f) => f === text.slice(0, at));
  if (!format || at === text.length - 1)
    throw new UsageError(`--export takes FORMAT=PATH, the format one of ${EXPORT_FORMATS.join(', ')}`);
  return [format, text.slice(at + 1)];
}

function operands(rest: string[], count: number, what: string): string[] {
  if (rest.length !== count || rest.includes('')) throw new UsageError(`${what}, ${rest.length} given`);
  return rest;
}

function device(name: string): Device {
  const known = DEVICES.find((d) => d === name);
  if (!known) throw new UsageError(`there is no device "${name}"; there are: ${DEVICES.join(', ')}`);
  return known;
}
