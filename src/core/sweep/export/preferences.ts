import type { DocumentVote, SweepDocument } from '../document';
import type { Row } from '../grid';
import { NOT_JUDGED } from '../table';
import { calledIn, clipFinder, marginOf, type Sign } from './cells';

/** One pair with whoever's word counts: people's where there is any, else the judge's. */
export interface Preference {
  row: Row;
  /** As the names carry it; empty where they carry none. */
  seed: string;
  /** Indices of the grid's clips. */
  earlier: number;
  later: number;
  /** Of the later clip. */
  winner: Sign;
  /** The judge's probability that the later is better minus that the earlier is; null where it was not asked. */
  margin: number | null;
  /** `vote:NAME` (several joined by `+`) or `judge:ID@HASH`. */
  source: string;
  /** Index into the table; undefined for a vote on a pair that was not judged. */
  pair: number | undefined;
  voted: boolean;
}

interface Cell {
  earlier: number;
  later: number;
  row: number;
  seed: number;
}

const keyOf = (c: Cell) => `${c.row}:${c.seed}:${c.earlier}:${c.later}`;

/** The voters' common word: the side that more of them chose, a tie where they balance; and who said so. */
function verdictOf(votes: readonly DocumentVote[]): { winner: Sign; source: string } {
  const winner = Math.sign(votes.reduce((sum, v) => sum + v.overall, 0)) as Sign;
  const behind = votes.filter((v) => v.overall === winner);
  const names = new Set((behind.length > 0 ? behind : votes).map((v) => v.by));
  return { winner, source: `vote:${[...names].join('+')}` };
}

/** Every pair on which there is a word, people's first. */
export function* preferences(doc: SweepDocument): Generator<Preference> {
  const { grid, pairs } = doc;
  const clipAt = clipFinder(doc);
  const votes = new Map<string, DocumentVote[]>();
  for (const vote of doc.votes) votes.set(keyOf(vote), [...(votes.get(keyOf(vote)) ?? []), vote]);
  const judged = new Map<string, number>();
  const cell = (i: number): Cell => ({
    earlier: pairs.earlier[i]!,
    later: pairs.later[i]!,
    row: pairs.row[i]!,
    seed: pairs.seed[i]!,
  });
  if (votes.size > 0)
    for (let i = 0; i < pairs.count; i++) {
      const key = keyOf(cell(i));
      if (votes.has(key)) judged.set(key, i);
    }
  const made = (c: Cell, word: { winner: Sign; source: string }, pair: number | undefined) => {
    const [earlier, later] = [clipAt(c.earlier, c.row, c.seed), clipAt(c.later, c.row, c.seed)];
    if (earlier === undefined || later === undefined) return [];
    const margin = pair === undefined ? null : marginOf(pairs, pair, 'overall');
    const base = { row: grid.rows[c.row]!, seed: grid.seeds[c.seed]!, earlier, later };
    return [{ ...base, ...word, margin, pair, voted: word.source.startsWith('vote:') }];
  };
  for (const [key, cast] of votes) yield* made(cast[0]!, verdictOf(cast), judged.get(key));
  const source = judgeSource(doc);
  for (let i = 0; i < pairs.count; i++) {
    const c = cell(i);
    if (votes.size > 0 && votes.has(keyOf(c))) continue;
    const winner = calledIn(pairs, i, 'overall');
    if (winner !== NOT_JUDGED) yield* made(c, { winner, source }, i);
  }
}

export function judgeSource({ judge }: SweepDocument): string {
  return `judge:${judge.id}@${judge.hash.slice(0, 12)}`;
}

/** A pair with a winner: indices of clips. */
export interface Decided extends Preference {
  chosen: number;
  rejected: number;
  /** How sure the word is, 0..1: the judge's margin, 1 for a person's vote. Never missing: trainers compute with it. */
  strength: number;
}

export function* decided(doc: SweepDocument): Generator<Decided> {
  for (const p of preferences(doc)) {
    if (p.winner === 0) continue;
    const [chosen, rejected] = p.winner > 0 ? [p.later, p.earlier] : [p.earlier, p.later];
    const strength = p.voted ? 1 : Math.abs(p.margin ?? 0);
    yield { ...p, chosen, rejected, strength };
  }
}

/** What every preference file says of itself: whose words, what was left out, what of the prompts is known. */
export function preferenceNotes(doc: SweepDocument, ties: 'left out' | 'kept'): string[] {
  let [total, tied, voted] = [0, 0, 0];
  for (const p of preferences(doc)) {
    total++;
    if (p.winner === 0) tied++;
    if (p.voted) voted++;
  }
  const unknown = doc.grid.rows.filter((r) => r.prompt === undefined).length;
  const cut = doc.grid.rows.filter((r) => r.prompt !== undefined && r.promptFrom === 'name').length;
  const written = ties === 'kept' ? total : total - tied;
  const notes = [
    `Pairs: ${written}; with a person's vote: ${voted}, the others with the judge's word alone.`,
  ];
  if (tied > 0 && ties === 'left out') notes.push(`Ties left out, as this format has only winners: ${tied}.`);
  if (unknown > 0) notes.push(`Prompts whose text is not known and left empty: ${unknown}.`);
  if (cut > 0) notes.push(`Prompts read from file names, which may be cut: ${cut}.`);
  if (doc.broken.length > 0) notes.push(`Broken clips, which are in no pair: ${doc.broken.length}.`);
  notes.push('Paths are relative to the folder of the sweep.');
  return notes;
}
