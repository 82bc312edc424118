/**
 * `chain`: reasons along the criteria, then the verdict. `base`: the verdict's words alone, on the whole and on each
 * dimension. `overall`: one token, the verdict on the whole; one forward pass.
 */
export const CHAIN_MODES = ['chain', 'base', 'overall'] as const;
export type ChainMode = (typeof CHAIN_MODES)[number];

/** How a vision-language model is asked. All of it is part of the judge's identity. */
export interface ChainOptions {
  mode: ChainMode;
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

/**
 * Tokens of one answer. `chain`: room for fifteen reasons, and for a model that thinks before it writes. `base`: four
 * words, and room for the labels that some models add.
 */
const MOST_TOKENS: Readonly<Record<ChainMode, number>> = { chain: 6144, base: 32, overall: 1 };

/** Several answers that are all the same tell nothing: where more than one is asked for, the model is given freedom. */
const SAMPLING_TEMPERATURE = 0.7;

/** Whether a record's options say that no criterion was asked for. */
export function isVerdictAlone({ mode }: Readonly<Record<string, unknown>>): boolean {
  return mode === 'base' || mode === 'overall';
}

/** The one place of the defaults: what is not told follows from mode and samples. */
export function chainOptions(told: Partial<ChainOptions> = {}): ChainOptions {
  const { mode = 'chain', samples = 1 } = told;
  return {
    mode,
    samples,
    temperature: told.temperature ?? (samples > 1 ? SAMPLING_TEMPERATURE : 0),
    seed: told.seed ?? 1,
    maxTokens: told.maxTokens ?? MOST_TOKENS[mode],
    frames: told.frames ?? 8,
    longSide: told.longSide ?? 512,
  };
}
