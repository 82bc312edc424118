import type { ChatPart } from '../../../core/chain/chat';
import type { Picture } from '../../../core/endpoint/config';
import { encodeJpeg } from '../../cache/jpeg';
import type { CarrierCall, CarrierFrame } from '../../carrier';
import { encodePng } from './png';

export type FramePart = ChatPart & { type: 'frame' };

/** High: what a judge of sharpness and artifacts sees should be the clip's doing. */
const JPEG_QUALITY = 92;

/** The pictures of one conversation, in base64; each is asked for and encoded once, however often it is sent. */
export class EncodedFrames {
  private readonly raw = new Map<FramePart, CarrierFrame>();
  private readonly encoded = {
    jpeg: new Map<FramePart, Promise<string>>(),
    png: new Map<FramePart, Promise<string>>(),
  };

  constructor(private readonly call: CarrierCall) {}

  get(part: FramePart, picture: Picture): Promise<string> {
    const made = this.encoded[picture].get(part) ?? this.encode(part, picture);
    this.encoded[picture].set(part, made);
    return made;
  }

  private async encode(part: FramePart, picture: Picture): Promise<string> {
    const frame = this.raw.get(part) ?? this.call.frame(part);
    this.raw.set(part, frame);
    const { rgb, width, height } = frame;
    const file =
      picture === 'png'
        ? await encodePng(rgb, width, height)
        : await encodeJpeg(rgb, width, height, JPEG_QUALITY);
    return file.toString('base64');
  }
}
