import type { Side } from '../../src/core/pair';
import { t } from '../strings';
import type { Commands } from './commands';

/** A clip that shows no picture for so long will not play here, milliseconds. */
const PATIENCE = 20_000;

/** One side's video element, bound to the player; one for each side, for the life of the page. */
export class Media {
  private element: HTMLVideoElement | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly side: Side,
    private readonly does: Commands,
  ) {}

  get video(): HTMLVideoElement | undefined {
    return this.element;
  }

  /** Another element stands here from now on; `arrived`: it has had its first picture, or its error. */
  put(video: HTMLVideoElement | undefined, arrived: boolean): void {
    if (video === this.element) return;
    clearTimeout(this.timer);
    this.element?.pause();
    this.element = video;
    this.does.player.attach(this.side, video);
    if (!video) return;
    video.muted = true;
    video.setAttribute('aria-label', this.side === 'A' ? t('clipA') : t('clipB'));
    if (video.error) this.does.unplayable(this.side);
    else if (arrived) this.arrived();
    else this.timer = setTimeout(() => this.does.unplayable(this.side), PATIENCE);
  }

  /** The first picture is there. */
  arrived(): void {
    clearTimeout(this.timer);
    if (this.element) this.does.loaded(this.side, this.element);
  }

  failed(): void {
    clearTimeout(this.timer);
    this.does.unplayable(this.side);
  }
}
