import { measureDetail, type Detail } from './detail';
import { memoryBytes, placesFor } from './kernels';
import { measureTones, PALETTE_BINS, type Tones } from './luma';
import { measureMotion, planeOf, type Motion, type Plane } from './motion';

/** What was measured of one frame, before the clip as a whole is known. */
export interface FrameRow extends Tones, Detail {
  /** Colour histogram, shares of the frame. */
  palette: Float32Array;
  /** Against the frame before; absent for the first. */
  motion?: Motion;
  width: number;
}

/** Measures frames of one size, one after the other, as they are decoded. */
export class FrameMeasurer {
  readonly rows: FrameRow[] = [];
  private before: Plane | undefined;
  /** The plane before the last: its memory is used again. */
  private spare: Uint8Array | undefined;

  add(rgb: Uint8Array, width: number, height: number): void {
    const places = placesFor(width, height);
    const memory = memoryBytes();
    memory.set(rgb, places.rgb);
    const palette = new Float32Array(PALETTE_BINS);
    const tones = measureTones(places, width * height, palette);
    const luma = this.spare ?? new Uint8Array(width * height);
    luma.set(memory.subarray(places.now, places.now + luma.length));
    const plane = planeOf(luma, width, height);
    const motion = this.before && measureMotion(places, this.before, plane);
    this.rows.push({
      ...tones,
      ...measureDetail(places, width, height),
      palette,
      width,
      ...(motion ? { motion } : {}),
    });
    this.spare = this.before?.luma;
    this.before = plane;
  }
}
