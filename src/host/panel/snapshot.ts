import { mirrorTranscript } from '../../core/chain/transcript';
import { otherSide, type Side } from '../../core/pair';
import type { Problem } from '../../core/problem';
import { mirrorVote, type Vote } from '../../core/vote';
import { CRITERIA } from '../../core/rubric';
import { swapCriterion, swapVerdict } from '../../core/verdictRule';
import type { PanelSnapshot, SideView } from '../../protocol/panel';
import { isHidden, type ClipState, type Media, type Notice, type PanelModel } from './model';
import type { PanelTexts } from './texts';
import { currentVote, hasChoices } from './votes';

/** What the page is shown of a model: the sides as they stand, and nothing that blind mode hides. */
export function snapshotOf(model: PanelModel, revision: number, texts: PanelTexts): PanelSnapshot {
  const hidden = isHidden(model);
  const seen = (side: Side): Side => (model.swapped ? otherSide(side) : side);
  const say = speaker(model, texts, seen);
  const view = (side: Side) => sideView(model.clips[seen(side)], hidden, say.problem, texts);
  const vote = currentVote(model);
  const progress = progressOf(model, seen, texts);
  const { verdict, live, problem } = model;
  const judge = judgeView(model);
  return {
    revision,
    sides: { A: view('A'), B: view('B') },
    phase: model.phase,
    ...(progress ? { progress } : {}),
    ...(verdict && !hidden ? { verdict: model.swapped ? swapVerdict(verdict) : verdict } : {}),
    ...(live && !hidden ? { live: model.swapped ? live.map(swapCriterion) : live } : {}),
    fromLog: model.fromLog,
    ...(judge ? { judge } : {}),
    ...(problem ? { problem: say.problem(problem) } : {}),
    ...(model.notices.length > 0 ? { notice: model.notices.map(say.notice).join(' ') } : {}),
    ...(vote && hasChoices(vote) ? { vote: voteView(model.swapped ? mirrorVote(vote) : vote, hidden) } : {}),
    canUndoVote: vote !== undefined,
    blind: { on: model.blind.on, revealed: model.blind.revealed },
    // Restored blind, the sides are shuffled anew.
    ...(hidden ? {} : { identity: { a: model.clips[seen('A')].uri, b: model.clips[seen('B')].uri } }),
  };
}

/** The page need not know where the card lies. */
function judgeView({ judge, verdict }: PanelModel): PanelSnapshot['judge'] {
  if (!judge) return undefined;
  const { cardPath, ...facts } = judge;
  const device = verdict ? { device: verdict.judge.device } : {};
  return { ...facts, ...device, hasCard: cardPath !== undefined };
}

function sideView(
  state: ClipState,
  hidden: boolean,
  sayProblem: (problem: Problem) => Problem,
  texts: PanelTexts,
): SideView {
  const { measures, clip = state.lastClip } = state;
  const problem = state.fileProblem ?? state.problem ?? state.mediaProblem;
  return {
    name: hidden ? '' : state.name,
    folder: hidden ? '' : state.folder,
    ...mediaView(state.media, hidden, texts),
    ...(clip ? { clip: hidden ? { ...clip, path: '' } : clip } : {}),
    // What was measured is the machine's word too: a blind vote is on the picture.
    ...(measures && !hidden ? { measures } : {}),
    ...(problem ? { problem: sayProblem(problem) } : {}),
  };
}

function voteView(vote: Vote, hidden: boolean): Vote {
  return hidden ? { ...vote, a: { ...vote.a, path: '' }, b: { ...vote.b, path: '' } } : vote;
}

function mediaView(
  media: Media,
  hidden: boolean,
  texts: PanelTexts,
): Pick<SideView, 'media' | 'uri' | 'note'> {
  switch (media.kind) {
    case 'none':
      return { media: 'none' };
    case 'video':
      return { media: 'video', ...(hidden && !media.neutral ? {} : { uri: media.uri }) };
    case 'proxy':
      return {
        media: 'proxy',
        uri: media.uri,
        ...(media.why === 'blind' ? {} : { note: texts.proxyShown(media.why) }),
      };
    case 'making': {
      if (media.why === 'blind') return { media: 'waiting' };
      const percent = media.fraction === undefined ? '' : ` ${Math.round(100 * media.fraction)}%`;
      return { media: 'waiting', note: `${texts.proxyMaking(media.why)}${percent}` };
    }
  }
}

