import type { ClipMeasures } from '../../core/measures';
import type { DecodeProgress, Ffmpeg, Log } from '../ports';
import type { Size } from './header';

export interface DecodeRequest {
  ffmpeg: Ffmpeg;
  /** Absolute path of a regular file. */
  path: string;
  /** What messages call the clip. */
  name: string;
  /** Seconds without a frame after which ffmpeg is ended. */
  deadline: number;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DecodeProgress) => void) | undefined;
  log?: Log | undefined;
}

/** A clip as it was decoded: what the record says of it, the measures, and the frames that the encoder sees. */
export interface DecodedClip {
  duration: number;
  fps: number;
  /** Displayed size. */
  size: Size;
  frames: number;
  measures: ClipMeasures;
  /** The plan's `samples * burst` frames, RGB, one after the other. */
  burst: Uint8Array;
  burstSize: Size;
}

export interface LongClip {
  kind: 'long';
  /** Container time of the first frame. */
  start: number;
  duration: number;
  frameRate: number | undefined;
  displayed: Size;
}
