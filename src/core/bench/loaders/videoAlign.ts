import type { Label, Opinion } from './collector';
import { cellOf, eachRow, type Layout, type Row } from './layout';

const SIDES: Readonly<Record<string, Label>> = { A: 'A', B: 'B', same: 'tie', invalid: 'invalid' };

const DIMENSIONS = ['VQ', 'MQ', 'TA', 'Overall'] as const;

const aspectOf = (column: string) => (column === 'Overall' ? 'overall' : column);

/** One opinion per dimension that the file has a column for; a row of four makes four pairs. */
function opinions(row: Row, columns: readonly string[], labelKind?: string): Opinion[] {
  return columns
    .filter((column) => Object.hasOwn(row, column))
    .map((column) => ({
      aspect: aspectOf(column),
      cell: cellOf(row, column),
      labels: SIDES,
      ...(labelKind === undefined ? {} : { labelKind }),
    }));
}

const sides = (row: Row) => ({ a: cellOf(row, 'path_A'), b: cellOf(row, 'path_B'), prompt: row.prompt });

/** `videogen-rewardbench.csv`: pairs of named generators. */
export const VIDEOGEN_REWARDBENCH: Layout = {
  source: 'VideoGen-RewardBench',
  needs: ['path_A', 'path_B', 'A_model', 'B_model'],
  oneOf: DIMENSIONS,
  reads: ['prompt'],
  read: eachRow((row, at, out) =>
    out.pair(at, {
      ...sides(row),
      models: [row.A_model, row.B_model],
      opinions: opinions(row, DIMENSIONS),
    }),
  ),
};

/** The pairs that VideoReward is trained on. */
export const VIDEOALIGN: Layout = {
  source: 'VideoAlign',
  needs: ['path_A', 'path_B'],
  oneOf: DIMENSIONS,
  reads: ['prompt'],
  read: eachRow((row, at, out) => out.pair(at, { ...sides(row), opinions: opinions(row, DIMENSIONS) })),
};

const JUDGE = 'judge';
const OURS = ['VA', 'VF', 'VP'] as const;

/** The CSV for VideoAlign that a sweep exports. VQ, MQ and TA are invalid in all of its rows: it has no such word. */
export const SWEEP_EXPORT: Layout = {
  source: 'AesRM sweep',
  needs: ['path_A', 'path_B', 'Overall', ...OURS, 'source'],
  reads: ['prompt'],
  read: eachRow((row, at, out) => {
    const by = cellOf(row, 'source');
    const voted = String(by.value).startsWith('vote:');
    if (!voted && !String(by.value).startsWith('judge:'))
      return out.leaveOut(at, 'source says neither vote nor judge');
    out.tell(
      'VA, VF and VP are the word of the judge that ran in the sweep (label kind "judge"); Overall is people\'s where they voted, else the judge\'s.',
    );
    out.pair(at, {
      ...sides(row),
      opinions: [...opinions(row, ['Overall'], voted ? undefined : JUDGE), ...opinions(row, OURS, JUDGE)],
    });
  }),
};
