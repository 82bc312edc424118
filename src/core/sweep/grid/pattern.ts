import type { Grid } from '../grid';
import { buildGrid, rowOfText, type Placed } from './build';
import { columnOf } from './columns';
import { matchPieces, type Piece } from './matcher';
import type { Clip } from './paths';

const TOKENS = ['checkpoint', 'prompt', 'seed'] as const;
type Token = (typeof TOKENS)[number];
const PIECE = /\{([^{}]*)\}|\*|[^{}*]+|[{}]/g;
const ANY_EXTENSION = /\.(?:\{ext\}|\*)$/;

/** Characters of a pattern; a path is not longer either. */
const LONGEST = 1000;

export interface Pattern {
  pieces: readonly Piece[];
  /** Of any kind of video. */
  isAnyVideo: boolean;
}

/** A layout as a person writes it, `{checkpoint}/{prompt}_{seed}.mp4`; a sentence on what is wrong with it. */
export function parsePattern(text: string): Pattern | string {
  let pattern = text
    .trim()
    .replace(/\\/g, '/')
    .replace(/^\.?\//, '');
  if (pattern === '') return 'The pattern is empty.';
  if (pattern.length > LONGEST) return `The pattern has more than ${LONGEST} characters.`;
  const isAnyVideo = ANY_EXTENSION.test(pattern);
  if (isAnyVideo) pattern = pattern.replace(ANY_EXTENSION, '');
  const pieces: Piece[] = [];
  const seen = new Set<Token>();
  for (const [piece, name] of pattern.matchAll(PIECE)) {
    if (piece === '{' || piece === '}') return `The pattern ${text} has a brace without its partner.`;
    if (piece === '*') pieces.push({ name: undefined, least: 0 });
    else if (name === undefined) pieces.push({ text: piece });
    else if (!isToken(name))
      return `The pattern ${text} has the unknown placeholder {${name}}; there are {checkpoint}, {prompt}, {seed} and *.`;
    else {
      pieces.push({ name, least: name === 'seed' ? 0 : 1 });
      seen.add(name);
    }
  }
  if (!seen.has('checkpoint')) return `The pattern ${text} has no {checkpoint}.`;
  if (!seen.has('prompt')) return `The pattern ${text} has no {prompt}.`;
  return { pieces, isAnyVideo };
}

function isToken(name: string): name is Token {
  return (TOKENS as readonly string[]).includes(name);
}

/** The grid that a pattern makes of clips; a sentence where it cannot be read or fits none. */
export function gridByPattern(text: string, clips: readonly Clip[]): Grid | string {
  const pattern = parsePattern(text);
  if (typeof pattern === 'string') return pattern;
  const whole = placedBy(pattern, clips, false);
  const placed = whole.length > 0 ? whole : placedBy(pattern, clips, true);
  if (placed.length === 0) return `The pattern ${text} fits no clip of this folder.`;
  return buildGrid(
    { id: 'pattern', title: `By the pattern ${text}.`, pattern: text, row: (key) => rowOfText(key) },
    placed,
  );
}

/** @param below the pattern is that of the end of a path, under any folders, which are a part of the prompt then */
function placedBy({ pieces, isAnyVideo }: Pattern, clips: readonly Clip[], below: boolean): Placed[] {
  const placed: Placed[] = [];
  for (const clip of clips) {
    const { path } = clip.file;
    const text = isAnyVideo ? path.slice(0, path.length - clip.ext.length - 1) : path;
    for (const from of below ? starts(clip) : [0]) {
      const { groups } = matchPieces(pieces, text, from);
      if (!groups) continue;
      const row = [path.slice(0, Math.max(0, from - 1)), groups['prompt']].filter(Boolean).join('/');
      placed.push({ clip, column: columnOf(groups['checkpoint']!), row, seed: groups['seed'] ?? '' });
      break;
    }
  }
  return placed;
}

/** Where the folders and the name of a path begin, the last first. */
function starts({ dirs }: Clip): number[] {
  let at = 0;
  return [0, ...dirs.map((dir) => (at += dir.length + 1))].reverse();
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
