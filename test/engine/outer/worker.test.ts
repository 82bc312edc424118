import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ProblemError, type ProblemCode } from '../../../src/core/problem';
import { swapVerdict } from '../../../src/core/verdictRule';
import { createEngine } from '../../../src/engine/client';
import type { CompareProgress } from '../../../src/protocol/engine';
import { clip, degraded, h264, noIndex, ruined, textFile } from '../../support/clips';
import { ROOT, WORKER } from '../../support/paths';
import { skip } from '../../support/skip';
import { configIn, engineIn, groupOf, isAlive, lines, ownFolder, pair, until } from './support';

/** Takes seconds to decode. */
const heavy = () => clip('heavy', { width: 1280, height: 720, fps: 30, seconds: 15 });

const rejectsWith = (code: ProblemCode, side?: 'A' | 'B') => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, code, error.message);
  assert.equal(error.problem.side, side);
  return true;
};

function recorder() {
  const steps: CompareProgress[] = [];
  const sides = (stage: 'clip' | 'problem') =>
    steps.flatMap((s) => (s.stage === stage && 'side' in s ? s.side : []));
  const notes = () => steps.flatMap((s) => (s.stage === 'note' ? s.text : []));
  return { steps, sides, notes, onProgress: (step: CompareProgress) => void steps.push(step) };
}

