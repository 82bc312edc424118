import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../support/paths';

describe('the in-host runner', () => {
  it('fails when the extension host dies in the middle of the suite', () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'scripts/vscode-test.mjs'), '--no-build', '--grep', 'dies'],
      { cwd: ROOT, encoding: 'utf8', env: { ...process.env, AESRM_CRASH_HOST: '1' }, timeout: 100_000 },
    );
    assert.notEqual(status, 0, stdout);
    assert.match(stderr + stdout, /the extension host (died|ended before the suite did)/);
  });
});
