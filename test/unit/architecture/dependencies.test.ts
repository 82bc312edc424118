import * as assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, ROOT } from '../../support/paths';

interface Metafile {
  inputs: Record<string, { imports: { path: string; external?: boolean }[] }>;
}

/** What each part may import of ours; a part is the longest folder or file that a path begins with. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'src/core/': [],
  'src/protocol/': ['src/core/'],
  'src/engine/worker/': ['src/core/', 'src/protocol/', 'src/engine/'],
  'src/engine/': ['src/core/', 'src/protocol/', 'src/engine/worker/'],
  'src/host/': ['src/core/', 'src/protocol/', 'src/engine/client.ts', 'src/engine/supervisor.ts'],
  'src/extension.ts': ['src/'],
  'src/cli/': ['src/core/', 'src/protocol/', 'src/engine/'],
  'src/cli.ts': ['src/core/', 'src/protocol/', 'src/engine/', 'src/cli/'],
  'webview/': ['src/core/', 'src/protocol/'],
};

/** Packages and Node modules by who alone may import them. */
const ONLY_IN: Record<string, readonly string[]> = {
  vscode: ['src/host/', 'src/extension.ts'],
  'onnxruntime-node': ['src/engine/worker/'],
  '@huggingface/transformers': ['src/engine/worker/'],
  'node:child_process': ['src/engine/'],
  '@vscode/webview-ui-toolkit': ['webview/ui/toolkit.ts'],
  lit: ['webview/'],
};

const partOf = (path: string) =>
  Object.keys(MAY_IMPORT)
    .filter((part) => path.startsWith(part))
    .sort((a, b) => b.length - a.length)[0];

const packageOf = (path: string) => {
  const name = path.replace(/^.*node_modules\//, '');
  const bare = /^(@[^/]+\/[^/]+|node:[^/]+|[^/]+)/.exec(name)?.[1] ?? name;
  return ['child_process', 'fs', 'path', 'os', 'crypto'].includes(bare) ? `node:${bare}` : bare;
};

/** Every import of ours in what was bundled; esbuild has resolved them, so nothing hides behind a spelling. */
function edges(): { from: string; to: string; ours: boolean }[] {
  const files = readdirSync(join(DIST, 'meta')).filter((name) => name.endsWith('.json'));
  return files.flatMap((name) => {
    const meta = JSON.parse(readFileSync(join(DIST, 'meta', name), 'utf8')) as Metafile;
    return Object.entries(meta.inputs)
      .filter(([from]) => partOf(from) !== undefined)
      .flatMap(([from, { imports }]) =>
        imports.map(({ path }) => ({ from, to: path, ours: partOf(path) !== undefined })),
      );
  });
}

describe('the dependency rules, over what esbuild bundled', () => {
  const all = existsSync(join(DIST, 'meta')) ? edges() : [];

  it('has something to look at', () => {
    for (const part of ['src/core/', 'src/protocol/', 'src/engine/', 'src/host/', 'webview/'])
      assert.ok(
        all.some(({ from }) => from.startsWith(part)),
        `nothing of ${part} is bundled`,
      );
  });

  it('lets each part import only what it may', () => {
    const wrong = all.filter(({ from, to, ours }) => {
      if (!ours) return false;
      const part = partOf(from)!;
      return partOf(to) !== part && !MAY_IMPORT[part]!.some((allowed) => to.startsWith(allowed));
    });
    assert.deepEqual(wrong, []);
  });

  it('keeps each package where it belongs', () => {
    const wrong = all.filter(({ from, to, ours }) => {
      const owners = ours ? undefined : ONLY_IN[packageOf(to)];
      return owners && !owners.some((owner) => from.startsWith(owner));
    });
    assert.deepEqual(wrong, []);
  });

  it('keeps core and protocol free of packages and of Node', () => {
    const wrong = all.filter(({ from, ours }) => !ours && /^src\/(core|protocol)\//.test(from));
    assert.deepEqual(wrong, []);
  });

  it('asks for the webview API in one file', () => {
    const inputs = new Set(all.map(({ from }) => from).filter((path) => path.startsWith('webview/')));
    const users = [...inputs].filter((path) =>
      /\bacquireVsCodeApi\s*[<(]/.test(readFileSync(join(ROOT, path), 'utf8')),
    );
    assert.deepEqual(users, ['webview/host.ts']);
  });
});
