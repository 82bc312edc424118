export type Side = 'A' | 'B';
export type Choice = 'A' | 'tie' | 'B';

/** File name extensions offered as clips; the manifest's `when` clauses list the same (checked by a test). */
export const VIDEO_EXTENSIONS = ['mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi', 'gif', 'webp'] as const;

export function isVideoName(name: string): boolean {
  const dot = name.lastIndexOf('.');
  return dot >= 0 && (VIDEO_EXTENSIONS as readonly string[]).includes(name.slice(dot + 1).toLowerCase());
}

export function otherSide(side: Side): Side {
  return side === 'A' ? 'B' : 'A';
}

export function mirrorChoice(choice: Choice): Choice {
  return choice === 'tie' ? 'tie' : otherSide(choice);
}

/**
 * Key under which a verdict is found: unordered pair of content hashes, judge hash, plan and options.
 * Paths and devices are not part of it.
 */
export function pairKey(
  hashA: string,
  hashB: string,
  judgeHash: string,
  plan: string,
  options: string,
): string {
  return [...[hashA, hashB].sort(), judgeHash, plan, options].join(':');
}
