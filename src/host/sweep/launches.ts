import type { SweepTarget } from '../../protocol/sweep';

export interface LaunchPorts {
  /** It is to run, and does not yet. */
  isDue(): boolean;
  target(): SweepTarget;
  /** May ask a person, who takes a while. */
  isAgreed(target: SweepTarget): Promise<boolean>;
  begin(target: SweepTarget, retryBroken: boolean): void;
  onRefused(): void;
  onFailed(error: unknown): void;
}

/** The launches of a sweep's runs: one at a time, which whoever wants another meanwhile waits for. */
export class Launches {
  private pending: Promise<void> | undefined;
  private retry = false;

  constructor(private readonly ports: LaunchPorts) {}

  /** Clips that were left out are tried again by the run that begins next, one that waits for a person's word too. */
  retryBroken(): void {
    this.retry = true;
  }

  launch(): Promise<void> {
    return (this.pending ??= this.now().finally(() => (this.pending = undefined)));
  }

  private async now(): Promise<void> {
    const { ports } = this;
    try {
      while (ports.isDue()) {
        const target = ports.target();
        const isAgreed = await ports.isAgreed(target);
        // Meanwhile it may have been paused, or corrected: then what was agreed to was something else.
        if (!ports.isDue()) return;
        if (JSON.stringify(target) !== JSON.stringify(ports.target())) continue;
        return isAgreed ? this.begin(target) : ports.onRefused();
      }
    } catch (error) {
      ports.onFailed(error);
    }
  }

  private begin(target: SweepTarget): void {
    const { retry } = this;
    this.retry = false;
    this.ports.begin(target, retry);
  }
}
