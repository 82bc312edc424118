import type { ChatPart } from '../../../core/chain/chat';
import type { Picture } from '../../../core/endpoint/config';
import { encodeJpeg } from '../../cache/jpeg';
import type { CarrierCall, CarrierFrame } from '../../carrier';
import { encodePng } from './png';

export type FramePart = ChatPart & { type: 'frame' };

/** High: what a judge of sharpness and artifacts sees should be the clip's doing. */
const JPEG_QUALITY = 92;

/**
 * Frames in base64, as long as someone holds the frame itself: the same clip is shown in both orders and in many pairs,
 * and encoding takes longer than all else here.
 */
const encoded = {
  jpeg: new WeakMap<CarrierFrame, Promise<string>>(),
  png: new WeakMap<CarrierFrame, Promise<string>>(),
};

/** The pictures of one conversation; each is asked for once, however often it is sent. */
export class EncodedFrames {
  private readonly raw = new Map<FramePart, CarrierFrame>();

  constructor(private readonly call: CarrierCall) {}

  get(part: FramePart, picture: Picture): Promise<string> {
    const frame = this.raw.get(part) ?? this.call.frame(part);
    this.raw.set(part, frame);
    const made = encoded[picture].get(frame) ?? encode(frame, picture);
    encoded[picture].set(frame, made);
    return made;
  }
}

async function encode({ rgb, width, height }: CarrierFrame, picture: Picture): Promise<string> {
  const file =
    picture === 'png'
      ? await encodePng(rgb, width, height)
      : await encodeJpeg(rgb, width, height, JPEG_QUALITY);
  return file.toString('base64');
}
