import { createHash } from 'node:crypto';
import type { ChainOptions } from '../../../core/chain/options';
import type { ChainProtocol } from '../../../core/chain/protocol';
import { CRITERIA, RUBRIC_VERSION } from '../../../core/rubric';
import type { JudgeInfo } from '../../../core/verdict';

/** Who answers through a carrier. */
export interface ModelIdentity {
  id: string;
  name: string;
  version: string;
  kind: 'local-vlm' | 'endpoint';
  /** What tells these weights from all others, as well as it can be known: their hash, or the server's name for them. */
  weights: string;
}

/**
 * The judge that this model is, asked in this way. Its hash is over everything that its verdicts hang on, so that records
 * are found again by the same judge only: weights, protocol with all of its text, rubric and options.
 */
export function chainJudgeInfo(
  model: ModelIdentity,
  protocol: ChainProtocol,
  options: ChainOptions,
): JudgeInfo {
  const { id, name, version, kind, weights } = model;
  const { frames, longSide, maxTokens, mode, samples, seed, temperature } = options;
  const identity = [
    ...[kind, weights, protocol.id, protocol.text, RUBRIC_VERSION, CRITERIA],
    ...[mode, samples, temperature, seed, maxTokens, frames, longSide],
  ];
  const hash = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
  const isChain = mode === 'chain';
  const capabilities = { symmetric: false, streaming: isChain, encodes: false, reasons: isChain };
  return { id, name, version, hash, kind, capabilities };
}

/** A prompt as it stands in records; empty for none. */
export function promptKey(prompt: string | undefined): string {
  if (!prompt) return '';
  return createHash('sha256').update(prompt).digest('hex').slice(0, 12);
}
