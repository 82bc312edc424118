import * as assert from 'node:assert/strict';
import type { CriterionVerdict } from '../../../src/core/verdict';
import { swapVerdict } from '../../../src/core/verdictRule';
import { reduce, type PanelEvent, type PanelModel } from '../../../src/host/panel/model';
import { snapshotOf } from '../../../src/host/panel/snapshot';
import { measures } from '../core/samples';
import { after, CLIPS, judged, opened, RESULT, TEXTS, VERDICT, vote } from './builders';

const show = (model: PanelModel) => snapshotOf(model, 1, TEXTS);
const problemOn = (side: 'A' | 'B', message: string) => ({ code: 'notVideo' as const, message, side });

describe('host: the panel of a comparison', () => {
  it('shows the clips before anything is known of them', () => {
    const shown = show(after(opened(), { type: 'started' }));
    assert.equal(shown.phase, 'measuring');
    assert.deepEqual(
      [shown.sides.A.name, shown.sides.A.folder, shown.sides.B.folder],
      ['walk.mp4', 'base', 'grpo'],
    );
    assert.equal(shown.verdict, undefined);
    assert.equal(shown.canUndoVote, false);
  });

  it('tells how far each side is, and a fraction only where both lengths are known', () => {
    const decoding = (side: 'A' | 'B', seconds: number, of?: number) =>
      ({
        type: 'progress',
        progress: { stage: 'decoding', side, seconds, ...(of ? { of } : {}) },
      }) as const;
    const known = after(opened(), { type: 'started' }, decoding('A', 1, 2), decoding('B', 2, 2));
    assert.deepEqual(show(known).progress, { text: 'Reading. A 1/2 B 2/2', fraction: 0.75 });
    const unknown = after(opened(), { type: 'started' }, decoding('A', 1));
    assert.deepEqual(show(unknown).progress, { text: 'Reading. A 1/?' });
    const swapped = reduce(known, { type: 'swap' });
    assert.equal(show(swapped).progress?.text, 'Reading. A 2/2 B 1/2');
  });

  it('streams: a clip that was read counts as whole, and judging follows', () => {
    const clip = {
      type: 'progress',
      progress: { stage: 'clip', side: 'A', clip: CLIPS.A, measures: measures() },
    } as const;
    const read = after(opened(), { type: 'started' }, clip);
    assert.equal(show(read).progress?.fraction, 0.5);
    assert.equal(show(read).sides.A.clip?.hash, CLIPS.A.hash);
    const judging = reduce(read, { type: 'progress', progress: { stage: 'judging' } });
    assert.deepEqual([show(judging).phase, show(judging).progress], ['judging', { text: 'Judging.' }]);
  });

  it('shows the verdict with its judge and the device that ran', () => {
    const { device: _, ...info } = VERDICT.judge;
    const shown = show(reduce(judged(), { type: 'judge', judge: { ...info, agreement: [] } }));
    assert.deepEqual([shown.phase, shown.progress], ['done', undefined]);
    assert.deepEqual(shown.verdict, VERDICT);
    assert.equal(shown.judge?.device, 'cpu');
  });

  it('tells whether the judge has a card, and not where it lies', () => {
    const { device: _, ...info } = VERDICT.judge;
    const judge = (more: { cardPath?: string }) =>
      show(reduce(judged(), { type: 'judge', judge: { ...info, agreement: [], ...more } })).judge;
    assert.deepEqual([judge({})?.hasCard, judge({ cardPath: '/x/CARD.md' })?.hasCard], [false, true]);
    assert.ok(!JSON.stringify(judge({ cardPath: '/x/CARD.md' })).includes('CARD.md'));
  });

  it('keeps one bad clip to its side', () => {
    const bad = problemOn('B', 'walk.mp4 is not a video.');
    const model = after(
      opened(),
      { type: 'started' },
      { type: 'clip', side: 'A', change: { media: { kind: 'video', uri: 'x:a' } } },
      { type: 'progress', progress: { stage: 'problem', side: 'B', problem: bad } },
      { type: 'stopped', problem: bad },
    );
    const shown = show(model);
    assert.equal(shown.phase, 'failed');
    assert.deepEqual([shown.sides.A.media, shown.sides.A.problem], ['video', undefined]);
    assert.deepEqual(shown.sides.B.problem, bad);
  });

  it('puts the problem on its side though no progress told of it', () => {
    const shown = show(after(opened(), { type: 'stopped', problem: problemOn('A', 'Bad.') }));
    assert.equal(shown.sides.A.problem?.message, 'Bad.');
  });

  it('forgets old problems and notices when it starts anew', () => {
    const failed = after(
      opened(),
      { type: 'notice', notice: { kind: 'text', text: 'n' } },
      { type: 'stopped', problem: problemOn('A', 'Bad.') },
    );
    const shown = show(reduce(failed, { type: 'started' }));
    assert.deepEqual([shown.problem, shown.notice, shown.sides.A.problem], [undefined, undefined, undefined]);
  });

  it('keeps the verdict when judging again is cancelled, and loses it when that fails', () => {
    const cancelled = { type: 'stopped', problem: { code: 'cancelled', message: '' } } as const;
    const kept = show(after(judged(), { type: 'started' }, cancelled));
    assert.deepEqual([kept.phase, kept.notice], ['done', 'Re-judging cancelled.']);
    assert.ok(kept.verdict);
    assert.equal(show(after(opened(), { type: 'started' }, cancelled)).phase, 'cancelled');
    const failed = { type: 'stopped', problem: { code: 'internal', message: 'x' } } as const;
    assert.equal(show(after(judged(), { type: 'started' }, failed)).verdict, undefined);
  });

  it('says that a vote waits for the clips, as long as it does', () => {
    const waiting = after(opened(), { type: 'notice', notice: { kind: 'voteWaiting' } });
    assert.equal(show(waiting).notice, 'Waiting.');
    assert.equal(show(reduce(waiting, { type: 'voted', vote: vote() })).notice, undefined);
  });

  it('shows what is played in place of a clip, and why', () => {
    const media = (change: Parameters<typeof reduce>[1] & { type: 'clip' }) =>
      show(reduce(opened(), change)).sides.A;
    const making = { kind: 'making', why: 'unplayable', fraction: 0.254 } as const;
    assert.deepEqual(
      [media({ type: 'clip', side: 'A', change: { media: making } })].map((s) => [s.media, s.note, s.uri]),
      [['waiting', 'making (unplayable) 25%', undefined]],
    );
    const proxy = { kind: 'proxy', why: 'animated', uri: 'x:p' } as const;
    assert.deepEqual(
      [media({ type: 'clip', side: 'A', change: { media: proxy } })].map((s) => [s.media, s.note, s.uri]),
      [['proxy', 'proxy (animated)', 'x:p']],
    );
  });

  it('keeps the curves that it has when the record answers without', () => {
    const again = { ...RESULT, fromLog: true, measures: {} };
    const model = after(judged(), { type: 'started' }, { type: 'judged', result: again });
    assert.equal(show(model).fromLog, true);
    assert.ok(show(model).sides.A.measures);
    const other = { ...again, verdict: { ...VERDICT, a: { ...VERDICT.a, hash: 'other' } } };
    assert.equal(show(reduce(model, { type: 'judged', result: other })).sides.A.measures, undefined);
  });
});

