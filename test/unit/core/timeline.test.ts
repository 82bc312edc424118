import assert from 'node:assert/strict';
import {
  differences,
  formatTime,
  frameDuration,
  frameOnClock,
  frameStart,
  nextDifference,
  seekTime,
  stepFrame,
  totalDuration,
  type ClipTiming,
  type Difference,
} from '../../../src/core/timeline';
import { CRITERION_IDS } from '../../../src/core/rubric';
import { assembleVerdict } from '../../../src/core/verdictRule';
import { A_WINS, B_WINS, during, measures, random, verdictInput } from './samples';

const SIXTEEN: ClipTiming = { duration: 2, fps: 16, frames: 32 };
const EIGHT: ClipTiming = { duration: 2, fps: 8, frames: 16 };
const NTSC: ClipTiming = { duration: 4.004, fps: 30000 / 1001, frames: 120 };
const VFR: ClipTiming = { duration: 1, fps: 5, frames: 5, times: [0, 0.1, 0.2, 0.6, 0.9] };

describe('frames on the clock', () => {
  it('shows frame i from its start to the next one', () => {
    for (const clip of [SIXTEEN, EIGHT, NTSC, VFR])
      for (let i = 0; i < clip.frames; i++) {
        assert.equal(frameOnClock(clip, frameStart(clip, i)), i, `start of ${i}`);
        assert.equal(
          frameOnClock(clip, frameStart(clip, i) + frameDuration(clip, i) * 0.99),
          i,
          `end of ${i}`,
        );
      }
  });
  it('holds the first and the last frame', () => {
    assert.deepEqual(
      [frameOnClock(SIXTEEN, -1), frameOnClock(SIXTEEN, 99), frameOnClock(VFR, 99)],
      [0, 31, 4],
    );
    assert.equal(frameOnClock({ duration: 0, fps: 0, frames: 0 }, 1), 0);
  });
  it('seeks to the middle of the frame on show', () => {
    assert.equal(seekTime(SIXTEEN, 0), 1 / 32);
    assert.equal(seekTime(SIXTEEN, 1.0001), 1 + 1 / 32);
    assert.equal(seekTime(SIXTEEN, 5), 31 / 16 + 1 / 32);
    assert.equal(seekTime(VFR, 0.5), 0.4);
    assert.equal(frameDuration(VFR, 3), 0.9 - 0.6);
  });
  it('seeks within the frame, wherever it is asked', () => {
    const next = random(3);
    for (const clip of [SIXTEEN, NTSC, VFR])
      for (let i = 0; i < 200; i++) {
        const t = next() * clip.duration;
        assert.equal(frameOnClock(clip, seekTime(clip, t)), frameOnClock(clip, t));
      }
  });
  it('does not take a part of the times for all of them', () => {
    const partly = { ...SIXTEEN, times: [0, 1.9] };
    assert.equal(frameOnClock(partly, 1), 16);
  });
  it('lasts as long as the longer clip', () => {
    assert.equal(totalDuration([SIXTEEN, NTSC]), 4.004);
  });
});

describe('stepFrame', () => {
  it('walks the boundaries of the finer side, there and back, in either order of the sides', () => {
    for (const clips of [
      [SIXTEEN, EIGHT],
      [EIGHT, SIXTEEN],
    ] as const) {
      assert.equal(stepFrame(0, 1, clips), 1 / 16);
      assert.equal(stepFrame(1, -1, clips), 15 / 16);
      assert.equal(stepFrame(1.03, 1, clips), 17 / 16);
      let t = 0;
      for (let i = 1; i < 32; i++) t = stepFrame(t, 1, clips);
      assert.equal(t, 31 / 16);
      for (let i = 1; i < 32; i++) t = stepFrame(t, -1, clips);
      assert.equal(t, 0);
    }
  });
  it('stays at the start and at the end', () => {
    assert.equal(stepFrame(0, -1, [SIXTEEN, EIGHT]), 0);
    assert.equal(stepFrame(31 / 16, 1, [SIXTEEN, EIGHT]), 31 / 16);
    assert.equal(
      stepFrame(0, 1, [
        { ...SIXTEEN, frames: 1 },
        { ...EIGHT, frames: 1 },
      ]),
      0,
    );
  });
  it('goes on along the longer side where the finer one has ended, and comes back', () => {
    const clips = [
      { duration: 1, fps: 16, frames: 16 },
      { duration: 2, fps: 8, frames: 16 },
    ] as const;
    const stops = [15 / 16];
    for (let i = 0; i < 9; i++) stops.push(stepFrame(stops.at(-1)!, 1, clips));
    assert.deepEqual(stops, [15 / 16, 1, 9 / 8, 10 / 8, 11 / 8, 12 / 8, 13 / 8, 14 / 8, 15 / 8, 15 / 8]);
    assert.equal(stepFrame(9 / 8, -1, clips), 1);
    assert.equal(stepFrame(1, -1, clips), 15 / 16);
  });
  it('always moves on until the end, for any two clips', () => {
    const next = random(9);
    for (let n = 0; n < 50; n++) {
      const clip = (): ClipTiming => {
        const [fps, frames] = [1 + next() * 59, 1 + Math.floor(next() * 40)];
        return { fps, frames, duration: frames / fps };
      };
      const clips = [clip(), clip()] as const;
      const last = Math.max(...clips.map((c) => frameStart(c, c.frames - 1)));
      let t = 0;
      let steps = 0;
      for (; t < last - 1e-6 && steps < 200; steps++) {
        const forward = stepFrame(t, 1, clips);
        assert.ok(forward > t, `stuck at ${t} of ${last}`);
        t = forward;
      }
      assert.ok(steps < 200);
      for (; t > 0 && steps < 500; steps++) {
        const back = stepFrame(t, -1, clips);
        assert.ok(back < t, `stuck going back at ${t}`);
        t = back;
      }
    }
  });
});

