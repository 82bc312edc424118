import { randomBytes } from 'node:crypto';

/** What ffmpeg says of a clip before its first frame. Hints: a file's own metadata may imitate these lines. */
export interface Header {
  /** Seconds; undefined where the container does not say. */
  duration?: number;
  /** Seconds; the container's time of the clip's beginning, where it is not nought. */
  start?: number;
  hasAudio: boolean;
  hasVideo: boolean;
  /** Lines that speak of damage so far. */
  damage: number;
}

/** One frame, from a `showinfo` filter whose name nobody can guess. */
export interface FrameInfo {
  /** Seconds in the container's own time; undefined where the frame has none. */
  time: number | undefined;
}

export interface Size {
  width: number;
  height: number;
}

const DAMAGE =
  /partial file|ended prematurely|invalid data found|error while decoding|corrupt|truncat|concealing|end of file|packet too small/i;

/**
 * Reads ffmpeg's stderr: the header (hints only) and the lines of two `showinfo` filters, before and after the
 * plan's filter. Their names carry a random word, so that no title or file name can imitate them.
 */
export class StderrReader {
  readonly header: Header = { hasAudio: false, hasVideo: false, damage: 0 };
  /** Displayed size in pixels of the first frame: rotation and pixel aspect applied. */
  displayed: Size | undefined;
  /** Size of the analysed frames. */
  analysed: Size | undefined;
  /** Frames per second as the container declares them. */
  frameRate: number | undefined;
  private readonly word = randomBytes(8).toString('hex');
  private readonly line = new RegExp(`^\\[showinfo@${this.word}(source|frame) @ [^\\]]*\\] (.*)$`);
  private timeBase = 0;
  private outputSeen = false;

  constructor(private readonly onFrame: (info: FrameInfo) => void) {}

  /** The filter chain around the plan's own filter. */
  filters(planFilter: string, withChecksumOption: boolean): string {
    const option = withChecksumOption ? '=checksum=0' : '';
    return `showinfo@${this.word}source${option},${planFilter},showinfo@${this.word}frame${option}`;
  }

  isChatter(line: string): boolean {
    return line.startsWith('[showinfo@');
  }

  read(line: string): void {
    const m = this.line.exec(line);
    if (!m) return this.readHeader(line);
    const text = m[2] ?? '';
    const config = /^config in time_base: (\d+)\/(\d+), frame_rate: (\d+)\/(\d+)/.exec(text);
    if (config) return this.configure(m[1] === 'source', config.slice(1).map(Number));
    const frame = /^n: *\d+ pts: *(NOPTS|-?\d+) .*? sar:(\d+)\/(\d+) s:(\d+)x(\d+) /.exec(text);
    if (!frame) return;
    const [, pts = '', ...rest] = frame;
    const [sarN = 0, sarD = 0, width = 0, height = 0] = rest.map(Number);
    if (m[1] === 'source') this.displayed ??= display(width, height, sarN / sarD);
    else this.takeFrame(pts, { width, height });
  }

  private configure(isSource: boolean, [n = 0, d = 1, rateN = 0, rateD = 1]: number[]): void {
    if (!isSource) this.timeBase = n / d;
    else if (rateN > 0 && rateD > 0) this.frameRate ??= rateN / rateD;
  }

  private takeFrame(pts: string, size: Size): void {
    this.analysed ??= size; // ffmpeg scales later frames of another size to the first one's
    this.onFrame({ time: pts === 'NOPTS' ? undefined : Number(pts) * this.timeBase });
  }

  private readHeader(line: string): void {
    if (DAMAGE.test(line)) this.header.damage++;
    if (line.startsWith('Output #0')) this.outputSeen = true;
    if (this.outputSeen) return;
    const duration = /^ {2}Duration: (\d+):(\d\d):(\d\d\.\d+)(?:, start: (\d+\.\d+))?/.exec(line);
    if (duration) {
      const [h = 0, m = 0, s = 0, start = 0] = duration.slice(1).map((text) => Number(text ?? 0));
      this.header.duration = h * 3600 + m * 60 + s;
      if (start > 0) this.header.start = start;
    }
    const stream = /^ {2}Stream #0:\d+.*?: (Audio|Video): /.exec(line);
    if (stream?.[1] === 'Audio') this.header.hasAudio = true;
    if (stream?.[1] === 'Video' && !line.includes('(attached pic)')) this.header.hasVideo = true;
  }
}

/** Pixels as shown: a pixel aspect above 1 widens the picture, below 1 heightens it. */
function display(width: number, height: number, aspect: number): Size {
  if (!(aspect > 0) || !Number.isFinite(aspect)) return { width, height };
  return aspect >= 1
    ? { width: Math.round(width * aspect), height }
    : { width, height: Math.round(height / aspect) };
}
