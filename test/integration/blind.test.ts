import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { BlindLinks, byContent } from '../../src/host/panel/blindLinks';
import type { TestApi } from '../../src/host/testApi';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { gif, h264, vp9 } from '../support/clips';
import { closeAll, compareSelected, early, extension, late, snapshot, until, verdictOf } from './support';

const NAMES = /ribbons|step-0/;

const uris = ({ sides }: PanelSnapshot) => [sides.A.uri, sides.B.uri].map((uri) => uri ?? '');
const isNeutral = (uri: string) => /\/blind\/\d+\.[\da-f-]{36}\/[\da-f-]{36}\.mp4$/.test(uri);
const neutral = (s: PanelSnapshot) => uris(s).every(isNeutral);
/** The file that a page's address stands for. */
const fileOf = (uri: string) => decodeURIComponent(new URL(uri).pathname);

suite('a blind comparison', () => {
  let api: TestApi;
  suiteSetup(async () => {
    api = await extension();
  });
  setup(async () => {
    await closeAll(api);
    await compareSelected(early(), late());
    await verdictOf(api);
  });
  suiteTeardown(() => closeAll(api));

  const toggle = () => vscode.commands.executeCommand('aesrm.toggleBlind');

  test('names no clip, not in the addresses either, before they are neutral and after', async () => {
    await toggle();
    assert.doesNotMatch(JSON.stringify(api.snapshots()[0]), NAMES);
    const shown = await snapshot(api, neutral);
    await api.act(0, { type: 'vote', of: 'VA', choice: 'A' });
    const voted = await snapshot(api, (s) => s.vote !== undefined);
    assert.doesNotMatch(JSON.stringify([shown, voted]), NAMES);
    assert.equal(shown.identity, undefined);
    const found = uris(shown).map((uri) => realpathSync(fileOf(uri)));
    assert.deepEqual(found.sort(), [early().fsPath, late().fsPath].map((path) => realpathSync(path)).sort());
  });

  test('gives the addresses back with the vote, and removes its links', async () => {
    await toggle();
    const hidden = uris(await snapshot(api, neutral)).map(fileOf);
    await api.act(0, { type: 'vote', of: 'overall', choice: 'B' });
    const shown = await snapshot(api, (s) => uris(s).every((uri) => NAMES.test(uri)));
    assert.deepEqual([shown.sides.A.media, shown.sides.B.media], ['video', 'video']);
    await until('the links to go', () => (hidden.some((path) => existsSync(path)) ? undefined : true));
  });

  test('has new links each time, and leaves none when its panel closes', async () => {
    await toggle();
    const first = uris(await snapshot(api, neutral));
    await toggle();
    await snapshot(api, (s) => !uris(s).some(isNeutral));
    await toggle();
    const second = uris(await snapshot(api, neutral));
    assert.equal(new Set([...first, ...second]).size, 4);
    const folder = dirname(fileOf(second[0] ?? ''));
    assert.equal(existsSync(folder), true);
    await closeAll(api);
    assert.equal(existsSync(folder), false);
    assert.deepEqual(
      readdirSync(dirname(folder)).filter((name) => name.startsWith(`${process.pid}.`)),
      [],
    );
  });

  test('shows proxies where no links can be made, until the vote', async () => {
    await toggle();
    const [uri = ''] = uris(await snapshot(api, neutral));
    await closeAll(api);
    const root = dirname(dirname(fileOf(uri)));
    rmSync(root, { recursive: true });
    writeFileSync(root, 'in the way');
    try {
      await compareSelected(early(), late());
      await verdictOf(api);
      await toggle();
      const shown = await snapshot(api, (s) => s.sides.A.media === 'proxy' && s.sides.B.media === 'proxy');
      assert.doesNotMatch(JSON.stringify(shown), NAMES);
      await api.act(0, { type: 'vote', of: 'overall', choice: 'tie' });
      await snapshot(api, (s) => uris(s).every((u) => NAMES.test(u)) && s.sides.A.media === 'video');
    } finally {
      rmSync(root);
    }
  });

  test('is neutral for a GIF by its proxy', async () => {
    await closeAll(api);
    await compareSelected(early(), vscode.Uri.file(gif()));
    await toggle();
    const shown = await snapshot(api, (s) => [s.sides.A, s.sides.B].some((side) => side.media === 'proxy'));
    const proxy = [shown.sides.A, shown.sides.B].find((side) => side.media === 'proxy');
    assert.match(proxy?.uri ?? '', /\/proxies\/[\da-f]{64}\.mp4\?v=\d+-\d+$/);
  });
});

suite('a page in this VS Code', () => {
  let dir: string;
  let links: BlindLinks;
  let hard: BlindLinks;
  setup(() => {
    // As far from the extension's storage as from the clips: the same volume, for the hard links.
    dir = mkdtempSync(join(dirname(h264()), 'blind-'));
    const log = () => undefined;
    links = new BlindLinks(join(dir, 'links'), log);
    hard = new BlindLinks(join(dir, 'links'), log, [byContent]);
  });
  teardown(() => rmSync(dir, { recursive: true, force: true }));

  /** Whether a page that may load from the links' folders, and from nowhere else, plays the file there. */
  async function plays(path: string): Promise<string> {
    const options = {
      enableScripts: true,
      localResourceRoots: [links, hard].map((l) => vscode.Uri.file(l.dir)),
    };
    const panel = vscode.window.createWebviewPanel('aesrm.test', 'test', vscode.ViewColumn.Active, options);
    try {
      const said = new Promise<string>((resolve) => panel.webview.onDidReceiveMessage(resolve));
      const uri = panel.webview.asWebviewUri(vscode.Uri.file(path)).toString();
      panel.webview.html = `<!DOCTYPE html><video muted preload="auto" src="${uri}"></video><script>
        const say = acquireVsCodeApi().postMessage;
        const video = document.querySelector('video');
        video.onerror = () => say('error');
        video.onloadeddata = () => (video.currentTime = video.duration / 2);
        video.onseeked = () => say(video.videoWidth + ' at ' + (video.currentTime > 0));
      </script>`;
      return await said;
    } finally {
      panel.dispose();
    }
  }

  test('plays a clip through a link of either kind, whatever its container, and not from beside', async () => {
    assert.equal(await plays((await links.make(h264())) ?? ''), '832 at true');
    assert.equal(await plays((await hard.make(h264())) ?? ''), '832 at true');
    assert.equal(await plays((await links.make(vp9())) ?? ''), '160 at true');
    assert.equal(await plays(h264()), 'error');
  });
});
