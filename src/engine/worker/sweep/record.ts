import { ProblemError, toProblem, type Problem } from '../../../core/problem';
import type { Verdict } from '../../../core/verdict';
import type { SweepState, SweepTarget } from '../../../protocol/sweep';
import type { Cursor } from '../../log/index';
import type { VerdictIdentity } from '../../log/lines';
import type { RowBlock, RowsIdentity } from '../../log/sweepRows';
import type { Session } from '../session';

/** Blocks that were not read yet, in log order; `anew`: they are all there are, and earlier ones count no more. */
export interface NewRows {
  blocks: RowBlock[];
  anew: boolean;
}

const IMPORTED = 'Some of the verdicts in the record were made on another machine.';

/** The rows of one sweep's record: where they are asked to be, or where they can be. */
export class SweepRecord {
  private dir: string | null;
  private trouble: Problem | undefined;
  private readonly cursors = new Map<string, Cursor>();
  /** Places that hold rows of this judge. */
  private readonly holding = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();
  private isImported = false;
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
    const { dir, created, trouble } = this;
    return { dir: trouble ? dir : this.heldBy, created, ...(trouble ? { problem: trouble } : {}) };
  }

  /** Sentences on what could not be read, and on what this machine did not make. */
  get notes(): string[] {
    const unread = this.places.flatMap((dir) => this.session.unread(dir, 'rows').text ?? []);
    return this.isImported ? [...unread, IMPORTED] : unread;
  }

  /** One look at a time: each takes up where the one before ended. */
  readNew(): Promise<NewRows> {
    const next = this.turn.then(() => this.readNow()).then((rows) => this.seen(rows));
    this.turn = next.catch(() => undefined);
    return next;
  }

  /** Keeps blocks, in the other place where the first cannot be written; says whether they are kept. A full disk is the caller's to tell. */
  append(blocks: readonly RowBlock[]): Promise<boolean> {
    return this.keep(async (dir, machine) =>
      this.session.logsOf(dir).rows.append(blocks, this.identity, machine),
    );
  }

  /** Keeps a whole verdict beside the rows, in the same way. */
  keepVerdict(verdict: Verdict): Promise<boolean> {
    return this.keep((dir, machine) => this.session.logsOf(dir).verdicts.append(verdict, machine));
  }

  /** The latest verdict of a pair that the record has, in either place. */
  async findVerdict(identity: VerdictIdentity): Promise<Verdict | undefined> {
    const found = await Promise.all(
      this.places.map((dir) => this.session.logsOf(dir).verdicts.find(identity)),
    );
    return found
      .flatMap((logged) => logged?.verdict ?? [])
      .sort((x, y) => (x.at < y.at ? -1 : 1))
      .at(-1);
  }

  private async keep(
    write: (dir: string, machine: string) => Promise<{ created: boolean }>,
  ): Promise<boolean> {
    const { dir } = this;
    if (dir === null) return false;
    try {
      const { created } = await write(dir, await this.session.machine());
      this.created ||= created;
      return true;
    } catch (error) {
      if (!ProblemError.is(error, 'logUnwritable')) throw error;
      const { fallbackLogDir } = this.target;
      // Another prompt's blocks may have found out meanwhile.
      if (this.dir === dir) {
        this.trouble = toProblem(error);
        this.dir = fallbackLogDir === undefined || dir === fallbackLogDir ? null : fallbackLogDir;
      }
      return this.keep(write);
    }
  }

  /** Where the rows are while none was refused: all of them may have gone to the other place in an earlier run. */
  private get heldBy(): string | null {
    const { logDir, fallbackLogDir } = this.target;
    if (logDir === null || fallbackLogDir === undefined || this.holding.has(logDir)) return logDir;
    return this.holding.has(fallbackLogDir) ? fallbackLogDir : logDir;
  }

  /** Where rows may lie, the place for when the first cannot be written among them. */
  private get places(): string[] {
    const { logDir, fallbackLogDir } = this.target;
    return logDir === null ? [] : [...new Set([fallbackLogDir ?? logDir, logDir])];
  }

  private async seen(rows: NewRows): Promise<NewRows> {
    const here = await this.session.machine();
    const imported = rows.blocks.some(({ machine }) => machine !== here);
    this.isImported = imported || (this.isImported && !rows.anew);
    return rows;
  }

  private async readNow(): Promise<NewRows> {
    const read = async (dir: string, from: Cursor | undefined) => {
      const { found, cursor, anew } = await this.session.logsOf(dir).rows.since(this.identity, from);
      this.cursors.set(dir, cursor);
      if (found.length > 0) this.holding.add(dir);
      return { found, anew };
    };
    const parts = [];
    for (const dir of this.places) parts.push(await read(dir, this.cursors.get(dir)));
    if (!parts.some(({ anew }) => anew)) return { blocks: parts.flatMap(({ found }) => found), anew: false };
    const blocks = [];
    for (const dir of this.places) blocks.push(...(await read(dir, undefined)).found);
    return { blocks, anew: true };
  }
}