function progressOf(
  model: PanelModel,
  seen: (side: Side) => Side,
  texts: PanelTexts,
): PanelSnapshot['progress'] {
  if (model.phase === 'judging') return { text: judgingText(model, texts) };
  if (model.phase === 'done' && model.recovering) return { text: texts.recovering };
  if (model.phase !== 'measuring') return undefined;
  const parts = (['A', 'B'] as const).flatMap((side) => {
    const { decoding } = model.clips[seen(side)];
    return decoding ? [texts.measuringSide(side, decoding.seconds, decoding.of)] : [];
  });
  const fractions = (['A', 'B'] as const).map((side) => fractionOf(model.clips[side]));
  const known = fractions.every((f) => f !== undefined);
  return {
    text: [texts.measuring, ...parts].join(' '),
    ...(known ? { fraction: fractions.reduce((sum, f) => sum + f / 2, 0) } : {}),
  };
}

/** No fraction: once all criteria are written, the answers in the other order may still be to come. */
function judgingText({ live, judge }: PanelModel, texts: PanelTexts): string {
  const streams = live !== undefined || judge?.capabilities.streaming === true;
  return streams ? texts.writing(live?.length ?? 0, CRITERIA.length) : texts.judging;
}

/** How far a clip is decoded; unknown for one whose length is unknown. */
function fractionOf({ decoding }: ClipState): number | undefined {
  if (!decoding) return 0;
  return decoding.of ? Math.min(1, decoding.seconds / decoding.of) : undefined;
}

/** Sentences as the reader may read them: sides as they stand, names only where they are shown. */
function speaker(model: PanelModel, texts: PanelTexts, seen: (side: Side) => Side) {
  const hidden = isHidden(model);
  const called = (side: Side) => (hidden ? texts.hiddenClip(seen(side)) : model.clips[side].name);
  const names = (side: Side) => {
    const { name, paths, clip, lastClip } = model.clips[side];
    return [...paths, name, clip?.path ?? '', lastClip?.path ?? ''].filter((text) => text !== '');
  };
  const [ofA, ofB] = [names('A'), names('B')];
  const secrets = [...new Set([...ofA, ...ofB])].sort((x, y) => y.length - x.length);
  /** What stands for a name; a name that both clips have means the one that is spoken of, if that is known. */
  const stand = (name: string, about: Side | undefined) => {
    const side = ofA.includes(name) && ofB.includes(name) ? about : ofA.includes(name) ? 'A' : 'B';
    return side ? texts.hiddenClip(seen(side)) : texts.someClip;
  };
  const text = (plain: string, about?: Side) =>
    hidden ? secrets.reduce((t, name) => t.replaceAll(name, stand(name, about)), plain) : plain;
  const problem = ({ raw, ...p }: Problem): Problem => ({
    ...p,
    // A model's words may tell the clips apart.
    ...(raw === undefined || hidden ? {} : { raw: model.swapped ? mirrorTranscript(raw) : raw }),
    message: text(p.message, p.side),
    ...(p.fix === undefined ? {} : { fix: text(p.fix, p.side) }),
    ...(p.side ? { side: seen(p.side) } : {}),
  });
  const notice = (n: Notice): string => {
    switch (n.kind) {
      case 'changed':
        return texts.changed(called(n.side));
      case 'rejudgeCancelled':
        return texts.rejudgeCancelled;
      case 'voteWaiting':
        return texts.voteWaiting;
      case 'recordFailed':
        return text(texts.recordFailed(n.problem.message));
      case 'begunAnew':
        return texts.begunAnew(n.why);
      case 'text':
        return text(n.text);
    }
  };
  return { problem, notice };
}
