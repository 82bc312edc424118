import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { l10n } from 'vscode';
import type { Choice } from '../../core/pair';
import { toProblem } from '../../core/problem';
import type { Dimension } from '../../core/rubric';
import type { Vote } from '../../core/vote';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type { RecordHome } from '../record';
import type { PanelEvent, PanelModel } from './model';
import { nextVote, ownVotes, withdrawal } from './votes';

export interface VotingContext {
  engine(): Engine;
  model(): PanelModel;
  home(): RecordHome | null;
  created(home: RecordHome): void;
  reviewer(): string;
  dispatch(event: PanelEvent): void;
  log: Log;
}

/** The reviewer's word on the pair: loaded once the contents are known, appended at every change. */
export class Voting {
  private loadedFor = '';
  private waiting: [of: 'overall' | Dimension, choice: Choice | null][] = [];
  private disposed = false;

  constructor(private readonly context: VotingContext) {}

  /** To be called whenever the model has changed. */
  update(): void {
    const { A, B } = this.context.model().clips;
    if (!A.clip || !B.clip) return;
    const key = `${A.clip.hash}:${B.clip.hash}`;
    if (key === this.loadedFor) return;
    this.loadedFor = key;
    void this.load(A.clip.hash, B.clip.hash);
  }

  async vote(of: 'overall' | Dimension, choice: Choice | null): Promise<void> {
    const model = this.context.model();
    const { A, B } = model.clips;
    if (!A.clip || !B.clip) {
      this.waiting.push([of, choice]);
      this.context.dispatch({ type: 'notice', notice: { kind: 'voteWaiting' } });
      return;
    }
    await this.append(nextVote(model, { A: A.clip, B: B.clip }, of, choice, this.stamp()));
  }

  async undo(): Promise<void> {
    const vote = withdrawal(this.context.model(), this.stamp());
    if (vote) await this.append(vote);
  }

  dispose(): void {
    this.disposed = true;
  }

  private async load(hashA: string, hashB: string): Promise<void> {
    const home = this.context.home();
    try {
      const found = home ? (await this.context.engine().votes(home.dir, [hashA, hashB])).votes : [];
      if (this.disposed) return;
      const own = ownVotes(found, this.context.reviewer(), hashA);
      const cast = this.context.model().votes.filter((v) => v.a.hash === hashA && v.b.hash === hashB);
      const ids = new Set(own.map((v) => v.id));
      this.context.dispatch({ type: 'votes', votes: [...own, ...cast.filter((v) => !ids.has(v.id))] });
    } catch (error) {
      if (!this.disposed)
        this.notice(l10n.t('Earlier votes could not be read: {0}', toProblem(error).message));
    }
    const waiting = this.waiting;
    this.waiting = [];
    for (const [of, choice] of waiting) if (!this.disposed) await this.vote(of, choice);
  }

  /** Shown at once: a vote that could not be kept says so. */
  private async append(vote: Vote): Promise<void> {
    const home = this.context.home();
    this.context.dispatch({ type: 'voted', vote });
    if (!home)
      return this.notice(l10n.t('No record is kept (aesrm.record.location): the vote ends with this panel.'));
    try {
      const { logCreated } = await this.context.engine().appendVote({ logDir: home.dir, vote });
      if (logCreated) this.context.created(home);
      this.context.log(
        'info',
        `${vote.withdrawn ? 'vote withdrawn' : 'vote'} ${vote.id} kept in ${home.dir}`,
      );
    } catch (error) {
      if (!this.disposed) this.notice(l10n.t('The vote could not be kept: {0}', toProblem(error).message));
    }
  }

  private notice(text: string): void {
    this.context.dispatch({ type: 'notice', notice: { kind: 'text', text } });
  }

  private stamp() {
    return { id: randomUUID(), at: new Date().toISOString(), by: this.context.reviewer() };
  }
}

/** The name under which this user's votes are kept. */
export function reviewerName(setting: string): string {
  if (setting !== '') return setting;
  try {
    return userInfo().username;
  } catch {
    return 'reviewer';
  }
}
