import { performance } from 'node:perf_hooks';

/** When the evaluation of the bundle began: this module is the first that extension.ts imports. */
export const began = performance.now();
