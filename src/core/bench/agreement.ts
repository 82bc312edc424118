import type { Agreement, Measuring } from '../modelManifest';
import { isPeoples } from './figures';
import { LEAST_DECISIVE, type BenchReport } from './report';

/** What one benchmark says of how a model agrees with people. */
export interface BenchAgreement {
  measured: Measuring;
  cells: Agreement[];
}

/** Of people's labels, by source and aspect, where enough of them are no ties. */
export function agreementOf(
  { cells, name, at }: Pick<BenchReport, 'cells' | 'name' | 'at'>,
  mode: Measuring['mode'],
): BenchAgreement {
  const measured = { file: name, at, mode };
  const enough = cells.flatMap(({ kind, source, aspect, pairs, ties, withoutTies }): Agreement[] => {
    const decisive = pairs - ties;
    if (!isPeoples(kind) || !withoutTies || decisive < LEAST_DECISIVE) return [];
    const { value: accuracy, interval: ci } = withoutTies;
    const set = { set: source, labelKind: kind, aspect };
    return [{ ...set, pairs: decisive, accuracy, ...(ci ? { ci } : {}), measured }];
  });
  return { measured, cells: enough };
}

/** A file that is measured anew takes the place of what it said before of a model that was asked in the same way. */
export function withAgreement(known: readonly Agreement[], { measured, cells }: BenchAgreement): Agreement[] {
  const run = runOf(measured);
  return [...known.filter((one) => !one.measured || runOf(one.measured) !== run), ...cells];
}

/** What several places have of one model: of each file and way of asking the newest. */
export function newestAgreement(places: readonly (readonly Agreement[])[]): Agreement[] {
  const newest = new Map<string, string>();
  const all = places.map((place) =>
    place.flatMap((one) => (one.measured ? [{ one, at: one.measured.at, run: runOf(one.measured) }] : [])),
  );
  for (const { run, at } of all.flat()) if (at > (newest.get(run) ?? '')) newest.set(run, at);
  const seen = new Set<string>();
  return all.flatMap((place) => {
    const found = place.filter(({ run, at }) => newest.get(run) === at && !seen.has(run));
    for (const { run } of found) seen.add(run);
    return found.map(({ one }) => one);
  });
}

const runOf = ({ file, mode }: Measuring) => JSON.stringify([file, mode]);
