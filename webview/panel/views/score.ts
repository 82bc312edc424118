import type { Choice } from '../../../src/core/pair';
import type { CriterionVerdict } from '../../../src/core/verdict';
import { t } from '../../strings';
import { winnerWords } from './bar';

/** The side that a criterion speaks for; `none` where it was not judged. */
export function scoreChoice({ status, score }: Pick<CriterionVerdict, 'status' | 'score'>): Choice | 'none' {
  if (status !== 'judged' || score === null) return 'none';
  return score === 0 ? 'tie' : score > 0 ? 'A' : 'B';
}

export function scoreWords(choice: Choice | 'none'): string {
  return choice === 'none' ? t('notSeen') : winnerWords(choice);
}
