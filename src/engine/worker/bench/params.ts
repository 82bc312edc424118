import { BENCH_FORMATS } from '../../../core/bench/formats';
import { arr, obj, oneOf, optional } from '../../../core/decode';
import type { BenchParams } from '../../../protocol/bench';
import { decodeJudge, path } from '../params';

/** Parameters of `bench`, checked as they come off the wire. */
export function decodeBenchParams(value: unknown): BenchParams {
  const o = obj(value, 'bench');
  const compare = optional(o.compare, (v) => path(v, 'compare'));
  return {
    pairs: path(o.pairs, 'pairs'),
    root: path(o.root, 'root'),
    ...(compare === undefined ? {} : { compare }),
    judge: decodeJudge(o.judge),
    outputs: arr(o.outputs, 'outputs').map((v, i) => {
      const output = obj(v, `outputs[${i}]`);
      return {
        format: oneOf(output.format, BENCH_FORMATS, `outputs[${i}].format`),
        path: path(output.path, `outputs[${i}].path`),
      };
    }),
  };
}
