import * as assert from 'node:assert/strict';
import { measuredBy } from '../../../../src/core/bench/aspects';
import { loadPairs } from '../../../../src/core/bench/loaders';

const readText = (text: string) => loadPairs({ name: 'pairs.csv', text });
const HEAD = 'a,b,preferred,aspect,label_kind,strength,source,group,prompt';

describe('a plain file of labelled pairs', () => {
  it('is read with quoted commas, quotes and line ends, in any order of columns', () => {
    const { pairs, notes } = readText(
      '\uFEFFprompt,source,b,a,label_kind,aspect,preferred,group\r\n' +
        '"a cat, ""Tom"",\nasleep",lab,y/2.mp4,./x\\1.mp4,human_pairwise,VA,tie,g1\r\n\r\n' +
        ',lab,y/2.mp4,x/1.mp4,degradation,overall,b,g2',
    );
    assert.deepEqual(notes, []);
    assert.deepEqual(pairs, [
      {
        ...{ a: 'x/1.mp4', b: 'y/2.mp4', preferred: 'tie', aspect: 'VA', labelKind: 'human_pairwise' },
        ...{ source: 'lab', group: 'g1', prompt: 'a cat, "Tom",\nasleep' },
      },
      {
        ...{ a: 'x/1.mp4', b: 'y/2.mp4', preferred: 'B', aspect: 'overall', labelKind: 'degradation' },
        ...{ source: 'lab', group: 'g2' },
      },
    ]);
  });

  it('names a bad line and leaves it out; the lines around it stand', () => {
    const { pairs, notes } = readText(
      [
        HEAD,
        'a.mp4,b.mp4,A,VA,human,,lab,"two\nlines",',
        'a.mp4,b.mp4,left,VA,human,,lab,g,',
        'a.mp4,,A,VA,,,lab,g,',
        '../a.mp4,b.mp4,A,VA,human,,lab,g,',
        'a.mp4,/b.mp4,A,VA,human,,lab,g,',
        'a.mp4,b.mp4,A,VA,human,lab,g',
        'a.mp4,b.mp4,B,VA,human,,lab,g,',
        'a.mp4,b.mp4,A,VA,human,,lab,"open',
      ].join('\n'),
    );
    assert.deepEqual(
      pairs.map(({ preferred }) => preferred),
      ['A', 'B'],
    );
    assert.deepEqual(
      notes.map((note) => note.replace(/^Line (\d+) is left out: /, '$1 ')),
      [
        '4 preferred is "left", none of A, B, tie.',
        '5 b and label_kind are empty.',
        '6 a is no path below the root.',
        '7 b is no path below the root.',
        '8 it has 7 fields, the first line 9.',
        '10 a quotation mark is never closed.',
      ],
    );
  });

  it('names twenty bad lines and counts the rest', () => {
    const bad = Array.from({ length: 25 }, () => 'a.mp4,b.mp4,?,VA,human,,lab,g,');
    const { notes } = readText([HEAD, ...bad].join('\n'));
    assert.equal(notes.length, 21);
    assert.equal(notes[20], '5 more are left out.');
  });

  it('takes the prompt, else both clips in either order, for a group that is missing', () => {
    const { pairs, notes } = readText(
      [
        HEAD,
        'a.mp4,b.mp4,A,VA,human,,lab,,a cat',
        'a.mp4,b.mp4,A,VA,human,,lab,,',
        'b.mp4,a.mp4,A,VF,human,,lab,,',
      ].join('\n'),
    );
    assert.deepEqual(
      pairs.map(({ group }) => group),
      ['a cat', 'a.mp4 | b.mp4', 'a.mp4 | b.mp4'],
    );
    assert.deepEqual(notes, ['2 of the labels have no group: each pair of clips is one.']);
  });

  it('refuses a file of other columns with their names', () => {
    assert.throws(
      () => readText('left,right,aspect,source\n1,2,3,4'),
      /The columns of "pairs.csv" \(left, right, aspect, source\) fit no known layout: the plain one \(a, b, preferred/,
    );
  });
});

describe('the map of aspects', () => {
  it('holds an aspect against its dimension, whatever its spelling', () => {
    for (const name of ['static_quality', 'Visual Quality', 'visual-quality', 'VF', 'VQ'])
      assert.deepEqual(measuredBy(name), { row: 'VF', against: ['VF'], known: true }, name);
    assert.deepEqual(measuredBy('VA'), { row: 'VA', against: ['VA'], known: true });
    assert.deepEqual(measuredBy('Overall'), { row: 'overall', against: ['overall'], known: true });
  });

  it('gives motion and time rows of their own, never VP, and text none', () => {
    assert.deepEqual(measuredBy('motion_quality'), {
      ...{ row: 'motion_quality', against: ['VF', 'VP'], known: true },
    });
    assert.equal(measuredBy('temporal_quality')!.row, 'temporal_quality');
    assert.equal(measuredBy('text_alignment'), null);
    assert.equal(measuredBy('TA'), null);
    assert.equal(measuredBy('dynamic degree'), null);
    assert.equal(measuredBy('temporal consistency')!.row, 'temporal_quality');
  });

  it('holds what it does not know against the whole and says so', () => {
    assert.deepEqual(measuredBy('charm'), { row: 'charm', against: ['overall'], known: false });
    assert.deepEqual(measuredBy('constructor'), { row: 'constructor', against: ['overall'], known: false });
  });
});
