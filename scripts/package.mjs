// npm run package [-- --target linux-x64]: a VSIX for one platform, in dist/.
// The list of what is inside is checked; test/package looks closer.
import { parseArgs } from 'node:util';
import { statSync } from 'node:fs';
import { megabytes } from './lib/files.mjs';
import { at, readManifest } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { stage } from './lib/stage.mjs';
import { zipEntries } from './lib/zip.mjs';

const HERE = `${process.platform}-${process.arch}`;

/** Where the VSIX of a platform is put. */
export function vsixPath(target = HERE) {
  const { name, version } = readManifest();
  return at('dist', `${name}-${target}-${version}.vsix`);
}

/** @returns {Promise<string>} the path of the VSIX */
export async function packageVsix(target = HERE) {
  const dir = await stage(target);
  const file = vsixPath(target);
  const options = [
    '--target',
    target,
    '--out',
    file,
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
  ];
  const vsce = at('node_modules/@vscode/vsce/vsce');
  const { code, output } = await run(process.execPath, [vsce, 'package', ...options], {
    cwd: dir,
    quiet: true,
  });
  if (code !== 0) throw new Error(`vsce failed:\n${output}`);
  const wrong = complaints(zipEntries(file), target);
  if (wrong.length > 0) throw new Error(`${file} is not as it should be:\n${wrong.join('\n')}`);
  return file;
}

const NEEDED = [
  ...['package.json', 'readme.md', 'changelog.md', 'LICENSE.txt', 'THIRD_PARTY_NOTICES.md'],
  ...[
    'dist/extension.js',
    'dist/cli.js',
    'dist/worker.js',
    'dist/launcher.js',
    'dist/webview/panel.js',
    'dist/webview/panel.css',
  ],
  ...['models/compact/manifest.json', 'models/compact/MODEL_CARD.md'],
  ...['node_modules/onnxruntime-node/dist/index.js', 'node_modules/onnxruntime-common/dist/cjs/index.js'],
];

/**
 * @param {{name: string}[]} entries
 * @param {string} target
 * @returns {string[]}
 */
export function complaints(entries, target) {
  const inside = entries.map(({ name }) => name.replace(/^extension\//, ''));
  const natives = inside.flatMap((name) => /napi-v6\/([^/]+\/[^/]+)\//.exec(name)?.[1] ?? []);
  const platforms = [...new Set(natives)];
  const wrong = NEEDED.filter((name) => !inside.includes(name)).map((name) => `missing: ${name}`);
  if (platforms.join() !== target.replace('-', '/'))
    wrong.push(`natives of ${platforms.join(', ') || 'no platform'}`);
  const stray =
    /\.map$|\.tsx?$|\.vsix$|(^|\/)(tests?|stage|meta|\.aesrm)\/|^(src|webview|training|scripts|out)\//;
  return [...wrong, ...inside.filter((name) => stray.test(name)).map((name) => `not to be shipped: ${name}`)];
}

async function main() {
  const { values } = parseArgs({ options: { target: { type: 'string', default: HERE } } });
  const file = await packageVsix(values.target);
  const entries = zipEntries(file);
  const unpacked = entries.reduce((total, { size }) => total + size, 0);
  console.log(
    `${file}\n${entries.length} files, ${megabytes(statSync(file).size)}, ${megabytes(unpacked)} unpacked`,
  );
  for (const { name, size } of entries.sort((a, b) => b.size - a.size).slice(0, 8))
    console.log(`${megabytes(size).padStart(10)}  ${name}`);
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
