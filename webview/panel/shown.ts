import { saidInOrders, splitCriteria, type OrderSaid, type SaidInOrders } from '../../src/core/chain/orders';
import type { CriterionId } from '../../src/core/rubric';
import type { CriterionVerdict, Verdict } from '../../src/core/verdict';
import type { PanelSnapshot } from '../../src/protocol/panel';
import type { State, Ui } from './state';

/** Both orders' answers, and where they differ. */
export interface Answers extends SaidInOrders {
  split: ReadonlySet<CriterionId>;
}

/** What stands in the list, on the timeline and in the walk through the differences. */
export interface Shown {
  criteria: readonly CriterionVerdict[];
  /** A judge is writing them: those that are not there are still to come. */
  writing: boolean;
  /** Of a verdict that was asked in both orders and kept what was said. */
  answers?: Answers;
  /** The one order whose answers are shown in place of the verdict. */
  order?: OrderSaid;
}

const NOTHING: Shown = { criteria: [], writing: false };

export function isHidden({ blind }: PanelSnapshot): boolean {
  return blind.on && !blind.revealed;
}

/** Nothing while blind mode hides it, whatever the host sent. */
export function shownOf(snapshot: PanelSnapshot | undefined, { order }: Pick<Ui, 'order'>): Shown {
  if (!snapshot || isHidden(snapshot)) return NOTHING;
  const { verdict, live } = snapshot;
  if (isWriting(snapshot)) return { criteria: live ?? [], writing: true };
  if (!verdict) return NOTHING;
  const answers = answersOf(verdict);
  const chosen = order === 'both' ? undefined : answers?.[order];
  return {
    criteria: (chosen ?? verdict).criteria,
    writing: false,
    ...(answers ? { answers } : {}),
    ...(chosen ? { order: chosen } : {}),
  };
}

export const shownIn = ({ snapshot, ui }: State): Shown => shownOf(snapshot, ui);

/** A judge that tells of its criteria while it writes them is at work. */
function isWriting({ phase, live, judge }: PanelSnapshot): boolean {
  return phase === 'judging' && (live !== undefined || judge?.capabilities.streaming === true);
}

let last: { verdict: Verdict; answers: Answers | undefined } | undefined;

/** Read once for a verdict: every snapshot brings it anew, and every tick of the clock draws it. */
function answersOf(verdict: Verdict): Answers | undefined {
  if (last?.verdict === verdict) return last.answers;
  const same = last?.verdict.id === verdict.id && last.verdict.raw === verdict.raw;
  const said = same ? undefined : saidInOrders(verdict);
  const read = said && { ...said, split: new Set(splitCriteria(said)) };
  last = { verdict, answers: same ? last?.answers : read };
  return last.answers;
}
