import { askMessages } from '../../../core/chain/messages';
import type { ChainOptions } from '../../../core/chain/options';
import { CHAIN_PROTOCOL, type ChainProtocol } from '../../../core/chain/protocol';
import type { PairLoad } from '../../../core/endpoint/estimate';
import { CRITERION_IDS } from '../../../core/rubric';

/** Tokens of an answer where none was seen yet: fifteen short reasons, or four words. */
const EXPECTED_TOKENS = { chain: 1200, base: 16, overall: 1 } as const;
/** Of a clip that was not looked at, the usual form. */
const SHAPE = 9 / 16;
const BOTH_ORDERS = 2;

/** What one pair asks of a model, before its clips are looked at; the words are counted, the rest is expected. */
export function pairLoad(options: ChainOptions, protocol: ChainProtocol = CHAIN_PROTOCOL): PairLoad {
  const { mode, samples, frames, longSide } = options;
  const clip = { duration: frames, times: Array.from({ length: frames }, (_, i) => i) };
  const order = { first: 'A' } as const;
  const messages = askMessages({
    protocol,
    mode,
    order,
    clips: { A: clip, B: clip },
    criteria: CRITERION_IDS,
  });
  const words = messages.flatMap(({ content }) => content.flatMap((c) => (c.type === 'text' ? c.text : [])));
  return {
    requests: BOTH_ORDERS * samples,
    frames: 2 * frames,
    width: longSide,
    height: Math.round(longSide * SHAPE),
    promptCharacters: words.reduce((sum, { length }) => sum + length, 0),
    answerTokens: EXPECTED_TOKENS[mode],
  };
}
