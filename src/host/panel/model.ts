import type { Restart } from '../../core/chain/chat';
import type { ClipMeasures } from '../../core/measures';
import { otherSide, type Side } from '../../core/pair';
import type { Problem } from '../../core/problem';
import { CRITERION_IDS } from '../../core/rubric';
import type { ClipRecord, CriterionVerdict, Verdict } from '../../core/verdict';
import type { Vote } from '../../core/vote';
import type { CompareProgress, CompareResult, JudgeFacts } from '../../protocol/engine';
import type { Phase } from '../../protocol/panel';

/** GIF and WebP have no clock that a page could set; other clips are given a proxy when the page cannot play them. */
export type ProxyReason = 'animated' | 'unplayable';

/** `blind`: the clip plays, but only under an address that names it. */
export type StandInReason = ProxyReason | 'blind';

export type Media =
  | { kind: 'none' }
  /** `neutral`: as neutral an address as could be had; no other is shown while the sides are hidden. */
  | { kind: 'video'; uri: string; neutral?: boolean }
  | { kind: 'making'; why: StandInReason; fraction?: number }
  | { kind: 'proxy'; why: StandInReason; uri: string };

/** How a clip is called in this window. */
export interface ClipNames {
  name: string;
  folder: string;
  uri: string;
  /** Every other way in which a sentence may name the clip. */
  paths: readonly string[];
}

export interface ClipState extends ClipNames {
  media: Media;
  /** Of the file as it plays now. */
  clip?: ClipRecord;
  /** The one from before the reading that runs now. */
  lastClip?: ClipRecord;
  /** The file has changed since that reading began, or since the last one. */
  changed?: true;
  measures?: ClipMeasures;
  /** What the engine found wrong with the clip. */
  problem?: Problem;
  /** What became of the file since: told by the watcher. */
  fileProblem?: Problem;
  /** Why it does not play; nothing of it holds for the file that comes next. */
  mediaProblem?: Problem;
  /** Seconds decoded so far. */
  decoding?: { seconds: number; of?: number };
}

export type Notice =
  | { kind: 'changed'; side: Side }
  | { kind: 'rejudgeCancelled' }
  | { kind: 'voteWaiting' }
  | { kind: 'recordFailed'; problem: Problem }
  | { kind: 'begunAnew'; why: BegunAnew }
  | { kind: 'text'; text: string };

/** `engine`: with the process that it ran in. */
export type BegunAnew = Restart | 'engine';

export type Judge = JudgeFacts;

/**
 * One comparison. `clips` keep the order in which the pair was opened, and so do the verdict and the votes:
 * `swapped` is a matter of the view, applied by `snapshotOf`.
 */
export interface PanelModel {
  clips: Record<Side, ClipState>;
  swapped: boolean;
  phase: Phase;
  verdict?: Verdict;
  /** What a streaming judge has written of the pair so far. */
  live?: CriterionVerdict[];
  fromLog: boolean;
  judge?: Judge;
  problem?: Problem;
  notices: Notice[];
  /** Measures are being taken again for a verdict that came from the log. */
  recovering: boolean;
  /** This reviewer's votes on the pair, in log order. */
  votes: Vote[];
  blind: {
    on: boolean;
    revealed: boolean;
    /** Ids of the votes cast since the sides were hidden. */ cast: string[];
  };
}

export type PanelEvent =
  | { type: 'started' }
  | { type: 'progress'; progress: CompareProgress }
  | { type: 'judged'; result: CompareResult }
  | { type: 'stopped'; problem: Problem }
  | { type: 'judge'; judge: Judge | undefined }
  | { type: 'recovering'; on: boolean }
  | { type: 'clip'; side: Side; change: Partial<Pick<ClipState, 'media' | 'measures' | 'mediaProblem'>> }
  | { type: 'file'; side: Side; state: 'missing'; problem: Problem }
  | { type: 'file'; side: Side; state: 'there' | 'changed' }
  | { type: 'votes'; votes: Vote[] }
  | { type: 'voted'; vote: Vote }
  | { type: 'swap' }
  | { type: 'blind'; on: boolean; swapped: boolean }
  | { type: 'notice'; notice: Notice };

