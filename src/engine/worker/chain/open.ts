import type { Carrier } from '../../carrier';
import { ChainJudge, type ChainJudgeOptions } from './chainJudge';
import { lookWith, type LookOptions } from './look';

export interface OpenChainOptions extends Omit<ChainJudgeOptions, 'look'>, LookOptions {}

/**
 * A judge over a carrier; it disposes of the carrier.
 *
 * To wire it: hand {@link ChainJudge.compare} both clips with path, record (hash, size, duration, frames) and measures, as
 * the pipeline's `inspect` gives them; it fetches its pictures itself. Make the verdict with `assembleVerdict` from
 * `verdictParts(judged, judge.claimed)`, with `judge.info`, `judged.device`, `judge.optionsFor(prompt)` and the frame plan's
 * id; look it up in the log by `judge.info.hash` and the same options. `onCriterion` tells what is written, with its words
 * (show them through `spoken`). An override of the protocol's text is read with `decodeProtocol`.
 */
export function openChainJudge(
  carrier: Carrier,
  { ffmpegPath, decodeDeadline, ...options }: OpenChainOptions,
): ChainJudge {
  return new ChainJudge(carrier, {
    ...options,
    look: lookWith({ ffmpegPath, decodeDeadline, log: options.log }),
  });
}
