import type { Bin } from '../stats/calibration';

const SIZE = 320;
const EDGE = 40;
const SIDE = SIZE - 2 * EDGE;

/** Confidence to the right, right calls upwards; on the dashed line they are the same. */
export function reliabilityDiagram(bins: readonly Bin[]): string {
  const x = (share: number) => (EDGE + SIDE * share).toFixed(1);
  const y = (share: number) => (EDGE + SIDE * (1 - share)).toFixed(1);
  const ticks = [0, 0.5, 1].flatMap((at) => [
    `<text x="${x(at)}" y="${SIZE - EDGE + 14}" text-anchor="middle">${at}</text>`,
    `<text x="${EDGE - 6}" y="${y(at)}" text-anchor="end" dominant-baseline="middle">${at}</text>`,
  ]);
  const dots = bins.map(
    ({ confidence, accuracy }) =>
      `<circle cx="${x(confidence)}" cy="${y(accuracy)}" r="4" fill="var(--overall)" fill-opacity="0.7"/>`,
  );
  return `<figure><svg viewBox="0 0 ${SIZE} ${SIZE}" style="max-width:${SIZE}px" role="img" aria-label="Share of right calls by confidence, as in the table">
<rect class="axis" x="${EDGE}" y="${EDGE}" width="${SIDE}" height="${SIDE}" fill="none"/>
<line class="half" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>${ticks.join('')}
<text x="${x(0.5)}" y="${SIZE - 8}" text-anchor="middle">mean confidence</text>
<text x="12" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 12 ${y(0.5)})">right</text>
${dots.join('')}</svg></figure>`;
}
