import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { mirrorChoice } from '../../../src/core/pair';
import { decodeVerdict } from '../../../src/core/verdictDecode';
import { swapVerdict } from '../../../src/core/verdictRule';
import { clip, h264, ruined, textFile } from '../../support/clips';
import { CLI, ROOT } from '../../support/paths';
import { skip } from '../../support/skip';
import { cleanUp, lines, tempDir, until } from './support';

const heavy = () => clip('heavy', { width: 1280, height: 720, fps: 30, seconds: 15 });

interface Ended {
  code: number | null;
  out: string;
  err: string;
}
interface Row {
  id: string | number;
  fromLog: boolean;
  error?: unknown;
  verdict: unknown;
}
type Child = ChildProcessByStdio<Writable, Readable, Readable>;

describe('aesrm', function () {
  this.timeout(60_000);
  let cwd: string;
  beforeEach(() => {
    cwd = tempDir();
    extra = {};
  });
  afterEach(cleanUp);

  let extra: Record<string, string>;

  function start(...args: string[]): { child: Child; ended: Promise<Ended> } {
    const env = {
      ...process.env,
      AESRM_CACHE: join(cwd, 'cache'),
      AESRM_STATE: join(cwd, 'state'),
      ...extra,
    };
    const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: 'pipe' });
    let [out, err] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    child.stdin.on('error', () => undefined);
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, out, err })));
    return { child, ended };
  }

  const aesrm = (...args: string[]) => {
    const { child, ended } = start(...args);
    child.stdin.end();
    return ended;
  };

  const rows = (text: string) =>
    text
      .split('\n')
      .slice(0, -1)
      .map((row) => JSON.parse(row) as Row);

  it('helps, and tells its version', async () => {
    const help = await aesrm('--help');
    assert.deepEqual([help.code, help.err], [0, '']);
    assert.match(help.out, /aesrm compare A B/);
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    assert.deepEqual(await aesrm('--version'), { code: 0, out: `${version}\n`, err: '' });
  });

  it('answers a wrong command line with one line and 2', async () => {
    const wrong = [
      [],
      ['juge', 'x'],
      ['compare', 'a'],
      ['compare', 'a', 'b', 'c'],
      ['compare', 'a', 'b', '--bogus'],
    ];
    wrong.push(
      ['compare', 'a', 'b', '--device', 'abacus'],
      ['compare', 'a', 'b', '--judge', 'gpt'],
      ['judge'],
    );
    wrong.push(
      ['compare', 'a', 'b', '--root', 'x'],
      ['judge', '-', '--prompt', 'x'],
      ['compare', 'a', 'b', '--device'],
    );
    for (const args of wrong) {
      const { code, out, err } = await aesrm(...args);
      assert.deepEqual([code, out], [2, ''], args.join(' '));
      assert.match(err, /^aesrm: [^\n]+\n$/, args.join(' '));
    }
  });

  it('compares two clips, in words and in JSON, and keeps the record where it is asked to', async () => {
    const words = await aesrm('compare', h264(), ruined());
    assert.deepEqual([words.code, words.err], [0, 'aesrm: verdicts are kept in .aesrm\n']);
    assert.match(words.out, /^Overall +(A better|B better|tie) /m);
    const log = join(cwd, '.aesrm', 'verdicts.jsonl');
    assert.equal(lines(log).length, 1);

    const json = await aesrm('compare', ruined(), h264(), '--json', '--prompt', 'a test card');
    assert.deepEqual([json.code, json.err], [0, '']);
    const [row, ...rest] = rows(json.out);
    assert.equal(rest.length, 0);
    assert.equal(row!.fromLog, true);
    const [known] = lines(log).map((line) => decodeVerdict(JSON.parse(line)));
    assert.deepEqual(decodeVerdict(row), { ...swapVerdict(known!), prompt: 'a test card' });

    const again = await aesrm('compare', ruined(), h264(), '--json', '--again', '--log', 'elsewhere');
    assert.equal(rows(again.out)[0]!.fromLog, false);
    assert.equal(lines(join(cwd, 'elsewhere', 'verdicts.jsonl')).length, 1);
    assert.equal(lines(log).length, 1);
  });

  it('finds the log above the clips, and writes none when told so', async () => {
    const deep = join(cwd, 'run', 'step-100');
    mkdirSync(deep, { recursive: true });
    mkdirSync(join(cwd, 'run', '.aesrm'));
    copyFileSync(h264(), join(deep, 'a.mp4'));
    copyFileSync(ruined(), join(deep, 'b.mp4'));
    const none = await aesrm(
      'compare',
      'run/step-100/a.mp4',
      'run/step-100/b.mp4',
      '--log',
      'none',
      '--json',
    );
    assert.equal(decodeVerdict(rows(none.out)[0]).a.path, 'run/step-100/a.mp4');
    await aesrm('compare', 'run/step-100/a.mp4', 'run/step-100/b.mp4');
    const [line] = lines(join(cwd, 'run', '.aesrm', 'verdicts.jsonl'));
    assert.equal(decodeVerdict(JSON.parse(line!)).a.path, 'step-100/a.mp4');
    assert.ok(!existsSync(join(cwd, '.aesrm')));
  });

  it('takes no log that is a link, or that lies above the clips alone', async () => {
    const clips = join(tempDir(), 'clips');
    const victim = join(tempDir(), 'victim');
    for (const dir of [clips, victim, join(clips, '.aesrm')]) mkdirSync(dir, { recursive: true });
    copyFileSync(h264(), join(clips, 'a.mp4'));
    symlinkSync(victim, join(cwd, '.aesrm'));
    const { code, err } = await aesrm('compare', join(clips, 'a.mp4'), ruined());
    assert.equal(code, 0);
    assert.match(err, /^aesrm: the verdict was not kept: [^\n]*"\.aesrm" in [^\n]* is a link\.[^\n]*\n$/);
    assert.deepEqual([readdirSync(victim), readdirSync(join(clips, '.aesrm'))], [[], []]);
  });

  it('answers trouble with the file system with one line', async () => {
    const long = 'x'.repeat(300);
    writeFileSync(join(cwd, '.aesrm'), '');
    const cases: [string[], RegExp][] = [
      [['judge', long], /cannot be read: name too long/],
      [['judge', 'loop'], /cannot be read: too many symbolic links/],
      [['compare', h264(), h264()], /\.aesrm is not a folder/],
      [['compare', h264(), join(long, 'x.mp4')], /x\.mp4/],
    ];
    symlinkSync('loop', join(cwd, 'loop'));
    if (existsSync('/proc/self/mem')) {
      cases.push([['judge', '/proc/self/mem'], /\/proc\/self\/mem cannot be read: i\/o error/]);
      cases.push([['compare', h264(), h264(), '--log', '/proc/x'], /not kept/]);
    }
    for (const [args, words] of cases) {
      extra = args.includes('/proc/x') ? { AESRM_CACHE: '/proc/none' } : {};
      const { err } = await aesrm(...args);
      assert.match(err, words, args.join(' '));
      assert.match(err, /^aesrm: [^\n]+\n$/, args.join(' '));
      assert.doesNotMatch(err, / at .*\.js/, args.join(' '));
    }
  });

  it('refuses an input with one line for each and 1', async () => {
    const one = await aesrm('compare', h264(), textFile());
    assert.deepEqual([one.code, one.out], [1, '']);
    assert.match(one.err, /^aesrm: [^\n]*text\.mp4[^\n]*\n$/);
    const both = await aesrm('compare', 'two\nlines.mp4', textFile(), '--json');
    assert.equal(both.code, 1);
    assert.equal(both.err.split('\n').length, 3, both.err);
    assert.ok(both.err.split('\n').every((line) => line === '' || line.startsWith('aesrm: ')));
    assert.equal(typeof rows(both.out)[0]!.error, 'object');
  });

  it('judges a file of pairs, one line each, and goes on past bad ones', async () => {
    mkdirSync(join(cwd, 'data'));
    copyFileSync(h264(), join(cwd, 'data', 'good.mp4'));
    copyFileSync(ruined(), join(cwd, 'data', 'bad.mp4'));
    const pairs = [
      { a: 'good.mp4', b: 'bad.mp4', id: 'first', prompt: 'x' },
      { a: 'good.mp4', b: 'missing.mp4', id: 'second' },
      { b: 'bad.mp4' },
      { a: 'bad.mp4', b: 'good.mp4' },
    ].map((pair) => JSON.stringify(pair));
    writeFileSync(join(cwd, 'data', 'pairs.jsonl'), [...pairs, '', '{"a": "cut'].join('\n'));
    const { code, out, err } = await aesrm('judge', 'data/pairs.jsonl', '--json', '--log', 'none');
    assert.equal(code, 1);
    const answers = new Map(rows(out).map((row) => [row.id, row]));
    assert.deepEqual([...answers.keys()].map(String).sort(), ['3', '4', '6', 'first', 'second']);
    const [first, fourth] = [answers.get('first')!, answers.get(4)!].map((row) => decodeVerdict(row.verdict));
    assert.equal(mirrorChoice(first!.overall.winner), fourth!.overall.winner);
    assert.equal(first!.prompt, 'x');
    for (const id of ['second', 3, 6]) assert.equal(typeof answers.get(id)!.error, 'object');
    assert.equal(err.split('\n').length, 4, err);
    assert.match(err, /missing\.mp4/);
    assert.ok(!existsSync(join(cwd, '.aesrm')) && !existsSync(join(cwd, 'data', '.aesrm')));

    const words = await aesrm('judge', 'data/pairs.jsonl', '--log', 'none');
    assert.equal(words.code, 1);
    assert.match(words.out, /^first\t(A better|B better|tie)\t.*\tdata\/good\.mp4\t/m);
    assert.equal((await aesrm('judge', 'nowhere.jsonl')).code, 1);
  });

  it('streams: answers to a line from stdin before the next one comes', async () => {
    const { child, ended } = start('judge', '-', '--json', '--root', join(h264(), '..'));
    let seen = '';
    child.stdout.on('data', (data) => (seen += data));
    child.stdin.write(`${JSON.stringify({ a: 'h264.mp4', b: ruined(), id: 1 })}\n`);
    await until('the first answer', () => seen.endsWith('\n'));
    child.stdin.end(`${JSON.stringify({ a: ruined(), b: 'h264.mp4', id: 2 })}\n`);
    const { code, out } = await ended;
    assert.equal(code, 0);
    assert.deepEqual(
      rows(out).map(({ id, fromLog }) => [id, fromLog]),
      [
        [1, false],
        [2, true],
      ],
    );
  });

  it('is quiet when nobody reads on', async () => {
    const { child, ended } = start('judge', '-', '--json');
    child.stdout.destroy();
    const line = JSON.stringify({ a: h264(), b: ruined() });
    for (let i = 0; i < 50; i++) child.stdin.write(`${line}\n`);
    const { code, err } = await ended;
    assert.deepEqual([code, err.replace('aesrm: verdicts are kept in .aesrm\n', '')], [0, '']);
  });

  it('ends on Ctrl+C with 130 and leaves no process', async function () {
    if (!existsSync('/proc/self/environ')) skip(this, 'it looks at /proc');
    const decoding = start('compare', heavy(), ruined());
    await until('it decodes', () => processes(join(cwd, 'cache')).length > 2);
    decoding.child.kill('SIGINT');
    assert.deepEqual(await decoding.ended, { code: 130, out: '', err: '' });
    await until('nothing is left', () => processes(join(cwd, 'cache')).length === 0);

    const waiting = start('judge', '-');
    let heard = '';
    waiting.child.stderr.on('data', (data) => (heard += data));
    waiting.child.stdin.write('nonsense\n');
    await until('it runs', () => heard !== '');
    waiting.child.kill('SIGINT');
    assert.deepEqual(await waiting.ended, { code: 130, out: '', err: heard });
  });
});

/** Processes with this test's cache in their environment; Linux only. */
function processes(cache: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes(cache);
    } catch {
      return false;
    }
  });
}
