import type { Ffmpeg } from '../ports';
import { isAtLeast } from './locate';

/** Containers that hold a clip. Playlists, image sequences, network and text formats are not among them. */
const FORMATS = [
  ...['mov', 'mp4', 'matroska', 'webm', 'avi', 'gif', 'mpegts', 'mpeg', 'mpegvideo', 'm4v', 'flv', 'ogg'],
  ...['asf', 'mxf', 'h264', 'hevc', 'ivf', 'obu'],
];
/** More pixels than this in one picture are refused before they are decoded. */
export const MAX_PIXELS = 2 ** 27;

/** Quiet and deaf: no banner, no questions, no statistics; every repeated line is written out. */
export const COMMON = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+info'];

/** A file as ffmpeg's input: nothing in its name or content can make ffmpeg open anything else. */
export function fileInput(path: string, before: readonly string[] = []): string[] {
  return [
    ...['-protocol_whitelist', 'file', '-format_whitelist', FORMATS.join(',')],
    ...['-max_pixels', String(MAX_PIXELS)],
    ...before,
    ...['-i', `file:${path}`],
  ];
}

/** The first real picture track (no cover art), and nothing else. */
export const PICTURE_ONLY = ['-map', '0:V:0', '-an', '-sn', '-dn'];

/** Frames go through as they come, none doubled, none dropped. */
export function passthrough(ffmpeg: Ffmpeg): string[] {
  return isAtLeast(ffmpeg.version, 5, 1) ? ['-fps_mode', 'passthrough'] : ['-vsync', 'passthrough'];
}
