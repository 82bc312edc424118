// node scripts/build.mjs [--production] [--watch] [--tests[=unit,engine,...]] [--tests-only] [--allow-missing]
// Bundles the product into dist/ and, when asked, the test programs into out/.
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as esbuild from 'esbuild';
import { parseArgs } from 'node:util';
import { benchBundle, productBundles, testBundle, TEST_LEGS } from './lib/bundles.mjs';
import { filesUnder } from './lib/files.mjs';
import { at } from './lib/root.mjs';

/**
 * @param {{production?: boolean, outdir?: string, allowMissing?: boolean}} [how]
 */
export async function buildProduct({ production = false, outdir = at('dist'), allowMissing = false } = {}) {
  const bundles = productBundles({ production, outdir }).filter((bundle) => present(bundle, allowMissing));
  await Promise.all(bundles.map((bundle) => build(bundle, outdir)));
  if (existsSync(join(outdir, 'cli.js'))) chmodSync(join(outdir, 'cli.js'), 0o755);
}

/** @param {string[]} legs */
export async function buildTests(legs = TEST_LEGS) {
  const bundles = [...legs.map(testBundle), ...(legs === TEST_LEGS ? [benchBundle()] : [])];
  await Promise.all(bundles.map((bundle) => build(bundle, at('out'))));
}

/**
 * @param {import('./lib/bundles.mjs').Bundle} bundle
 * @param {string} metaUnder
 */
async function build({ name, options }, metaUnder) {
  if (Object.keys(options.entryPoints).length === 0) return;
  const { metafile } = await esbuild.build(options);
  mkdirSync(join(metaUnder, 'meta'), { recursive: true });
  writeFileSync(join(metaUnder, 'meta', `${name}.json`), JSON.stringify(metafile));
  if (name.startsWith('test-')) removeStale(options.outdir ?? '', Object.keys(metafile?.outputs ?? {}));
}

/** A test whose source is gone must not run on. */
function removeStale(outdir, outputs) {
  const made = new Set(outputs.map((path) => relative(outdir, at(path)).replaceAll('\\', '/')));
  for (const path of filesUnder(outdir)) if (!made.has(path)) rmSync(join(outdir, path), { force: true });
}

function present({ name, options }, allowMissing) {
  const missing = Object.values(options.entryPoints).filter((path) => !existsSync(at(path)));
  if (missing.length === 0) return true;
  if (!allowMissing) throw new Error(`${name}: there is no ${missing.join(', ')}`);
  console.log(`skipped ${name}: there is no ${missing.join(', ')} yet`);
  return false;
}

async function watch(bundles) {
  for (const { options } of bundles) {
    const context = await esbuild.context({ ...options, logLevel: 'info' });
    await context.watch();
  }
}

async function main() {
  const args = process.argv
    .slice(2)
    .map((arg) => (arg === '--tests' ? `--tests=${TEST_LEGS.join(',')}` : arg));
  const { values } = parseArgs({
    args,
    options: {
      production: { type: 'boolean' },
      watch: { type: 'boolean' },
      'allow-missing': { type: 'boolean' },
      'tests-only': { type: 'boolean' },
      tests: { type: 'string' },
    },
  });
  const allowMissing = values['allow-missing'];
  const legs = values.tests?.split(',') ?? [];
  if (values.watch) {
    const product = productBundles().filter((bundle) => present(bundle, true));
    return watch([...product, ...legs.map(testBundle)]);
  }
  if (!values['tests-only']) await buildProduct({ production: values.production, allowMissing });
  if (legs.length > 0) await buildTests(legs.length === TEST_LEGS.length ? TEST_LEGS : legs);
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error) => {
    console.error(
      error.errors ? `build failed: ${error.errors.length} errors` : String(error.message ?? error),
    );
    process.exitCode = 1;
  });
}