describe('host: a judge that writes', () => {
  const CRITERION: CriterionVerdict = {
    id: 'va.tone',
    status: 'judged',
    score: 1,
    reason: 'A holds its shadows.',
    words: '{A} holds its shadows.',
    evidence: [{ side: 'A', start: 1, end: 1 }],
  };
  const wrote = (criterion: CriterionVerdict) =>
    ({ type: 'progress', progress: { stage: 'criterion', criterion } }) as const;
  const judging = { type: 'progress', progress: { stage: 'judging' } } as const;
  const running = (...events: PanelEvent[]) => after(opened(), { type: 'started' }, judging, ...events);

  it('shows what it has written so far, and how much that is', () => {
    const first = running(wrote({ ...CRITERION, id: 'vf.flicker' }), wrote(CRITERION));
    assert.deepEqual(
      show(first).live?.map((c) => c.id),
      ['va.tone', 'vf.flicker'],
    );
    assert.deepEqual(show(first).progress, { text: '2 of 15 written.' });
    assert.deepEqual(show(reduce(first, wrote(CRITERION))).live?.length, 2);
  });

  it('counts from nothing where it is known to write, and says nothing of it where it does not', () => {
    const { device: _, ...info } = VERDICT.judge;
    const judge = { ...info, agreement: [], capabilities: { ...info.capabilities, streaming: true } };
    assert.equal(show(running({ type: 'judge', judge })).progress?.text, '0 of 15 written.');
    assert.equal(show(running()).progress?.text, 'Judging.');
    assert.equal(show(running()).live, undefined);
  });

  it('turns it with the sides', () => {
    const live = show(reduce(running(wrote(CRITERION)), { type: 'swap' })).live;
    assert.deepEqual(live, [
      {
        ...CRITERION,
        score: -1,
        reason: 'B holds its shadows.',
        words: '{B} holds its shadows.',
        evidence: [{ side: 'B', start: 1, end: 1 }],
      },
    ]);
  });

  it('shows nothing of it while the sides are hidden, but how much there is', () => {
    const shown = show(running(wrote(CRITERION), { type: 'blind', on: true, swapped: false }));
    assert.equal(shown.live, undefined);
    assert.ok(!JSON.stringify(shown).includes('shadows'));
    assert.equal(shown.progress?.text, '1 of 15 written.');
  });

  it('says that an answer is begun anew, and shows what no answer judges any more no longer', () => {
    const two = running(wrote({ ...CRITERION, id: 'vf.flicker' }), wrote(CRITERION));
    const restarted = { stage: 'restarted', why: 'lost', withdrawn: ['va.tone'] } as const;
    const anew = reduce(two, { type: 'progress', progress: restarted });
    assert.deepEqual(
      [show(anew).live?.map((c) => c.id), show(anew).notice],
      [['vf.flicker'], 'Anew (lost).'],
    );
    const restored = reduce(anew, { type: 'judged', result: RESULT });
    assert.equal(show(restored).notice, undefined, 'it is past');
    const failed = { type: 'stopped', problem: { code: 'internal', message: '' } } as const;
    assert.equal(show(reduce(anew, failed)).notice, undefined);
  });

  it('says so where the engine had to begin anew', () => {
    const anew = running(wrote(CRITERION), judging);
    assert.deepEqual([show(anew).live, show(anew).notice], [undefined, 'Anew (engine).']);
    assert.equal(show(running(judging)).notice, undefined, 'nothing had been written');
  });

  it('gives way to the verdict, and is gone when it is cancelled or fails', () => {
    const some = running(wrote(CRITERION));
    assert.equal(show(reduce(some, { type: 'judged', result: RESULT })).live, undefined);
    for (const code of ['cancelled', 'internal'] as const)
      assert.equal(show(reduce(some, { type: 'stopped', problem: { code, message: '' } })).live, undefined);
  });
});

