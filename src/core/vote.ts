import { bool, obj, oneOf, optional, requireFormat, str } from './decode';
import { mirrorChoice, type Choice } from './pair';
import { DIMENSION_IDS, isCriterionId, type CriterionId, type Dimension } from './rubric';

export const VOTE_FORMAT = 'aesrm.vote/1';

/** The user's word on a pair. Nothing is rewritten: a change appends a vote that `supersedes`; an undo, one that is `withdrawn`. */
export interface Vote {
  format: typeof VOTE_FORMAT;
  id: string;
  /** ISO 8601. */
  at: string;
  by: string;
  a: { path: string; hash: string };
  b: { path: string; hash: string };
  overall?: Choice;
  dimensions?: Partial<Record<Dimension, Choice>>;
  criteria?: Partial<Record<CriterionId, Choice>>;
  /** Names and the model's verdict were hidden when the vote was cast. */
  blind: boolean;
  /** The model's verdict was on the screen when the vote was cast. */
  modelShown: boolean;
  note?: string;
  supersedes?: string;
  withdrawn?: boolean;
}

const choice = (at: string) => (v: unknown) => oneOf(v, ['A', 'tie', 'B'] as const, at);

function clip(value: unknown, at: string): Vote['a'] {
  const o = obj(value, at);
  return { path: str(o.path, `${at}.path`), hash: str(o.hash, `${at}.hash`) };
}

export function decodeVote(value: unknown): Vote {
  const o = obj(value, 'vote');
  requireFormat(o, VOTE_FORMAT);
  const dimensions = optional(o.dimensions, (v) => {
    const d = obj(v, 'dimensions');
    const known = DIMENSION_IDS.filter((id) => d[id] !== undefined);
    return Object.fromEntries(known.map((id) => [id, choice(`dimensions.${id}`)(d[id])]));
  });
  const criteria = optional(o.criteria, (v) => {
    const entries = Object.entries(obj(v, 'criteria')).filter(([id]) => isCriterionId(id));
    return Object.fromEntries(entries.map(([id, c]) => [id, choice(`criteria.${id}`)(c)]));
  });
  const overall = optional(o.overall, choice('overall'));
  const note = optional(o.note, (v) => str(v, 'note'));
  const supersedes = optional(o.supersedes, (v) => str(v, 'supersedes'));
  const withdrawn = optional(o.withdrawn, (v) => bool(v, 'withdrawn'));
  return {
    format: VOTE_FORMAT,
    id: str(o.id, 'id'),
    at: str(o.at, 'at'),
    by: str(o.by, 'by'),
    a: clip(o.a, 'a'),
    b: clip(o.b, 'b'),
    ...(overall === undefined ? {} : { overall }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(criteria === undefined ? {} : { criteria }),
    blind: bool(o.blind, 'blind'),
    modelShown: bool(o.modelShown, 'modelShown'),
    ...(note === undefined ? {} : { note }),
    ...(supersedes === undefined ? {} : { supersedes }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
  };
}

function mirrorAll<K extends string>(choices: Partial<Record<K, Choice>>): Partial<Record<K, Choice>> {
  const entries = Object.entries(choices) as [K, Choice][];
  return Object.fromEntries(entries.map(([k, c]) => [k, mirrorChoice(c)])) as Partial<Record<K, Choice>>;
}

/** The same vote as seen with the sides swapped. */
export function mirrorVote(v: Vote): Vote {
  return {
    ...v,
    a: v.b,
    b: v.a,
    ...(v.overall ? { overall: mirrorChoice(v.overall) } : {}),
    ...(v.dimensions ? { dimensions: mirrorAll(v.dimensions) } : {}),
    ...(v.criteria ? { criteria: mirrorAll(v.criteria) } : {}),
  };
}

/**
 * The vote in force among the votes of one pair, in log order: the last that nothing supersedes and that is not withdrawn.
 * A withdrawal gives force back to the vote before it.
 */
export function voteInForce(votes: readonly Vote[]): Vote | undefined {
  const stack: Vote[] = [];
  for (const vote of votes) {
    if (!vote.withdrawn) stack.push(vote);
    else {
      const at = stack.findLastIndex((v) => v.id === vote.supersedes);
      if (at >= 0) stack.splice(at, 1);
    }
  }
  return stack.at(-1);
}

/**
 * The votes of one pair from several records, as one log: each record's order stays, and between records the earlier
 * vote comes first, never after one that changes it or takes it back. A vote that stands in several counts once.
 */
export function mergeVotes(records: readonly (readonly Vote[])[]): Vote[] {
  const ids = new Set(records.flatMap((votes) => votes.map(({ id }) => id)));
  const merged = new Map<string, Vote>();
  const heads = records.map((votes) => ({ votes, at: 0 }));
  const isFree = ({ supersedes }: Vote) =>
    supersedes === undefined || merged.has(supersedes) || !ids.has(supersedes);
  for (;;) {
    const left = heads.filter(({ votes, at }) => at < votes.length);
    if (left.length === 0) return [...merged.values()];
    const free = left.filter(({ votes, at }) => isFree(votes[at]!));
    const next = (free.length > 0 ? free : left).reduce((a, b) =>
      timeOf(b.votes[b.at]!) < timeOf(a.votes[a.at]!) ? b : a,
    );
    const vote = next.votes[next.at++]!;
    if (!merged.has(vote.id)) merged.set(vote.id, vote);
  }
}

const timeOf = ({ at }: Vote) => Date.parse(at);
