import { ProblemError, toProblem, type Problem } from '../../../core/problem';
import type { SweepState, SweepTarget } from '../../../protocol/sweep';
import type { RowBlock, RowsIdentity } from '../../log/sweepRows';
import type { Session } from '../session';

/** The rows of one sweep's record: where they are asked to be, or where they can be. */
export class SweepRecord {
  private dir: string | null;
  private trouble: Problem | undefined;
  private seen = 0;
  /** The record's folder was made for this sweep. */
  created = false;

  constructor(
    private readonly session: Session,
    private readonly target: SweepTarget,
    private readonly identity: RowsIdentity,
  ) {
    this.dir = target.logDir;
  }

  get kept(): SweepState['kept'] {
    return { dir: this.dir, created: this.created, ...(this.trouble ? { problem: this.trouble } : {}) };
  }

  /** Sentences on what could not be read. */
  get notes(): string[] {
    if (this.target.logDir === null) return [];
    const { text } = this.session.unread(this.target.logDir, 'rows');
    return text === undefined ? [] : [text];
  }

  /** Blocks that were not read yet, in log order. */
  async readNew(): Promise<RowBlock[]> {
    const { logDir, fallbackLogDir } = this.target;
    const blocks = await this.blocksOf(logDir);
    if (this.seen === 0 && fallbackLogDir !== undefined && fallbackLogDir !== logDir)
      blocks.unshift(...(await this.blocksOf(fallbackLogDir)));
    const fresh = blocks.slice(this.seen);
    this.seen = blocks.length;
    return fresh;
  }

  /** Keeps blocks; where the place cannot be written, in the other one. A full disk is the caller's to tell. */
  async append(blocks: readonly RowBlock[]): Promise<void> {
    if (this.dir === null) return;
    try {
      await this.appendTo(this.dir, blocks);
    } catch (error) {
      if (!ProblemError.is(error, 'logUnwritable')) throw error;
      const { fallbackLogDir } = this.target;
      this.trouble = toProblem(error);
      this.dir = fallbackLogDir === undefined || this.dir === fallbackLogDir ? null : fallbackLogDir;
      await this.append(blocks);
    }
  }

  private async appendTo(dir: string, blocks: readonly RowBlock[]): Promise<void> {
    const { rows } = this.session.logsOf(dir);
    const { created } = await rows.append(blocks, this.identity, await this.session.machine());
    this.created ||= created;
  }

  private blocksOf(dir: string | null): Promise<RowBlock[]> {
    return dir === null ? Promise.resolve([]) : this.session.logsOf(dir).rows.find(this.identity);
  }
}
