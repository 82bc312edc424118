// node scripts/onnx-session.mjs run MODEL THREADS   answers runs of one model on its standard input and output
// node scripts/onnx-session.mjs fold MODEL OUT      writes the model with its constants folded, in standard operators
// How training/ reaches the product's own ONNX Runtime; the other end is training/aesrm_training/session.py.
// A message is its header's length (4 bytes, little endian), the header as JSON, and its tensors' bytes in order.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
/** @type {typeof import('onnxruntime-node')} */
const { InferenceSession, Tensor } = require('onnxruntime-node');

const TYPES = { uint8: Uint8Array, float32: Float32Array };
/** @typedef {{name: string, type: keyof typeof TYPES, dims: number[]}} Shape */

const chunks = process.stdin[Symbol.asyncIterator]();
let held = Buffer.alloc(0);

/**
 * @param {number} length
 * @returns {Promise<Buffer | undefined>} the next bytes of the input; nothing at its end
 */
async function take(length) {
  const parts = [held];
  for (let size = held.length; size < length; size += parts.at(-1).length) {
    const { done, value } = await chunks.next();
    if (done) return undefined;
    parts.push(value);
  }
  const all = Buffer.concat(parts);
  held = all.subarray(length);
  return all.subarray(0, length);
}

/** @returns {Promise<Record<string, import('onnxruntime-node').Tensor> | undefined>} */
async function takeFeeds() {
  const length = await take(4);
  if (!length) return undefined;
  /** @type {Shape[]} */
  const shapes = JSON.parse((await take(length.readUInt32LE())).toString());
  /** @type {Record<string, import("onnxruntime-node").Tensor>} */
  const feeds = {};
  for (const { name, type, dims } of shapes) {
    const Numbers = TYPES[type];
    const bytes = await take(dims.reduce((a, b) => a * b, Numbers.BYTES_PER_ELEMENT));
    // copied: a view of floats must begin at a multiple of four
    feeds[name] = new Tensor(type, new Numbers(new Uint8Array(bytes).buffer), dims);
  }
  return feeds;
}

/**
 * @param {number} ms what was asked for took
 * @param {Record<string, import('onnxruntime-node').Tensor>} outputs
 */
function tell(ms, outputs) {
  const tensors = Object.entries(outputs);
  const shapes = tensors.map(([name, { type, dims }]) => ({ name, type, dims }));
  const header = Buffer.from(JSON.stringify({ ms, outputs: shapes }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const bytes = tensors.map(([, { data }]) => {
    const view = /** @type {Float32Array} */ (data);
    return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
  });
  process.stdout.write(Buffer.concat([length, header, ...bytes]));
}

async function serve(model, threads) {
  let from = performance.now();
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
  });
  tell(performance.now() - from, {});
  for (let feeds = await takeFeeds(); feeds; feeds = await takeFeeds()) {
    from = performance.now();
    const outputs = await session.run(feeds);
    tell(performance.now() - from, /** @type {any} */ (outputs));
  }
}

const [command, model, last] = process.argv.slice(2);
try {
  if (command === 'run') await serve(model, Number(last));
  else if (command === 'fold')
    await InferenceSession.create(model, { graphOptimizationLevel: 'basic', optimizedModelFilePath: last });
  else throw new Error('usage: onnx-session.mjs run MODEL THREADS | fold MODEL OUT');
} catch (error) {
  console.error(`onnx-session: ${error.message}`);
  // an open input would keep the process, and the other end waiting for an answer
  process.exit(1);
}
