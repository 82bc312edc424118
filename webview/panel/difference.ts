import { noChange } from 'lit';
import { AsyncDirective, directive } from 'lit/async-directive.js';
import type { ElementPart } from 'lit';
import type { Ui } from './state';

/** Draws |A - B| times the gain on a canvas, once per shown frame, as long as the canvas is there. */
class DifferenceDirective extends AsyncDirective {
  private canvas: HTMLCanvasElement | undefined;
  private gain = 1;
  private request = 0;
  private last = '';

  render(_ui: Ui): typeof noChange {
    return noChange;
  }

  override update(part: ElementPart, [ui]: [Ui]): typeof noChange {
    this.gain = ui.gain;
    this.last = '';
    if (!this.canvas) {
      this.canvas = part.element as HTMLCanvasElement;
      this.loop();
    }
    return noChange;
  }

  override disconnected(): void {
    cancelAnimationFrame(this.request);
  }

  override reconnected(): void {
    this.loop();
  }

  private loop(): void {
    this.request = requestAnimationFrame(() => {
      this.draw();
      this.loop();
    });
  }

  private draw(): void {
    const canvas = this.canvas;
    const frames = canvas?.closest('.frames');
    const [a, b] = ['.box-A video', '.box-B video'].map((s) => frames?.querySelector<HTMLVideoElement>(s));
    if (!canvas || !a || !b) return;
    const seeking = a.seeking || b.seeking;
    const now = `${a.currentTime} ${b.currentTime} ${canvas.clientWidth} ${a.readyState} ${b.readyState}`;
    if (seeking || now === this.last) return;
    this.last = now;
    paint(canvas, a, b, this.gain);
  }
}

export const drawDifference = directive(DifferenceDirective);

/** `gain` is a power of two: the canvas is added to itself that often. */
function paint(canvas: HTMLCanvasElement, a: HTMLVideoElement, b: HTMLVideoElement, gain: number): void {
  const width = Math.max(1, Math.min(Math.round(canvas.clientWidth * devicePixelRatio), 1600));
  const height = Math.max(1, Math.round((width * canvas.clientHeight) / Math.max(1, canvas.clientWidth)));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d', { alpha: false });
  if (!context) return;
  context.globalCompositeOperation = 'copy';
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = 'source-over';
  contain(context, a, width, height);
  context.globalCompositeOperation = 'difference';
  contain(context, b, width, height);
  context.globalCompositeOperation = 'lighter';
  for (let g = gain; g > 1; g /= 2) context.drawImage(canvas, 0, 0);
}

function contain(
  context: CanvasRenderingContext2D,
  video: HTMLVideoElement,
  width: number,
  height: number,
): void {
  const scale = Math.min(width / video.videoWidth, height / video.videoHeight);
  if (!Number.isFinite(scale)) return;
  const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
  context.drawImage(video, (width - w) / 2, (height - h) / 2, w, h);
}
