import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { ffmpeg, fixture } from './ffmpeg';

export interface ClipOptions {
  /** A lavfi source, without size and rate. */
  source?: string;
  width?: number;
  height?: number;
  fps?: number;
  seconds?: number;
  /** A filter chain laid over the source. */
  filter?: string;
  audio?: boolean;
  /** Encoder arguments; H.264 unless told. */
  encode?: readonly string[];
  /** The container, by its extension. */
  ext?: string;
}

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '20', '-pix_fmt', 'yuv420p'];
const NOISE = 'noise=alls=6:allf=t:all_seed=7';

/** A generated clip, by ffmpeg, under out/fixtures; made at the first call and kept. Returns its absolute path. */
export function clip(name: string, options: ClipOptions = {}): string {
  const { source = 'testsrc2', width = 320, height = 180, fps = 16, seconds = 2 } = options;
  const { filter, audio = false, encode = H264, ext = 'mp4' } = options;
  const input = [
    '-f',
    'lavfi',
    '-i',
    `${source}${source.includes('=') ? ':' : '='}s=${width}x${height}:r=${fps}`,
  ];
  const sound = audio ? ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'] : [];
  const chain = filter === undefined ? [] : ['-vf', filter];
  const codecs = [...encode, ...(audio && ext !== 'webm' ? ['-c:a', 'aac'] : [])];
  const args = [...input, ...sound, '-t', String(seconds), ...chain, ...codecs, '-map_metadata', '-1'];
  return fixture(`${name}.${ext}`, args, (path) => ffmpeg([...args, file(path)]));
}

/** Keeps ffmpeg from reading `%d`, a leading dash or a protocol into a path. */
function file(path: string): string {
  return `file:${path.replaceAll('%', '%%')}`;
}

const WAN = { width: 832, height: 480, fps: 16, seconds: 2 };
const SMALL = { width: 160, height: 90, fps: 8, seconds: 1 };

/** 832x480, 16 fps, 2 s, moving, with a little noise: the shape of what Wan makes. */
export const h264 = () => clip('h264', { ...WAN, filter: NOISE });

/** The same clip, blurred from 1.0 to 1.5 s: a degradation with a known place. */
export const degraded = () =>
  clip('degraded', { ...WAN, filter: `${NOISE},gblur=sigma=8:enable='between(t,1.0,1.4999)'` });

/** The same clip, every frame blurred and blocky. */
export const ruined = () =>
  clip('ruined', {
    ...WAN,
    filter: 'gblur=sigma=4',
    encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '45', '-pix_fmt', 'yuv420p'],
  });

export const withAudio = () => clip('with-audio', { ...SMALL, audio: true });

export const vp9 = () =>
  clip('vp9', {
    ...SMALL,
    ext: 'webm',
    encode: ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'],
  });

/** Needs `hasEncoder('libx265')`. */
export const hevc = () =>
  clip('hevc', {
    ...SMALL,
    encode: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none', '-tag:v', 'hvc1'],
  });

export const prores = () =>
  clip('prores', { ...SMALL, ext: 'mov', encode: ['-c:v', 'prores_ks', '-profile:v', '3'] });
