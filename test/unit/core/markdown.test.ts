import assert from 'node:assert/strict';
import { codeSpan, escapeMarkdown, plainLine, verdictMarkdown } from '../../../src/core/markdown';
import { verdictText, wrap } from '../../../src/core/verdictText';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { verdictLine } from '../../../src/core/verdictLine';
import { mirrorVerdict } from '../../../src/core/verdictMirror';
import { assembleVerdict } from '../../../src/core/verdictRule';
import type { Verdict } from '../../../src/core/verdict';
import { VOTE_FORMAT, type Vote } from '../../../src/core/vote';
import { chainVerdict } from '../../support/chainVerdict';
import { A_WINS, during, measures, verdictInput } from './samples';

function sample(over: Partial<Verdict> = {}): Verdict {
  const input = verdictInput(
    { 'vf.sharpness': A_WINS },
    measures(),
    measures({ sharpness: during(1, 1.5, 3.2, 8) }),
  );
  return { ...assembleVerdict(input), ...over };
}

function voteOn(v: Verdict, over: Partial<Vote> = {}): Vote {
  return {
    format: VOTE_FORMAT,
    id: 'vote-1',
    at: '2026-01-03T00:00:00.000Z',
    by: 'me',
    a: v.a,
    b: v.b,
    overall: 'B',
    dimensions: { VF: 'tie' },
    blind: true,
    modelShown: false,
    ...over,
  };
}

const HOSTILE = 'a|b`c`\n## x\r<img src=x onerror=y>[t](http://e.x)\\*_~#1 @you \u202egpm.4pm';

/** Cells of a table row, as a Markdown reader splits them. */
const cells = (line: string) => line.split(/(?<!\\)\|/).slice(1, -1);