export function newModel(names: Record<Side, ClipNames>): PanelModel {
  return {
    clips: { A: { ...names.A, media: { kind: 'none' } }, B: { ...names.B, media: { kind: 'none' } } },
    swapped: false,
    phase: 'measuring',
    fromLog: false,
    notices: [],
    recovering: false,
    votes: [],
    blind: { on: false, revealed: false, cast: [] },
  };
}

/** Blind mode is on and nothing was revealed yet. */
export function isHidden(model: PanelModel): boolean {
  return model.blind.on && !model.blind.revealed;
}

/** A side as the reader sees it, in the order in which the pair was opened; and the other way round. */
export function seenSide(model: PanelModel, side: Side): Side {
  return model.swapped ? otherSide(side) : side;
}

export function reduce(model: PanelModel, event: PanelEvent): PanelModel {
  switch (event.type) {
    case 'started':
      return started(model);
    case 'progress':
      return progressed(model, event.progress);
    case 'judged':
      return judged(model, event.result);
    case 'stopped':
      return stopped(model, event.problem);
    case 'judge':
      return withJudge(model, event.judge);
    case 'recovering':
      return { ...model, recovering: event.on };
    case 'clip':
      return withClip(model, event.side, event.change);
    case 'file':
      return fileEvent(model, event);
    case 'votes':
      return { ...model, votes: event.votes };
    case 'voted':
      return voted(model, event.vote);
    case 'swap':
      return { ...model, swapped: !model.swapped };
    case 'blind': {
      const swapped = event.on ? event.swapped : model.swapped;
      return { ...model, swapped, blind: { on: event.on, revealed: false, cast: [] } };
    }
    case 'notice':
      return withNotice(model, event.notice);
  }
}

/** What was written of an answer is past, and so is what became of it meanwhile. */
function withoutLive({ live: _, ...model }: PanelModel): PanelModel {
  return { ...model, notices: model.notices.filter(({ kind }) => kind !== 'begunAnew') };
}

function withJudge({ judge: _, ...model }: PanelModel, judge: Judge | undefined): PanelModel {
  return judge ? { ...model, judge } : model;
}

function withClip(model: PanelModel, side: Side, change: Partial<ClipState>): PanelModel {
  return { ...model, clips: { ...model.clips, [side]: { ...model.clips[side], ...change } } };
}

function withState(model: PanelModel, side: Side, state: ClipState): PanelModel {
  return { ...model, clips: { ...model.clips, [side]: state } };
}

/** One notice of each kind (and side); the same text is not said twice. */
function withNotice(model: PanelModel, notice: Notice): PanelModel {
  const same = (n: Notice) => JSON.stringify(n) === JSON.stringify(notice);
  return model.notices.some(same) ? model : { ...model, notices: [...model.notices, notice] };
}

function started(model: PanelModel): PanelModel {
  const fresh = ({ problem: _, decoding: __, changed: ___, clip, ...state }: ClipState): ClipState => ({
    ...state,
    ...(clip ? { lastClip: clip } : {}),
  });
  const { problem: _, live: __, ...rest } = model;
  return {
    ...rest,
    clips: { A: fresh(model.clips.A), B: fresh(model.clips.B) },
    phase: 'measuring',
    notices: [],
    recovering: false,
  };
}

