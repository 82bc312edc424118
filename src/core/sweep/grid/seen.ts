import { STEP_IN_NAME } from './candidates';
import { namesCheckpoint } from './columns';
import type { Clip } from './paths';

/** A clip's path as far as it still has to be explained. */
export interface Seen {
  clip: Clip;
  dirs: readonly string[];
  stem: string;
  seed: string;
  /** The prompt's words, where a tool's name tells them. */
  text?: string;
  taken?: number;
  /** A counter at the end of the name: it tells rows apart, never columns. */
  tail?: string;
}

/** Seeds named as such are taken out of a path first: they never tell columns or rows apart. */
const SEED = /(^|[-_ .,/([])seed[-_ =:]?(\d+)[)\]]?/i;
/** "s42", where a step is named in full. */
const SHORT_SEED = /(^|[-_ .])s(\d+)$/i;
/** The time of writing, to the second. */
const TIME = /(?:^|[-_ .])(\d{4})-?(\d\d)-?(\d\d)[-_ T]?(\d\d)[-:.h]?(\d\d)[-:.m]?(\d\d)(?!\d)/;
const DATE = /^\d{4}[-_.]?\d\d[-_.]?\d\d$/;
const DATE_IN_NAME = /(^|[-_ .])20\d\d[-_.]?\d\d[-_.]?\d\d(?:[-_ .]|$)/;

type Path = Omit<Seen, 'clip'>;

/** What a path of no known tool has to say: without seed, time, and what its folders have said before. */
export function seenIn(clip: Clip): Path {
  return withoutSeed(withoutTime({ dirs: clip.dirs, stem: withoutEcho(clip), seed: '' }));
}

/** The same of a name that ends with a counter. */
export function counted(clip: Clip, name: string, counter: string): Path {
  const path = seenIn({ ...clip, stem: `${name}_${counter}` });
  if (!path.stem.endsWith(counter)) return path;
  const stem = path.stem.slice(0, -counter.length);
  return { ...path, stem: stem.replace(/_$/, ''), tail: stem.slice(stem.replace(/_$/, '').length) + counter };
}

/** The same without dates of days: folders and names that generators begin a day with. */
export function withoutDays(path: Path): Path {
  const stem = path.stem.replace(DATE_IN_NAME, '$1');
  return { ...path, dirs: path.dirs.filter((dir) => !DATE.test(dir)), stem: stem === '' ? path.stem : stem };
}

/** "step_100/step_100_cat" is "step_100/cat"; so is "checkpoint-100/step100_cat". */
function withoutEcho({ dirs, stem }: Clip): string {
  if (stem === dirs.at(-1)) return namesCheckpoint(stem) ? 'clip' : stem;
  let rest = stem;
  for (const dir of dirs) {
    const at = partAt(rest, dir);
    if (at >= 0 && rest.length > dir.length) rest = cutOut(rest, at, dir.length);
  }
  const named = STEP_IN_NAME.exec(rest);
  if (!named || named[2]!.length === rest.length) return rest === '' ? stem : rest;
  const number = Number(/\d+$/.exec(named[2]!)![0]);
  const echoes = dirs.some((dir) => STEP_IN_NAME.test(dir) && Number(/\d+/.exec(dir)![0]) === number);
  return echoes ? cutOut(rest, named.index + named[1]!.length, named[2]!.length) : rest;
}

/** Where a text holds another between separators. */
function partAt(text: string, part: string): number {
  if (part.length < 2) return -1;
  const isEdge = (c: string | undefined) => c === undefined || /[-_ .]/.test(c);
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1))
    if (isEdge(text[at - 1]) && isEdge(text[at + part.length])) return at;
  return -1;
}

function withoutTime(path: Path): Path {
  const found = TIME.exec(path.stem);
  if (!found || Number(found[2]) > 12 || Number(found[4]) > 23) return path;
  const stem = cutOut(path.stem, found.index, found[0].length);
  return stem === '' ? path : { ...path, stem, taken: Number(found.slice(1, 7).join('')) };
}

function withoutSeed(path: Path): Path {
  const { dirs, stem } = path;
  const inName = SEED.exec(stem) ?? (namesStep(path) ? SHORT_SEED.exec(stem) : null);
  if (inName && inName[0].length < stem.length)
    return { ...path, stem: cutOut(stem, inName.index, inName[0].length), seed: inName[2]! };
  for (const [i, dir] of dirs.entries()) {
    const found = SEED.exec(dir);
    if (!found) continue;
    const rest = cutOut(dir, found.index, found[0].length);
    const others = rest === '' ? [] : [rest];
    return { ...path, dirs: [...dirs.slice(0, i), ...others, ...dirs.slice(i + 1)], seed: found[2]! };
  }
  return path;
}

function namesStep({ dirs, stem }: Path): boolean {
  return STEP_IN_NAME.test(stem) || dirs.some((dir) => STEP_IN_NAME.test(dir));
}

function cutOut(text: string, from: number, length: number): string {
  const [before, behind] = [text.slice(0, from), text.slice(from + length)];
  if (before === '') return behind.replace(/^[-_ .]+/, '');
  return behind === '' ? before.replace(/[-_ .]+$/, '') : before + behind;
}
