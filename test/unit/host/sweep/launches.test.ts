import * as assert from 'node:assert/strict';
import { Launches } from '../../../../src/host/sweep/launches';
import type { SweepTarget } from '../../../../src/protocol/sweep';

/** Launches that wait for a person, and what of them began: whether broken clips are tried again. */
function launching() {
  const begun: boolean[] = [];
  const answers: ((isAgreed: boolean) => void)[] = [];
  const is = { due: true, refused: 0, name: 'run' };
  const launches = new Launches({
    isDue: () => is.due,
    target: () => ({ name: is.name }) as SweepTarget,
    isAgreed: () => new Promise<boolean>((resolve) => answers.push(resolve)),
    begin: (_, retryBroken) => {
      is.due = false;
      begun.push(retryBroken);
    },
    onRefused: () => void is.refused++,
    onFailed: assert.fail,
  });
  return { launches, begun, answers, is };
}

describe('host: the launch of a sweep', () => {
  it('that waits for a person tries broken clips again, where that is asked for meanwhile', async () => {
    const { launches, begun, answers, is } = launching();
    const first = launches.launch();
    launches.retryBroken();
    const second = launches.launch();
    answers[0]!(true);
    await Promise.all([first, second]);
    assert.deepEqual([begun, answers.length], [[true], 1]);
    is.due = true;
    const next = launches.launch();
    answers[1]!(true);
    await next;
    assert.deepEqual(begun, [true, false], 'once');
  });

  it('asks again where what was agreed to has changed, and begins nothing that was refused or ended', async () => {
    const { launches, begun, answers, is } = launching();
    const launch = launches.launch();
    is.name = 'another';
    answers[0]!(true);
    await new Promise((resolve) => setImmediate(resolve));
    answers[1]!(false);
    await launch;
    const ended = launches.launch();
    is.due = false;
    answers[2]!(true);
    await ended;
    assert.deepEqual([begun, is.refused], [[], 1]);
  });
});
