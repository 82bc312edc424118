import type { Side } from '../../src/core/pair';
import type { Evidence } from '../../src/core/verdict';
import type { PanelAction, PanelSnapshot } from '../../src/protocol/panel';
import type { Host } from '../host';
import { t } from '../strings';
import { PairClock, SIDES } from './clock';
import { evidenceOf } from './places';
import type { Player } from './player';
import type { Screens } from './screens';
import { shownIn } from './shown';
import { besideOf, type Loop, LOOPS, nextOf, RATES, SOUNDS, type State } from './state';
import { Stills } from './stills';
import type { Store } from './store';

const REST_MS = 200;

/** What a reader can do with the clock and with the clips that play on it. */
export class Playback {
  private readonly mediaDurations: Partial<Record<Side, number>> = {};
  clock: PairClock | undefined;
  private resume = false;
  private resting: ReturnType<typeof setTimeout> | undefined;
  player!: Player;
  screens!: Screens;
  readonly stills = new Stills();

  constructor(
    protected readonly store: Store,
    protected readonly host: Host,
  ) {}

  protected get state(): State {
    return this.store.state;
  }

  /** The chosen piece of evidence. */
  protected evidence(): Evidence | undefined {
    return evidenceOf(shownIn(this.state).criteria, this.state.ui.selection);
  }

  post(action: PanelAction): void {
    this.host.post(action);
  }

  say(text: string): void {
    this.store.apply({ type: 'status', text });
  }

  /** What the elements said of clips that stand there no more. */
  protected forgetOthers(before: PanelSnapshot | undefined, now: PanelSnapshot): void {
    for (const side of SIDES)
      if (before?.sides[side].uri !== now.sides[side].uri) delete this.mediaDurations[side];
  }

  protected renewClock(): void {
    const sides = this.state.snapshot?.sides;
    if (!sides) return;
    this.clock = new PairClock(sides, this.mediaDurations);
    this.player.setClock(this.clock);
    this.loopAround();
  }

  /** The clock stands still: what is held ready is brought there too, once the reader stays. */
  rested(time: number): void {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.screens.restAt(this.clock?.mediaTime('A', time) ?? time), REST_MS);
  }

  playPause(): void {
    this.player.toggle();
  }

  step(by: -1 | 1): void {
    this.player.step(by);
  }

  second(by: -1 | 1): void {
    this.player.seek(this.state.ui.time + by);
  }

  seek(time: number): void {
    this.player.seek(time);
  }

  /** A drag on the timeline: holds playback while it lasts. */
  scrub(time: number | undefined, part: 'start' | 'move' | 'end'): void {
    if (part === 'start') {
      this.resume = this.player.playing;
      if (this.resume) this.player.pause();
    }
    if (time !== undefined) this.player.seek(time);
    if (part === 'end' && this.resume) this.player.play();
  }

  end(which: -1 | 1): void {
    this.player.seek(which === 1 ? (this.clock?.total ?? 0) : 0);
  }

  rate(rate: number): void {
    this.player.setRate(rate);
    this.store.apply({ type: 'rate', rate });
  }

  rateBy(by: -1 | 1): void {
    this.rate(besideOf(RATES, this.state.ui.rate, by));
    this.say(`${t('speed')} ${this.state.ui.rate}×`);
  }

  loop(loop: Loop): void {
    const wanted = loop === 'evidence' && !this.evidence() ? 'off' : loop;
    this.store.apply({ type: 'loop', loop: wanted });
    this.loopAround();
  }

  nextLoop(): void {
    this.loop(nextOf(LOOPS, this.state.ui.loop));
    this.say(t(({ off: 'loopOff', all: 'loopAll', evidence: 'loopEvidence' } as const)[this.state.ui.loop]));
  }

  nextSound(): void {
    const sound = nextOf(SOUNDS, this.state.ui.sound);
    this.player.setSound(sound);
    this.store.apply({ type: 'sound', sound });
    this.say(t(({ none: 'soundNone', A: 'soundA', B: 'soundB' } as const)[sound]));
  }

  /** The page may not sound without a gesture: say so by the mute button. */
  muteAll(): void {
    this.store.apply({ type: 'sound', sound: 'none' });
  }

  protected loopAround(): void {
    const e = this.state.ui.loop === 'evidence' ? this.evidence() : undefined;
    this.player.setLoop(
      this.state.ui.loop === 'all',
      e && e.end > e.start ? { start: e.start, end: e.end } : undefined,
    );
  }

  // Media

  loaded(side: Side, video: HTMLVideoElement): void {
    // Sound without picture: the clip's codec is not one that this page can show.
    if (video.videoWidth === 0) return this.unplayable(side);
    video.classList.add('loaded');
    this.mediaDurations[side] = video.duration;
    this.store.apply({ type: 'media', side, loaded: true });
    this.renewClock();
    this.player.setRate(this.state.ui.rate);
    this.player.setSound(this.state.ui.sound);
    this.player.loaded(side);
  }

  unplayable(side: Side): void {
    const { snapshot, ui } = this.state;
    const uri = snapshot?.sides[side].uri;
    if (uri === undefined || ui.unplayable[side]) return;
    this.store.apply({ type: 'media', side, loaded: false, unplayable: true });
    this.post({ type: 'unplayable', side, uri });
  }
}