describe('engine worker', function () {
  this.timeout(60_000);
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  it('judges a pair, keeps the record, and answers the second time from the log', async () => {
    const engine = engineIn(dir);
    const first = recorder();
    const made = await engine.compare(pair(h264(), ruined(), logDir), first);
    assert.equal(made.fromLog, false);
    assert.equal(made.logCreated, true);
    assert.equal(made.logProblem, undefined);
    assert.equal(made.verdict.criteria.length, 15);
    assert.deepEqual([first.sides('clip').sort(), first.sides('problem')], [['A', 'B'], []]);
    assert.deepEqual(readdirSync(logDir), ['verdicts.jsonl']);

    const again = await engine.compare(pair(h264(), ruined(), logDir), recorder());
    assert.deepEqual(again, {
      verdict: made.verdict,
      fromLog: true,
      logCreated: false,
      measures: made.measures,
    });
    assert.equal(lines(join(logDir, 'verdicts.jsonl')).length, 1);

    const judged = await engine.compare(pair(h264(), ruined(), logDir, true));
    assert.equal(judged.fromLog, false);
    assert.equal(judged.logCreated, false);
    assert.deepEqual(judged.verdict.overall, made.verdict.overall);
  });

  it('mirrors what the log knows in the other order, and calls the clips what the request calls them', async () => {
    const engine = engineIn(dir);
    const made = await engine.compare(pair(h264(), ruined(), logDir));
    const moved = join(dir, 'moved.mp4');
    copyFileSync(ruined(), moved);
    const found = recorder();
    const swapped = await engine.compare(pair(moved, h264(), logDir), found);
    const expected = swapVerdict(made.verdict);
    assert.equal(swapped.fromLog, true);
    assert.deepEqual(swapped.verdict, { ...expected, a: { ...expected.a, path: 'moved.mp4' } });
    assert.deepEqual(swapped.measures, { A: made.measures.B, B: made.measures.A });
    assert.deepEqual(found.notes(), []);
  });

  it('judges a pair never again for an emptied cache, and takes the measures anew', async () => {
    const engine = engineIn(dir);
    const made = await engine.compare(pair(h264(), ruined(), logDir));
    const cleared = await engine.clearCache();
    assert.ok(cleared.files >= 4 && cleared.bytes > 1000, JSON.stringify(cleared));
    const again = await engine.compare(pair(h264(), ruined(), logDir));
    assert.deepEqual([again.fromLog, again.measures], [true, {}]);
    const { clip: record, measures } = await engine.inspect(pair(h264(), ruined(), null).a);
    assert.deepEqual([record, measures], [made.verdict.a, made.measures.A]);
    assert.deepEqual(Object.keys((await engine.compare(pair(h264(), ruined(), logDir))).measures), ['A']);
  });

  it('says of a verdict from another machine that it is, and of lines that it cannot use', async () => {
    const engine = engineIn(dir);
    await engine.compare(pair(h264(), ruined(), logDir));
    appendFileSync(join(logDir, 'verdicts.jsonl'), '{"format":"aesrm.verdict/7"}\n{"torn');
    process.env.AESRM_STATE = join(dir, 'another machine');
    const other = engineIn(join(dir, 'another'));
    const heard = recorder();
    assert.equal((await other.compare(pair(h264(), ruined(), logDir), heard)).fromLog, true);
    assert.match(
      heard.notes().join('\n'),
      /^Line 2 of .*verdict\/7.*nothing was removed\.\nThis verdict was made on another/,
    );
  });

  it('delivers the verdict where the record cannot be kept', async () => {
    const engine = engineIn(dir);
    writeFileSync(join(dir, 'file'), '');
    const refused = await engine.compare(pair(h264(), ruined(), join(dir, 'file', '.aesrm')));
    assert.equal(refused.logProblem?.code, 'logUnwritable');
    assert.equal(refused.verdict.criteria.length, 15);
  });

  it('delivers the verdict where the disk is full, and takes back what was written of it', async function () {
    const engine = engineIn(dir);
    await engine.status();
    mkdirSync(logDir, { recursive: true });
    const file = join(logDir, 'verdicts.jsonl');
    writeFileSync(file, '\n'.repeat(1 << 20));
    // The worker's files may grow no further than this: the line's first hundred bytes fit.
    const bound = ['--pid', String(engine.pid), `--fsize=${(1 << 20) + 100}`];
    if (spawnSync('prlimit', bound).status !== 0) skip(this, 'there is no prlimit');
    assert.equal((await engine.compare(pair(h264(), h264(), logDir))).logProblem?.code, 'diskFull');
    assert.equal(statSync(file).size, 1 << 20);
  });

  it('shows the good clip though the other is at fault', async () => {
    const engine = engineIn(dir);
    for (const bad of [textFile(), noIndex(), join(dir, 'none.mp4'), dir]) {
      const heard = recorder();
      await assert.rejects(engine.compare(pair(h264(), bad, logDir), heard), (error: unknown) => {
        assert.ok(error instanceof ProblemError);
        assert.equal(error.problem.side, 'B', error.message);
        return true;
      });
      assert.deepEqual([heard.sides('clip'), heard.sides('problem')], [['A'], ['B']], bad);
    }
    const heard = recorder();
    await assert.rejects(engine.compare(pair(textFile(), noIndex(), logDir), heard), ProblemError);
    assert.deepEqual([heard.sides('clip'), heard.sides('problem').sort()], [[], ['A', 'B']]);
    assert.ok(!existsSync(logDir));
  });

  it('shows both clips though there is no model', async () => {
    const config = { ...configIn(dir), modelDir: join(dir, 'no-model') };
    const engine = createEngine(config, { workerPath: WORKER });
    const heard = recorder();
    try {
      await assert.rejects(
        engine.compare(pair(h264(), ruined(), logDir), heard),
        rejectsWith('modelMissing'),
      );
      assert.deepEqual(heard.sides('clip').sort(), ['A', 'B']);
      const { judge } = await engine.status();
      assert.equal('problem' in judge && judge.problem.code, 'modelMissing');
    } finally {
      await engine.dispose();
    }
  });

  it('finishes both of two requests though the worker is killed under them', async () => {
    const engine = engineIn(dir);
    const heard = recorder();
    const comparing = engine.compare(pair(heavy(), h264(), logDir), heard);
    const inspecting = engine.inspect(pair(degraded(), h264(), null).a);
    await until('it decodes', () => heard.steps.length > 0);
    const first = engine.pid!;
    process.kill(first, 'SIGKILL');
    const [compared, inspected] = await Promise.all([comparing, inspecting]);
    assert.equal(compared.fromLog, false);
    assert.equal(inspected.clip.width, 832);
    assert.notEqual(engine.pid, first);
    assert.deepEqual(groupOf(first), []);
  });

  it('cancels at once and ends the ffmpeg with it, and the worker lives on', async () => {
    const engine = engineIn(dir);
    await engine.status();
    const abort = new AbortController();
    const heard = recorder();
    const comparing = engine.compare(pair(heavy(), h264(), logDir), { signal: abort.signal, ...heard });
    await until('it decodes', () => groupOf(engine.pid!).length > 1);
    abort.abort();
    await assert.rejects(comparing, rejectsWith('cancelled'));
    const pid = engine.pid!;
    await until('only the worker is left', () => groupOf(pid).length <= 1);
    assert.deepEqual(groupOf(pid), [pid]);
    assert.ok(!existsSync(logDir));
  });

  it('leaves with all that it started when its parent dies', async () => {
    const outfile = join(dir, 'parent.cjs');
    const contents = `import { createEngine } from './src/engine/client';
      const [config, workerPath, path] = process.argv.slice(2);
      const engine = createEngine(JSON.parse(config), { workerPath });
      void engine.inspect({ path, name: 'x' }, { onProgress: () => console.log(engine.pid) });`;
    buildSync({
      stdin: { contents, resolveDir: ROOT, loader: 'ts' },
      bundle: true,
      platform: 'node',
      outfile,
    });
    const args = [outfile, JSON.stringify(configIn(dir)), WORKER, heavy()];
    const parent = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const worker = Number(
      await new Promise((resolve) => parent.stdout.once('data', (d) => resolve(parseInt(d)))),
    );
    assert.ok(groupOf(worker).length > 1);
    parent.kill('SIGKILL');
    await until('all are gone', () => groupOf(worker).length === 0 && !isAlive(worker));
  });

  it('makes a proxy once', async () => {
    const engine = engineIn(dir);
    const { path } = await engine.proxy(h264());
    assert.ok(path.startsWith(configIn(dir).cacheDir) && path.endsWith('.mp4'));
    assert.equal((await engine.inspect({ path, name: 'p' })).clip.width % 2, 0);
    const { mtimeMs, ino } = statSync(path);
    assert.equal((await engine.proxy(h264())).path, path);
    assert.deepEqual([statSync(path).mtimeMs, statSync(path).ino], [mtimeMs, ino]);
    await assert.rejects(engine.proxy(textFile()), ProblemError);
  });

  it('keeps votes', async () => {
    const engine = engineIn(dir);
    const side = (name: string) => ({ path: name, hash: name });
    const vote = {
      format: 'aesrm.vote/1' as const,
      ...{ id: '1', at: '2026-01-01T00:00:00.000Z', by: 'me', a: side('x'), b: side('y') },
      ...{ overall: 'A' as const, blind: true, modelShown: false },
    };
    assert.deepEqual(await engine.appendVote({ logDir, vote }), { logCreated: true });
    assert.deepEqual(await engine.votes({ logDir }, ['x', 'y']), { votes: [vote] });
    assert.equal((await engine.votes({ logDir }, ['y', 'x'])).votes[0]?.overall, 'B');
    assert.deepEqual(await engine.votes({ logDir: join(dir, 'nowhere') }, ['x', 'y']), { votes: [] });
  });

  it('says what of the votes could not be read', async () => {
    const engine = engineIn(dir);
    mkdirSync(logDir, { recursive: true });
    writeFileSync(join(logDir, 'votes.jsonl'), '{"format":"aesrm.vote/1","torn\n');
    const { votes, notes } = await engine.votes({ logDir }, ['x', 'y']);
    assert.deepEqual(votes, []);
    assert.match(
      notes!.join(),
      /^Line 1 of \.aesrm\/votes\.jsonl could not be used .*nothing was removed\.$/,
    );
    await engine.votes({ logDir }, ['x', 'y']);
    assert.equal(engine.said.filter((line) => /^warn: Line 1 of/.test(line)).length, 1);
  });

  it('gives a verdict from the log the words of the request', async () => {
    const engine = engineIn(dir);
    const request = pair(h264(), ruined(), logDir);
    await engine.compare({ ...request, prompt: 'a cat' });
    const plain = await engine.compare(request);
    const dog = await engine.compare({ ...request, prompt: 'a dog' });
    assert.deepEqual([plain.fromLog, plain.verdict.prompt], [true, undefined]);
    assert.deepEqual([dog.fromLog, dog.verdict.prompt], [true, 'a dog']);
  });

  it('refuses nonsense from the wire with a sentence, and lives on', async () => {
    const engine = engineIn(dir);
    const { pid } = await engine.status();
    const nonsense = [
      null,
      { a: 1 },
      { ...pair('relative.mp4', h264(), null) },
      { ...pair(h264(), h264(), 'relative') },
    ];
    for (const params of nonsense)
      await assert.rejects(engine.compare(params as never), rejectsWith('internal'));
    await assert.rejects(engine.appendVote({ logDir, vote: {} as never }), rejectsWith('internal'));
    await assert.rejects(engine.votes({ logDir }, ['x'] as never), rejectsWith('internal'));
    assert.equal((await engine.status()).pid, pid);
    engine.restart({ ...configIn(dir), cacheDir: 'relative' });
    await assert.rejects(engine.status(), /cacheDir is not an absolute path/);
  });

  it('tells what it runs on', async () => {
    const status = await engineIn(dir).status();
    assert.ok('version' in status.ffmpeg, JSON.stringify(status.ffmpeg));
    assert.ok('hash' in status.judge, JSON.stringify(status.judge));
    assert.ok(status.devices.includes('cpu'), status.devices.join());
  });
});
