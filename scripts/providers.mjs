// node scripts/providers.mjs [PROVIDER] [--model DIR] [--height N] [--width N]
// Runs a model's encoder and judge on a provider of ONNX Runtime (webgpu, cuda, dml, coreml) beside the processor: how
// many nodes are placed where, which stay on the processor, how far the answers differ, and how long a run takes.
// Without a GPU, WebGPU runs on SwiftShader, which comes with Chromium: VK_ICD_FILENAMES=…/vk_swiftshader_icd.json; its first
// run takes minutes.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { at } from './lib/root.mjs';

const USAGE =
  'usage: node scripts/providers.mjs [webgpu|cuda|dml|coreml] [--model DIR] [--height N] [--width N]';
const OPTIONS = /** @type {const} */ ({
  model: { type: 'string', default: at('models/compact') },
  height: { type: 'string', default: '148' },
  width: { type: 'string', default: '256' },
});
const VERBOSE = 0;

/** Numbers that look random and are the same every time. */
const noise = (/** @type {number} */ i) => ((i * 7919) % 251) / 251;

/**
 * @param {{name: string, encodingSize: number}} file
 * @param {number[]} frames shape of the encoder's input
 */
function feeds({ name, encodingSize }, frames) {
  const { Tensor } = createRequire(import.meta.url)('onnxruntime-node');
  const size = frames.reduce((a, b) => a * b, 1);
  if (name === 'encoder')
    return {
      frames: new Tensor(
        'uint8',
        Uint8Array.from({ length: size }, (_, i) => 255 * noise(i)),
        frames,
      ),
    };
  const side = (/** @type {number} */ from) =>
    new Tensor(
      'float32',
      Float32Array.from({ length: encodingSize }, (_, i) => noise(from + i)),
      [1, encodingSize],
    );
  return { a: side(0), b: side(100) };
}

/** In a process of its own, whose log of placed nodes is read: one file on the provider and on the processor. */
async function compare(/** @type {string} */ provider, path, file, frames) {
  const { InferenceSession } = createRequire(import.meta.url)('onnxruntime-node');
  const given = feeds(file, frames);
  const there = await InferenceSession.create(path, {
    executionProviders: [provider],
    logSeverityLevel: VERBOSE,
  });
  const here = await InferenceSession.create(path, { executionProviders: ['cpu'] });
  const times = [];
  let answer = {};
  for (let run = 0; run < 2; run++) {
    const started = performance.now();
    answer = await there.run(given);
    times.push(Math.round(performance.now() - started));
  }
  const expected = await here.run(given);
  const differences = Object.entries(answer).map(([name, { data }]) => {
    const most = (/** @type {(i: number) => number} */ of) =>
      Array.from(data, (_, i) => of(i)).reduce((a, b) => Math.max(a, b), 0);
    return {
      name,
      difference: most((i) => Math.abs(data[i] - expected[name].data[i])),
      largest: most((i) => Math.abs(expected[name].data[i])),
    };
  });
  console.log(JSON.stringify({ times, differences }));
}

/** Which nodes ONNX Runtime's log says are where: by provider, their number and their operators. */
function placements(/** @type {string} */ log) {
  const found = [];
  for (const line of log.split('\n')) {
    const [, where, count] = /placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(line) ?? [];
    if (where)
      found.push({ where, count: Number(count), operators: /** @type {Record<string, number>} */ ({}) });
    const [, operator] = /VerifyEachNodeIsAssignedToAnEp\]\s+(\w+) \(/.exec(line) ?? [];
    const last = found.at(-1);
    if (operator && last) last.operators[operator] = (last.operators[operator] ?? 0) + 1;
  }
  return found;
}

function report(/** @type {string[]} */ args, /** @type {string} */ name) {
  const run = spawnSync(process.execPath, [fileURLToPath(import.meta.url), ...args, '--only', name], {
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  if (run.status !== 0) {
    const said = run.stderr.split('\n').filter((line) => /error|failed/i.test(line));
    console.error(`${name}: ${said.at(-1) ?? run.stderr.slice(-500)}`);
    process.exitCode = 1;
    return;
  }
  console.log(name);
  for (const { where, count, operators } of placements(run.stdout + run.stderr)) {
    const few =
      where === 'CPUExecutionProvider'
        ? `: ${Object.entries(operators)
            .map(([o, n]) => `${n} ${o}`)
            .join(', ')}`
        : '';
    console.log(`  ${count} nodes on ${where}${few}`);
  }
  const { times, differences } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
  for (const { name: output, difference, largest } of differences)
    console.log(
      `  ${output}: ${difference.toExponential(1)} off at most, of values up to ${largest.toPrecision(3)}`,
    );
  console.log(`  first run ${times[0]} ms, second ${times[1]} ms`);
}

function options() {
  try {
    return parseArgs({
      options: { ...OPTIONS, only: { type: 'string' } },
      allowPositionals: true,
    });
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}; ${USAGE}`);
    return process.exit(2);
  }
}

const { values: given, positionals } = options();
const values = /** @type {{only?: string, model: string, height: string, width: string}} */ (given);
const [provider = 'webgpu'] = positionals;
if (values.only) {
  const manifest = JSON.parse(readFileSync(join(values.model, 'manifest.json'), 'utf8'));
  const path = join(values.model, manifest.files[values.only].path);
  const frames = [24, Number(values.height), Number(values.width), 3];
  await compare(provider, path, { name: values.only, encodingSize: manifest.encodingSize }, frames);
} else {
  const passed = Object.keys(OPTIONS).flatMap((k) => [
    `--${k}`,
    String(given[/** @type {keyof typeof OPTIONS} */ (k)]),
  ]);
  for (const name of ['encoder', 'judge']) report([provider, ...passed], name);
}
