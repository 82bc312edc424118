// npm run demo [-- FOLDER] [--no-serve] [--port N]
// Installs what is missing, judges two clips of a folder on the command line (of a synthetic sample when no folder
// is given), then serves a real VS Code with the extension on that folder until Ctrl+C.
import { rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { filesUnder } from './lib/files.mjs';
import { at } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { setup } from './setup.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-serve': { type: 'boolean' }, port: { type: 'string', default: '0' } },
});
const serves = !values['no-serve'];

const say = (text) => console.log(`\n== ${text}`);

async function main() {
  say('What is needed');
  const missing = await setup(serves ? ['modules', 'ffmpeg', 'vscode'] : ['modules', 'ffmpeg']);
  const lacks = (part) => missing.some((lack) => lack.part === part);
  if (lacks('modules') || lacks('ffmpeg')) throw new Error('the demo cannot go on without that');
  console.log('all here');

  say('Build');
  const { buildProduct } = await import('./build.mjs');
  await buildProduct();

  const folder = positionals[0] ? resolve(positionals[0]) : await makeSample(at('demo-workspace'));
  await judge(folder);
  if (!serves) return;
  if (lacks('vscode')) return console.log('\nNothing is served: there is no VS Code server.');
  await serve(folder);
}

async function makeSample(dir) {
  say('A sample sweep, synthetic: patterns drawn by ffmpeg, worse at the early steps');
  const { makeSampleSweep } = await import('./lib/sample.mjs');
  const clips = makeSampleSweep(dir);
  console.log(`${clips.length} clips in ${relative(process.cwd(), dir) || dir}`);
  console.log(
    'The judge learned from real clips: on drawn patterns it errs. `npm run demo -- FOLDER` takes yours.',
  );
  return dir;
}

/** Two takes on one thing where the folder has that: the same file name at its first and last step. */
function choosePair(folder) {
  const clips = filesUnder(
    folder,
    (path) => /\.(mp4|m4v|mov|webm|mkv|avi|gif|webp)$/i.test(path) && !/(^|\/)\./.test(path),
  );
  const byName = new Map();
  for (const clip of clips) byName.set(nameOf(clip), [...(byName.get(nameOf(clip)) ?? []), clip]);
  const alike = [...byName.values()].find((group) => group.length >= 2) ?? clips;
  if (alike.length < 2) throw new Error(`${folder} has fewer than two videos`);
  return [alike[0], alike.at(-1)].map((path) => join(folder, path));
}

const nameOf = (path) => path.split('/').at(-1);

async function judge(folder) {
  const [a, b] = choosePair(folder);
  const shown = (path) => relative(process.cwd(), path);
  say(`aesrm compare ${shown(a)} ${shown(b)}`);
  const { code } = await run(process.execPath, [at('dist/cli.js'), 'compare', a, b, '--log', 'none']);
  if (code !== 0) throw new Error(`aesrm compare ended with ${code}`);
}

async function serve(folder) {
  say('A real VS Code with the extension');
  const { packageVsix } = await import('./package.mjs');
  const { startServer, workbenchUrl } = await import('./lib/vscode-server.mjs');
  const vsix = await packageVsix();
  const home = at('out/demo-home');
  const server = await startServer({ vsix: [vsix], port: Number(values.port), home });
  console.log(`\nOpen ${workbenchUrl(server, { folder })}`);
  console.log(
    'Select two videos in the Explorer, right-click, AesRM: Compare Selected Videos. Ctrl+C ends it.',
  );
  await new Promise((end) => process.once('SIGINT', end).once('SIGTERM', end));
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}

main().catch((error) => {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
});
