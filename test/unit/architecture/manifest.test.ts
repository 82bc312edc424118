import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS } from '../../../src/core/defaults';
import { ROOT } from '../../support/paths';

interface Setting {
  default: unknown;
}
interface Manifest {
  contributes: {
    commands: { command: string; title: string; category: string }[];
    configuration: { properties: Record<string, Setting> }[];
    menus: Record<string, { command: string }[]>;
    keybindings: { command: string }[];
  };
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const texts = JSON.parse(read('package.nls.json')) as Record<string, string>;
const commands = manifest.contributes.commands;
const settings = Object.assign({}, ...manifest.contributes.configuration.map((c) => c.properties)) as Record<
  string,
  Setting
>;

const hostFiles = ['src/extension.ts', ...sources('src/host')];
const host = hostFiles.map(read).join('\n');

function sources(dir: string): string[] {
  return readdirSync(join(ROOT, dir), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => `${dir}/${path}`);
}

describe('the manifest', () => {
  // That they are registered under that very name is for the integration suite to see.
  it('contributes only commands that the host handles', () => {
    for (const { command } of commands)
      assert.match(
        host,
        new RegExp(`['"\`]${command}['"\`]|(\\b|')${command.replace('aesrm.', '')}'?\\s*:`),
        command,
      );
  });

  it('names only its own commands in menus and keys', () => {
    const contributed = new Set(commands.map((c) => c.command));
    const used = [...Object.values(manifest.contributes.menus).flat(), ...manifest.contributes.keybindings];
    assert.deepEqual(
      used.map((entry) => entry.command).filter((id) => id?.startsWith('aesrm.') && !contributed.has(id)),
      [],
    );
  });

  it('has a text for every key, and no text to spare', () => {
    const keys = [...read('package.json').matchAll(/"%([\w.]+)%"/g)].map((m) => m[1]!);
    assert.deepEqual([...new Set(keys)].sort(), Object.keys(texts).sort());
  });

  it('is documented: every command and every setting is in the README', () => {
    assert.ok(existsSync(join(ROOT, 'README.md')), 'there is no README.md');
    const readme = read('README.md');
    const titles = commands.map(
      ({ title, category }) => `${category}: ${texts[title.replaceAll('%', '')] ?? title}`,
    );
    assert.deepEqual(
      [...titles, ...Object.keys(settings)].filter((word) => !readme.includes(word)),
      [],
    );
  });

  it('is where a default is written, and the only place', () => {
    for (const [key, { default: value }] of Object.entries(settings))
      assert.notEqual(value, undefined, `${key} has no default`);
    const again = hostFiles.filter((path) => /\.get(<[^>]+>)?\(\s*['"`][\w.]+['"`]\s*,/.test(read(path)));
    assert.deepEqual(again, [], 'configuration.get with a second default');
  });

  it('gives its defaults to the command line too', () => {
    for (const [key, value] of Object.entries(DEFAULTS))
      assert.equal(settings[`aesrm.${key}`]?.default, value, key);
  });

  it('has a setting in the code for every setting that it offers', () => {
    for (const key of Object.keys(settings)) {
      const short = key.replace(/^aesrm\./, '');
      assert.ok(
        host.includes(`'${short}'`) || host.includes(`'${key}'`),
        `${key} is read nowhere in src/host`,
      );
    }
  });
});
