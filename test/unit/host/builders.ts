import type { Verdict } from '../../../src/core/verdict';
import { assembleVerdict } from '../../../src/core/verdictRule';
import type { Vote } from '../../../src/core/vote';
import { newModel, reduce, type PanelEvent, type PanelModel } from '../../../src/host/panel/model';
import type { PanelTexts } from '../../../src/host/panel/texts';
import type { CompareResult } from '../../../src/protocol/engine';
import { A_WINS, clipRecord, measures, verdictInput } from '../core/samples';

export const TEXTS: PanelTexts = {
  measuring: 'Reading.',
  measuringSide: (side, seconds, of) => `${side} ${seconds}/${of ?? '?'}`,
  judging: 'Judging.',
  writing: (count, of) => `${count} of ${of} written.`,
  recovering: 'Recovering.',
  proxyMaking: (why) => `making (${why})`,
  proxyShown: (why) => `proxy (${why})`,
  changed: (clip) => `${clip} changed.`,
  rejudgeCancelled: 'Re-judging cancelled.',
  voteWaiting: 'Waiting.',
  recordFailed: (message) => `No record: ${message}`,
  begunAnew: (why) => `Anew (${why}).`,
  hiddenClip: (side) => `clip ${side}`,
  someClip: 'a clip',
};

/** A prefers: sharper than B. */
export const VERDICT: Verdict = assembleVerdict(
  verdictInput({ 'vf.sharpness': A_WINS }, measures(), measures({ sharpness: 3 })),
);

export const RESULT: CompareResult = {
  verdict: VERDICT,
  fromLog: false,
  logCreated: false,
  measures: { A: measures(), B: measures({ sharpness: 3 }) },
};

export const CLIPS = { A: clipRecord('base/walk.mp4'), B: clipRecord('grpo/walk.mp4') };

export function opened(): PanelModel {
  const names = (folder: string) => ({
    name: 'walk.mp4',
    folder,
    uri: `file:///ws/${folder}/walk.mp4`,
    paths: [`/ws/${folder}/walk.mp4`, `${folder}/walk.mp4`],
  });
  return newModel({ A: names('base'), B: names('grpo') });
}

export function after(model: PanelModel, ...events: PanelEvent[]): PanelModel {
  return events.reduce(reduce, model);
}

export const judged = () => after(opened(), { type: 'started' }, { type: 'judged', result: RESULT });

let votes = 0;

export function vote(over: Partial<Vote> = {}): Vote {
  const pointer = ({ path, hash }: { path: string; hash: string }) => ({ path, hash });
  return {
    format: 'aesrm.vote/1',
    id: `vote-${++votes}`,
    at: '2026-01-02T03:04:05.000Z',
    by: 'me',
    a: pointer(CLIPS.A),
    b: pointer(CLIPS.B),
    blind: false,
    modelShown: true,
    ...over,
  };
}