describe('host: swapping the sides', () => {
  it('turns clips, verdict, vote and problems, and judges nothing', () => {
    const model = after(
      judged(),
      { type: 'voted', vote: vote({ overall: 'A' }) },
      { type: 'stopped', problem: problemOn('A', 'Bad.') },
      { type: 'judged', result: RESULT },
    );
    const shown = show(reduce(model, { type: 'swap' }));
    assert.deepEqual([shown.sides.A.folder, shown.sides.B.folder], ['grpo', 'base']);
    assert.deepEqual(shown.verdict, swapVerdict(VERDICT));
    assert.equal(shown.vote?.overall, 'B');
    assert.equal(shown.problem?.side, 'B');
    assert.deepEqual(show(after(model, { type: 'swap' }, { type: 'swap' })), show(model));
  });

  it('tells the page what stands where, so that a reload finds it so', () => {
    const [a, b] = ['file:///ws/base/walk.mp4', 'file:///ws/grpo/walk.mp4'];
    assert.deepEqual(show(opened()).identity, { a, b });
    assert.deepEqual(show(reduce(opened(), { type: 'swap' })).identity, { a: b, b: a });
  });
});

describe('host: a blind comparison', () => {
  const hide = (swapped = false) => ({ type: 'blind', on: true, swapped }) as const;

  it('has no name, folder, path, verdict or curve in it, whatever was said', () => {
    const model = after(
      judged(),
      { type: 'progress', progress: { stage: 'note', text: 'base/walk.mp4 was read in windows.' } },
      { type: 'file', side: 'B', state: 'changed' },
      {
        type: 'stopped',
        problem: {
          ...problemOn('B', '/ws/grpo/walk.mp4: walk.mp4 is broken.'),
          fix: 'Look at grpo/walk.mp4.',
        },
      },
      { type: 'judged', result: RESULT },
      {
        type: 'clip',
        side: 'A',
        change: { media: { kind: 'video', uri: 'https://x/ws/base/walk.mp4?v=1' } },
      },
      { type: 'clip', side: 'B', change: { media: { kind: 'video', uri: 'x:9.mp4', neutral: true } } },
      hide(),
      { type: 'voted', vote: vote({ dimensions: { VA: 'A' }, blind: true, modelShown: false }) },
    );
    const shown = show(model);
    assert.doesNotMatch(JSON.stringify(shown, nameless), /walk|base|grpo|\/ws/);
    assert.deepEqual(shown.blind, { on: true, revealed: false });
    assert.deepEqual([shown.verdict, shown.sides.A.measures], [undefined, undefined]);
    assert.deepEqual([shown.vote?.dimensions?.VA, shown.identity], ['A', undefined]);
    assert.deepEqual([shown.sides.A.media, shown.sides.A.uri], ['video', undefined]);
    assert.deepEqual([shown.sides.B.media, shown.sides.B.uri], ['video', 'x:9.mp4']);
    assert.match(shown.notice ?? '', /clip A was read.*clip B changed/);
    assert.equal(shown.problem?.message, 'clip B: clip B is broken.');
  });

  it('calls the sides as they stand after the shuffle', () => {
    const model = after(judged(), { type: 'file', side: 'B', state: 'changed' }, hide(true));
    assert.equal(show(model).notice, 'clip A changed.');
  });

  it('hides an older vote, which would tell the sides apart', () => {
    const model = after(judged(), { type: 'votes', votes: [vote({ overall: 'A' })] }, hide(true));
    assert.deepEqual([show(model).vote, show(model).canUndoVote], [undefined, false]);
  });

  it('reveals everything with a vote on the whole, not with one on a dimension', () => {
    const one = vote({ dimensions: { VA: 'A' }, blind: true, modelShown: false });
    const dimension = after(judged(), hide(true), { type: 'voted', vote: one });
    assert.deepEqual(show(dimension).blind, { on: true, revealed: false });
    assert.equal(show(dimension).vote?.dimensions?.VA, 'B');
    const whole = reduce(dimension, { type: 'voted', vote: vote({ overall: 'B', supersedes: one.id }) });
    const shown = show(whole);
    assert.deepEqual(shown.blind, { on: true, revealed: true });
    assert.deepEqual([shown.sides.A.folder, shown.vote?.overall], ['grpo', 'A']);
    assert.ok(shown.verdict);
  });

  it('stays revealed when the vote is taken back', () => {
    const cast = vote({ overall: 'A', blind: true });
    const taken = vote({ supersedes: cast.id, withdrawn: true });
    const model = after(judged(), hide(), { type: 'voted', vote: cast }, { type: 'voted', vote: taken });
    assert.deepEqual([show(model).blind.revealed, show(model).vote], [true, undefined]);
  });

  it('starts over when it is turned on again, and leaves the sides when it is turned off', () => {
    const model = after(judged(), hide(true), { type: 'voted', vote: vote({ overall: 'A' }) }, hide(true));
    assert.deepEqual(show(model).blind, { on: true, revealed: false });
    const off = reduce(model, { type: 'blind', on: false, swapped: false });
    assert.deepEqual([show(off).blind.on, show(off).sides.A.folder], [false, 'grpo']);
  });
});

/** The hash of a clip is no name: the builders make it from the path. */
function nameless(key: string, value: unknown): unknown {
  return key === 'hash' ? undefined : value;
}
