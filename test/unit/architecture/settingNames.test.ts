import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../support/paths';

interface Contributions {
  commands: { command: string }[];
  configuration: { properties: Record<string, unknown> }[];
}

const { contributes } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  contributes: Contributions;
};
const known = new Set([
  ...contributes.configuration.flatMap(({ properties }) => Object.keys(properties)),
  ...contributes.commands.map(({ command }) => command),
]);

/** What sentences for people call by name: in double quotes, which code itself does not use. */
const NAMED = /"(aesrm\.\w+)"/g;

describe('settings and commands named in messages', () => {
  it('exist', () => {
    const named = ['src', 'webview'].flatMap((dir) =>
      readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.endsWith('.ts'))
        .flatMap((path) =>
          [...readFileSync(join(ROOT, dir, path), 'utf8').matchAll(NAMED)].map(([, name = '']) => ({
            name,
            path,
          })),
        ),
    );
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter(({ name }) => !known.has(name)),
      [],
    );
  });
});
