import { CRITERION_IDS } from '../../rubric';
import type { SweepDocument } from '../document';
import { SERIES, type PairTable } from '../table';
import { calledIn, criteriaText, marginOf } from './cells';

/**
 * `aesrm.sweep/1` as text: one pair a line, `[row, seed, earlier, later, [signs], [margins], "criteria"]`; the sign of a
 * series in which it was not judged is 2.
 */
export function* sweepJson(doc: SweepDocument): Generator<string> {
  const { pairs, ...rest } = doc;
  const head = JSON.stringify({ ...rest, series: SERIES, criteria: CRITERION_IDS });
  yield `${head.slice(0, -1)},"pairs":[`;
  for (let i = 0; i < pairs.count; i++) yield `${i === 0 ? '' : ','}\n${pairJson(pairs, i)}`;
  yield '\n]}\n';
}

function pairJson(t: PairTable, i: number): string {
  const signs = SERIES.map((s) => calledIn(t, i, s)).join(',');
  const margins = SERIES.map((s) => marginOf(t, i, s)).join(',');
  return `[${t.row[i]},${t.seed[i]},${t.earlier[i]},${t.later[i]},[${signs}],[${margins}],"${criteriaText(t, i)}"]`;
}
