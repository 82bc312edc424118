import type { Carrier } from '../../carrier';
import { ChainJudge, type ChainJudgeOptions } from './chainJudge';
import { lookWith, type LookOptions } from './look';

export interface OpenChainOptions extends Omit<ChainJudgeOptions, 'look'>, LookOptions {}

/** A judge over a carrier; it disposes of the carrier. An override of the protocol's text is read with `decodeProtocol`. */
export function openChainJudge(
  carrier: Carrier,
  { ffmpegPath, decodeDeadline, hashOf, inTurn, ...options }: OpenChainOptions,
): ChainJudge {
  return new ChainJudge(carrier, {
    ...options,
    look: lookWith({
      ...{ ffmpegPath, decodeDeadline, log: options.log },
      ...(hashOf ? { hashOf } : {}),
      ...(inTurn ? { inTurn } : {}),
    }),
  });
}
