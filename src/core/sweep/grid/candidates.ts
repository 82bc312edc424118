import { namesCheckpoint } from './columns';
import type { Seen } from './seen';

/** A clip as the general inference sees it: its path with one position taken out. */
export interface Cut {
  seen: Seen;
  /** The text at the position. */
  value: string;
  /** Folders before the position; for a position in the name, all of them. */
  before: string;
  /** What is left behind the position. */
  behind: string;
}

/** One position of a path that might hold the checkpoint. */
export interface Candidate {
  id: string;
  /** How much more or less likely such a position holds checkpoints, all else equal. */
  prior: number;
  cut: (seen: Seen) => Omit<Cut, 'seen'> | undefined;
  /** Every value has to occur in nearly every row: else any two clips of a folder would be two checkpoints. */
  isWhole?: boolean;
}

const AMOUNT = '(?:\\d+(?:\\.\\d+)?k|\\d+)';
const STEP_WORDS = '(?:global[-_ ]?)?(?:steps?|iterations?|iters?|checkpoints?|ckpts?|epochs?|ep|gs|it)';
/** "step_2000", "ckpt5k" between other parts of a name. */
export const STEP_IN_NAME = new RegExp(`(^|[^a-zA-Z])(${STEP_WORDS}[-_ =]?${AMOUNT})(?![a-zA-Z\\d])`, 'i');
const STEP_ALONE = /(^|[^a-zA-Z\d])(\d+[-_ ]?(?:steps?|iterations?|iters?|epochs?))(?![a-zA-Z\d])/i;
/** "s2000", less sure than a word. */
const STEP_SHORT = /(^|[-_ .])(s\d{3,})(?![a-zA-Z\d])/i;
/** A first or last checkpoint at an end of the name. */
const STEP_OR_END = new RegExp(
  `${STEP_IN_NAME.source}|^()((?:base(?:line)?|final|best|ema|last|latest))(?=[-_ ])|([-_ ])((?:base(?:line)?|final|best|ema|last|latest))$`,
  'i',
);
const NOT_A_CHECKPOINT = /^(?:(?:prompt|video|sample|clip|seed|idx|index|p)[-_ #=]?\d+|s\d{1,2})$/i;
/** Generators by the names that they are known by. */
const MODEL =
  /^(?:wan|hunyuan|ltx|cogvideo|mochi|kling|gen-?[234]|sora|veo|pika|open-?sora|svd|lavie|vidu|luma|minimax|hailuo|skyreels|step-?video|animatediff|modelscope|seedance)/i;
const HASH = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}$/i;
/** Positions looked at from either end. */
const DEPTH = 6;

const PRIOR = { labelled: 1.3, short: 1.1, folder: 1, name: 0.8, token: 0.7, number: 0.6 };

export function candidatesFor(seen: readonly Seen[], folders: boolean): Candidate[] {
  const depth = Math.min(2 * DEPTH, Math.max(0, ...seen.map(({ dirs }) => dirs.length)));
  const even = seen.every(({ dirs }) => dirs.length === depth);
  const list: Candidate[] = [];
  for (let i = Math.min(depth, DEPTH); i >= 1; i--) list.push(folder(-i));
  if (!even) for (let i = 0; i < Math.min(depth, DEPTH); i++) list.push(folder(i));
  if (folders) return list;
  list.push(wholeName);
  list.push(labelled('step', STEP_OR_END), labelled('number', STEP_ALONE));
  list.push({ ...labelled('short', STEP_SHORT), prior: PRIOR.short });
  for (let i = 0; i < DEPTH; i++) list.push(token(i), token(-1 - i), number(i), number(-1 - i));
  return list;
}

/** A folder by its depth, from the top or (negative) from the clip up. */
function folder(at: number): Candidate {
  return {
    id: `folder ${at}`,
    prior: PRIOR.folder,
    cut: ({ dirs, stem }) => {
      const i = at < 0 ? dirs.length + at : at;
      const value = dirs[i];
      if (value === undefined) return undefined;
      return {
        value,
        before: dirs.slice(0, i).join('/'),
        behind: [...dirs.slice(i + 1), stem].join('/'),
      };
    },
  };
}

const wholeName: Candidate = {
  id: 'name',
  prior: PRIOR.name,
  isWhole: true,
  cut: ({ dirs, stem }) => cutName(dirs, stem, 0, stem.length),
};
/** Rows and the share of their cells that make a whole. */
const WHOLE = { rows: 2, fill: 0.8 };

function labelled(id: string, pattern: RegExp): Candidate {
  return {
    id: `labelled ${id}`,
    prior: PRIOR.labelled,
    cut: ({ dirs, stem }) => {
      const found = pattern.exec(stem);
      if (!found) return undefined;
      // A pattern of alternatives has two groups for each.
      const [before, value] = found.slice(1).filter((group) => group !== undefined);
      const from = found.index + before!.length;
      return cutName(dirs, stem, from, from + value!.length);
    },
  };
}

/** A part of the name between underscores, double hyphens or " - "; without any of them, between hyphens. */
function token(at: number): Candidate {
  return {
    id: `token ${at}`,
    prior: PRIOR.token,
    cut: ({ dirs, stem }) => {
      const separator = /_|--| - /.test(stem) ? /_+|--| - /g : /-/g;
      const bounds = [...stem.matchAll(separator)].map(({ index, 0: text }) => [index, index + text.length]);
      const starts = [0, ...bounds.map(([, end]) => end!)];
      const ends = [...bounds.map(([start]) => start!), stem.length];
      const i = at < 0 ? starts.length + at : at;
      if (starts.length < 2 || starts[i] === undefined || starts[i] === ends[i]) return undefined;
      return cutName(dirs, stem, starts[i], ends[i]!);
    },
  };
}

function number(at: number): Candidate {
  return {
    id: `number ${at}`,
    prior: PRIOR.number,
    cut: ({ dirs, stem }) => {
      const found = [...stem.matchAll(/\d+/g)].at(at);
      return found && cutName(dirs, stem, found.index, found.index + found[0].length);
    },
  };
}

function cutName(dirs: readonly string[], stem: string, from: number, to: number) {
  const behind = `${stem.slice(0, from)}*${stem.slice(to)}`;
  return { value: stem.slice(from, to), before: dirs.join('/'), behind };
}

export interface Scored {
  candidate: Candidate;
  cuts: Cut[];
  /** Clips whose prompt occurs in two columns or more. */
  explained: number;
  score: number;
}

/** How well a position explains clips: as many as possible in full rows of several columns. */
export function scored(candidate: Candidate, all: readonly Seen[]): Scored {
  const cuts: Cut[] = [];
  for (const seen of all) {
    const cut = candidate.cut(seen);
    if (cut) cuts.push({ seen, ...cut, behind: cut.behind + (seen.tail ?? '') });
  }
  const rests = new Map<string, Set<string>>();
  for (const { value, before, behind } of cuts) {
    const key = `${before}\n${behind}`;
    const values = rests.get(key);
    if (values) values.add(value);
    else rests.set(key, new Set([value]));
  }
  const values = new Set<string>();
  let [explained, rows] = [0, 0];
  for (const of of rests.values()) {
    if (of.size < 2) continue;
    rows++;
    explained += of.size;
    for (const value of of) values.add(value);
  }
  const fill = explained === 0 ? 0 : explained / (rows * values.size);
  if (candidate.isWhole && (rows < WHOLE.rows || fill < WHOLE.fill)) explained = 0;
  return {
    candidate,
    cuts,
    explained,
    score: explained * (0.5 + fill / 2) * candidate.prior * likely([...values]),
  };
}

/** Bare numbers at which trainers stop to sample. */
const ROUND = /^0*(?:0|\d*[1-9]\d*00|[1-9]\d*50)$/;
const LIKELY_ROUND = 1.2;
/** What {@link likely} gives at most. */
export const MOST_LIKELY = 1.3;

/** Whether texts look like checkpoints or models (above 1) or like prompts, seeds and counters (below). */
function likely(values: readonly string[]): number {
  if (values.length === 0) return 1;
  const share = (test: (value: string) => boolean) => values.filter(test).length / values.length;
  if (share((value) => NOT_A_CHECKPOINT.test(value) || HASH.test(value)) > 0.5) return 0.05;
  if (share((value) => value.split(/[-_ ]+/).length > 4 && value.length > 24) > 0.5) return 0.3;
  if (share(namesCheckpoint) > 0.5 || share((value) => MODEL.test(value)) > 0.5) return MOST_LIKELY;
  return values.every((value) => ROUND.test(value)) ? LIKELY_ROUND : 1;
}
