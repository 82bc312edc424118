import type { ChainOptions } from '../../../core/chain/options';
import type { Usage } from '../../../core/verdict';
import type { Estimate } from '../../judge';

/** Before anything was asked: seconds of one answer, by mode. */
const GUESS = { chain: 20, base: 2 } as const;

/** How long pairs take and what they cost, learned from those that were judged. */
export class Pace {
  private pairs = 0;
  private seconds = 0;
  private tokens = 0;

  constructor(
    private readonly options: ChainOptions,
    private readonly pairsAtOnce: number,
  ) {}

  note(seconds: number, { promptTokens = 0, completionTokens = 0 }: Usage): void {
    this.pairs++;
    this.seconds += seconds;
    this.tokens += promptTokens + completionTokens;
  }

  estimate(pairs: number): Estimate {
    const { mode, samples } = this.options;
    const each = this.pairs > 0 ? this.seconds / this.pairs : 2 * samples * GUESS[mode];
    const tokens = this.pairs > 0 ? Math.round((this.tokens / this.pairs) * pairs) : 0;
    return { seconds: (each * pairs) / this.pairsAtOnce, ...(tokens > 0 ? { tokens } : {}) };
  }
}
