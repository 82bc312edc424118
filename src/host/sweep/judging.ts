import type { Uri } from 'vscode';
import type { SweepProgress, SweepState, SweepTarget } from '../../protocol/sweep';
import { readSettings } from '../settings';
import type { SessionServices } from './services';

/** How a run can be asked to end. */
export type Ends = 'paused' | 'stopped';
/** How it did. */
export type Ending = { state: SweepState } | { asked: Ends } | { error: unknown };

interface Running {
  stop: AbortController;
  ends: Ends;
  done: Promise<void>;
}

/** The engine's run over one sweep: one at a time. */
export class Judging {
  private running: Running | undefined;

  constructor(
    private readonly root: Uri,
    private readonly services: SessionServices,
    private readonly onStep: (step: SweepProgress) => void,
    private readonly onEnd: (ending: Ending) => void,
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** `retryBroken`: clips that were left out are tried again. */
  begin(target: SweepTarget, retryBroken: boolean): void {
    const running: Running = { stop: new AbortController(), ends: 'stopped', done: Promise.resolve() };
    this.running = running;
    running.done = this.run(running, target, retryBroken).then((ending) => {
      this.running = undefined;
      this.onEnd(ending);
    });
  }

  /** Ends the run and waits until it has. */
  async interrupt(ends: Ends): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.ends = ends;
    running.stop.abort();
    await running.done;
  }

  private async run(running: Running, target: SweepTarget, retryBroken: boolean): Promise<Ending> {
    const { engine, record } = this.services;
    const { signal } = running.stop;
    let told = false;
    try {
      const home = record.homeOf(this.root);
      const watch = readSettings(this.root).sweepWatch;
      const onProgress = (step: SweepProgress) => {
        this.onStep(step);
        if (told || !home || !step.state?.kept.created) return;
        told = true;
        void record.kept(home, 'verdict', true);
      };
      const params = { sweep: target, watch, retryBroken };
      return { state: await engine.get().sweepRun(params, { signal, onProgress }) };
    } catch (error) {
      return signal.aborted ? { asked: running.ends } : { error };
    }
  }
}
