import { ProblemError } from '../../core/problem';
import { mergeVotes, type Vote } from '../../core/vote';
import type { EngineMethods, KeptVote, VoteParams, VotePlaces } from '../../protocol/engine';
import type { Session } from './session';

/** Where votes may lie: those of a record that could not be written count like its own. */
export function votePlaces({ logDir, fallbackLogDir }: VotePlaces): string[] {
  return [...new Set([logDir, fallbackLogDir ?? logDir])];
}

/** Keeps a vote, in the other place where the first cannot be written. A full disk is the caller's to tell. */
export async function keepVote(session: Session, { vote, ...places }: VoteParams): Promise<KeptVote> {
  const append = async (dir: string) =>
    (await session.logsOf(dir).votes.append(vote, await session.machine())).created;
  const [dir, other] = votePlaces(places);
  try {
    return { logCreated: await append(dir!) };
  } catch (error) {
    if (other === undefined || !ProblemError.is(error, 'logUnwritable')) throw error;
    return { logCreated: await append(other), elsewhere: { dir: other, problem: error.problem } };
  }
}

/** The votes of the unordered pair, and what of them could not be read. */
export async function votesOfPair(
  session: Session,
  { hashes, ...places }: VotePlaces & { hashes: [string, string] },
): Promise<EngineMethods['votes']['result']> {
  const dirs = votePlaces(places);
  const records: Vote[][] = [];
  for (const dir of dirs) records.push(await session.logsOf(dir).votes.find(hashes));
  const notes = dirs.flatMap((dir) => session.unread(dir, 'votes').text ?? []);
  return { votes: mergeVotes(records), ...(notes.length === 0 ? {} : { notes }) };
}
