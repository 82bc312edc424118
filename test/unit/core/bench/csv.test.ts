import * as assert from 'node:assert/strict';
import { csvRows } from '../../../../src/core/bench/csv';

describe('reading CSV', () => {
  it('gives each record by the names of the first line', () => {
    assert.deepEqual(csvRows('a,b\n1,2\n3,\n'), [
      { row: { a: '1', b: '2' }, line: 2 },
      { row: { a: '3', b: '' }, line: 3 },
    ]);
  });

  it('passes over a byte order mark, takes any line ends and needs none at the end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const rows = csvRows(`\uFEFFa,b${end}1,2${end}${end}3,4`);
      assert.deepEqual(
        rows,
        [
          { row: { a: '1', b: '2' }, line: 2 },
          { row: { a: '3', b: '4' }, line: 4 },
        ],
        JSON.stringify(end),
      );
    }
  });

  it('reads quoted fields with commas, quotes and line ends in them, and counts lines as an editor does', () => {
    const text = 'prompt,label\r\n"He said ""go"", and\r\nwent",A\r\n"","B"\r\n';
    assert.deepEqual(csvRows(text), [
      { row: { prompt: 'He said "go", and\r\nwent', label: 'A' }, line: 2 },
      { row: { prompt: '', label: 'B' }, line: 4 },
    ]);
  });

  it('leaves a quotation mark inside a plain field as it is', () => {
    assert.deepEqual(csvRows('size,x\n5" disk,1\n'), [{ row: { size: '5" disk', x: '1' }, line: 2 }]);
  });

  it('says which records do not have as many fields as there are names', () => {
    const [short, long, sound] = csvRows('a,b,c\n1,2\n1,2,3,4\n1,2,3\n');
    assert.equal(short?.problem, 'it has 2 fields, the first line 3');
    assert.equal(long?.problem, 'it has 4 fields, the first line 3');
    assert.equal(sound?.problem, undefined);
  });

  it('says where a quotation mark is never closed', () => {
    const rows = csvRows('a,b\n1,2\n3,"4\n5,6\n');
    assert.deepEqual(
      rows.map(({ line, problem }) => [line, problem]),
      [
        [2, undefined],
        [3, 'a quotation mark is never closed'],
      ],
    );
  });

  it('keeps a column called __proto__ a column', () => {
    const [first] = csvRows('__proto__,a\nx,1\n');
    assert.deepEqual(Object.entries(first!.row), [
      ['__proto__', 'x'],
      ['a', '1'],
    ]);
  });

  it('gives no rows for a header alone or nothing', () => {
    for (const text of ['', '\uFEFF', 'a,b', 'a,b\r\n', '\n\n']) assert.deepEqual(csvRows(text), []);
  });
});
