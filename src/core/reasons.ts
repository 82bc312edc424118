import { spoken } from './chain/spoken';
import type { PairConcepts } from './concepts';
import { conceptSentence } from './conceptWords';
import { MEASURES } from './measures';
import { otherSide, type Side } from './pair';
import { descriptionOf, WORDS, type Words } from './reasonWords';
import { criterion } from './rubric';
import type { CriterionVerdict, Evidence } from './verdict';
import { amount, momentOf, momentsOf, percent, probability } from './wording';
import { cost, differs, gain, takesSide, VISIBILITY, witnessOf, type Witness } from './witnesses';

/** Under this probability of its winner, a judge's preference is called slight. */
const SLIGHT = 0.5;
/** From this probability of a side, and this many times the other's, a judge that calls a tie leans to that side. */
const LEAN = { least: 0.1, times: 3 };

/** Evidence that carries a measure of both sides, with what the tables know of it. */
interface Spoken {
  e: Evidence & { a: number; b: number };
  witness: Witness;
  words: Words | undefined;
}

function spokenOf(c: CriterionVerdict): Spoken[] {
  return c.evidence.flatMap((e) => {
    const witness = witnessOf(c.id, e.measure);
    const { a, b } = e;
    if (!witness || a === undefined || b === undefined) return [];
    return [{ e: { ...e, a, b }, witness, words: WORDS[c.id][witness.measure] }];
  });
}

const valueOn = (side: Side, e: Spoken['e']) => (side === 'A' ? e.a : e.b);
const measured = ({ e, witness }: Spoken, side: Side) => amount(witness.measure, valueOn(side, e));

/** "8.0 in A, 7.9 in B": A first, whoever wins, as the sides stand on the screen. */
function bothValues(s: Spoken): string {
  return `${measured(s, 'A')} in A, ${measured(s, 'B')} in B`;
}

/** "its sharpness is 40% of A's" or "palette drift 30%, against 5.0% in A", of the worse side. */
function quantity(s: Spoken, words: Words, worse: Side, place: string): string {
  const better = otherSide(worse);
  const [x, y] = [valueOn(worse, s.e), valueOn(better, s.e)];
  // A share of next to nothing says nothing: then both values are given.
  const comparable = Math.min(x, y) >= VISIBILITY[s.witness.measure].absolute;
  return words.quantity === 'ratio' && comparable
    ? `${place}its ${words.noun} is ${percent(x / y)} ${better}'s`
    : `${place}${words.noun} ${measured(s, worse)}, against ${measured(s, better)} in ${better}`;
}

/** The same measure at one or two places. */
function supportSentence(places: readonly Spoken[], worse: Side): string {
  const [first] = places;
  if (!first?.words) return '';
  const by = (s: Spoken) => gain(s.witness, s.e.a, s.e.b) * (worse === 'B' ? 1 : -1);
  const worst = places.reduce((most, s) => (by(s) > by(most) ? s : most), first);
  const place = places.length > 1 ? 'at worst, ' : '';
  const clause = first.words.fault(worse, valueOn(worse, worst.e));
  return `${clause} ${momentsOf(places.map((s) => s.e))}: ${quantity(worst, first.words, worse, place)}`;
}

/** How the loser's advantage reads from the winner: "its measured sharpness is lower: 5.1 against 8.0". */
function againstClause(s: Spoken, winner: Side, word: string): string {
  const [x, y] = [valueOn(winner, s.e), valueOn(otherSide(winner), s.e)];
  const how = s.words?.off ?? (x > y ? 'higher' : 'lower');
  const when = s.e.whole ? '' : ` ${momentOf(s.e)}`;
  const noun = s.words?.noun ?? MEASURES[s.witness.measure].name;
  return `its ${word}${noun} is ${how}${when}: ${measured(s, winner)} against ${measured(s, otherSide(winner))}`;
}

function winnerReason(c: CriterionVerdict, winner: Side): string {
  const sign = winner === 'A' ? 1 : -1;
  const p = c.p && (winner === 'A' ? c.p.a : c.p.b);
  const slight = p !== undefined && p < SLIGHT;
  const spoken = spokenOf(c);
  const by = (s: Spoken) => (s.e.side === 'both' ? 0 : sign * gain(s.witness, s.e.a, s.e.b));
  const [pro, con] = [spoken.filter((s) => by(s) > 0), spoken.find((s) => by(s) < 0)];
  const [first] = pro;
  if (!first) return unsupportedReason(winner, spoken.flatMap(described), con, p, slight);
  const worse = otherSide(winner);
  const main = supportSentence(
    pro.filter((s) => s.witness === first.witness),
    worse,
  );
  const sentence = `${main}${slight ? ` (a slight preference, p ${probability(p)})` : ''}.`;
  const next = pro.find((s) => s.witness !== first.witness);
  if (con) return `${sentence} Against ${winner}: ${againstClause(con, winner, '')}.`;
  return next ? `${sentence} ${supportSentence([next], worse)}.` : sentence;
}

const given = (p: number | undefined) => (p === undefined ? '' : ` (p ${probability(p)})`);

