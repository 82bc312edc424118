import { mirrorChoice, type Choice } from '../../core/pair';
import type { Dimension } from '../../core/rubric';
import type { ClipRecord } from '../../core/verdict';
import { mirrorVote, VOTE_FORMAT, voteInForce, type Vote } from '../../core/vote';
import { isHidden, type PanelModel } from './model';

/** What a vote needs that a model does not know. */
export interface VoteStamp {
  id: string;
  at: string;
  by: string;
}

/**
 * The vote that the reader sees and changes. While the sides are hidden, only what was cast since then counts:
 * an older vote would tell which side is which.
 */
export function currentVote(model: PanelModel): Vote | undefined {
  const seen = isHidden(model) ? model.votes.filter((v) => model.blind.cast.includes(v.id)) : model.votes;
  return voteInForce(seen);
}

/** The reviewer's own votes, turned so that `a` is the pair's first clip. */
export function ownVotes(votes: readonly Vote[], by: string, hashA: string): Vote[] {
  return votes.filter((v) => v.by === by).map((v) => (v.a.hash === hashA ? v : mirrorVote(v)));
}

export function hasChoices(vote: Vote | undefined): boolean {
  return vote !== undefined && (vote.overall !== undefined || Object.keys(vote.dimensions ?? {}).length > 0);
}

/**
 * The vote that follows on a choice, as the reader saw the sides; null takes that choice back.
 * A vote made in several steps is blind only if every step was.
 */
export function nextVote(
  model: PanelModel,
  clips: { A: ClipRecord; B: ClipRecord },
  of: 'overall' | Dimension,
  choice: Choice | null,
  stamp: VoteStamp,
): Vote {
  const before = currentVote(model);
  const chosen = choice === null ? undefined : model.swapped ? mirrorChoice(choice) : choice;
  const overall = of === 'overall' ? chosen : before?.overall;
  const others = Object.entries(before?.dimensions ?? {}).filter(([id]) => id !== of);
  const dimensions = Object.fromEntries(
    of === 'overall' || chosen === undefined ? others : [...others, [of, chosen]],
  );
  return {
    ...header(model, clips, stamp, before),
    ...(overall === undefined ? {} : { overall }),
    ...(Object.keys(dimensions).length === 0 ? {} : { dimensions }),
    ...(before?.criteria ? { criteria: before.criteria } : {}),
    ...(before?.note === undefined ? {} : { note: before.note }),
  };
}

/** Takes back the vote in force; undefined where there is none. */
export function withdrawal(model: PanelModel, stamp: VoteStamp): Vote | undefined {
  const before = currentVote(model);
  if (!before) return undefined;
  const { format, a, b, blind, modelShown } = before;
  return { format, ...stamp, a, b, blind, modelShown, supersedes: before.id, withdrawn: true };
}

function header(
  model: PanelModel,
  clips: { A: ClipRecord; B: ClipRecord },
  stamp: VoteStamp,
  before: Vote | undefined,
) {
  const hidden = isHidden(model);
  const carried = hasChoices(before) ? before : undefined;
  const pointer = ({ path, hash }: ClipRecord) => ({ path, hash });
  return {
    format: VOTE_FORMAT,
    ...stamp,
    a: pointer(clips.A),
    b: pointer(clips.B),
    blind: hidden && (carried?.blind ?? true),
    modelShown: (!hidden && hasSaid(model)) || (carried?.modelShown ?? false),
    ...(before ? { supersedes: before.id } : {}),
  } as const;
}

/** The judge's word is on the screen, be it the beginning of it. */
const hasSaid = ({ verdict, live }: PanelModel) => verdict !== undefined || (live?.length ?? 0) > 0;
