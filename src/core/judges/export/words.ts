import { isDistinguishable, type Estimate } from '../../bench/stats/bootstrap';
import { count } from '../../sweep/reportWords';
import { LEAST_PAIRS, type Basis, type Cast, type ComparedJudge, type JudgesReport } from '../report';

/** What the report says in words and figures; laying out and escaping is the formats'. */

/** Digits of a hash that tell judges apart. */
const SHORT_HASH = 8;

/** "Compact judge 0.2.0 (c0ffee00)"; by the hash alone where no verdict names it. */
export function judgeName({ hash, known }: ComparedJudge): string {
  const short = hash.slice(0, SHORT_HASH);
  return known ? `${known.name} ${known.version} (${short})` : short;
}

/** Whose votes. */
export const voterName = (by: string | null) => by ?? 'all people';

export const CAST_TEXT: Readonly<Record<Cast, string>> = {
  blind: 'blind',
  named: 'names known, no verdict on screen',
  shown: "a judge's verdict on screen",
};

/** "120 pairs in 30 groups". */
export function basisText({ pairs, groups }: Basis, what = 'pair'): string {
  return `${count(pairs, what)} in ${count(groups, 'group')}`;
}

/** Instead of figures. */
export function tooFewText({ pairs }: Basis, what = 'pair'): string {
  return `${count(pairs, what)}: too few for a figure, which takes ${LEAST_PAIRS}`;
}

/** "0.41 (0.30–0.52)"; "–" where there is nothing to agree about. */
export function kappaText(kappa: Estimate | null): string {
  if (!kappa) return '–';
  const digits = (value: number) => (value < 0 ? `−${(-value).toFixed(2)}` : value.toFixed(2));
  const { value, interval } = kappa;
  return interval ? `${digits(value)} (${digits(interval[0])} to ${digits(interval[1])})` : digits(value);
}

/** Which place a judge leans to, by the share of its answers for the clip shown first. */
export function favouredText(first: Estimate | null): string {
  if (!first) return '–';
  const { value, interval } = first;
  if (!interval) return 'no interval';
  const lean = { value: value - 0.5, interval: [interval[0] - 0.5, interval[1] - 0.5] as [number, number] };
  if (!isDistinguishable(lean)) return 'not distinguishable';
  return value > 0.5 ? 'the clip shown first' : 'the clip shown second';
}

/** Of judges that were told other prompts of some pairs than the others were. */
export function otherPromptsText(judges: readonly ComparedJudge[]): string[] {
  const told = judges.filter(({ otherPrompts }) => otherPrompts > 0);
  if (told.length === 0) return [];
  const list = told.map((judge) => `${count(judge.otherPrompts, 'pair')} of ${judgeName(judge)}`).join(', ');
  return [`Left out, for these judges were told other prompts of them than most that read prompts: ${list}.`];
}

/** Of a record that compares nothing: what it holds, and what would. */
export function nothingText({ judges, notes }: JudgesReport): { message: string; fix: string } {
  const unread = [...otherPromptsText(judges), ...notes].map((text) => ` ${text}`).join('');
  const [one] = judges;
  if (!one)
    return {
      message: `The record holds no verdict, so that there are no judges to compare.${unread}`,
      fix: 'Compare videos or run a sweep, each with two judges, or vote on what one of them judged.',
    };
  const whose =
    judges.length === 1
      ? `The record holds verdicts of one judge only, ${judgeName(one)}, and no vote on a pair that it judged.`
      : `The record holds verdicts of ${judges.length} judges, but no pair that two of them judged, and no vote on a pair that one of them did.`;
  return {
    message: `${whose}${unread}`,
    fix: 'Have another judge judge the same pairs, or vote on them.',
  };
}
