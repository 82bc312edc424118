import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSweepDocument } from '../../../src/core/sweep/export';
import type { Vote } from '../../../src/core/vote';
import { standInFor } from '../../../src/cli/places';
import type { OpenedSweep } from '../../../src/protocol/sweep';
import { CLI } from '../../support/paths';
import { skip } from '../../support/skip';
import { engineIn, lines, ownFolder } from './support';
import { makeSweep, runOf, targetOf } from './sweepSupport';

describe('votes on a sweep whose record is kept elsewhere', function () {
  this.timeout(60_000);
  let dir: string;
  ownFolder((own) => ({ dir } = own));

  /** Ada's on the first prompt's first two columns. */
  function voteOn(
    { grid, state }: OpenedSweep,
    id: string,
    overall: 'A' | 'B',
    more: Partial<Vote> = {},
  ): Vote {
    const clipOf = (column: number) => {
      const index = grid.clips.findIndex((clip) => clip.row === 0 && clip.column === column);
      return { path: grid.clips[index]!.path, hash: state.hashes[index]! };
    };
    return {
      ...{ format: 'aesrm.vote/1', id, at: `2026-01-01T00:0${id}:00.000Z`, by: 'Ada' },
      ...{ a: clipOf(0), b: clipOf(1), overall, blind: false, modelShown: true, ...more },
    };
  }

  const said = ({ state }: OpenedSweep) => state.votes.map(({ by, row, overall }) => [by, row, overall]);

  it('are kept there too where the folder is read-only, and count', async function () {
    const root = makeSweep(dir, { prompts: 1 });
    const log = join(root, '.aesrm');
    const places = { logDir: log, fallbackLogDir: standInFor(log) };
    const mount = (...args: string[]) => spawnSync('mount', args).status === 0;
    if (!mount('--bind', root, root)) skip(this, 'nothing can be mounted here');
    try {
      assert.ok(mount('-o', 'remount,ro,bind', root));
      const engine = engineIn(dir);
      await engine.sweepRun(runOf(root, places));
      const target = targetOf(root, places);
      const opened = await engine.sweepOpen(target);
      const first = voteOn(opened, '1', 'A');
      const kept = await engine.appendVote({ ...places, vote: first });
      assert.equal(kept.elsewhere?.dir, places.fallbackLogDir);
      assert.match(kept.elsewhere!.problem.message, /^\.aesrm\/votes\.jsonl in .*run cannot be written/);
      assert.deepEqual(said(await engine.sweepOpen(target)), [['Ada', 0, -1]]);
      await engine.appendVote({ ...places, vote: voteOn(opened, '2', 'B', { supersedes: '1' }) });
      const { hash: a } = first.a;
      const found = await engine.votes(places, [a, first.b.hash]);
      assert.deepEqual(
        found.votes.map(({ id }) => id),
        ['1', '2'],
      );
      assert.deepEqual(
        said(await engineIn(dir).sweepOpen(target)),
        [['Ada', 0, 1]],
        'by another process too',
      );
      const exported = join(dir, 'pairs.jsonl');
      await engine.sweepExport({ sweep: target, format: 'trl', target: exported });
      assert.equal(lines(exported).filter((line) => /"vote:Ada/.test(line)).length, 1);
      assert.ok(!existsSync(log));
      const env = { ...process.env, AESRM_CACHE: join(dir, 'cache') };
      const cli = spawnSync(process.execPath, [CLI, 'sweep', root, '--log', log, '--json'], {
        ...{ env, encoding: 'utf8', cwd: dir },
      });
      assert.equal(cli.status, 0, cli.stderr);
      const { votes } = decodeSweepDocument(JSON.parse(cli.stdout));
      assert.deepEqual(
        votes.map(({ by, overall }) => [by, overall]),
        [['Ada', 1]],
      );
    } finally {
      spawnSync('umount', [root]);
    }
  });

  it('count once each from both places, the newest in force', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const fallbackLogDir = join(dir, 'elsewhere');
    const { logDir, ...target } = targetOf(root, { fallbackLogDir });
    const places = { logDir: logDir!, fallbackLogDir };
    const engine = engineIn(dir);
    await engine.sweepRun(runOf(root, places));
    const opened = () => engine.sweepOpen({ ...target, ...places });
    const before = await opened();
    const put = (where: string, vote: Vote) => engine.appendVote({ logDir: where, vote });
    const first = voteOn(before, '1', 'A');
    await put(places.logDir, first);
    await put(fallbackLogDir, first);
    assert.deepEqual((await opened()).state.agreement!.repeats, [], 'the same vote is no second one');
    await put(fallbackLogDir, voteOn(before, '2', 'B', { supersedes: '1' }));
    assert.deepEqual(said(await opened()), [['Ada', 0, 1]]);
    await put(places.logDir, voteOn(before, '3', 'A', { supersedes: '2' }));
    assert.deepEqual(said(await opened()), [['Ada', 0, -1]]);
    const { overall: _, ...undone } = voteOn(before, '4', 'A', { supersedes: '3', withdrawn: true });
    await put(fallbackLogDir, undone);
    assert.deepEqual(said(await opened()), [['Ada', 0, 1]]);
  });

  it('still end in words where neither place can be written', async () => {
    const root = makeSweep(dir, { prompts: 1 });
    const [one, two] = [join(dir, 'one'), join(dir, 'two')];
    for (const file of [one, two]) writeFileSync(file, 'a file is in the way');
    const engine = engineIn(dir);
    const vote = voteOn(await engine.sweepOpen(targetOf(root)), '1', 'A');
    await assert.rejects(engine.appendVote({ logDir: one, fallbackLogDir: two, vote }), /two/);
    assert.equal(readFileSync(one, 'utf8'), 'a file is in the way');
  });
});
