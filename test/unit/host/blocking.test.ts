import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/paths';

const ENGINE = ['supervisor', 'client', 'connection', 'jobs', 'workerProcess'].map(
  (name) => `src/engine/${name}.ts`,
);

/** One look at one path; and what must be done before the process ends. */
const ALLOWED = ['src/engine/supervisor.ts: existsSync', 'src/host/panel/blindLinks.ts: rmSync'];

describe('host: the process that all extensions share', () => {
  it('is not held up by a call that waits for a disk or a program', () => {
    const host = readdirSync(join(ROOT, 'src/host'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `src/host/${name.replaceAll('\\', '/')}`);
    const files = [...host, ...ENGINE, 'src/extension.ts'];
    const used = files.flatMap((file) => {
      const calls = readFileSync(join(ROOT, file), 'utf8').matchAll(/\b(\w+Sync)\s*\(/g);
      return [...calls].map(([, name]) => `${file}: ${name}`);
    });
    assert.deepEqual(
      [...new Set(used)].filter((call) => !ALLOWED.includes(call)),
      [],
    );
  });
});
