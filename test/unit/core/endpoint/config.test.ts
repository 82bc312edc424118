import * as assert from 'node:assert/strict';
import { DecodeError } from '../../../../src/core/decode';
import { decodeAddress, hostOf } from '../../../../src/core/endpoint/address';
import { byModel, decodeEndpoints } from '../../../../src/core/endpoint/config';
import { estimateRequests } from '../../../../src/core/endpoint/estimate';

const address = (url: string) => decodeAddress(url, 'url');
const plain = { name: 'lab', url: 'http://gpu1:8000/v1', model: 'qwen' };

function refused(work: () => unknown, words: RegExp): void {
  assert.throws(work, (error) => error instanceof DecodeError && words.test(error.message));
}

describe('core: the address of an endpoint', () => {
  it('is kept as origin, base and host', () => {
    assert.deepEqual(address(' HTTPS://API.Example.com/v1/ '), {
      origin: 'https://api.example.com:443',
      host: 'api.example.com',
      base: 'https://api.example.com:443/v1',
      isEncrypted: true,
      isLoopback: false,
    });
    assert.equal(address('http://gpu1:08000/v1/chat/completions').base, 'http://gpu1:8000/v1');
    assert.equal(address('http://gpu1').base, 'http://gpu1:80');
    assert.equal(hostOf('http://[::1]:8000'), '[::1]:8000');
    assert.equal(hostOf('http://gpu1:80'), 'gpu1');
    assert.equal(hostOf('https://gpu1:80'), 'gpu1:80');
  });

  it('is where a browser and Node would go too', () => {
    for (const url of [
      'http://Gpu-1.lab:8000/v1',
      'https://x.y',
      'http://[::1]:11434/v1',
      'http://127.0.0.1:1/a/b',
    ]) {
      const { base, isEncrypted } = address(url);
      const meant = new URL(url);
      assert.equal(
        new URL(base).href,
        meant.href.replace(/(.)\/$/, '$1').replace(/^(https?:\/\/[^/]+)$/, '$1/'),
      );
      assert.equal(isEncrypted, meant.protocol === 'https:');
    }
  });

  it('is this machine only where it is written so', () => {
    for (const host of ['localhost', 'LOCALHOST', '127.0.0.1', '127.255.0.9', '[::1]'])
      assert.equal(address(`http://${host}:8000/v1`).isLoopback, true, host);
    for (const host of [
      ...['127.1', '0177.0.0.1', '127.0.0.256', '127.0.0.01', '2130706433', '0.0.0.0', '10.0.0.1', '[::]'],
      ...['localhost.evil.com', '127.0.0.1.evil.com', 'xlocalhost', '[::ffff:127.0.0.1]', 'localhost.'],
    ])
      try {
        assert.equal(address(`http://${host}/v1`).isLoopback, false, host);
      } catch (error) {
        assert.ok(error instanceof DecodeError);
      }
  });

  it('is refused where it is none, or holds what does not belong there', () => {
    for (const url of [
      ...[
        '',
        'gpu1:8000',
        'ftp://x/v1',
        'file:///etc',
        'http:///v1',
        'http://:80/',
        'http://x:0',
        'http://x:99999',
      ],
      ...[
        'http://x/v1?key=1',
        'http://x/#a',
        'http://x\\y',
        'http://x y/',
        'http://x\r\nHost: y/',
        'http://é/',
      ],
      ...['http://localhost\\@evil.com/', 'http://[::1', 'javascript:alert(1)'],
    ])
      refused(() => address(url), /^url /);
    const url = 'https://me:hunter2@x.com/v1';
    refused(() => address(url), /"AesRM: Set Endpoint Key…"/);
    assert.throws(
      () => address(url),
      (error: Error) => !error.message.includes('hunter2'),
    );
  });
});

