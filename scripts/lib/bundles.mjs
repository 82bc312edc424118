// What esbuild makes: the shipped programs under dist/, the test programs under out/.
import { join } from 'node:path';
import { filesUnder } from './files.mjs';
import { at } from './root.mjs';
import { transformers } from './transformers.mjs';
import { wasm } from './wasm.mjs';

/** Resolved at run time: native, or (ffmpeg-static) wrong about its own place once bundled. */
const NATIVE = ['onnxruntime-node', 'ffmpeg-static'];

const NODE = {
  platform: /** @type {const} */ ('node'),
  format: /** @type {const} */ ('cjs'),
  target: 'node20',
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '""' },
  loader: /** @type {const} */ ({ '.wasm': 'binary' }),
  plugins: [wasm, transformers],
};

export const TEST_LEGS = ['unit', 'engine', 'webview', 'package', 'integration', 'e2e'];

/** @typedef {{name: string, options: import('esbuild').BuildOptions & {entryPoints: Record<string, string>}}} Bundle */

/**
 * @param {{outdir?: string, production?: boolean}} [how]
 * @returns {Bundle[]}
 */
export function productBundles({ outdir = at('dist'), production = false } = {}) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: at(),
    bundle: true,
    metafile: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    outdir,
    logLevel: 'warning',
    legalComments: 'none',
  };
  /** @returns {Bundle} */
  const node = (name, source, external, extra = {}) => ({
    name,
    options: { ...common, ...NODE, entryPoints: { [name]: source }, external, ...extra },
  });
  return [
    node('extension', 'src/extension.ts', ['vscode', ...NATIVE]),
    node('cli', 'src/cli.ts', NATIVE),
    node('worker', 'src/engine/worker/main.ts', NATIVE),
    node('launcher', 'src/engine/launcher/main.ts', []),
    ...webviewNames().map((name) => ({
      name: `webview-${name}`,
      options: {
        ...common,
        platform: /** @type {const} */ ('browser'),
        format: /** @type {const} */ ('iife'),
        target: 'es2022',
        entryPoints: { [`webview/${name}`]: `webview/${name}/main.ts` },
      },
    })),
  ];
}

/** One page per folder of webview/ with a main.ts; the panel is always one. */
function webviewNames() {
  const found = filesUnder(at('webview'), (path) => /^[^/]+\/main\.ts$/.test(path)).map(
    (p) => p.split('/')[0],
  );
  return [...new Set(['panel', ...found])];
}

const TEST_EXTERNAL = ['vscode', 'mocha', 'playwright-core', 'axe-core', 'esbuild', 'typescript', ...NATIVE];

/**
 * @param {string} leg
 * @returns {Bundle}
 */
export function testBundle(leg) {
  return testProgram(`test-${leg}`, join('test', leg), /\.test\.ts$/, join('out', 'test', leg));
}

/** The measures that scripts/bench.mjs runs. */
export function benchBundle() {
  const { name, options } = testProgram('bench', join('test', 'bench'), /\.ts$/, join('out', 'bench'));
  const external = TEST_EXTERNAL.filter((module) => module !== 'vscode');
  return { name, options: { ...options, external, alias: { vscode: at('test/bench/vscode.ts') } } };
}

/** @returns {Bundle} */
function testProgram(name, from, pattern, to) {
  const sources = filesUnder(at(from), (path) => pattern.test(path));
  return {
    name,
    options: {
      ...NODE,
      absWorkingDir: at(),
      bundle: true,
      metafile: true,
      sourcemap: 'inline',
      outdir: at(to),
      logLevel: 'warning',
      entryPoints: Object.fromEntries(sources.map((path) => [path.replace(/\.ts$/, ''), at(from, path)])),
      external: TEST_EXTERNAL,
    },
  };
}
