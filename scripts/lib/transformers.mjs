// Gives transformers.js the ONNX Runtime that the worker has loaded, whichever that is, instead of one that it finds itself.
import { readFileSync } from 'node:fs';

const RUNTIME = 'globalThis[Symbol.for("aesrm.onnxruntime")]';
const LOADS = ['requireFromHere("onnxruntime-node")', 'require("onnxruntime-common")'];

/** @type {import('esbuild').Plugin} */
export const transformers = {
  name: 'transformers',
  setup(build) {
    build.onLoad(
      { filter: /@huggingface[\\/]transformers[\\/]dist[\\/]transformers\.node\.cjs$/ },
      ({ path }) => ({
        contents: LOADS.reduce(withOurs, readFileSync(path, 'utf8')),
        loader: 'js',
      }),
    );
  },
};

/**
 * @param {string} code
 * @param {string} load
 */
function withOurs(code, load) {
  const parts = code.split(load);
  if (parts.length !== 2)
    throw new Error(`transformers.js has ${parts.length - 1} times ${load}, once was expected`);
  return parts.join(RUNTIME);
}
