import type { SweepProgress, SweepStage, SweepState } from '../../../protocol/sweep';
import { Pace } from './pace';
import { stateOf } from './state';
import type { Sweep } from './sweep';

/** What a run says of itself while it lasts: how far it is often, the whole state now and then. */
export class Telling {
  readonly pace = new Pace();
  stage: SweepStage = 'scanning';
  private sentRevision = 0;

  constructor(
    private readonly sweep: Sweep,
    private readonly progress: (step: SweepProgress) => void,
  ) {}

  /** Progress without a state. */
  quick(): void {
    const { total, done, broken, pairs, judged } = this.sweep.counted();
    this.progress({
      stage: this.stage,
      clips: { done, total, broken },
      pairs: { done: judged, total: pairs },
      ...this.outlook(),
    });
  }

  /** A sign of life, unless there was one just now. */
  tick(): void {
    this.pace.tick(() => this.quick());
  }

  /** Something is done: tells the whole state where it is time for one, or at once where `now`. */
  async step(stage: SweepStage = 'working', now = false): Promise<void> {
    this.stage = stage;
    if (now || this.pace.isTimeForState()) await this.whole(stage);
    else this.tick();
  }

  /** Tells the whole state, and gives it back. */
  async whole(stage: SweepStage): Promise<SweepState> {
    const { sweep } = this;
    this.stage = stage;
    const state = await this.pace.timed(() => stateOf(sweep));
    const { clips, pairs } = state;
    const fresh = sweep.revision !== this.sentRevision;
    this.sentRevision = sweep.revision;
    this.progress({
      stage,
      clips: { done: clips.encoded, total: clips.total, broken: state.broken.length },
      pairs: { done: pairs.judged, total: pairs.total },
      ...this.outlook(),
      ...(fresh ? { grid: { revision: sweep.revision, grid: sweep.grid! } } : {}),
      state,
    });
    return state;
  }

  private outlook(): Pick<SweepProgress, 'rate' | 'secondsLeft'> {
    const { rate, ...outlook } = this.pace.outlook(this.sweep.left);
    // The rate that is shown is of clips.
    return this.sweep.desk || rate === undefined ? outlook : { rate, ...outlook };
  }

  /** Remembers how fast this machine was. */
  keepRate(): Promise<void> {
    const { count, seconds } = this.pace.done;
    return this.sweep.rates.keep(this.sweep.judge.hash, count, seconds);
  }
}
