import type { Grid } from '../grid';
import { VIDEO_EXTENSIONS } from '../../pair';
import { buildGrid, rowOfText, type Placed } from './build';
import { columnOf } from './columns';
import type { Clip } from './paths';

const TOKENS = ['checkpoint', 'prompt', 'seed'] as const;
type Token = (typeof TOKENS)[number];
const PIECE = /\{([^{}]*)\}|\*|[^{}*]+|[{}]/g;
const ANY_EXTENSION = /\.(?:\{ext\}|\*)$/;

export interface Pattern {
  /** Of a path relative to the root; groups by token. */
  whole: RegExp;
  /** The same for the end of a path, below any folders (group `above`). */
  end: RegExp;
}

/** A layout as a person writes it, `{checkpoint}/{prompt}_{seed}.mp4`; a sentence on what is wrong with it. */
export function parsePattern(text: string): Pattern | string {
  const seen = new Set<Token>();
  let pattern = text
    .trim()
    .replace(/\\/g, '/')
    .replace(/^\.?\//, '');
  if (pattern === '') return 'The pattern is empty.';
  const any = ANY_EXTENSION.test(pattern);
  if (any) pattern = pattern.replace(ANY_EXTENSION, '');
  let source = '';
  for (const [piece, name] of pattern.matchAll(PIECE)) {
    if (piece === '{' || piece === '}') return `The pattern ${text} has a brace without its partner.`;
    if (piece === '*') source += '[^/]*?';
    else if (name === undefined) source += piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    else if (!isToken(name))
      return `The pattern ${text} has the unknown placeholder {${name}}; there are {checkpoint}, {prompt}, {seed} and *.`;
    else {
      source += seen.has(name) ? `\\k<${name}>` : `(?<${name}>${name === 'seed' ? '[^/]*?' : '[^/]+?'})`;
      seen.add(name);
    }
  }
  if (!seen.has('checkpoint')) return `The pattern ${text} has no {checkpoint}.`;
  if (!seen.has('prompt')) return `The pattern ${text} has no {prompt}.`;
  if (any) source += `\\.(?:${VIDEO_EXTENSIONS.join('|')})`;
  return { whole: new RegExp(`^${source}$`, 'iu'), end: new RegExp(`^(?:(?<above>.*)/)?${source}$`, 'iu') };
}

function isToken(name: string): name is Token {
  return (TOKENS as readonly string[]).includes(name);
}

/** The grid that a pattern makes of clips; a sentence where it cannot be read or fits none. */
export function gridByPattern(text: string, clips: readonly Clip[]): Grid | string {
  const pattern = parsePattern(text);
  if (typeof pattern === 'string') return pattern;
  const whole = placedBy(pattern.whole, clips);
  const placed = whole.length > 0 ? whole : placedBy(pattern.end, clips);
  if (placed.length === 0) return `The pattern ${text} fits no clip of this folder.`;
  return buildGrid(
    { id: 'pattern', title: `By the pattern ${text}.`, pattern: text, row: (key) => rowOfText(key) },
    placed,
  );
}

function placedBy(expression: RegExp, clips: readonly Clip[]): Placed[] {
  const placed: Placed[] = [];
  for (const clip of clips) {
    const groups = expression.exec(clip.file.path)?.groups;
    if (!groups) continue;
    const row = [groups['above'], groups['prompt']].filter(Boolean).join('/');
    placed.push({ clip, column: columnOf(groups['checkpoint']!), row, seed: groups['seed'] ?? '' });
  }
  return placed;
}

/** As many clips show whether a pattern gives the same grid. */
const ENOUGH = 500;

/** A pattern that gives a grid again, where checkpoints are folders: the start of a correction. */
export function patternOf(grid: Grid, clips: readonly Clip[]): string | undefined {
  const [first] = clips;
  const at = first?.dirs.findIndex((dir) => grid.columns.some(({ id }) => id === dir)) ?? -1;
  if (!first || at < 0) return undefined;
  const some = clips.filter((_, i) => i % Math.ceil(clips.length / ENOUGH) === 0);
  const seed = grid.seeds.length > 1 || grid.seeds[0] !== '';
  const above = first.dirs.slice(0, at);
  const below = first.dirs.slice(at + 1);
  const end = clips.every(({ ext }) => ext === first.ext) ? first.name.slice(first.stem.length) : '.{ext}';
  const names = seed
    ? ['{prompt}_{seed}', '{prompt}-{seed}', '{prompt}_seed{seed}', '{prompt}_seed_{seed}']
    : ['{prompt}'];
  return names
    .map((name) => [...above, '{checkpoint}', ...below, name + end].join('/'))
    .find((text) => {
      const again = gridByPattern(text, some);
      return typeof again !== 'string' && again.clips.length === some.length && sameCells(again, grid);
    });
}

/** Whether the clips of `a` lie in the same columns and rows of `b`. */
function sameCells(a: Grid, b: Grid): boolean {
  const cells = new Map(
    b.clips.map(({ path, column, row }) => [path, { column: b.columns[column]!.id, row }]),
  );
  const rows = new Map<number, number>();
  const alike = a.clips.every(({ path, column, row }) => {
    const cell = cells.get(path);
    if (cell?.column !== a.columns[column]!.id || (rows.get(row) ?? cell.row) !== cell.row) return false;
    rows.set(row, cell.row);
    return true;
  });
  return alike && new Set(rows.values()).size === rows.size;
}
