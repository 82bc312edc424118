import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { degraded, h264 } from '../support/clips';
import { ROOT } from '../support/paths';

interface Packed {
  filename: string;
  files: { path: string }[];
}

describe('the npm tarball', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'aesrm-pack-'));
  let packed: Packed;

  const npm = (args: readonly string[]) =>
    execFileSync('npm', [...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
  const aesrm = (...args: string[]) =>
    execFileSync(join(scratch, 'prefix/bin/aesrm'), args, {
      cwd: scratch,
      encoding: 'utf8',
      timeout: 90_000,
    });

  before(() => {
    [packed] = JSON.parse(npm(['pack', '--ignore-scripts', '--json', '--pack-destination', scratch])) as [
      Packed,
    ];
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  it('holds the command line, the worker and the model, and nothing of the workshop', () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of [
      'dist/cli.js',
      'dist/worker.js',
      'dist/launcher.js',
      'models/compact/manifest.json',
      'package.json',
    ])
      assert.ok(paths.includes(path), path);
    assert.deepEqual(
      paths.filter((path) =>
        /\.map$|\.vsix$|^(src|test|scripts|training|out|webview)\/|^dist\/(stage|meta)\//.test(path),
      ),
      [],
    );
  });

  it('gives `aesrm` when it is installed', () => {
    const options = ['--prefix', join(scratch, 'prefix'), '--prefer-offline', '--no-audit', '--no-fund'];
    npm(['install', '--global', ...options, join(scratch, packed.filename)]);
    assert.match(aesrm('--help'), /compare/);
    const verdict = JSON.parse(aesrm('compare', h264(), degraded(), '--json', '--log', 'none')) as {
      format?: string;
    };
    assert.equal(verdict.format, 'aesrm.verdict/1');
  });
});