function progressed(model: PanelModel, p: CompareProgress): PanelModel {
  switch (p.stage) {
    case 'clip':
      return withClip(model, p.side, {
        ...(model.clips[p.side].changed ? {} : { clip: p.clip }),
        measures: p.measures,
        decoding: { seconds: p.clip.duration, of: p.clip.duration },
      });
    case 'decoding':
      return withClip(model, p.side, {
        decoding: { seconds: p.seconds, ...(p.of === undefined ? {} : { of: p.of }) },
      });
    case 'judging': {
      const begun = withoutLive({ ...model, phase: 'judging' });
      return model.live?.length ? withNotice(begun, { kind: 'begunAnew', why: 'engine' }) : begun;
    }
    case 'criterion': {
      const others = (model.live ?? []).filter(({ id }) => id !== p.criterion.id);
      const order = ({ id }: CriterionVerdict) => CRITERION_IDS.indexOf(id);
      return { ...model, live: [...others, p.criterion].sort((x, y) => order(x) - order(y)) };
    }
    case 'restarted': {
      const live = (model.live ?? []).filter(({ id }) => !p.withdrawn.includes(id));
      return withNotice({ ...model, live }, { kind: 'begunAnew', why: p.why });
    }
    case 'problem':
      return withClip(model, p.side, { problem: p.problem });
    case 'note':
      return withNotice(model, { kind: 'text', text: p.text });
  }
}

function judged(model: PanelModel, result: CompareResult): PanelModel {
  const { verdict, fromLog, measures, logProblem } = result;
  const clip = (side: Side, record: ClipRecord): ClipState => {
    const { decoding: _, measures: before, clip: seen, lastClip, ...rest } = model.clips[side];
    const known = measures[side] ?? ((seen ?? lastClip)?.hash === record.hash ? before : undefined);
    return { ...rest, ...(rest.changed ? {} : { clip: record }), ...(known ? { measures: known } : {}) };
  };
  const before = withoutLive(model);
  const next: PanelModel = {
    ...before,
    clips: { A: clip('A', verdict.a), B: clip('B', verdict.b) },
    phase: 'done',
    verdict,
    fromLog,
  };
  return logProblem ? withNotice(next, { kind: 'recordFailed', problem: logProblem }) : next;
}

function stopped(running: PanelModel, problem: Problem): PanelModel {
  const model = withoutLive(running);
  if (problem.code === 'cancelled')
    return model.verdict
      ? withNotice({ ...asBefore(model), phase: 'done' }, { kind: 'rejudgeCancelled' })
      : { ...asBefore(model), phase: 'cancelled' };
  const { verdict: __, ...rest } = model;
  const next: PanelModel = { ...rest, phase: 'failed', fromLog: false, problem };
  return problem.side && !next.clips[problem.side].problem ? withClip(next, problem.side, { problem }) : next;
}

/** What was read before a reading that came to nothing holds, unless the file has changed. */
function asBefore(model: PanelModel): PanelModel {
  const back = ({ lastClip, ...state }: ClipState): ClipState => ({
    ...(lastClip ? { clip: lastClip } : {}),
    ...state,
  });
  return { ...model, clips: { A: back(model.clips.A), B: back(model.clips.B) } };
}

function fileEvent(model: PanelModel, event: PanelEvent & { type: 'file' }): PanelModel {
  const { fileProblem: _, mediaProblem: __, lastClip: ___, clip, ...state } = model.clips[event.side];
  if (event.state === 'missing')
    return withState(model, event.side, { ...state, changed: true, fileProblem: event.problem });
  if (event.state === 'there') return withState(model, event.side, { ...state, ...(clip ? { clip } : {}) });
  return withNotice(withState(model, event.side, { ...state, changed: true }), {
    kind: 'changed',
    side: event.side,
  });
}

/** A blind vote on the whole ends the hiding; one on a dimension does not. */
function voted(model: PanelModel, vote: Vote): PanelModel {
  const { blind } = model;
  const revealed = blind.revealed || (blind.on && !vote.withdrawn && vote.overall !== undefined);
  return {
    ...model,
    votes: [...model.votes, vote],
    notices: model.notices.filter((n) => n.kind !== 'voteWaiting'),
    blind: { ...blind, revealed, cast: [...blind.cast, vote.id] },
  };
}
