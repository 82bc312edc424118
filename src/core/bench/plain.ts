import type { Row, SourceRow } from './loaders/layout';
import type { LabelledPair, LabelledPairs } from './pairs';

/** What every row of the plain file of labelled pairs has: one label, under these names in any order. */
export const PLAIN_COLUMNS = ['a', 'b', 'preferred', 'aspect', 'label_kind', 'source'] as const;
/** With those that may be missing. */
export const PLAIN_READS: ReadonlySet<string> = new Set([...PLAIN_COLUMNS, 'group', 'prompt']);
const PREFERRED: Readonly<Record<string, LabelledPair['preferred']>> = { a: 'A', b: 'B', tie: 'tie' };
/** Bad lines named one by one; the rest are counted. */
const NAMED = 20;

/** A row that is no label is named and left out. What has no group is one of its own: its prompt, else its two clips. */
export function readPlain(rows: Iterable<SourceRow>): LabelledPairs {
  const pairs: LabelledPair[] = [];
  const bad: string[] = [];
  let alone = 0;
  for (const { row, at, problem } of rows) {
    const why = problem ?? whyNot(row);
    if (why !== undefined) {
      bad.push(`${at[0]!.toUpperCase()}${at.slice(1)} is left out: ${why}.`);
      continue;
    }
    const { group, ownGroup } = groupOf(row);
    if (ownGroup) alone++;
    pairs.push(pairOf(row, group));
  }
  const more = bad.length > NAMED ? [`${bad.length - NAMED} more are left out.`] : [];
  const without = alone > 0 ? [`${alone} of the labels have no group: each pair of clips is one.`] : [];
  return { pairs, notes: [...bad.slice(0, NAMED), ...more, ...without] };
}

function field(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value.trim() : '';
}

function pairOf(row: Row, group: string): LabelledPair {
  const prompt = field(row, 'prompt');
  return {
    a: pathOf(row, 'a')!,
    b: pathOf(row, 'b')!,
    preferred: PREFERRED[field(row, 'preferred').toLowerCase()]!,
    aspect: field(row, 'aspect'),
    labelKind: field(row, 'label_kind'),
    source: field(row, 'source'),
    group,
    ...(prompt === '' ? {} : { prompt }),
  };
}

function whyNot(row: Row): string | undefined {
  const empty = PLAIN_COLUMNS.filter((name) => field(row, name) === '');
  if (empty.length > 0) return `${empty.join(' and ')} ${empty.length > 1 ? 'are' : 'is'} empty`;
  for (const side of ['a', 'b'] as const)
    if (pathOf(row, side) === undefined) return `${side} is no path below the root`;
  const preferred = field(row, 'preferred');
  return Object.hasOwn(PREFERRED, preferred.toLowerCase())
    ? undefined
    : `preferred is "${preferred.slice(0, 40)}", none of A, B, tie`;
}

/** Relative, with slashes; undefined where it leads out of the root. */
function pathOf(row: Row, side: 'a' | 'b'): string | undefined {
  const path = field(row, side).replaceAll('\\', '/');
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isOutside = /^(?:[a-z]:|\/)/i.test(path) || parts.includes('..') || path.includes('\0');
  return isOutside || parts.length === 0 ? undefined : parts.join('/');
}

function groupOf(row: Row): { group: string; ownGroup: boolean } {
  const group = field(row, 'group') || field(row, 'prompt');
  if (group !== '') return { group, ownGroup: false };
  return { group: [pathOf(row, 'a'), pathOf(row, 'b')].sort().join(' | '), ownGroup: true };
}
