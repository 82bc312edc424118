import type { Engine } from '../../../src/engine/client';
import type { CompareResult } from '../../../src/protocol/engine';
import { markOf } from './marks';
import type { KnownPair } from './pairs';
import type { Marked } from './table';

/** The engine's own verdict on every pair, and its reasons' marks. No record is kept. */
export async function judgeAll(
  engine: Engine,
  pairs: readonly KnownPair[],
  onResult: (pair: KnownPair, result: CompareResult) => void = () => {},
): Promise<Marked[]> {
  const rows: Marked[] = [];
  for (const pair of pairs) {
    const [a, b] = [pair.a, pair.b].map((path, i) => ({ path, name: `${'AB'[i]}.mp4` }));
    const result = await engine.compare({ a: a!, b: b!, logDir: null, again: false });
    onResult(pair, result);
    const reason = result.verdict.criteria.find(({ id }) => id === pair.damage.worse)!.reason;
    rows.push({ pair, mark: markOf(result.verdict, pair), reason });
  }
  return rows;
}
