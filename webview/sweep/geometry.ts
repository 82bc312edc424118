/** The grid's measures, CSS pixels. */
export const HEAD_HEIGHT = 50;
export const ROW_HEIGHT = 116;
export const CELL_WIDTH = 138;

/** Below this the names of the prompts take less. */
const NARROW = 900;
/** Rows and columns beyond the edge that are kept ready. */
const MARGIN = 2;

export function namesWidth(width: number): number {
  return width < NARROW ? 132 : 208;
}

/**
 * Which items of `size` are in sight, with a margin, and `pinned` among them though it may be elsewhere: the focus
 * stands on it.
 */
export function inSight(
  scrolled: number,
  length: number,
  size: number,
  count: number,
  pinned: number,
): number[] {
  const from = Math.max(0, Math.floor(scrolled / size) - MARGIN);
  const to = Math.min(count, Math.ceil((scrolled + length) / size) + MARGIN);
  const seen = Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
  if (pinned >= 0 && pinned < count && (pinned < from || pinned >= to)) {
    if (pinned < from) seen.unshift(pinned);
    else seen.push(pinned);
  }
  return seen;
}
