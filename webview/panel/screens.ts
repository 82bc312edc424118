import type { Side } from '../../src/core/pair';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { SIDES } from './clock';
import type { Commands } from './commands';
import { Media } from './media';

/** One that is held ready and shows no picture for so long does not hold up the next, milliseconds. */
const SLOW = 5000;

/**
 * The page's video elements. An element plays one clip for life: when a clip changes its side, or comes in by a step
 * that was foreseen, its element moves, with all that it has loaded.
 */
export class Screens {
  readonly sides: Record<Side, Media>;
  /** Elements on no side, by what they play. */
  private readonly ready = new Map<string, HTMLVideoElement>();
  /** What is still to be made ready, the likeliest first. */
  private wanted: string[] = [];
  private loading: { video: HTMLVideoElement; slow: ReturnType<typeof setTimeout> } | undefined;
  /** Elements that have had their first picture, or an error: a seek takes `readyState` back for a while. */
  private readonly arrived = new WeakSet<HTMLVideoElement>();
  /** Where those held ready stand, seconds. */
  private time = 0;

  constructor(private readonly does: Commands) {
    this.sides = { A: new Media('A', does), B: new Media('B', does) };
  }

  update({ sides, preload = [] }: PanelSnapshot): void {
    const uris = SIDES.map((side) => (sides[side].media === 'none' ? undefined : sides[side].uri));
    const changed = SIDES.filter((side, i) => sourceOf(this.sides[side].video) !== uris[i]);
    const free = changed.flatMap((side) => this.sides[side].video ?? []);
    for (const video of free) this.keep(video);
    const elements = changed.map((side) => this.take(uris[SIDES.indexOf(side)]));
    changed.forEach((side, i) => {
      const video = elements[i];
      this.sides[side].put(video, video !== undefined && this.arrived.has(video));
    });
    for (const [uri, video] of this.ready) if (!preload.includes(uri)) this.drop(uri, video);
    this.wanted = preload.filter((uri) => !this.ready.has(uri) && !uris.includes(uri));
    this.makeReady();
  }

  /** The clock rests there: a step shows the same moment, and need not seek for it. */
  restAt(time: number): void {
    this.time = time;
    for (const video of this.ready.values()) this.bring(video);
  }

  private bring(video: HTMLVideoElement): void {
    const there = Math.abs(video.currentTime - this.time) < 1e-3;
    if (this.arrived.has(video) && !video.error && !video.seeking && !there) video.currentTime = this.time;
  }

  private keep(video: HTMLVideoElement): void {
    const uri = sourceOf(video)!;
    if (video.error || this.ready.has(uri)) release(video);
    else this.ready.set(uri, video);
  }

  private take(uri: string | undefined): HTMLVideoElement | undefined {
    if (uri === undefined) return undefined;
    const video = this.ready.get(uri);
    this.ready.delete(uri);
    return video ?? this.make(uri);
  }

  private drop(uri: string, video: HTMLVideoElement): void {
    this.ready.delete(uri);
    release(video);
    // Of one that is let go, no event tells.
    if (this.loading?.video === video) this.loaded();
  }

  private loaded(): void {
    clearTimeout(this.loading?.slow);
    this.loading = undefined;
  }

  /** One after the other, and only when the pictures in front are there. */
  private makeReady(): void {
    if (this.loading !== undefined) return;
    if (SIDES.some((side) => this.isWaiting(this.sides[side].video))) return;
    const uri = this.wanted.shift();
    if (uri === undefined) return;
    const video = this.make(uri);
    this.loading = { video, slow: setTimeout(() => this.nextReady(), SLOW) };
    this.ready.set(uri, video);
  }

  private nextReady(): void {
    this.loaded();
    this.makeReady();
  }

  private make(uri: string): HTMLVideoElement {
    const video = document.createElement('video');
    Object.assign(video, {
      preload: 'auto',
      muted: true,
      playsInline: true,
      disablePictureInPicture: true,
      disableRemotePlayback: true,
      tabIndex: -1,
    });
    video.addEventListener('loadeddata', () => this.told(video, (media) => media.arrived()));
    video.addEventListener('error', () => this.told(video, (media) => media.failed()));
    video.setAttribute('src', uri);
    return video;
  }

  private isWaiting(video: HTMLVideoElement | undefined): boolean {
    return video !== undefined && !this.arrived.has(video);
  }

  /** Sound without picture does not play here either. */
  private toldAhead(video: HTMLVideoElement): void {
    const uri = sourceOf(video);
    if (uri === undefined || this.ready.get(uri) !== video) return;
    if (video.error || video.videoWidth === 0) this.does.post({ type: 'unplayableAhead', uri });
    else this.bring(video);
  }

  private told(video: HTMLVideoElement, tell: (media: Media) => void): void {
    this.arrived.add(video);
    const side = SIDES.find((of) => this.sides[of].video === video);
    if (side) tell(this.sides[side]);
    else this.toldAhead(video);
    if (side || this.ready.has(sourceOf(video) ?? '')) this.nextReady();
  }
}

const sourceOf = (video: HTMLVideoElement | undefined) => video?.getAttribute('src') ?? undefined;

/** Lets go of what it has loaded. */
function release(video: HTMLVideoElement): void {
  video.removeAttribute('src');
  video.load();
}
