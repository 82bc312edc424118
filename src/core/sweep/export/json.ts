import { CRITERION_IDS } from '../../rubric';
import type { SweepDocument } from '../document';
import { SERIES, type PairTable } from '../table';
import { criteriaText, marginOf, signOf } from './cells';

/** `aesrm.sweep/1` as text: one pair a line, `[row, seed, earlier, later, [signs], [margins], "criteria"]`. */
export function* sweepJson(doc: SweepDocument): Generator<string> {
  const { pairs, ...rest } = doc;
  const head = JSON.stringify({ ...rest, series: SERIES, criteria: CRITERION_IDS });
  yield `${head.slice(0, -1)},"pairs":[`;
  for (let i = 0; i < pairs.count; i++) yield `${i === 0 ? '' : ','}\n${pairJson(pairs, i)}`;
  yield '\n]}\n';
}

function pairJson(t: PairTable, i: number): string {
  const signs = SERIES.map((s) => signOf(t, i, s)).join(',');
  const margins = SERIES.map((s) => marginOf(t, i, s)).join(',');
  return `[${t.row[i]},${t.seed[i]},${t.earlier[i]},${t.later[i]},[${signs}],[${margins}],"${criteriaText(t, i)}"]`;
}
