import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';
import type { PanelSnapshot } from '../../src/protocol/panel';
import { SIDES } from './clock';

/** Pixels; twice what is shown, for fine screens. */
const HEIGHT = 80;
/** A seek that has brought no picture for so long brings none, milliseconds. */
const PATIENCE = 8000;

interface Wish {
  uri: string;
  /** Seconds, where the element is to stand. */
  time: number;
  done(picture: HTMLCanvasElement | undefined): void;
}

/**
 * Small pictures of the clips at given times, from elements of their own that play nothing and stand nowhere: what the
 * reader watches is not moved. One seek at a time; each picture is made once, and nothing is read back from it.
 */
export class Stills {
  private readonly made = new Map<string, Promise<HTMLCanvasElement | undefined>>();
  private readonly sources = new Map<string, Source>();
  private readonly wishes: Wish[] = [];
  private working = false;

  /** Lets go of clips that stand on neither side any more. */
  update({ sides }: PanelSnapshot): void {
    const uris = new Set(SIDES.map((side) => sides[side].uri));
    for (const [uri, source] of this.sources)
      if (!uris.has(uri)) {
        this.sources.delete(uri);
        source.release();
      }
    for (const key of this.made.keys()) if (!uris.has(key.slice(key.indexOf(' ') + 1))) this.made.delete(key);
  }

  /** Undefined where the clip gives no picture there. */
  at(uri: string, time: number): Promise<HTMLCanvasElement | undefined> {
    const key = `${time.toFixed(3)} ${uri}`;
    let picture = this.made.get(key);
    if (!picture) {
      picture = new Promise((done) => this.wishes.push({ uri, time, done }));
      this.made.set(key, picture);
      void this.work();
    }
    return picture;
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let wish = this.wishes.shift(); wish; wish = this.wishes.shift()) {
      await inSight();
      let source = this.sources.get(wish.uri);
      if (!source) this.sources.set(wish.uri, (source = new Source(wish.uri)));
      wish.done(await source.picture(wish.time));
    }
    this.working = false;
  }
}

/** A page out of sight may be given no picture: it waits until it is looked at. */
function inSight(): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(inSight()), { once: true });
  });
}

/** One clip, loaded for its stills. */
class Source {
  private readonly video = document.createElement('video');
  private readonly loaded: Promise<boolean>;

  constructor(uri: string) {
    const { video } = this;
    Object.assign(video, { preload: 'auto', muted: true, playsInline: true });
    this.loaded = told(video, 'loadeddata', () => video.setAttribute('src', uri));
  }

  async picture(time: number): Promise<HTMLCanvasElement | undefined> {
    const { video } = this;
    if (!(await this.loaded) || video.videoWidth === 0) return undefined;
    const isThere = video.currentTime === time && !video.seeking;
    if (!isThere && !(await told(video, 'seeked', () => (video.currentTime = time)))) return undefined;
    const canvas = document.createElement('canvas');
    canvas.height = HEIGHT;
    canvas.width = Math.max(1, Math.round((HEIGHT * video.videoWidth) / video.videoHeight));
    canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
    return canvas;
  }

  /** What waits for it is told that nothing comes. */
  release(): void {
    this.video.dispatchEvent(new Event('abandoned'));
    this.video.removeAttribute('src');
    this.video.load();
  }
}

/** Whether that event follows what is begun, and no error before it. */
function told(video: HTMLVideoElement, event: 'loadeddata' | 'seeked', begin: () => void): Promise<boolean> {
  return new Promise((resolve) => {
    const heard = new AbortController();
    const end = (came: boolean) => {
      clearTimeout(timer);
      heard.abort();
      resolve(came);
    };
    const timer = setTimeout(() => end(false), PATIENCE);
    video.addEventListener(event, () => end(true), { signal: heard.signal });
    for (const failure of ['error', 'abandoned'])
      video.addEventListener(failure, () => end(false), { signal: heard.signal });
    begin();
  });
}

/** Shows a still in a canvas as soon as there is one; `data-state` says how far that is, for the styles. */
class StillDirective extends Directive {
  private key = '';

  render(_stills: Stills, _uri: string, _time: number): typeof noChange {
    return noChange;
  }

  override update({ element }: ElementPart, [stills, uri, time]: [Stills, string, number]): typeof noChange {
    const key = `${time} ${uri}`;
    if (key === this.key) return noChange;
    this.key = key;
    const canvas = element as HTMLCanvasElement;
    canvas.dataset['state'] = 'waiting';
    void stills.at(uri, time).then((picture) => {
      if (this.key !== key) return;
      canvas.dataset['state'] = picture ? 'ready' : 'failed';
      if (!picture) return;
      Object.assign(canvas, { width: picture.width, height: picture.height });
      canvas.getContext('2d')?.drawImage(picture, 0, 0);
    });
    return noChange;
  }
}

export const still = directive(StillDirective);
