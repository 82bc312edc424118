import { join } from 'node:path';
import type { Problem } from '../../core/problem';
import { VERDICT_FORMAT, type Verdict } from '../../core/verdict';
import { decodeVerdict } from '../../core/verdictDecode';
import { appendLine } from './append';
import { LogIndex, type Skipped } from './index';
import { identityOf, keyReader, parseLine, toLine, verdictKey, type VerdictIdentity } from './lines';

export interface LoggedVerdict {
  verdict: Verdict;
  /** The id of the machine that it was made on; undefined where the line does not say. */
  machine: string | undefined;
}

const keyOfLine = keyReader(VERDICT_FORMAT, (record) => verdictKey(identityOf(decodeVerdict(record))));

/** The verdicts of one log folder. */
export class VerdictLog {
  private readonly file: string;
  private readonly index: LogIndex;

  constructor(dir: string) {
    this.file = join(dir, 'verdicts.jsonl');
    this.index = new LogIndex(this.file, keyOfLine);
  }

  get trouble(): Skipped | undefined {
    return this.index.trouble;
  }

  /** Why the file is not read, where it is no log of its own. */
  get refusal(): Problem | undefined {
    return this.index.refusal;
  }

  /** The latest verdict of the pair, in the order in which it was made. */
  async find(identity: VerdictIdentity): Promise<LoggedVerdict | undefined> {
    const key = verdictKey(identity);
    const [found] = await this.index.find(key, (line) => read(line, key), true);
    return found;
  }

  /** What `use` makes of every verdict, in log order. */
  all<T extends object>(use: (logged: LoggedVerdict) => T): Promise<T[]> {
    return this.index.all((line, key) => {
      const logged = read(line, key);
      return logged && use(logged);
    });
  }

  append(verdict: Verdict, machine: string): Promise<{ created: boolean }> {
    return appendLine(this.file, toLine(verdict, machine, verdictKey(identityOf(verdict))));
  }
}

function read(line: string, key: string): LoggedVerdict | undefined {
  try {
    const record = parseLine(line);
    const verdict = decodeVerdict(record);
    if (verdictKey(identityOf(verdict)) !== key) return undefined;
    return { verdict, machine: typeof record.machine === 'string' ? record.machine : undefined };
  } catch {
    return undefined;
  }
}
