import { CRITERIA, type CriterionId } from '../../../src/core/rubric';
import { shareOf, type Estimate } from '../../../src/core/bench/stats/bootstrap';
import type { Mark } from './marks';
import type { KnownPair } from './pairs';

/** One pair's mark, and what it was judged by. */
export interface Marked {
  pair: KnownPair;
  mark: Mark;
  reason: string;
}

type Aspect = 'right' | 'named' | 'side' | 'words' | 'moment';

/** The share of pairs that are right in this, with its interval over the clips that damage was done to. */
export function share(rows: readonly Marked[], aspect: Aspect): Estimate {
  const seen = rows.map(({ pair, mark }) => ({ value: mark[aspect] ? 1 : 0, group: pair.source }));
  return shareOf(seen) ?? { value: NaN };
}

/** Of all criteria that the damages left alone, the share of which a side was called worse all the same. */
export function blamedShare(rows: readonly Marked[]): number {
  const sum = (key: 'blamed' | 'untouched') => rows.reduce((n, { mark }) => n + mark[key], 0);
  return sum('blamed') / sum('untouched');
}

const percent = (value: number) => `${Math.round(100 * value)}%`;

function withInterval({ value, interval }: Estimate): string {
  return interval ? `${percent(value)} (${percent(interval[0])}–${percent(interval[1])})` : percent(value);
}

function line(name: string, rows: readonly Marked[]): string {
  const local = rows.filter(({ pair }) => pair.from !== undefined);
  const cells = [
    String(rows.length).padStart(5),
    withInterval(share(rows, 'right')).padStart(16),
    withInterval(share(rows, 'named')).padStart(16),
    percent(share(rows, 'side').value).padStart(6),
    percent(share(rows, 'words').value).padStart(6),
    percent(share(rows, 'moment').value).padStart(7),
    (local.length === 0 ? '–' : percent(share(local, 'named').value)).padStart(6),
    percent(blamedShare(rows)).padStart(7),
  ];
  return `${name.padEnd(34)}${cells.join('')}`;
}

const HEAD = `${''.padEnd(34)}pairs     right (95%)     named (95%)  side words moment local blamed`;

/**
 * One line for each criterion and kind of damage. `right`: side, words and moment; `named`: words and
 * moment, be the score a tie; `local`: named, of those that damage a
 * part; `blamed`: of the criteria left alone, those of which a side is called worse.
 */
export function table(rows: readonly Marked[]): string {
  const of = (id: CriterionId) => rows.filter(({ pair }) => pair.damage.worse === id);
  const lines = CRITERIA.flatMap(({ id, name }) => {
    const mine = of(id);
    const kinds = [...new Set(mine.map(({ pair }) => pair.damage.name))];
    const each = kinds.map((kind) =>
      line(
        `    ${kind}`,
        mine.filter(({ pair }) => pair.damage.name === kind),
      ),
    );
    return mine.length === 0 ? [] : [line(`${id} ${name}`, mine), ...(kinds.length > 1 ? each : [])];
  });
  return [HEAD, ...lines, line('all', rows)].join('\n');
}
