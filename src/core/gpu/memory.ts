/** Memory of one graphics card, bytes. */
export interface CardMemory {
  total: number;
  free: number;
}

/** The cards of a machine whose memory is known. */
export interface KnownCards {
  nvidia: CardMemory[];
  others: CardMemory[];
}

const MIB = 2 ** 20;
/** Below this it is what a processor's own graphics was given at start: it takes more of the machine's as it needs it. */
const LEAST_CARD = 2 ** 31;
/** What Apple's graphics may take of the memory that it shares with the processor: two thirds, on large machines more. */
const APPLE_SHARE = 2 / 3;

/**
 * `nvidia-smi --query-gpu=memory.total,memory.free --format=csv,noheader,nounits`: a line for each card. One without
 * memory of its own, or in parts (MIG), says `[N/A]`, and is left out.
 */
export function parseSmiMemory(text: string): CardMemory[] {
  return text.split('\n').flatMap((line) => {
    const cells = /^\s*(\d+)\s*,\s*(\d+)\s*$/.exec(line);
    return cells ? [{ total: Number(cells[1]) * MIB, free: Number(cells[2]) * MIB }] : [];
  });
}

/** What AMD's driver says in `mem_info_vram_total` and `mem_info_vram_used` of a card, in bytes. */
export function parseVram(total: string, used: string): CardMemory | undefined {
  const [all, taken] = [total, used].map((text) => (/^\d+\s*$/.test(text) ? Number(text) : NaN));
  if (!(all! >= LEAST_CARD) || Number.isNaN(taken)) return undefined;
  return { total: all!, free: Math.max(0, all! - taken!) };
}

/** Of a machine whose graphics shares `total` bytes with the processor, as Apple's do. */
export function sharedMemory(total: number): CardMemory {
  return { total, free: Math.floor(total * APPLE_SHARE) };
}

/** The cards that a provider may run on: CUDA knows NVIDIA's alone, the others take any. */
export function cardsOf(provider: string, { nvidia, others }: KnownCards): CardMemory[] {
  return provider === 'cuda' ? nvidia : [...nvidia, ...others];
}
