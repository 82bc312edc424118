import { AnswerReader, type SaidCriterion } from '../../../../src/core/chain/answer';
import type { Order } from '../../../../src/core/chain/names';
import { CALL_IDS, EVERYTHING, type CallId } from '../../../../src/core/chain/wanted';
import { CRITERION_IDS, type CriterionId } from '../../../../src/core/rubric';

export const AB: Order = { first: 'A' };
export const BA: Order = { first: 'B' };
export const DURATIONS = { A: 2, B: 3 };

/** The inside of one criterion, and what is to be understood of it. */
export const CORE = '"reason": "Clip P is warmer.", "score": 1, "evidence": [{"side": "Q", "time": 1.5}]';
export const GOOD = { choice: 'A', words: '{A} is warmer.', evidence: [{ side: 'B', start: 1.5, end: 1.5 }] };

/** A whole answer in the form that is asked for; every score 1 but for what is told. */
export function wholeAnswer(
  scores: Partial<Record<CriterionId, -1 | 0 | 1>> = {},
  calls: Partial<Record<CallId, string>> = {},
) {
  const criterion = (id: CriterionId) => ({
    reason: `Clip P holds ${id} better than clip Q.`,
    score: scores[id] ?? 1,
    evidence: [{ side: 'Q', time: 1.25 }],
  });
  return {
    criteria: Object.fromEntries(CRITERION_IDS.map((id) => [id, criterion(id)])),
    ...Object.fromEntries(CALL_IDS.map((id) => [id, calls[id] ?? 'P'])),
  };
}

export interface ReadResult {
  criteria: Record<string, Omit<SaidCriterion, 'id' | 'at'>>;
  calls: Record<string, string>;
  faults: string[];
  told: string[];
}

/** All that is understood of an answer, fed in these pieces. */
export function read(pieces: string | readonly string[], order: Order = AB): ReadResult {
  const told: string[] = [];
  const reader = new AnswerReader(order, DURATIONS, ({ id }) => told.push(id));
  for (const piece of typeof pieces === 'string' ? [pieces] : pieces) reader.feed(piece);
  reader.end();
  return {
    criteria: Object.fromEntries(
      [...reader.criteria].map(([id, { choice, words, evidence }]) => [id, { choice, words, evidence }]),
    ),
    calls: Object.fromEntries([...reader.calls].map(([id, { choice }]) => [id, choice])),
    faults: reader.faults(reader.lacking(EVERYTHING)),
    told,
  };
}
