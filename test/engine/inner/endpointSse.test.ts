import assert from 'node:assert/strict';
import { SseParser } from '../../../src/engine/worker/endpoint/sse';

function events(bytes: Buffer, cuts: number[] = []): string[] {
  const seen: string[] = [];
  const parser = new SseParser((data) => seen.push(data));
  for (const [i, cut] of [...cuts, bytes.length].entries())
    parser.feed(bytes.subarray(cuts[i - 1] ?? 0, cut));
  parser.end();
  return seen;
}

const cases: [string, string, string[]][] = [
  ['plain', 'data: {"a":1}\n\ndata: [DONE]\n\n', ['{"a":1}', '[DONE]']],
  ['without a space', 'data:x\n\n', ['x']],
  ['with two spaces', 'data:  x\n\n', [' x']],
  ['with CRLF', 'data: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['with CR alone', 'data: a\r\rdata: b\r\r', ['a', 'b']],
  ['with comments', ': ping\n\n:\n\ndata: a\n: in between\n\n', ['a']],
  ['of several lines', 'data: a\ndata: b\ndata:\n\n', ['a\nb\n']],
  ['with other fields', 'event: message\nid: 7\nretry: 10\ndata: a\n\n', ['a']],
  ['of an event without data', 'event: ping\n\ndata: a\n\n', ['a']],
  ['with a mark of order', '\uFEFFdata: a\n\n', ['a']],
  ['without the last empty line', 'data: a\n\ndata: b\n', ['a', 'b']],
  ['without the last line ending', 'data: a\n\ndata: b', ['a', 'b']],
  ['in many alphabets', 'data: é漢🙂\n\ndata: ü\r\n\r\n', ['é漢🙂', 'ü']],
  ['of nothing', '', []],
];

describe('server-sent events', () => {
  for (const [what, text, expected] of cases)
    it(`${what}: the same, wherever the network cuts them`, () => {
      const bytes = Buffer.from(text);
      assert.deepEqual(events(bytes), expected);
      for (let a = 1; a < bytes.length; a++) {
        assert.deepEqual(events(bytes, [a]), expected, `cut at ${a}`);
        for (let b = a; b < bytes.length; b++)
          assert.deepEqual(events(bytes, [a, b]), expected, `${a}, ${b}`);
      }
      assert.deepEqual(events(bytes, [...bytes.keys()]), expected, 'byte by byte');
    });
});
