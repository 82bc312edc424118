import { openGraph, type Provider } from '../runtime';
import { useRuntime } from '../runtimeHome';
import type { TrialWord } from './trial';

/**
 * An ONNX graph (opset 13): `y`, a convolution of `x`, 1x1x3x3, with nine ones. Small, and yet what the judge consists
 * of, so that a device without cuDNN does not pass.
 */
const GRAPH =
  'CAg6hgEKDwoBeAoBdxIBeSIEQ29udhIEdGlueSozCAEIAQgDCAMQAUIBd0okAACAPwAAgD8AAIA/AACAPwAAgD8AAIA/AACAPwAAgD8A' +
  'AIA/WhsKAXgSFgoUCAESEAoCCAEKAggBCgIIAwoCCANiGwoBeRIWChQIARIQCgIIAQoCCAEKAggBCgIIAUICEA0=';
const INPUT = Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
const ANSWER = 45;

/** The program of one trial: says how it went, and leaves. */
export async function tryDevice([device = '', home = '']: readonly string[]): Promise<void> {
  useRuntime(home);
  const word = await attempt(device as Provider);
  process.send?.(word, () => process.exit(0));
}

async function attempt(device: Provider): Promise<TrialWord> {
  try {
    const session = await openGraph(Buffer.from(GRAPH, 'base64'), device);
    const { y } = await session.run({ x: { type: 'float32', data: INPUT, dims: [1, 1, 3, 3] } });
    const answer = y?.[0] ?? NaN;
    return Math.abs(answer - ANSWER) < 0.5
      ? { opened: true }
      : { opened: false, reason: `it answers ${answer} where ${ANSWER} is right` };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { opened: false, reason: text.split('\n')[0] ?? text };
  }
}