/** No measure takes the winner's part: what differs without being better, what speaks against it, or that nothing does. */
function unsupportedReason(
  winner: Side,
  what: readonly string[],
  con: Spoken | undefined,
  p: number | undefined,
  slight: boolean,
): string {
  const slightly = slight ? 'slightly ' : '';
  if (what.length > 0) {
    const against = con ? ` Against ${winner}: ${againstClause(con, winner, '')}.` : '';
    return `The judge ${slightly}favours ${winner} here${given(p)}. What differs: ${what.join('; ')}.${against}`;
  }
  if (con)
    return `The judge ${slightly}prefers ${winner}${slight ? given(p) : ''}, though ${againstClause(con, winner, 'measured ')}.`;
  return `The judge ${slightly}favours ${winner} here${given(p)}; none of the measures recorded for it clearly favours a side.`;
}

/** "visual weight lies near the left third (34% across) in A, near the centre (51% across) in B". */
function described({ e, witness }: Spoken): string[] {
  if (e.side !== 'both') return [];
  const d = descriptionOf(witness.measure);
  const when = e.whole ? '' : ` ${momentOf(e)}`;
  const [inA, inB] = [d.is(e.a), d.is(e.b)];
  const sides = inA === inB ? `${inA} in both` : `${inA} in A, ${inB} in B`;
  return [`${d.subject}${when} ${d.verb} ${sides}`];
}

/** Nothing is amiss on either side by this measure. */
function isClean({ e, witness: { measure, sense } }: Spoken): boolean {
  const values = [e.a, e.b];
  const { trace } = VISIBILITY[measure];
  if (sense.better === 'lower') return trace !== undefined && values.every((v) => v < trace);
  if (sense.better === 'nearer') return values.every((v) => cost(sense, v) === 0);
  return sense.better === 'higher' && values.every((v) => v >= (sense.below ?? Infinity));
}

/** A clause that began a sentence, within one; a side keeps its capital. */
const inSentence = (clause: string) =>
  /^[AB]\b/.test(clause) ? clause : `${clause.charAt(0).toLowerCase()}${clause.slice(1)}`;

/** What both sides have in common by a measure that takes no side. */
function likeness(s: Spoken): string {
  if (s.words?.clean && isClean(s)) return s.words.clean;
  if (s.words && !differs(s.witness.measure, s.e.a, s.e.b)) return s.words.alike;
  return 'The judge sees no difference here';
}

/** Which side a tie leans to: what tells a tie that might be none from one of which the judge is sure. */
function leanOf({ p }: CriterionVerdict): Side | undefined {
  if (!p || Math.max(p.a, p.b) < Math.max(LEAN.least, LEAN.times * Math.min(p.a, p.b))) return undefined;
  return p.a > p.b ? 'A' : 'B';
}

/** " The judge leans to A (p 0.28)." behind a tie's reason that names no worse side; nothing where it does not lean. */
function leanSentence(c: CriterionVerdict): string {
  const side = leanOf(c);
  return side ? ` The judge leans to ${side}${given(c.p?.[side === 'A' ? 'a' : 'b'])}.` : '';
}

function tieReason(c: CriterionVerdict): string {
  const [s] = spokenOf(c);
  if (!s) return `The judge sees no difference here${given(c.p?.tie)}.${leanSentence(c)}`;
  const { a, b } = s.e;
  const name = s.words?.noun ?? MEASURES[s.witness.measure].name;
  if (s.witness.sense.better === 'describes') {
    const [where] = described(s);
    const differing = differs(s.witness.measure, a, b);
    return `${differing ? 'A tie to the judge; what differs' : 'Both are alike'}: ${where}.${leanSentence(c)}`;
  }
  const better = takesSide(s.witness, a, b);
  if (better !== 0) {
    const fault = supportSentence([s], better === 1 ? 'B' : 'A');
    return fault === ''
      ? `Called a tie, though the ${name} differs ${momentOf(s.e)}: ${bothValues(s)}.`
      : `Called a tie, though ${inSentence(fault)}.`;
  }
  return `${likeness(s)}: ${name} ${bothValues(s)}.${leanSentence(c)}`;
}

/**
 * What a judge that words its reasons said of a criterion. Of any other judge, one or two sentences made from the
 * structured record alone (not from `c.reason`), so that a mirrored record is worded for its own sides; they say
 * nothing that the record does not hold. What the judge says of the clips follows as its own word, where it tells the
 * clips apart or nothing else does.
 */
export function reasonFor(c: CriterionVerdict, concepts?: PairConcepts): string {
  const name = criterion(c.id).name.toLowerCase();
  if (c.status === 'notSeen') return `This judge does not speak of ${name}.`;
  if (c.status === 'missing' || c.score === null) return `The judge gave no answer on ${name}.`;
  if (c.words !== undefined) return spoken(c.words);
  const reason = c.score === 0 ? tieReason(c) : winnerReason(c, c.score === 1 ? 'A' : 'B');
  const described = conceptSentence(c.id, concepts, spokenOf(c).length === 0);
  return described === '' ? reason : `${reason} ${described}`;
}
