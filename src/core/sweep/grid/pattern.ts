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
