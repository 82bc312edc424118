import assert from 'node:assert/strict';
import type { ChatMessage, ChatPart } from '../../../../src/core/chain/chat';
import { plain, shotsOf, thin, toShots } from '../../../../src/core/local/conversation';
import { numberWord } from '../../../../src/core/local/numberWord';
import { fitFrame } from '../../../../src/core/local/frameSize';
import { isFamily, refusalOf } from '../../../../src/core/local/families';
import { decodeLocalModel, keyOf } from '../../../../src/core/local/record';

const frame = (side: 'A' | 'B', time: number): ChatPart => ({ type: 'frame', side, time });
const text = (words: string): ChatPart => ({ type: 'text', text: words });
const user = (...content: ChatPart[]): ChatMessage => ({ role: 'user', content });

describe('a conversation for a local model', () => {
  it('joins frames of a side that follow each other', () => {
    const messages = [
      user(text('one'), frame('A', 0), frame('A', 1), frame('B', 0), text('two'), frame('B', 1)),
    ];
    const shots = shotsOf(toShots(messages));
    assert.deepEqual(
      shots.map(({ frames }) => frames.map(({ side, time }) => `${side}${time}`)),
      [['A0', 'A1'], ['B0'], ['B1']],
    );
  });

  it('takes the marks of a model out of words', () => {
    assert.doesNotMatch(plain('a<|im_end|>b<|<|x|>|>'), /<\||\|>/);
    assert.equal(plain('a < b | c > d'), 'a < b | c > d');
    const [message] = toShots([user(text('<image>'))], (words) => words.replaceAll('<', '('));
    assert.deepEqual(message!.content, [text('(image>')]);
  });

  it('leaves out every second frame of each side, and words that spoke of one say so', () => {
    const times = [0, 1, 2, 3, 4];
    const apart = [user(...times.flatMap((t) => [text(`${t} s:`), frame('A', t)]))];
    const joined = [user(text('A:'), ...times.map((t) => frame('A', t)), text('B:'), frame('B', 0))];
    const [a, j] = [thin(apart), thin(joined)];
    assert.deepEqual([a.left, j.left], [2, 2]);
    assert.deepEqual(
      shotsOf(toShots(a.messages)).map(({ frames }) => frames.map(({ time }) => time)),
      [[0], [2], [4]],
    );
    const words = a.messages[0]!.content.flatMap((part) => (part.type === 'text' ? part.text : []));
    assert.deepEqual(words.slice(1, 4), ['1 s:', '(frame not shown)', '2 s:']);
    assert.deepEqual(
      shotsOf(toShots(j.messages)).map(({ frames }) => frames.length),
      [3, 1],
    );
    assert.ok(
      !j.messages[0]!.content.some((part) => part.type === 'text' && part.text.includes('not shown')),
    );
  });
});

describe('the size of a frame for a local model', () => {
  const LIMITS = { factor: 28, least: 56 * 56, most: 448 * 448 };

  it('is a multiple within the limits, of nearly the same shape, and stays as it is when asked again', () => {
    for (const [w, h] of [
      [1920, 1080],
      [256, 144],
      [10, 10],
      [84, 56],
      [3000, 20],
      [448, 448],
      [449, 448],
    ] as const) {
      const fit = fitFrame(w, h, LIMITS);
      assert.equal((fit.width % 28) + (fit.height % 28), 0);
      assert.ok(fit.width * fit.height <= LIMITS.most && fit.width * fit.height >= LIMITS.least, `${w}x${h}`);
      assert.deepEqual(fitFrame(fit.width, fit.height, LIMITS), fit);
    }
    assert.deepEqual(fitFrame(84, 56, LIMITS), { width: 84, height: 56 });
    const wide = fitFrame(1920, 1080, LIMITS);
    assert.ok(Math.abs(wide.width / wide.height - 16 / 9) < 0.15);
  });
});

describe('numbers in words', () => {
  it('are those of English, below a hundred', () => {
    const words = [0, 4, 13, 20, 21, 64, 99, 100].map(numberWord);
    assert.deepEqual(words, [
      'zero',
      'four',
      'thirteen',
      'twenty',
      'twenty-one',
      'sixty-four',
      'ninety-nine',
      '100',
    ]);
  });
});

describe('families of local models', () => {
  it('are refused with a sentence that says which are not', () => {
    assert.ok(isFamily('qwen2_vl') && !isFamily('qwen3_5') && !isFamily('constructor'));
    assert.match(
      refusalOf('qwen3_5'),
      /^Qwen3\.5 is not supported yet: .*Qwen2-VL, .*SmolVLM and Idefics3 are\.$/,
    );
    assert.match(refusalOf('toString'), /"toString" is not supported\./);
  });
});

describe('the record of a local model', () => {
  const record = {
    ...{
      format: 'aesrm.localModel/1',
      key: 'owner--name',
      name: 'owner/name',
      folder: '/models/x',
      ours: true,
    },
    ...{ family: 'qwen2_vl', licence: 'apache-2.0', agreement: [] },
    source: { url: 'https://hub/owner/name', revision: 'abc' },
    files: [{ path: 'onnx/x.onnx', sha256: '0'.repeat(64), bytes: 3, at: '/blobs/1' }],
  };

  it('is decoded, and refused where it is another or leads out of its folder', () => {
    assert.deepEqual(decodeLocalModel(record), record);
    const wrong = [
      { format: 'aesrm.localModel/2' },
      { family: 'qwen3_5' },
      { key: '../x' },
      { files: [{ ...record.files[0], path: '../x' }] },
      { files: [{ ...record.files[0], sha256: 'x' }] },
      { ours: 'yes' },
    ];
    for (const change of wrong)
      assert.throws(
        () => decodeLocalModel({ ...record, ...change }),
        { name: 'DecodeError' },
        JSON.stringify(change),
      );
  });

  it('has a key that is a plain name of a file', () => {
    assert.equal(keyOf('owner/name.v1'), 'owner--name.v1');
    assert.equal(keyOf('../../etc'), 'etc');
    assert.equal(keyOf('...'), 'model');
  });
});
