import { basename } from 'node:path';
import type { ChainOptions } from '../../../core/chain/options';
import { locateFfmpeg } from '../../ffmpeg/locate';
import type { JudgeClip, Picture } from '../../judge';
import type { Log } from '../../ports';
import { takePictures } from '../../sample/pictures';
import { SharedWork } from '../shared';

/** Brings the pictures of a clip that are shown to a model. */
export type Look = (
  clip: JudgeClip,
  options: ChainOptions,
  signal: AbortSignal,
) => Promise<readonly Picture[]>;

export interface LookOptions {
  ffmpegPath?: string | undefined;
  /** Seconds without a frame after which ffmpeg is ended. */
  decodeDeadline: number;
  log?: Log | undefined;
}

/** Clips whose pictures are kept: pairs that are judged one after the other share clips. */
const KEPT = 12;

/** Pictures by ffmpeg, from the clip's file. Their sizes and times follow from the clip's record and measures. */
export function lookWith({ ffmpegPath, decodeDeadline: deadline, log }: LookOptions): Look {
  const kept = new Map<string, readonly Picture[]>();
  const taking = new SharedWork<readonly Picture[]>();
  return async ({ path, record, measures }, { frames, longSide }, signal) => {
    const key = `${record.hash}:${frames}:${longSide}`;
    const known = kept.get(key);
    kept.delete(key);
    const take = async (stop: AbortSignal) =>
      takePictures({
        ...{
          ffmpeg: await locateFfmpeg(ffmpegPath, log),
          path,
          name: basename(path),
          deadline,
          signal: stop,
        },
        ...{ log, record, times: measures?.times, count: frames, longSide },
      });
    const pictures = known ?? (await taking.run(key, take, { signal }));
    kept.set(key, pictures);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return pictures;
  };
}