describe('verdictMarkdown', () => {
  it('holds clips, calls, criteria, judge and date', () => {
    const text = verdictMarkdown(sample());
    for (const part of [
      '- **A**: `base/walk.mp4` (832×480, 16 fps, 2.00 s, 32 frames)',
      '- **B**: `grpo/walk.mp4`',
      '| Overall | **A better** | A 0.70, tie 0.20, B 0.10 |',
      '| Visual Plausibility | tie | A 0.20, tie 0.60, B 0.20 |',
      "| Sharpness | A | B loses edge detail between 1.0 s and 1.5 s: its sharpness is 40% of A's. | 1.0–1.5 s |",
      '| Colour harmony | = | Both hold their palette: palette drift 5.0% in A, 5.0% in B. | – |',
      '| Film language | – | This judge does not speak of film language. | – |',
      'Judge: AesRM Review compact 1.0.0 (c0ffee000000), on cpu; symmetric by design. Judged 2026-01-02T03:04:05.000Z.',
    ])
      assert.ok(text.includes(part), `${part}\n\nis not in\n\n${text}`);
    assert.ok(!text.includes('holds when swapped'));
    assert.ok(!text.includes('Vote'));
  });
  it('has one row per criterion, of four cells each', () => {
    const rows = verdictMarkdown(sample())
      .split('\n')
      .filter((l) => l.startsWith('| '));
    assert.equal(rows.length, 2 + 4 + 2 + 15);
    assert.ok(rows.slice(6).every((r) => cells(r).length === 4));
  });
  it('says whether both orders agree', () => {
    const agree = verdictMarkdown(sample({ orders: { mode: 'both', ab: 'A', ba: 'A', consistent: true } }));
    assert.match(agree, /; both orders agree\./);
    const not = verdictMarkdown(sample({ orders: { mode: 'both', ab: 'A', ba: 'tie', consistent: false } }));
    assert.match(not, /the two orders disagree \(A first: A better; B first: tie\)/);
  });
  it('says what a model that was asked took, what its probabilities are, and what it lacked', () => {
    const asked = { requests: 2, promptTokens: 5120, completionTokens: 1804 };
    const v = chainVerdict({ usage: asked, reduced: 'Of <each> clip 2 frames were not shown.' });
    const text = verdictMarkdown(v);
    assert.match(text, /Asked in 2 requests: 5120 tokens in, 1804 tokens out\./);
    assert.match(text, /probabilities say how far its answers agree/);
    assert.match(text, /The two orders disagree on: Tone, Exposure\./);
    assert.match(text, /Of &lt;each&gt; clip 2 frames/);
    assert.match(verdictMarkdown({ ...v, confidence: 'tokens' }), /of the tokens that say its verdict/);
    assert.match(verdictMarkdown({ ...v, usage: { requests: 1 } }), /Asked in 1 request\.\n/);
    const plain = verdictText(v, { width: 200 });
    for (const part of ['Asked in 2 requests: 5120', 'disagree on: Tone, Exposure', 'Of <each> clip'])
      assert.ok(plain.includes(part), part);
    assert.doesNotMatch(verdictMarkdown(sample()), /Asked|orders disagree|probabilities say/);
  });
  it('keeps the vote apart, and turns it to the sides of the verdict', () => {
    const v = sample();
    const text = verdictMarkdown(v, voteOn(v, { note: 'B | <b>' }));
    assert.match(text, /### Vote of me, 2026-01-03T00:00:00.000Z \(blind, without the judge's verdict\)/);
    assert.match(text, /- Overall: B better\n- Visual Fidelity: tie\n\n> B \\\| &lt;b&gt;/);
    assert.match(verdictMarkdown(v, voteOn(v, { a: v.b, b: v.a })), /- Overall: A better/);
  });
  it('leaves out a vote on other clips, and a withdrawn one', () => {
    const v = sample();
    const elsewhere = { path: 'x', hash: 'y' };
    for (const vote of [voteOn(v, { b: elsewhere }), voteOn(v, { withdrawn: true })])
      assert.equal(verdictMarkdown(v, vote), verdictMarkdown(v));
  });
  it('shows names, prompts and reasons as they are, never as markup', () => {
    const hostile = sample({ a: { ...sample().a, path: HOSTILE }, prompt: HOSTILE });
    hostile.criteria[0]!.reason = HOSTILE;
    hostile.judge.name = HOSTILE;
    const text = verdictMarkdown(hostile);
    assert.equal(
      text.split('\n').length,
      verdictMarkdown(sample()).split('\n').length + 1,
      'a line more for the prompt',
    );
    const outsideCode = text.replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, '');
    assert.doesNotMatch(outsideCode, /<|[^\\]\[|@you|http:\/\/|\u202e|[^\\]#1/);
    assert.ok(
      text
        .split('\n')
        .filter((l) => l.startsWith('| Colour'))
        .every((r) => cells(r).length === 4),
    );
  });
});

describe('escaping', () => {
  it('leaves no line break, control or direction mark', () => {
    assert.equal(plainLine(' a\tb\r\nc\u0000\u001b[31m\u202ed\u2028e '), 'a b c [31m d e');
  });
  it('escapes what Markdown reads', () => {
    assert.equal(escapeMarkdown('a|b*c_d`e[f]<g>&#1'), 'a\\|b\\*c\\_d\\`e\\[f\\]&lt;g&gt;&amp;\\#1');
    assert.equal(escapeMarkdown("plain (text), 40% of A's."), "plain (text), 40% of A's.");
    assert.equal(escapeMarkdown('1. one, 2) two'), '1\\. one, 2) two');
    assert.equal(escapeMarkdown('1) one'), '1\\) one');
    assert.equal(escapeMarkdown('61.3% of 7'), '61.3% of 7');
    assert.equal(escapeMarkdown('- one'), '\\- one');
  });
  it('fences code with more backticks than it holds', () => {
    assert.equal(codeSpan('a.mp4'), '`a.mp4`');
    assert.equal(codeSpan('a`b``c'), '```a`b``c```');
    assert.equal(codeSpan('`a`'), '`` `a` ``');
    assert.equal(codeSpan(''), '` `');
  });
});

describe('a dimension that was not judged', () => {
  const given = verdictInput({ 'vf.sharpness': A_WINS }, measures(), measures());
  const v = assembleVerdict({ ...given, dimensions: { VF: A_WINS } });

  it('is said to be so, in Markdown and in a terminal, without odds', () => {
    const markdown = verdictMarkdown(v);
    assert.ok(markdown.includes('| Visual Aesthetics | not judged | – |'), markdown);
    assert.ok(markdown.includes('| Visual Fidelity | **A better** | A 0.70'), markdown);
    const text = verdictText(v);
    assert.match(text, /^Visual Plausibility +not judged +–$/m);
    assert.match(text, /^Visual Fidelity +A better +A 0\.70/m);
    assert.doesNotMatch(text + markdown, /0\.33/);
  });

  it("is null in a training loop's line, and marked in the record", () => {
    const { dimensions } = verdictLine(v);
    assert.deepEqual([dimensions.VA, dimensions.VP], [null, null]);
    assert.equal(dimensions.VF!.winner, 'A');
    assert.equal(v.dimensions.VA.unjudged, true);
    assert.deepEqual(decodeVerdict(JSON.parse(JSON.stringify(v))), v);
    assert.deepEqual(mirrorVerdict(v, (c) => c.reason).dimensions.VA, v.dimensions.VA);
  });
});

describe('verdictText', () => {
  it('holds the same facts as the Markdown', () => {
    const v = sample({ prompt: 'a fox', timings: { total: 2140 } });
    const text = verdictText(v, { width: 200, vote: voteOn(v) });
    for (const c of v.criteria) assert.ok(text.includes(c.reason), c.id);
    for (const part of [
      'base/walk.mp4',
      'grpo/walk.mp4',
      'Prompt: a fox',
      'A 0.70, tie 0.20, B 0.10',
      '1.0–1.5 s',
      'c0ffee000000',
      'symmetric by design',
      '2026-01-02T03:04:05.000Z in 2.1 s',
      'Vote of me',
      'Overall: B better',
    ])
      assert.ok(text.includes(part), part);
  });
  it('has no escape codes unless asked, and the same words with them', () => {
    const v = sample({ a: { ...sample().a, path: 'a\u001b[2Jb' } });
    const plain = verdictText(v);
    assert.ok(!plain.includes('\u001b'));
    const colored = verdictText(v, { color: true });
    assert.ok(colored.includes('\u001b[34m'));
    assert.equal(colored.replace(/\u001b\[\d+m/g, ''), plain);
  });
  it('keeps reasons within the width', () => {
    for (const width of [40, 60, 100]) {
      const reasons = verdictText(sample(), { width })
        .split('\n')
        .filter((l) => l.startsWith('    '));
      assert.ok(reasons.length >= 15 && reasons.every((l) => l.length <= width), `width ${width}`);
    }
  });
  it('wraps at spaces and loses no word', () => {
    assert.deepEqual(wrap('a bb ccc dddddd e', 6), ['a bb', 'ccc', 'dddddd', 'e']);
    assert.equal(wrap('one two three', 1).join(' '), 'one two three');
  });
});
