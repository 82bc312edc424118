/** How a vision-language model is asked. All of it is part of the judge's identity. */
export interface ChainOptions {
  /** `chain`: reasons along the criteria, then the verdict. `base`: the verdict's words alone. */
  mode: 'chain' | 'base';
  /** Answers asked for in each order. */
  samples: number;
  temperature: number;
  /** Of the order of the criteria, and of the model's own chance. */
  seed: number;
  /** Of one answer. */
  maxTokens: number;
  /** Frames of each clip. */
  frames: number;
  /** Longest side of a frame, pixels; none is enlarged. */
  longSide: number;
}

export const CHAIN_MODES = ['chain', 'base'] as const;

/** Tokens of an answer in base mode: four words, and room for the labels that some models add. */
const BASE_TOKENS = 32;

/** Room for fifteen reasons, and for a model that thinks before it writes. */
const CHAIN_TOKENS = 6144;

/** Several answers that are all the same tell nothing: where more than one is asked for, the model is given freedom. */
const SAMPLING_TEMPERATURE = 0.7;

/** The one place of the defaults: what is not told follows from mode and samples. */
export function chainOptions(told: Partial<ChainOptions> = {}): ChainOptions {
  const { mode = 'chain', samples = 1 } = told;
  return {
    mode,
    samples,
    temperature: told.temperature ?? (samples > 1 ? SAMPLING_TEMPERATURE : 0),
    seed: told.seed ?? 1,
    maxTokens: told.maxTokens ?? (mode === 'chain' ? CHAIN_TOKENS : BASE_TOKENS),
    frames: told.frames ?? 8,
    longSide: told.longSide ?? 512,
  };
}
