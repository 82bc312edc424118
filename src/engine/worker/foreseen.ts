import type { CompareResult } from '../../protocol/engine';

/** More pairs than a reader can step to. */
const MOST = 32;

type Answer = Pick<CompareResult, 'verdict' | 'measures'>;

/** Answers that were made before they were asked for; none of them is in a log. */
export class Foreseen {
  private readonly answers = new Map<string, Answer>();

  put(key: string, answer: Answer): void {
    this.answers.delete(key);
    this.answers.set(key, answer);
    const [oldest] = this.answers.keys();
    if (this.answers.size > MOST && oldest !== undefined) this.answers.delete(oldest);
  }

  /** The answer, which is asked for now: the next call knows none. */
  take(key: string): Answer | undefined {
    const answer = this.answers.get(key);
    this.answers.delete(key);
    return answer;
  }
}
