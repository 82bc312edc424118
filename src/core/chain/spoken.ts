/** Words in which `{A}` and `{B}` stand for the clips, as they are shown. */
export function spoken(words: string): string {
  return words.replace(/\{([AB])\}/g, '$1');
}

/** The words for the same pair with its sides swapped. */
export function mirrorWords(words: string): string {
  return words.replace(/\{([AB])\}/g, (_, side) => (side === 'A' ? '{B}' : '{A}'));
}