export const mjpeg = () =>
  clip('mjpeg', { ...SMALL, ext: 'mov', encode: ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p'] });
export const mpeg4 = () => clip('mpeg4', { ...SMALL, ext: 'avi', encode: ['-c:v', 'mpeg4', '-q:v', '4'] });

/** MPEG-4 part 2 in an mp4 under the tag that OpenCV's `mp4v` writes. */
export const mp4v = () =>
  clip('mp4v', { ...SMALL, encode: ['-c:v', 'mpeg4', '-q:v', '4', '-tag:v', 'mp4v'] });

export const gif = () => clip('gif', { ...SMALL, ext: 'gif', encode: [] });

/** Needs `hasEncoder('libwebp_anim')`; ffmpeg before 7 writes such a file and cannot read it. */
export const webp = () =>
  clip('webp', { ...SMALL, ext: 'webp', encode: ['-c:v', 'libwebp_anim', '-loop', '0'] });

/** Variable frame rate: three of every four frames dropped in the second half, the time stamps kept. */
export const vfr = () =>
  clip('vfr', {
    ...SMALL,
    fps: 24,
    seconds: 2,
    filter: "select='lt(t,1)+not(mod(n,4))'",
    encode: [...H264, '-fps_mode', 'vfr'],
  });

/** Stored as 160x90 with a display matrix of 90 degrees: to be shown as 90x160. */
export const rotated = () => {
  const upright = clip('upright', SMALL);
  return fixture('rotated.mp4', ['rotate', upright], (path) =>
    writeFileSync(path, rotate90(readFileSync(upright))),
  );
};

/** 101x57: odd width and height, without chroma subsampling. */
export const oddSize = () =>
  clip('odd-size', {
    ...SMALL,
    width: 102,
    height: 58,
    filter: 'format=yuv444p,crop=101:57:0:0',
    encode: ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p'],
  });

export const onePixel = () =>
  clip('one-pixel', {
    source: 'color=c=red',
    width: 2,
    height: 2,
    filter: 'format=rgb24,crop=1:1:0:0',
    fps: 8,
    seconds: 1,
    ext: 'mov',
    encode: ['-c:v', 'png'],
  });

/** Half transparent, RGBA. */
export const alpha = () =>
  clip('alpha', {
    ...SMALL,
    ext: 'mov',
    filter: 'format=argb,colorchannelmixer=aa=0.5',
    encode: ['-c:v', 'qtrle', '-pix_fmt', 'argb'],
  });

const H264_10BIT = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'];

export const tenBit = () => clip('ten-bit', { ...SMALL, encode: H264_10BIT });

/** Tagged BT.2020 with the PQ transfer curve. */
export const hdr = () =>
  clip('hdr', {
    ...SMALL,
    encode: [
      ...H264_10BIT,
      ...['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'],
      ...['-x264-params', 'colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc'],
    ],
  });

export const oneFrame = () => clip('one-frame', { ...SMALL, encode: [...H264, '-frames:v', '1'] });

/** One hour at one frame a second, tiny. */
export const long = () => clip('long', { width: 64, height: 36, fps: 1, seconds: 3600 });

/** 16000 x 16000, one frame: a quarter of a gigapixel for whoever decodes it unasked. */
export const huge = () =>
  clip('huge', {
    source: 'color=c=gray',
    width: 16,
    height: 16,
    fps: 1,
    seconds: 1,
    ext: 'mov',
    filter: 'scale=16000:16000:flags=neighbor,format=gray',
    encode: ['-frames:v', '1', '-c:v', 'png', '-pred', 'none', '-compression_level', '1'],
  });

export const audioOnly = () =>
  fixture('audio-only.mp4', 'audio only', (path) =>
    ffmpeg(['-f', 'lavfi', '-i', 'sine=frequency=440', '-t', '1', '-c:a', 'aac', file(path)]),
  );

/** A video track without a single frame: every sample table says that it is empty. */
export const noFrames = () => {
  const whole = clip('plain', SMALL);
  return fixture('no-frames.mp4', ['no frames', whole], (path) =>
    writeFileSync(path, withoutSamples(readFileSync(whole))),
  );
};

/** The index stands in front, the last 40 % of the file is missing. */
export const truncated = () => {
  const whole = clip('faststart', { ...WAN, filter: NOISE, encode: [...H264, '-movflags', '+faststart'] });
  return cut('truncated.mp4', whole, 0.6);
};

/** The index stood at the end and is gone: nothing in it can be read. */
export const noIndex = () => cut('no-index.mp4', h264(), 0.6);

export const empty = () => fixture('empty.mp4', 'empty', (path) => writeFileSync(path, ''));

export const textFile = () =>
  fixture('text.mp4', 'text', (path) => writeFileSync(path, 'This is not a video.\n'.repeat(40)));

/** A folder by the name of a clip. */
export const directory = () => fixture('directory.mp4', 'directory', (path) => mkdirSync(path));

/** A good clip under names that break careless code. */
export const awkwardNames = () => AWKWARD_NAMES.map((name) => named(name));

const AWKWARD_NAMES = [
  'two words.mp4',
  `it's "quoted".mp4`,
  'prise né 雪 🎬.mp4',
  'two\nlines.mp4',
  'take %03d.mp4',
  '-dash.mp4',
  '[a-b] {c,d} #1?.mp4',
  'back\\slash.mp4',
  "a'b:c,d;e=f.mp4",
];

/** A small good clip under a name of your own. */
export function named(fileName: string): string {
  const from = clip('plain', SMALL);
  return fixture(fileName, ['named', from], (path) => copyFileSync(from, path));
}

function cut(fileName: string, from: string, part: number): string {
  return fixture(fileName, ['cut', from, part], (path) => {
    const bytes = readFileSync(from);
    writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * part)));
  });
}

/** Turns the track header's matrix by 90 degrees, whatever the ffmpeg at hand calls that option. */
function rotate90(mp4: Buffer): Buffer {
  const at = mp4.indexOf('tkhd');
  if (at < 0 || mp4[at + 4] !== 0) throw new Error('no track header of version 0');
  const matrix = at + 4 + 4 + 20 + 8 + 8;
  const height = mp4.readUInt32BE(matrix + 36 + 4);
  [0, 0x10000, 0, -0x10000, 0, 0, height, 0, 0x40000000].forEach((v, i) =>
    mp4.writeInt32BE(v, matrix + 4 * i),
  );
  return mp4;
}

function withoutSamples(mp4: Buffer): Buffer {
  for (const [table, count] of Object.entries({ stts: 8, stss: 8, ctts: 8, stsc: 8, stsz: 12, stco: 8 })) {
    const at = mp4.indexOf(table);
    if (at >= 0) mp4.writeUInt32BE(0, at + count);
  }
  return mp4;
}
