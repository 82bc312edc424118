import { DIMENSION_IDS, type Dimension } from './rubric';
import type { DimensionCall, Verdict } from './verdict';

export type VerdictLine = Omit<Verdict, 'dimensions'> & {
  dimensions: Record<Dimension, DimensionCall | null>;
};

/**
 * A verdict as a training loop reads it: a dimension that was not judged is null, so that nobody takes the even tie that
 * stands in its place for the judge's word.
 */
export function verdictLine(v: Verdict): VerdictLine {
  const dimensions = DIMENSION_IDS.map((d) => [d, v.dimensions[d].unjudged ? null : v.dimensions[d]]);
  return { ...v, dimensions: Object.fromEntries(dimensions) as VerdictLine['dimensions'] };
}
