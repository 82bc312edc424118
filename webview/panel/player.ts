import { otherSide, type Side } from '../../src/core/pair';
import { type PairClock, SIDES } from './clock';
import type { Sound } from './state';

/** Beyond this, seconds, the side that is ahead waits: the other one's decoder does not keep up. */
const AHEAD = 0.05;
/** Beyond this both are sought anew. */
const LOST = 1;
/** A second of drift changes the follower's rate by this share ... */
const PULL = 2;
/** ... up to this. */
const MOST_PULL = 0.25;

export interface Range {
  start: number;
  end: number;
}

/**
 * Two clips on one clock. The longer one leads: the clock is its own, the other follows by small changes of its
 * rate. A clip that has ended holds its last frame. Paused, both stand in the middle of their frame, which is exact.
 */
export class Player {
  private readonly videos: Partial<Record<Side, HTMLVideoElement>> = {};
  private readonly seeks: Record<Side, Seeker> = { A: new Seeker(), B: new Seeker() };
  private clock: PairClock;
  private time: number;
  private rate = 1;
  private range: Range | undefined;
  private loopAll = false;
  /** The reader wants it to play, though a seek or a hidden page may hold it just now. */
  private wanted = false;
  /** Counts starts and stops: what began before the last one gives up. */
  private turn = 0;
  private resyncedAt = 0;
  /** The side that waits for the other while both play. */
  private waiting: Side | undefined;

  constructor(
    clock: PairClock,
    time: number,
    private readonly report: (time: number, playing: boolean) => void,
    private readonly soundRefused: () => void,
  ) {
    this.clock = clock;
    this.time = time;
    document.addEventListener('visibilitychange', () => this.onVisibility());
  }

  get playing(): boolean {
    return this.wanted;
  }

  attach(side: Side, video: HTMLVideoElement | undefined): void {
    if (video) this.videos[side] = video;
    else delete this.videos[side];
    this.seeks[side] = new Seeker(video);
  }

  /** A side's first picture is there: bring it to where the clock stands. */
  loaded(side: Side): void {
    if (this.wanted) void this.start();
    else this.seeks[side].to(this.clock.mediaTime(side, this.time));
  }

  /** Durations or exact frame times became known. */
  setClock(clock: PairClock): void {
    this.clock = clock;
    if (clock.total > 0 && this.time > clock.total) this.seek(clock.total);
    else if (!this.wanted) this.place();
  }

  setLoop(all: boolean, range: Range | undefined): void {
    this.loopAll = all;
    this.range = range;
  }

  setRate(rate: number): void {
    this.rate = rate;
    for (const side of SIDES) if (this.videos[side]) this.videos[side].playbackRate = rate;
  }

  setSound(sound: Sound): void {
    for (const side of SIDES) if (this.videos[side]) this.videos[side].muted = sound !== side;
  }

  toggle(): void {
    if (this.wanted) this.pause();
    else this.play();
  }

  play(): void {
    if (!this.leader()) return;
    this.wanted = true;
    const { start, end } = this.bounds();
    if (this.time >= end - 0.02 || (this.range && this.time < start)) this.time = start;
    this.report(this.time, true);
    void this.start();
  }

  pause(): void {
    const leader = this.leader();
    if (this.wanted && leader)
      this.time = this.clock.frameTime(leader, this.videos[leader]?.currentTime ?? this.time);
    this.stop();
    this.place();
  }

  seek(time: number): void {
    this.time = Math.min(this.clock.total, Math.max(0, time));
    if (this.wanted) {
      this.report(this.time, true);
      void this.start();
    } else this.place();
  }

  /** One frame of the side that has more of them; always pauses. */
  step(by: -1 | 1): void {
    if (this.wanted) this.pause();
    this.seek(this.clock.step(this.time, by));
  }

  /** Both sides stand on their frame of the clock's time. */
  private place(): void {
    for (const side of SIDES) this.seeks[side].to(this.clock.mediaTime(side, this.time));
    this.report(this.time, false);
  }

  private stop(): void {
    this.turn++;
    this.wanted = false;
    this.hold();
  }

  private hold(): void {
    for (const side of SIDES) this.videos[side]?.pause();
  }

  private bounds(): Range {
    return this.range ?? { start: 0, end: this.clock.total };
  }

