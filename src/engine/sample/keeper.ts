import { sampleTimes } from '../../core/plan';

/** Up to so many frames a clip is kept whole (some 110 KB each); of a longer one only what may be sampled. */
const KEEP_ALL = 240;
/** Frames kept on either side of an expected sample: the burst, and room for a duration that is a little wrong. */
const MARGIN = 4;

/** Copies of frames that nobody needs any more, to be written over: made anew each, they keep the collector busy. */
const spare: Uint8Array[] = [];
/** Some 26 MB: three clips of 3 s are read at once. */
const MOST_SPARE = 240;

/** Keeps copies of the frames that the plan may want, while the clip's true length is not known yet. */
export class FrameKeeper {
  private readonly kept = new Map<number, Uint8Array>();
  private readonly expected: number[] | undefined;
  private overfull = false;

  /**
   * @param duration the container's word, if any
   * @param frameRate frames per second, if known
   */
  constructor(
    duration: number | undefined,
    private readonly frameRate: number | undefined,
  ) {
    const few = duration !== undefined && frameRate !== undefined && duration * frameRate <= KEEP_ALL;
    this.expected =
      duration === undefined || frameRate === undefined || few ? undefined : sampleTimes(duration);
  }

  offer(index: number, time: number, rgb: Uint8Array): void {
    if (this.overfull || !this.mayBeWanted(time)) return;
    this.kept.set(index, copyOf(rgb));
    // The container's word was missing or wrong: a second pass will fetch what is wanted.
    if (this.kept.size > KEEP_ALL * 1.5) {
      this.release();
      this.overfull = true;
    }
  }

  /** The frames one after the other, or undefined where one of them was not kept. */
  take(indices: readonly number[], frameBytes: number): Uint8Array | undefined {
    return concatenate(indices, this.kept, frameBytes);
  }

  /** Gives the copies back; nothing is kept after it. */
  release(): void {
    spare.push(...[...this.kept.values()].slice(0, MOST_SPARE - spare.length));
    this.kept.clear();
  }

  private mayBeWanted(time: number): boolean {
    if (!this.expected) return true;
    const reach = MARGIN / (this.frameRate ?? 25);
    return this.expected.some((t) => Math.abs(t - time) <= reach);
  }
}

function copyOf(rgb: Uint8Array): Uint8Array {
  const copy = spare.pop();
  if (copy?.length !== rgb.length) return rgb.slice();
  copy.set(rgb);
  return copy;
}

/** Frames by index, one after the other; undefined where one is missing. */
export function concatenate(
  indices: readonly number[],
  frames: ReadonlyMap<number, Uint8Array>,
  frameBytes: number,
): Uint8Array | undefined {
  if (!indices.every((i) => frames.has(i))) return undefined;
  const all = new Uint8Array(indices.length * frameBytes);
  indices.forEach((i, k) => all.set(frames.get(i) ?? [], k * frameBytes));
  return all;
}
