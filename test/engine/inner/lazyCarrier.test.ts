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
});