  /** The side that carries the clock: the longer of those that can play. */
  private leader(): Side | undefined {
    const able = SIDES.filter((side) => {
      const video = this.videos[side];
      return video && !video.error && video.readyState >= HTMLMediaElement.HAVE_METADATA;
    });
    return able.sort((x, y) => this.clock.duration(y) - this.clock.duration(x))[0];
  }

  /** Brings both to the clock's time, waits for both, lets both go in one breath. */
  private async start(): Promise<void> {
    const turn = ++this.turn;
    this.waiting = undefined;
    this.hold();
    if (document.hidden) return;
    const at = this.time;
    const running = SIDES.filter((side) => this.videos[side] && at < this.clock.duration(side));
    await Promise.all(SIDES.map((side) => this.seeks[side].to(this.clock.mediaTime(side, at))));
    if (turn !== this.turn) return;
    for (const side of running) this.videos[side]!.playbackRate = this.rate;
    await Promise.all(running.map((side) => this.go(this.videos[side]!)));
    if (turn === this.turn) requestAnimationFrame(() => this.tick(turn));
  }

  private async go(video: HTMLVideoElement): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return;
      video.muted = true;
      this.soundRefused();
      await video.play().catch(() => undefined);
    }
  }

  private tick(turn: number): void {
    if (turn !== this.turn) return;
    const leader = this.leader();
    const video = leader && this.videos[leader];
    if (!leader || !video) return this.pause();
    this.time = Math.min(video.currentTime, this.clock.total);
    const { start, end } = this.bounds();
    if (video.ended || this.time >= end - 0.005) {
      if (this.range || this.loopAll) {
        this.time = start;
        this.report(start, true);
        return void this.start();
      }
      this.time = end;
      this.stop();
      return this.place();
    }
    this.report(this.time, true);
    this.follow(leader, otherSide(leader));
    requestAnimationFrame(() => this.tick(turn));
  }

  private follow(leader: Side, side: Side): void {
    const video = this.videos[side];
    if (!video || video.ended || this.time >= this.clock.duration(side)) return this.release();
    const drift = video.currentTime - this.time;
    if (this.waiting) {
      if (this.waiting === side ? drift < 0.01 : drift > -0.01) this.release();
      return;
    }
    if (Math.abs(drift) > LOST * Math.max(1, this.rate)) {
      const now = performance.now();
      if (now - this.resyncedAt < 1000) return;
      this.resyncedAt = now;
      return void this.start();
    }
    if (Math.abs(drift) > AHEAD * Math.max(1, this.rate)) {
      this.waiting = drift > 0 ? side : leader;
      return this.videos[this.waiting]?.pause();
    }
    // A side that is heard is left alone longer: a change of rate can be heard.
    const still = video.muted ? 0.006 : 0.03;
    const pull = Math.abs(drift) < still ? 0 : Math.max(-MOST_PULL, Math.min(MOST_PULL, drift * PULL));
    const rate = this.rate * (1 - pull);
    if (Math.abs(video.playbackRate - rate) > 0.004) video.playbackRate = rate;
  }

  private release(): void {
    const video = this.waiting && this.videos[this.waiting];
    this.waiting = undefined;
    if (video && !video.ended) void video.play().catch(() => undefined);
  }

  private onVisibility(): void {
    if (!this.wanted) return;
    if (!document.hidden) return void this.start();
    this.turn++;
    this.hold();
  }
}

/** Seeks one video; while it seeks only the latest wish is kept, so scrubbing never queues. */
class Seeker {
  private goal: number | undefined;
  private busy: Promise<void> | undefined;

  constructor(private readonly video?: HTMLVideoElement) {}

  /** Resolves when the video stands at the latest goal, or cannot. */
  to(time: number): Promise<void> {
    const video = this.video;
    if (!video || video.readyState < HTMLMediaElement.HAVE_METADATA) return Promise.resolve();
    if (!this.busy && Math.abs(video.currentTime - time) < 1e-4) return Promise.resolve();
    this.goal = time;
    this.busy ??= this.run(video).finally(() => (this.busy = undefined));
    return this.busy;
  }

  private async run(video: HTMLVideoElement): Promise<void> {
    while (this.goal !== undefined) {
      const goal = this.goal;
      this.goal = undefined;
      await new Promise<void>((resolve) => {
        const events = ['seeked', 'error', 'emptied', 'abort'];
        const done = () => {
          for (const e of events) video.removeEventListener(e, done);
          resolve();
        };
        for (const e of events) video.addEventListener(e, done);
        video.currentTime = goal;
      });
    }
  }
}
