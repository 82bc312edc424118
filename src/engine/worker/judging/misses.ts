import { ProblemError, toProblem, type Problem } from '../../../core/problem';

/** So many in a row, and of different kinds of question, are no accident. */
const MOST_KINDS = 5;
/** The same of a judge that has not answered anything yet. */
const MOST_UNREAD = 5;
/** So many in a row are none, whatever they were about. */
const MOST = 100;

/**
 * Pairs that a judge has no answer to, in work on many: others need not suffer from an answer that cannot be read, or
 * from a question that no server takes, as long as there are few of them.
 */
export class Misses {
  private readonly kinds = new Set<string>();
  private row = 0;
  private hasAnswered = false;

  answered(): void {
    this.hasAnswered = true;
    this.row = 0;
    this.kinds.clear();
  }

  /** @param kind what the question has in common with others, such as its prompt
   *  @returns why this pair is left out; throws what is not due to the pair, or has happened too often */
  excuse(error: unknown, kind: string): Problem {
    const isUnread = ProblemError.is(error, 'answerUnread');
    if (!isUnread && !ProblemError.is(error, 'questionRefused')) throw error;
    this.row++;
    this.kinds.add(kind);
    const isDumb = isUnread && !this.hasAnswered && this.row > MOST_UNREAD;
    if (isDumb || this.kinds.size > MOST_KINDS || this.row > MOST) throw error;
    // Of many pairs, the words would be kept as often.
    const { raw: _, ...told } = toProblem(error);
    return told;
  }
}