describe('core: the setting of endpoints', () => {
  it('is read with what is usual', () => {
    const [one] = decodeEndpoints([plain]);
    const { address: at, ...rest } = one!;
    assert.equal(at.base, 'http://gpu1:8000/v1');
    assert.deepEqual(rest, {
      name: 'lab',
      model: 'qwen',
      weight: 1,
      concurrency: 4,
      frames: 'images',
      picture: 'jpeg',
    });
    const all = {
      ...plain,
      ...{ weight: 2.5, concurrency: 16, dialect: 'vllm', frames: 'video', picture: 'png' },
      price: { prompt: 0.2, completion: 0.6 },
    };
    const { name, address: _, ...more } = decodeEndpoints([all])[0]!;
    const { url: __, ...asked } = all;
    assert.deepEqual({ name, ...more }, asked);
    assert.deepEqual(decodeEndpoints([]), []);
  });

  it('is refused in one sentence that names the entry', () => {
    const cases: [unknown, RegExp][] = [
      ['x', /^aesrm\.endpoints is not a list$/],
      [[7], /^aesrm\.endpoints\[0\] is not an object$/],
      [[plain, { ...plain, name: 'b', url: 'x' }], /^aesrm\.endpoints\[1\]\.url /],
      [[{ ...plain, name: ' ' }], /name is empty/],
      [[{ name: 'a', url: plain.url }], /model is not a string/],
      [[{ ...plain, weight: 0 }], /weight is 0, expected 0\.01 to 1000/],
      [[{ ...plain, concurrency: 1.5 }], /concurrency is 1\.5, expected a whole number/],
      [[{ ...plain, concurrency: 1e9 }], /concurrency/],
      [[{ ...plain, dialect: 'gpt' }], /dialect is "gpt", expected one of openai, /],
      [[{ ...plain, price: { prompt: -1, completion: 0 } }], /price\.prompt is -1/],
      [[{ ...plain, wieght: 1 }], /wieght is unknown; there are name, url, /],
      [[plain, plain], /two entries with the name "lab"/],
      [[{ ...plain, apiKey: 'sk-1' }], /apiKey: keys are not kept in settings/],
    ];
    for (const [value, words] of cases) refused(() => decodeEndpoints(value), words);
    assert.throws(
      () => decodeEndpoints([{ ...plain, api_key: 'sk-1' }]),
      (error: Error) => !error.message.includes('sk-1'),
    );
  });

  it('makes one judge of the endpoints of one model', () => {
    const list = decodeEndpoints([plain, { ...plain, name: 'b', model: 'x' }, { ...plain, name: 'c' }]);
    const groups = [...byModel(list)].map(([model, of]) => [model, ...of.map(({ name }) => name)]);
    assert.deepEqual(groups, [
      ['qwen', 'lab', 'c'],
      ['x', 'b'],
    ]);
  });
});

describe('core: what a run will ask of endpoints', () => {
  const load = {
    requests: 2,
    frames: 16,
    width: 448,
    height: 252,
    promptCharacters: 4000,
    answerTokens: 600,
  };
  const priced = (prompt: number, weight = 1) => ({
    ...plain,
    weight,
    price: { prompt, completion: 2 * prompt },
  });

  it('is counted in requests, frames and tokens', () => {
    const { requests, frames, tokens, bytes, cost } = estimateRequests(500, load, decodeEndpoints([plain]));
    // 448 x 252 are 16 x 9 squares of 28 pixels.
    const prompt = 1000 * (16 * 144 + 1000);
    assert.deepEqual([requests, frames, tokens], [1000, 16_000, { prompt, completion: 600_000 }]);
    assert.equal(bytes, Math.round(16_000 * 448 * 252 * 0.3));
    assert.equal(cost, undefined);
  });

  it('costs what the user says it costs, by the weights', () => {
    const [a, b] = [priced(1, 3), { ...priced(2), name: 'b' }];
    const { tokens, cost } = estimateRequests(1, load, decodeEndpoints([a, b]));
    const at = (price: number) => (tokens.prompt * price + tokens.completion * 2 * price) / 1e6;
    assert.ok(Math.abs(cost! - (0.75 * at(1) + 0.25 * at(2))) < 1e-12);
    assert.equal(estimateRequests(1, load, decodeEndpoints([a, { ...plain, name: 'c' }])).cost, undefined);
    assert.equal(estimateRequests(1, load, []).cost, undefined);
  });
});
