import { FRAME_PLAN } from '../../core/plan';
import { THUMBNAIL_FOLDER } from '../../protocol/cacheFolders';
import { encodeJpeg } from './jpeg';
import type { FileStore } from './store';

const QUALITY = 80;

export const thumbnailName = (hash: string) => `${THUMBNAIL_FOLDER}/${hash.slice(0, 2)}/${hash}.jpg`;

/** Stills of clips by content, written in this process: no further one per clip. */
export class Thumbnails {
  constructor(private readonly store: FileStore) {}

  has(hash: string): Promise<boolean> {
    return this.store.has(thumbnailName(hash));
  }

  path(hash: string): string {
    return this.store.path(thumbnailName(hash));
  }

  /** From the frames that the judge is shown: the one in the middle of the clip. */
  async keep(hash: string, frames: Uint8Array, size: { width: number; height: number }): Promise<void> {
    const { width, height } = size;
    const middle = FRAME_PLAN.burst * (FRAME_PLAN.samples >> 1) + (FRAME_PLAN.burst >> 1);
    const rgb = frames.subarray(middle * width * height * 3, (middle + 1) * width * height * 3);
    await this.store.write(thumbnailName(hash), await encodeJpeg(rgb, width, height, QUALITY));
  }
}
