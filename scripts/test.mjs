// npm test [-- leg...]: installs what is missing and runs every leg, or those named.
// Closes with `N passed, N failed[, N skipped]` alone on a line; exits 1 on any failure, or when a leg ran no test.
import { none, sentence, sum } from './lib/counts.mjs';
import { LEGS } from './lib/legs.mjs';
import { at } from './lib/root.mjs';
import { run } from './lib/run.mjs';
import { findFfmpeg } from './lib/tools.mjs';
import { has, setup } from './setup.mjs';

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !LEGS.some((leg) => leg.name === name));
if (unknown.length > 0) {
  console.error(`no such leg: ${unknown.join(', ')}; there are ${LEGS.map((leg) => leg.name).join(', ')}`);
  process.exit(2);
}
// a leg asked for by name is built first, and packaged where it tests the package, but not linted
const implied = ['build', ...(asked.includes('e2e') ? ['package'] : [])];
const legs = LEGS.filter(({ name }) => asked.length === 0 || asked.includes(name) || implied.includes(name));

const started = Date.now();
const seconds = (from) => `${((Date.now() - from) / 1000).toFixed(1)} s`;
const report = [];
const failures = [];
let total = none();
let failed = false;

const missing = await setup(['modules']);
// fetched while the first legs run, and awaited by the first leg that needs it; what is only wanted comes after that
const fetched = missing.length > 0 ? undefined : fetchInBackground(legs.flatMap((leg) => leg.needs));
const fetchedAll = fetched?.then(() => fetchInBackground(legs.flatMap((leg) => leg.wants ?? [])));

for (const leg of missing.length > 0 ? [] : legs) {
  if (leg.wants) await fetchedAll;
  else if (leg.needs.length > 0) await fetched;
  const lacks = leg.needs.filter((part) => !has(part));
  console.log(`\n===== ${leg.name} =====`);
  const from = Date.now();
  const outcome =
    lacks.length > 0
      ? { ok: !process.env.CI, counts: none(), off: `${lacks.join(', ')} could not be had on this machine` }
      : await leg.run(environment());
  total = sum(total, outcome.counts);
  if (!outcome.ok) {
    failed = true;
    if (outcome.counts.failed === 0) total.failed += 1;
  }
  const words = leg.tests ? sentence(outcome.counts) : outcome.ok ? 'ok' : 'failed';
  const line = outcome.off ? `${leg.name} tests did not run: ${outcome.off}` : `${leg.name}: ${words}`;
  console.log(`----- ${line} (${seconds(from)})`);
  report.push(`${line} (${seconds(from)})${outcome.ok ? '' : '  <- failed'}`);
  if (outcome.failures) failures.push(`failures of ${leg.name}:\n${outcome.failures}`);
  if (leg.name === 'build' && !outcome.ok) break;
}

// told again at the end, where a reader of a long log looks
if (failures.length > 0) console.log(`\n${failures.join('\n\n')}`);
console.log(`\n${report.join('\n')}\nall in ${seconds(started)}`);
if (missing.length > 0) total.failed += 1;
console.log(sentence(total));
process.exitCode = failed || missing.length > 0 ? 1 : 0;

/**
 * In a process of its own, because installing blocks; what it brought is looked up afterwards.
 * @param {import('./setup.mjs').Part[]} parts
 */
async function fetchInBackground(parts) {
  if (parts.length === 0) return;
  const args = [at('scripts/setup.mjs'), ...new Set(parts)];
  const { output } = await run(process.execPath, args, { quiet: true });
  if (output) console.log(`[setup] ${output.trim()}`);
}

function environment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, AESRM_CACHE: at('out/cache'), AESRM_STATE: at('out/state') };
  const ffmpeg = findFfmpeg();
  if (ffmpeg) env.FFMPEG_BIN = ffmpeg;
  return env;
}