describe('differences', () => {
  const b = measures({
    sharpness: during(1, 1.5, 3, 8),
    contrast: 12,
    palette: 30,
    shake: during(0.25, 0.5, 2, 0.1),
  });
  const v = assembleVerdict(
    verdictInput(
      { 'vf.sharpness': A_WINS, 'va.lighting': A_WINS, 'va.style': B_WINS, 'vp.camera': A_WINS },
      measures(),
      b,
    ),
  );

  it('are in order of time, then of the rubric; what a tie says of the whole clip is none', () => {
    assert.deepEqual(differences(v), [
      { criterion: 'va.lighting', evidenceIndex: 0, start: 0, end: 2 },
      { criterion: 'va.style', evidenceIndex: 0, start: 0, end: 2 },
      { criterion: 'vp.camera', evidenceIndex: 0, start: 0.25, end: 0.5 },
      { criterion: 'vf.sharpness', evidenceIndex: 0, start: 1, end: 1.5 },
    ]);
    assert.ok(
      v.criteria.find((c) => c.id === 'va.color')!.evidence.length > 0,
      'the tie had evidence to leave out',
    );
  });
  it('stop at a place where a measure differs though the judge calls a tie', () => {
    const even = assembleVerdict(verdictInput({}, measures(), measures({ sharpness: during(1, 1.5, 3, 8) })));
    assert.equal(even.criteria.find((c) => c.id === 'vf.sharpness')!.score, 0);
    assert.ok(
      differences(even).some((d) => d.criterion === 'vf.sharpness' && d.start === 1 && d.end === 1.5),
    );
  });
  it('stop once for what a criterion says of the whole clip', () => {
    const two = assembleVerdict(
      verdictInput({ 'va.color': A_WINS }, measures(), measures({ palette: 30, saturation: 70 })),
    );
    assert.equal(two.criteria[0]!.evidence.length, 2);
    assert.deepEqual(
      differences(two).map((d) => [d.criterion, d.evidenceIndex]),
      [['va.color', 0]],
    );
  });
  it('do not change the verdict that they are read from', () => {
    const before = JSON.stringify(v);
    differences(v);
    assert.equal(JSON.stringify(v), before);
  });

  const list = differences(v);
  it('are walked one by one, around the ends', () => {
    const walk = (direction: 1 | -1) => {
      const seen: Difference[] = [list[0]!];
      while (seen.length < 6) seen.push(nextDifference(list, seen.at(-1)!, direction)!);
      return seen.map((d) => list.indexOf(d));
    };
    assert.deepEqual(walk(1), [0, 1, 2, 3, 0, 1]);
    assert.deepEqual(walk(-1), [0, 3, 2, 1, 0, 3]);
  });
  it('are found from a time', () => {
    const from = (t: number, direction: 1 | -1) => list.indexOf(nextDifference(list, t, direction)!);
    assert.deepEqual([from(0, 1), from(0.5, 1), from(1, 1), from(1.7, 1)], [2, 3, 0, 0]);
    assert.deepEqual([from(1.7, -1), from(1, -1), from(0.25, -1), from(0, -1)], [3, 2, 1, 3]);
  });
  it('go on from the time of one that is no longer listed', () => {
    const gone: Difference = { criterion: 'vp.richness', evidenceIndex: 0, start: 0.5, end: 0.7 };
    assert.equal(nextDifference(list, gone, 1), list[3]);
  });
  it('are none where nothing differs', () => {
    assert.deepEqual(differences(assembleVerdict(verdictInput())), []);
    assert.equal(nextDifference([], 0, 1), undefined);
    const calls = Object.fromEntries(CRITERION_IDS.map((id) => [id, null]));
    assert.deepEqual(differences(assembleVerdict(verdictInput(calls))), []);
  });
});

describe('formatTime', () => {
  it('writes minutes, seconds and thousandths', () => {
    assert.deepEqual([0, 1, 59.9996, 61.25, 3600, 3661.5, -1, NaN].map(formatTime), [
      '00:00.000',
      '00:01.000',
      '01:00.000',
      '01:01.250',
      '1:00:00.000',
      '1:01:01.500',
      '00:00.000',
      '00:00.000',
    ]);
  });
});
