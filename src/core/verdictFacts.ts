import { conceptAccuracy, describedClip } from './conceptWords';
import { saidInOrders, splitCriteria } from './chain/orders';
import type { Choice, Side } from './pair';
import { criterion, CRITERIA, DIMENSIONS, type Dimension } from './rubric';
import type { Call, ClipRecord, CriterionVerdict, DimensionCall, Orders, Verdict } from './verdict';
import { ranOn } from './ranOn';
import { mirrorVote, type Vote } from './vote';
import { probability, sensible, spanOf } from './wording';

/** What every rendering of a verdict says, in words; how it is laid out and escaped is the rendering's business. */

export function winnerText(winner: Choice): string {
  return winner === 'tie' ? 'tie' : `${winner} better`;
}

export function probabilitiesText({ p }: Call): string {
  return `A ${probability(p.a)}, tie ${probability(p.tie)}, B ${probability(p.b)}`;
}

/** "A", "B", "=" for a tie, "–" where there is no score. */
export function scoreMark({ score }: CriterionVerdict): string {
  return score === null ? '–' : score === 0 ? '=' : score > 0 ? 'A' : 'B';
}

/** The times of a criterion's evidence, each once: "whole clip", "1.2–2.0 s". Nothing to go to in a tie. */
export function whenText(c: CriterionVerdict): string {
  const spans = c.score === 0 ? [] : c.evidence.map(spanOf);
  return spans.length === 0 ? '–' : [...new Set(spans)].join(', ');
}

export function ordersText(orders: Orders): string {
  if (orders.mode === 'symmetric') return 'symmetric by design';
  if (orders.unanswered)
    return `asked with ${orders.unanswered === 'ab' ? 'A' : 'B'} first, the judge gave no verdict`;
  if (orders.consistent) return 'both orders agree';
  return `the two orders disagree (A first: ${winnerText(orders.ab)}; B first: ${winnerText(orders.ba)})`;
}

export function judgeText({ judge }: Verdict): string {
  const name = [judge.name, judge.version].filter((part) => part !== '').join(' ');
  const device = ranOn(judge, judge.device);
  return `${name} (${judge.hash.slice(0, 12)})${device === '' ? '' : `, on ${device}`}`;
}

/** "832×480, 16 fps, 2.06 s, 33 frames". */
export function clipFacts(clip: ClipRecord): string {
  const fps = Number(clip.fps.toFixed(3));
  return `${clip.width}×${clip.height}, ${fps} fps, ${clip.duration.toFixed(2)} s, ${clip.frames} frames`;
}

/** A call, which may not have been made; `winner` only of one that was. */
export interface CallRow {
  id: 'overall' | Dimension;
  name: string;
  winner?: Choice;
  /** Of the winner and of the probabilities. */
  words: string;
  odds: string;
}

/** Overall first, then the dimensions. */
export function callRows(v: Verdict): CallRow[] {
  const rows = DIMENSIONS.map(({ id, name }) => ({ id, name, call: v.dimensions[id] }));
  return [{ id: 'overall' as const, name: 'Overall', call: v.overall }, ...rows].map(callRow);
}

function callRow({ id, name, call }: { id: CallRow['id']; name: string; call: DimensionCall }): CallRow {
  if (call.unjudged) return { id, name, words: 'not judged', odds: '–' };
  return { id, name, winner: call.winner, words: winnerText(call.winner), odds: probabilitiesText(call) };
}

export function criterionName(c: CriterionVerdict): string {
  return CRITERIA.find((k) => k.id === c.id)?.name ?? c.id;
}

/** The vote as seen with the verdict's sides; undefined if it speaks of other clips or is withdrawn. */
export function voteForSides(v: Verdict, vote: Vote | undefined): Vote | undefined {
  if (!vote || vote.withdrawn) return undefined;
  if (vote.a.hash === v.a.hash && vote.b.hash === v.b.hash) return vote;
  return vote.a.hash === v.b.hash && vote.b.hash === v.a.hash ? mirrorVote(vote) : undefined;
}

/** What the user chose, one entry per choice: "Overall: B better". */
export function voteChoices(vote: Vote): string[] {
  const overall = vote.overall ? [`Overall: ${winnerText(vote.overall)}`] : [];
  const dimensions = DIMENSIONS.flatMap(({ id, name }) => {
    const choice = vote.dimensions?.[id];
    return choice ? [`${name}: ${winnerText(choice)}`] : [];
  });
  const criteria = CRITERIA.flatMap(({ id, name }) => {
    const choice = vote.criteria?.[id];
    return choice ? [`${name}: ${winnerText(choice)}`] : [];
  });
  return [...overall, ...dimensions, ...criteria];
}

/** How the vote was cast: what the voter could see. */
export function voteConditions(vote: Vote): string {
  const names = vote.blind ? 'blind' : 'names shown';
  return `${names}, ${vote.modelShown ? "the judge's verdict on screen" : "without the judge's verdict"}`;
}

/** What the judge says of each clip that it says anything of, and how often it was found right in that. */
export function describedClips({ concepts }: Verdict): { side: Side; words: string; accuracy: string }[] {
  if (!concepts) return [];
  return (['A', 'B'] as const).flatMap((side) => {
    const words = describedClip(concepts[side]);
    return words === '' ? [] : [{ side, words, accuracy: conceptAccuracy(concepts[side]) }];
  });
}

/** Milliseconds in a form for a person: "340 ms", "2.1 s". */
export function tookText(v: Verdict): string {
  const ms = v.timings['total'];
  if (ms === undefined) return '';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${sensible(ms / 1000)} s`;
}

const counted = (n: number, thing: string) => `${n} ${thing}${n === 1 ? '' : 's'}`;

/** "Asked in 2 requests: 5120 tokens in, 1804 out."; of a judge that answers none, nothing. */
function usageSentence({ usage }: Verdict): string {
  if (!usage) return '';
  const { requests, promptTokens, completionTokens } = usage;
  const tokens = [
    ...(promptTokens === undefined ? [] : [`${counted(promptTokens, 'token')} in`]),
    ...(completionTokens === undefined ? [] : [`${counted(completionTokens, 'token')} out`]),
  ];
  return `Asked in ${counted(requests, 'request')}${tokens.length === 0 ? '' : `: ${tokens.join(', ')}`}.`;
}

const CONFIDENCE_SENTENCES = {
  tokens: "The probabilities are the model's own, of the tokens that say its verdict.",
  agreement: 'The probabilities say how far its answers agree.',
} as const;

function splitSentence(v: Verdict): string {
  const said = saidInOrders(v);
  const names = said ? splitCriteria(said).map((id) => criterion(id).name) : [];
  return names.length === 0 ? '' : `The two orders disagree on: ${names.join(', ')}.`;
}

/** What a judgement took of a model that answers requests, what it rests on and what it lacks: a sentence each. */
export function runSentences(v: Verdict): string[] {
  const confidence = v.confidence ? CONFIDENCE_SENTENCES[v.confidence] : '';
  return [usageSentence(v), confidence, splitSentence(v), v.reduced ?? ''].filter((s) => s !== '');
}
