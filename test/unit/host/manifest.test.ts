import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIALECTS, ENDPOINT_KEYS, FRAME_WAYS, PICTURES } from '../../../src/core/endpoint/config';
import { VIDEO_EXTENSIONS } from '../../../src/core/pair';
import { DEVICES } from '../../../src/protocol/engine';
import { ROOT } from '../../support/paths';

const json = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const manifest = json('package.json');
const nls = json('package.nls.json') as Record<string, string>;
const { commands, menus, keybindings, configuration, walkthroughs } = manifest.contributes;
const settings: Record<string, Record<string, unknown>> = Object.assign(
  {},
  ...configuration.map((c: { properties: object }) => c.properties),
);

interface MenuItem {
  command: string;
  when?: string;
  group?: string;
}
const items: MenuItem[] = Object.values(menus as Record<string, MenuItem[]>).flat();

function sources(folder: string): string {
  const dir = join(ROOT, folder);
  const files = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.map((name) => readFileSync(join(dir, name), 'utf8')).join('\n');
}

describe('host: the manifest', () => {
  it('has every string, and no string that it does not use', () => {
    const used = new Set([...JSON.stringify(manifest).matchAll(/%([\w.]+)%/g)].map((m) => m[1]));
    assert.deepEqual([...used].sort(), Object.keys(nls).sort());
  });

  it('offers comparing for exactly the extensions that the program knows', () => {
    const lists = items.flatMap(({ when }) => [
      ...(when ?? '').matchAll(/resourceExtname =~ \/\^\\\.\(([^)]*)\)\$\/i/g),
    ]);
    assert.ok(lists.length >= 5);
    for (const [, list] of lists) assert.equal(list, VIDEO_EXTENSIONS.join('|'));
  });

  it('keeps commands that need a file or a panel out of a palette without one', () => {
    const palette: MenuItem[] = menus.commandPalette;
    const always = commands
      .map((c: { command: string }) => c.command)
      .filter((id: string) => !palette.some((item) => item.command === id));
    assert.deepEqual(always, [
      'aesrm.compareVideos',
      ...[
        'aesrm.selectJudge',
        'aesrm.setEndpointKey',
        'aesrm.allowedEndpointHosts',
        'aesrm.clearCache',
        'aesrm.setUpGpu',
      ],
      ...['aesrm.runBenchmark', 'aesrm.compareJudges', 'aesrm.manageModels', 'aesrm.showLog'],
      'aesrm.openSweep',
    ]);
    for (const { when } of palette)
      assert.match(
        when ?? '',
        /^(false|aesrm\.hasSweeps|(aesrm\.hasSweeps && )?activeWebviewPanelId == 'aesrm\.compare')$/,
      );
    for (const { when } of keybindings) assert.equal(when, "activeWebviewPanelId == 'aesrm.compare'");
  });

  it('has one category, and menu items for commands that exist', () => {
    const known = new Set(commands.map((c: { command: string }) => c.command));
    for (const { category } of commands) assert.equal(category, 'AesRM');
    for (const { command } of [...items, ...keybindings]) assert.ok(known.has(command), command);
    for (const { group } of menus['explorer/context']) assert.match(group, /^3_compare@/);
  });

  it('describes every setting, with a default and a scope', () => {
    for (const [key, setting] of Object.entries(settings)) {
      for (const part of ['default', 'scope', 'markdownDescription'])
        assert.ok(part in setting, `${key}: ${part}`);
      assert.equal((setting['enumDescriptions'] as [])?.length, (setting['enum'] as [])?.length, key);
    }
    assert.deepEqual(settings['aesrm.device']?.['enum'], DEVICES);
    const { properties } = settings['aesrm.endpoints']?.['items'] as {
      properties: Record<string, { enum?: string[] }>;
    };
    assert.deepEqual(Object.keys(properties), ENDPOINT_KEYS);
    assert.deepEqual(properties['dialect']?.enum, DIALECTS);
    assert.deepEqual(properties['frames']?.enum, FRAME_WAYS);
    assert.deepEqual(properties['picture']?.enum, PICTURES);
  });

  it('takes programs and models from no workspace', () => {
    const { untrustedWorkspaces, virtualWorkspaces } = manifest.capabilities;
    assert.equal(untrustedWorkspaces.supported, 'limited');
    assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, [
      'aesrm.ffmpegPath',
      'aesrm.modelPath',
      'aesrm.gpuLibraries',
      'aesrm.endpoints',
      'aesrm.modelHub',
      'aesrm.chain.samples',
      'aesrm.chain.frames',
      'aesrm.chain.protocol',
    ]);
    for (const key of untrustedWorkspaces.restrictedConfigurations)
      assert.equal(settings[key]?.['scope'], 'machine');
    assert.equal(virtualWorkspaces.supported, false);
    assert.deepEqual(manifest.extensionKind, ['workspace']);
  });

  it('starts for its commands, to restore a panel and where a sweep may go on', () => {
    // what was running goes on: a folder with judged sweeps is looked at
    assert.deepEqual(manifest.activationEvents, [
      'onWebviewPanel:aesrm.compare',
      'onWebviewPanel:aesrm.sweep',
      'workspaceContains:.aesrm/sweeps.jsonl',
    ]);
  });

  it('welcomes for each cause of emptiness of the sweep view, and names each once', () => {
    const said: { view: string; when: string }[] = manifest.contributes.viewsWelcome;
    const named = said.flatMap(({ when }) =>
      [...when.matchAll(/aesrm\.sweepView == '(\w+)'/g)].map((m) => m[1]),
    );
    const type = /export type Emptiness =([^;]+);/.exec(sources('src/host/sweep'))?.[1] ?? '';
    const causes = [...type.matchAll(/'(\w+)'/g)].map((m) => m[1]).filter((cause) => cause !== 'shown');
    assert.ok(causes.length >= 5);
    assert.deepEqual([...new Set(named)].sort(), causes.sort());
    for (const [, id, arguments_] of JSON.stringify(nls).matchAll(/\(command:([\w.]+)(?:\?([^)]*))?\)/g)) {
      if (arguments_ !== undefined) assert.ok(Array.isArray(JSON.parse(decodeURIComponent(arguments_))));
      if (id?.startsWith('aesrm.'))
        assert.ok(
          commands.some((c: { command: string }) => c.command === id),
          id,
        );
    }
  });

  it('has the pictures that it names', () => {
    const steps = walkthroughs.flatMap((w: { steps: { media: { svg: string } }[] }) => w.steps);
    const named = [manifest.icon, ...steps.map((s: { media: { svg: string } }) => s.media.svg)];
    for (const path of named) assert.ok(existsSync(join(ROOT, path)), path);
  });

  it('lists every sentence of the host for translators', () => {
    const bundle = Object.keys(json('l10n/bundle.l10n.json')).sort();
    const said = sources('src/host').matchAll(/l10n\.t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g);
    const plain = [...said].map((m) => (m[1] ?? m[2] ?? '').replace(/\\(.)/g, '$1'));
    assert.deepEqual(bundle, [...new Set(plain)].sort());
  });
});
