import { toProblem } from '../../core/problem';
import type { OpenedSweep, SweepTarget } from '../../protocol/sweep';
import type { SessionServices } from './services';

/** Reads prompts that only the clips themselves tell, behind the sweep's opening; a new reading ends the one before. */
export class PromptReading {
  private stop = new AbortController();

  constructor(
    private readonly services: SessionServices,
    private readonly onFound: (found: OpenedSweep) => void,
  ) {}

  end(): void {
    this.stop.abort();
  }

  async begin(target: SweepTarget, gone: AbortSignal): Promise<void> {
    this.end();
    const stop = (this.stop = new AbortController());
    const signal = AbortSignal.any([gone, stop.signal]);
    try {
      const found = await this.services.engine.get().sweepPrompts(target, { signal });
      if (found && !signal.aborted) this.onFound(found);
    } catch (error) {
      if (!signal.aborted) this.services.log('warn', toProblem(error).message);
    }
  }
}
