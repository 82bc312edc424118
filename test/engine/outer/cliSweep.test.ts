import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeSweepDocument } from '../../../src/core/sweep/export';
import { degraded, h264, ruined, textFile } from '../../support/clips';
import { CLI } from '../../support/paths';
import { cleanUp, tempDir } from './support';

describe('aesrm sweep', function () {
  this.timeout(120_000);
  let cwd: string;
  beforeEach(() => {
    cwd = tempDir();
    const clips = { 'step-100': h264(), 'step-200': degraded(), 'step-300': ruined() };
    for (const [step, clip] of Object.entries(clips)) {
      mkdirSync(join(cwd, 'run', step), { recursive: true });
      for (const name of ['a cat', 'a dog']) copyFileSync(clip, join(cwd, 'run', step, `${name}.mp4`));
    }
  });
  afterEach(cleanUp);

  function aesrm(...args: string[]) {
    const env = { ...process.env, AESRM_CACHE: join(cwd, 'cache'), AESRM_STATE: join(cwd, 'state') };
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd,
      env,
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  it('prints the document and nothing else, and writes what is asked for', () => {
    const { code, out, err } = aesrm(
      'sweep',
      'run',
      '--json',
      '--baseline',
      '200',
      '--export',
      'html=r.html',
    );
    assert.equal(code, 0, err);
    const doc = decodeSweepDocument(JSON.parse(out));
    assert.equal(doc.pairs.count, 6);
    assert.equal(doc.grid.columns.find(({ id }) => id === doc.baseline)?.value, 200);
    assert.match(readFileSync(join(cwd, 'r.html'), 'utf8'), /default-src 'none'/);
  });

  it('shows the grid without judging, and names the columns to whoever asks for another', () => {
    assert.match(aesrm('sweep', 'run', '--scan').out, /6 of 6 pairs to judge/);
    assert.equal(existsSync(join(cwd, '.aesrm')), false);
    const { code, err } = aesrm('sweep', 'run', '--baseline', '999');
    assert.equal(code, 2);
    assert.match(err, /100.*200.*300/);
  });

  it('tells of a broken clip, leaves it out, and says that two prompts are few', () => {
    copyFileSync(textFile(), join(cwd, 'run', 'step-300', 'a dog.mp4'));
    const { code, out, err } = aesrm('sweep', 'run', '--log', 'none');
    assert.equal(code, 0, err);
    assert.match(err, /a dog\.mp4/);
    assert.match(out, /no intervals are shown/);
  });
});
