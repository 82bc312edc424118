import type { Side } from '../../src/core/pair';
import type { Commands } from './commands';

/** A clip that shows no picture for so long will not play here, milliseconds. */
const PATIENCE = 20_000;

/** Binds one side's video element to the player; one for each side, for the life of the page. */
export class Media {
  private video: HTMLVideoElement | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly side: Side,
    private readonly does: Commands,
  ) {}

  /** Lit calls this with the element when it comes and with nothing when it goes. */
  readonly attach = (element: Element | undefined): void => {
    if (element === this.video) return;
    this.video = element as HTMLVideoElement | undefined;
    if (this.video) this.video.muted = true;
    else clearTimeout(this.timer);
    this.does.player.attach(this.side, this.video);
  };

  readonly onLoadStart = (): void => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.does.unplayable(this.side), PATIENCE);
  };

  readonly onLoaded = (): void => {
    clearTimeout(this.timer);
    if (this.video) this.does.loaded(this.side, this.video);
  };

  readonly onError = (): void => {
    clearTimeout(this.timer);
    if (this.video?.hasAttribute('src')) this.does.unplayable(this.side);
  };
}
