// The folder that becomes a VSIX: what the extension needs on one platform, and nothing else.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { buildProduct } from '../build.mjs';
import { at, readManifest } from './root.mjs';

const SHIPPED = [
  'media',
  'models/compact',
  'l10n',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'THIRD_PARTY_NOTICES.md',
];

/** What of the manifest is about working on the project. */
const WORKSHOP = [
  'scripts',
  'devDependencies',
  'optionalDependencies',
  'allowScripts',
  'files',
  'bin',
  'private',
];

/** @param {string} target as vsce names it: platform-arch */
export async function stage(target) {
  const [platform, arch] = target.split('-');
  const natives = join('bin/napi-v6', platform, arch);
  if (!existsSync(at('node_modules/onnxruntime-node', natives)))
    throw new Error(`onnxruntime-node has no natives for ${target}`);

  const dir = at('dist/stage', target);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  await buildProduct({ production: true, outdir: join(dir, 'dist') });
  rmSync(join(dir, 'dist/meta'), { recursive: true });

  for (const path of [...SHIPPED, ...readdirSync(at()).filter((name) => /^package\.nls\..*json$/.test(name))])
    if (existsSync(at(path))) cpSync(at(path), join(dir, path), { recursive: true });

  const dependencies = {
    'onnxruntime-node': stagePackage(dir, 'onnxruntime-node', ['dist', natives]),
    'onnxruntime-common': stagePackage(dir, 'onnxruntime-common', ['dist/cjs']),
  };
  // only where its install script could fetch the binary, and only for this machine's own platform
  const ffmpeg = platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  if (
    existsSync(at('node_modules/ffmpeg-static', ffmpeg)) &&
    target === `${process.platform}-${process.arch}`
  )
    dependencies['ffmpeg-static'] = stagePackage(dir, 'ffmpeg-static', ['index.js', 'LICENSE', ffmpeg]);
  else console.log('no ffmpeg inside: the extension will look for one on the PATH');

  const manifest = { ...readManifest(), dependencies };
  for (const key of WORKSHOP) delete manifest[key];
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest, undefined, 2));
  return dir;
}

/**
 * Copies parts of an installed package. Its own dependencies serve its install script alone and stay behind.
 * @returns {string} its version
 */
function stagePackage(dir, name, parts) {
  const from = at('node_modules', name);
  const to = join(dir, 'node_modules', name);
  const filter = (path) => !/\.(map|d\.ts|md)$/.test(path) && basename(path) !== 'test';
  for (const part of parts) cpSync(join(from, part), join(to, part), { recursive: true, filter });
  const {
    dependencies: _own,
    scripts: _scripts,
    devDependencies: _dev,
    ...rest
  } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  writeFileSync(join(to, 'package.json'), JSON.stringify(rest, undefined, 2));
  return rest.version;
}
