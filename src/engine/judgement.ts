import { CRITERION_IDS, type CriterionId } from '../core/rubric';
import type { VerdictInput } from '../core/verdictRule';
import type { Judgement } from './judge';

type Parts =
  | 'criteria'
  | 'claimed'
  | 'dimensions'
  | 'overall'
  | 'orders'
  | 'told'
  | 'confidence'
  | 'raw'
  | 'usage'
  | 'reduced';

/** What a judge said, as a verdict is made from it. */
export function verdictParts(judged: Judgement, claimed: readonly CriterionId[]): Pick<VerdictInput, Parts> {
  const { overall, dimensions, criteria, orders, told, confidence, raw, usage, reduced } = judged;
  return {
    overall,
    dimensions,
    criteria: CRITERION_IDS.map((id) => criteria[id] ?? null),
    claimed,
    orders: orders ?? { mode: 'symmetric' },
    ...{ told, confidence, raw, usage, reduced },
  };
}
