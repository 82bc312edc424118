import assert from 'node:assert/strict';
import { PairClock } from '../../webview/panel/clock';
import { differenceCurve, measureCurves } from '../../webview/panel/curves';
import { initialState, reduce } from '../../webview/panel/state';
import { FIT, panBy, zoomBy } from '../../webview/panel/viewport';
import { inBlocks } from '../../webview/panel/views/raw';
import { percents } from '../../webview/panel/words';
import { ENGLISH, t, useStrings } from '../../webview/strings';
import { blindSnapshot, clipMeasures, clipRecord, sideView, snapshot } from '../support/snapshot';

describe('panel: the pure parts', () => {
  it('rounds three probabilities to percents that sum to 100', () => {
    for (const p of [
      { a: 1 / 3, tie: 1 / 3, b: 1 / 3 },
      { a: 0.005, tie: 0.99, b: 0.005 },
      { a: 0.195, tie: 0.095, b: 0.71 },
      { a: 0, tie: 0, b: 1 },
    ])
      assert.equal(
        percents(p).reduce((x, y) => x + y),
        100,
      );
  });

  it('changes nothing where nothing changes, and forgets a picture with its URI', () => {
    const one = snapshot({ sides: { A: sideView({ uri: 'a' }), B: sideView({ uri: 'b' }) } });
    let state = reduce(initialState(), { type: 'snapshot', snapshot: one });
    assert.equal(reduce(state, { type: 'clock', time: 0, playing: false }), state);
    state = reduce(state, { type: 'media', side: 'A', loaded: true });
    state = reduce(state, { type: 'media', side: 'B', loaded: true });
    const two = { ...one, revision: 2, sides: { ...one.sides, A: sideView({ uri: 'c' }) } };
    assert.deepEqual(reduce(state, { type: 'snapshot', snapshot: two }).ui.loaded, { A: false, B: true });
  });

  it('closes what speaks of the judge when blind mode begins, and ends cancelling with the run', () => {
    let state = reduce(initialState(), { type: 'snapshot', snapshot: snapshot({ phase: 'judging' }) });
    state = reduce(state, { type: 'open', what: 'judge', open: true });
    state = reduce(state, { type: 'cancelling' });
    state = reduce(state, { type: 'snapshot', snapshot: { ...blindSnapshot(), revision: 2 } });
    assert.equal(state.ui.judgeOpen, false);
    assert.equal(state.ui.cancelling, false);
  });

  it('zooms about the pointer and keeps the picture over its box', () => {
    const view = zoomBy(FIT, 2, 1, 0);
    assert.deepEqual(view, { zoom: 2, x: -0.5, y: 0.5 });
    assert.deepEqual(panBy(view, -9, 9), view);
    assert.deepEqual(zoomBy(view, 0.1), FIT);
  });

  it('snaps rounded evidence to the frame that it means', () => {
    const clip = clipRecord({ fps: 24, duration: 2 });
    const side = sideView({ clip, measures: clipMeasures(clip, 1) });
    const clock = new PairClock({ A: side, B: side });
    for (const frame of [1, 2, 5, 7, 11, 47]) {
      const rounded = Math.round((frame / 24) * 1e4) / 1e4;
      assert.equal(clock.frame('A', clock.boundary(rounded)), frame);
    }
  });

  it('draws both sides on one scale, in a bounded number of points', () => {
    const long = clipRecord({ fps: 30, duration: 120 });
    const sides = { A: sideView({ clip: long }), B: sideView({ seed: 2 }) };
    const curves = measureCurves(sides, 'sharpness', 120)!;
    assert.ok(curves.low < curves.high);
    assert.ok((curves.sides.A!.path.match(/[ML]/g) ?? []).length <= 1000);
    assert.equal(curves.sides.A!.path.split('M').length - 1, 1);
    assert.ok(differenceCurve(sides, 120)!.path.startsWith('M0.0'));
    assert.equal(
      measureCurves(
        { A: { name: '', folder: '', media: 'none' }, B: { name: '', folder: '', media: 'none' } },
        'noise',
        2,
      ),
      undefined,
    );
  });

  it('cuts long words into blocks at the ends of lines, and loses nothing but those', () => {
    assert.deepEqual(inBlocks('aa\nbb\n\ncc', 2), ['aa', 'bb', '\ncc']);
    assert.deepEqual(inBlocks('a line longer than a block', 3), ['a line longer than a block']);
    assert.deepEqual(inBlocks('', 3), []);
  });

  it('stays English where a translation is missing', () => {
    useStrings({ play: 'Los' });
    assert.equal(t('play'), 'Los');
    assert.equal(t('pause'), ENGLISH.pause);
    assert.equal(t('frame', 3, 7), 'frame 3/7');
    useStrings();
  });
});
