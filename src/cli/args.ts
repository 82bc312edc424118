import { parseArgs } from 'node:util';
import { DEVICES, type Device } from '../protocol/engine';

/** A command line that cannot be understood: exit code 2. */
export class UsageError extends Error {}

export interface Common {
  json: boolean;
  device: Device;
  /** As given: a folder, `none`, or undefined for the usual place. */
  log: string | undefined;
  again: boolean;
}

export type Command =
  | { name: 'help' }
  | { name: 'version' }
  | ({ name: 'compare'; a: string; b: string; prompt: string | undefined } & Common)
  | ({ name: 'judge'; pairs: string; root: string | undefined } & Common);

export const HELP = `Usage:
  aesrm compare A B [options]          which of two clips is better, on what, and where to look
  aesrm judge PAIRS.jsonl|- [options]  many pairs; one line each, in order of completion

Each line of PAIRS.jsonl is {"a": PATH, "b": PATH, "id"?: ID, "prompt"?: TEXT};
paths are relative to the file's folder, or to the current one for "-".

Options:
  --json          JSON on stdout and nothing else; judge writes one line per pair
  --judge ID      which judge to ask: compact
  --device NAME   ${DEVICES.join(', ')}
  --prompt TEXT   what the clips were generated from (compare)
  --root DIR      what the paths of PAIRS.jsonl are relative to (judge)
  --log DIR|none  where the record is kept; without it, the nearest .aesrm of yours above
                  the current folder, or between it and the clips, else a new one here
  --again         judge again what the log already knows
  --help, --version

Environment: AESRM_CACHE, the folder of the cache; FFMPEG_BIN, an ffmpeg.
Exit codes: 0 done; 1 an input was refused; 2 usage; 3 a check failed.
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  again: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
  judge: { type: 'string', default: 'compact' },
  device: { type: 'string', default: 'auto' },
  log: { type: 'string' },
  prompt: { type: 'string' },
  root: { type: 'string' },
} as const;

export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals } = parse(argv);
  const [name, ...rest] = positionals;
  if (values.help || name === 'help') return { name: 'help' };
  if (values.version) return { name: 'version' };
  const { json, again, log, prompt, root } = values;
  if (values.judge !== 'compact')
    throw new UsageError(`there is no judge "${values.judge}"; there is: compact`);
  const common: Common = { json, again, log, device: device(values.device) };
  if (name === 'compare') {
    if (root !== undefined) throw new UsageError('--root goes with judge');
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

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. .*$/s, ''));
  }
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
