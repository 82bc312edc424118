import { join } from 'node:path';
import type { Problem } from '../../core/problem';
import { decodeVote, mirrorVote, VOTE_FORMAT, type Vote } from '../../core/vote';
import { appendLine } from './append';
import { LogIndex, type Skipped } from './index';
import { keyReader, parseLine, toLine, votesKey } from './lines';

const hashesOf = ({ a, b }: Vote): [string, string] => [a.hash, b.hash];
const keyOfLine = keyReader(VOTE_FORMAT, (record) => votesKey(hashesOf(decodeVote(record))));

/** The votes of one log folder. */
export class VoteLog {
  private readonly file: string;
  private readonly index: LogIndex;

  constructor(dir: string) {
    this.file = join(dir, 'votes.jsonl');
    this.index = new LogIndex(this.file, keyOfLine);
  }

  get trouble(): Skipped | undefined {
    return this.index.trouble;
  }

  /** Why the file is not read, where it is no log of its own. */
  get refusal(): Problem | undefined {
    return this.index.refusal;
  }

  /** Votes of the unordered pair, in log order, each as seen with the first clip as A. */
  async find(hashes: [string, string]): Promise<Vote[]> {
    const key = votesKey(hashes);
    const votes = await this.index.find(key, (line) => read(line, key));
    // A vote that was sent again, because nobody heard that it was kept, stands here twice.
    const once = new Map(votes.toReversed().map((vote) => [vote.id, vote]));
    return votes
      .filter((vote) => once.get(vote.id) === vote)
      .map((vote) => (vote.a.hash === hashes[0] ? vote : mirrorVote(vote)));
  }

  /** Every vote, in log order; one that was sent again counts once. */
  async all(): Promise<Vote[]> {
    const votes = await this.index.all(read);
    return [...new Map(votes.map((vote) => [vote.id, vote])).values()];
  }

  append(vote: Vote, machine: string): Promise<{ created: boolean }> {
    return appendLine(this.file, toLine(vote, machine, votesKey(hashesOf(vote))));
  }
}

function read(line: string, key: string): Vote | undefined {
  try {
    const vote = decodeVote(parseLine(line));
    return votesKey(hashesOf(vote)) === key ? vote : undefined;
  } catch {
    return undefined;
  }
}
