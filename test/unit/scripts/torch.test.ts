import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../support/paths';

/** The JSON that an expression over a script's exports gives, in a process with this environment. */
function ask(script: string, expression: string, env: NodeJS.ProcessEnv): unknown {
  const url = pathToFileURL(join(ROOT, 'scripts', script)).href;
  const program = `const it = await import(${JSON.stringify(url)}); process.stdout.write(JSON.stringify(await (${expression})) ?? 'null')`;
  const args = ['--input-type=module', '--eval', program];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', env: { ...process.env, ...env } }),
  );
}

describe('the Python of the training tests', () => {
  let dir: string;
  before(function () {
    if (process.platform === 'win32') this.skip();
    dir = mkdtempSync(join(tmpdir(), 'aesrm-python-'));
    // stands before any real torch
    writeFileSync(join(dir, 'torch.py'), 'raise ImportError("none")\n');
  });
  after(() => dir && rmSync(dir, { recursive: true, force: true }));

  function program(name: string, status: number): string {
    const path = join(dir, name);
    writeFileSync(path, `#!/bin/sh\nexit ${status}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  it('is the one named, if it has torch, and else the first that has', () => {
    const env = (named: string) => ({ AESRM_PYTHON: named, PATH: dir, PYTHONPATH: dir });
    const good = program('good', 0);
    assert.equal(ask('lib/tools.mjs', 'it.findTorch()', env(good)), good);
    program('python3', 0);
    assert.equal(ask('lib/tools.mjs', 'it.findTorch()', env(program('bad', 1))), 'python3');
    assert.equal(ask('lib/tools.mjs', 'it.findTorch()', env(join(dir, 'absent'))), 'python3');
    rmSync(join(dir, 'python3'));
  });

  it('is missed by the training tests only, which then say that they did not run and do not fail', () => {
    const training = "it.LEGS.find(({ name }) => name === 'training')";
    const env = { AESRM_PYTHON: '', PATH: dir, PYTHONPATH: dir, CI: 'true' };
    const outcome = ask('lib/legs.mjs', `${training}.run(process.env)`, env) as { ok: boolean; off: string };
    assert.equal(outcome.ok, true);
    assert.match(outcome.off, /no Python here has torch.*AESRM_PYTHON/);
    const depend =
      'it.LEGS.filter((l) => l.needs.includes("torch") || l.wants).map((l) => [l.name, l.wants])';
    assert.deepEqual(ask('lib/legs.mjs', depend, env), [['training', ['torch']]]);
  });
});
