import { basename } from 'node:path';
import type { ChainOptions } from '../../../core/chain/options';
import { locateFfmpeg } from '../../ffmpeg/locate';
import type { JudgeClip, Picture } from '../../judge';
import type { Log } from '../../ports';
import { stillWriting } from '../../sample/file';
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
  /** Hash of the content that lies at a path now; without it, the file is taken to be the one that was read. */
  hashOf?(path: string, signal: AbortSignal): Promise<string>;
  /** Waits for its turn among all that is decoded. */
  inTurn?<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
}

/** Clips whose pictures are kept: pairs that are judged one after the other share clips. About 100 MB. */
const KEPT = 32;

/** Pictures by ffmpeg, from the clip's file. Their sizes and times follow from the clip's record and the times of its frames. */
export function lookWith(options: LookOptions): Look {
  const { ffmpegPath, decodeDeadline: deadline, log, hashOf } = options;
  const inTurn: NonNullable<LookOptions['inTurn']> = options.inTurn ?? ((_, work) => work());
  const kept = new Map<string, readonly Picture[]>();
  const taking = new SharedWork<readonly Picture[]>();
  return async ({ path, record, times }, { frames, longSide }, signal) => {
    const key = `${record.hash}:${frames}:${longSide}`;
    const known = kept.get(key);
    kept.delete(key);
    const take = async (stop: AbortSignal) => {
      const pictures = await takePictures({
        ...{
          ffmpeg: await locateFfmpeg(ffmpegPath, log),
          path,
          name: basename(path),
          deadline,
          signal: stop,
        },
        ...{ log, record, times, count: frames, longSide },
      });
      // Hours may lie between the reading of a clip and the question about it.
      if (hashOf && (await hashOf(path, stop)) !== record.hash) throw stillWriting(basename(path));
      return pictures;
    };
    const pictures = known ?? (await taking.run(key, (stop) => inTurn(stop, () => take(stop)), { signal }));
    kept.set(key, pictures);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return pictures;
  };
}
