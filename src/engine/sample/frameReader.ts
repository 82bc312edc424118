import type { Readable } from 'node:stream';
import type { FrameInfo, Size } from './header';

/**
 * Cuts raw RGB from a pipe into frames and joins each with its line from the other pipe. Where one pipe is
 * ahead of the other, reading stops: at most one frame and one chunk are held.
 */
export class FrameReader {
  frames = 0;
  private buffer: Uint8Array | undefined;
  private filled = 0;
  private readonly chunks: Buffer[] = [];
  private readonly infos: FrameInfo[] = [];

  constructor(
    private readonly stream: Readable,
    private readonly size: () => Size | undefined,
    /** `frame` is valid only during the call. */
    private readonly onFrame: (frame: Uint8Array, info: FrameInfo) => void,
  ) {
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      this.chunks.push(chunk);
      this.drain();
    });
  }

  add(info: FrameInfo): void {
    this.infos.push(info);
    this.drain();
  }

  private drain(): void {
    while (this.chunks.length > 0 && this.takeChunk());
    if (this.chunks.length > 0) this.stream.pause();
    else if (this.stream.isPaused()) this.stream.resume();
  }

  /** Takes what it can of the first chunk; false where it has to wait for a line. */
  private takeChunk(): boolean {
    const size = this.size();
    const chunk = this.chunks[0];
    if (!size || !chunk) return false;
    this.buffer ??= new Uint8Array(size.width * size.height * 3);
    const part = chunk.subarray(0, this.buffer.length - this.filled);
    this.buffer.set(part, this.filled);
    this.filled += part.length;
    if (part.length === chunk.length) this.chunks.shift();
    else this.chunks[0] = chunk.subarray(part.length);
    return this.filled < this.buffer.length || this.emit();
  }

  private emit(): boolean {
    const info = this.infos.shift();
    if (!this.buffer || !info) {
      this.chunks[0] ??= Buffer.alloc(0);
      return false;
    }
    this.filled = 0;
    this.frames++;
    this.onFrame(this.buffer, info);
    return true;
  }
}
