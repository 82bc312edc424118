import * as assert from 'node:assert/strict';
import type { Carrier } from '../../../src/engine/carrier';
import { LazyCarrier } from '../../../src/engine/worker/judging/lazyCarrier';
import { refusal } from './support';

const opened = { abilities: { schema: true, logprobs: false } } as Carrier;

describe('a carrier that is opened when it is wanted', () => {
  it('is not opened by who has left already', async () => {
    let opens = 0;
    const carrier = new LazyCarrier(1, () => Promise.resolve((opens++, opened)));
    await refusal(carrier.ready(AbortSignal.abort()), 'cancelled');
    assert.equal(opens, 0);
    assert.equal((await carrier.ready()).abilities.schema, true);
    assert.equal(opens, 1);
  });

  it('is opened once for two, and goes on opening where one leaves', async () => {
    let open!: (carrier: Carrier) => void;
    let opens = 0;
    const carrier = new LazyCarrier(1, () => (opens++, new Promise((resolve) => (open = resolve))));
    const leaving = new AbortController();
    const [one, other] = [carrier.ready(leaving.signal), carrier.ready()];
    leaving.abort();
    await refusal(one, 'cancelled');
    open(opened);
    assert.equal(await other, opened);
    assert.deepEqual([opens, carrier.abilities], [1, opened.abilities]);
  });

  it('is given up when the last one leaves, and opened anew for the next', async () => {
    const wanted: AbortSignal[] = [];
    let disposed = 0;
    const late = { ...opened, dispose: () => Promise.resolve(void disposed++) } as Carrier;
    let open!: (carrier: Carrier) => void;
    const carrier = new LazyCarrier(1, (signal) => {
      wanted.push(signal);
      return new Promise((resolve) => (open = resolve));
    });
    const leaving = [new AbortController(), new AbortController()];
    const waiting = leaving.map(({ signal }) => carrier.ready(signal));
    leaving[0]!.abort();
    await refusal(waiting[0]!, 'cancelled');
    assert.equal(wanted[0]!.aborted, false);
    leaving[1]!.abort();
    await refusal(waiting[1]!, 'cancelled');
    assert.equal(wanted[0]!.aborted, true);
    const openLate = open;
    const next = carrier.ready();
    openLate(late);
    open(opened);
    assert.equal(await next, opened);
    assert.deepEqual([wanted.length, disposed], [2, 1]);
  });
});
