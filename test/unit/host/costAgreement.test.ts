import assert from 'node:assert/strict';
import { decodeEndpoints, endpointSetting } from '../../../src/core/endpoint/config';
import type { RequestEstimate } from '../../../src/core/endpoint/estimate';
import { covers, decodeAgreement, printOf, type Agreement } from '../../../src/host/judges/agreement';

const asks: RequestEstimate = {
  ...{ requests: 18, frames: 288, bytes: 12e6, cost: 1.5 },
  tokens: { prompt: 90_000, completion: 21_600 },
};
const agreed: Agreement = { judge: 'one', pairs: 9, asks };
const wants = (over: Partial<RequestEstimate>) => covers(agreed, { ...agreed, asks: { ...asks, ...over } });

describe('what a person agreed to spend', () => {
  it('covers the same work and what is left of it', () => {
    assert.ok(covers(agreed, agreed));
    assert.ok(wants({ requests: 2, frames: 32, tokens: { prompt: 10_000, completion: 2400 }, cost: 0.2 }));
  });

  it('covers no more of anything', () => {
    assert.equal(covers(agreed, { ...agreed, pairs: 10 }), false);
    assert.equal(wants({ requests: 19 }), false);
    assert.equal(wants({ frames: 289 }), false);
    assert.equal(wants({ tokens: { prompt: 90_001, completion: 21_600 } }), false);
    assert.equal(wants({ tokens: { prompt: 90_000, completion: 21_601 } }), false);
    assert.equal(wants({ cost: 1.51 }), false);
  });

  it('covers no other judge, nor another way of asking it, host or price', () => {
    assert.equal(covers(agreed, { ...agreed, judge: 'other' }), false);
    const endpoint = endpointSetting(
      decodeEndpoints([{ name: 'here', url: 'https://gpu.example/v1', model: 'm' }])[0]!,
    );
    const spec = (over: object = {}, asked = {}) =>
      printOf({ kind: 'endpoint', endpoints: [{ ...endpoint, ...over }], asked });
    const prints = [
      spec(),
      spec({}, { mode: 'base' }),
      spec({ url: 'https://other.example/v1' }),
      spec({ price: { prompt: 1, completion: 1 } }),
    ];
    assert.equal(new Set(prints).size, prints.length);
    assert.equal(spec(), prints[0]);
  });

  it('is read as it was written', () => {
    const { cost: _, ...free } = asks;
    for (const one of [agreed, { ...agreed, asks: free }])
      assert.deepEqual(decodeAgreement(JSON.parse(JSON.stringify(one))), one);
    assert.throws(() => decodeAgreement({ ...agreed, asks: { ...asks, requests: 'many' } }));
  });
});
