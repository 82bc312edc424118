import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Choice } from '../../core/pair';
import { toProblem } from '../../core/problem';
import type { Dimension } from '../../core/rubric';
import type { Vote } from '../../core/vote';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import type { VotePlaces } from '../../protocol/engine';
import type { RecordHome } from '../record';
import type { PanelEvent, PanelModel } from './model';
import type { VotingTexts } from './texts';
import { nextVote, ownVotes, withdrawal } from './votes';

export interface VotingContext {
  engine(): Engine;
  model(): PanelModel;
  home(): RecordHome | null;
  kept(home: RecordHome, what: 'vote', created: boolean): void;
  reviewer(): string;
  dispatch(event: PanelEvent): void;
  texts: VotingTexts;
  log: Log;
}

/** The reviewer's word on the pair: loaded once the contents are known, appended at every change. */
export class Voting {
  private loadedFor = '';
  /** Runs while the record is being read: a vote must know the one that it takes the place of. */
  private loading: Promise<void> | undefined;
  private waiting: [of: 'overall' | Dimension, choice: Choice | null][] = [];
  private disposed = false;

  constructor(private readonly context: VotingContext) {}

  /** To be called whenever the model has changed. */
  update(): void {
    const { A, B } = this.context.model().clips;
    const key = A.clip && B.clip ? `${A.clip.hash}:${B.clip.hash}` : '';
    if (key === this.loadedFor) return;
    this.loadedFor = key;
    this.loading = undefined;
    if (!A.clip || !B.clip) return;
    const loading = this.load(A.clip.hash, B.clip.hash, key).finally(() => {
      if (this.loading === loading) this.loading = undefined;
    });
    this.loading = loading;
    void loading.then(() => this.castWaiting());
  }

  /** A vote waits until both clips are known. */
  get isWaiting(): boolean {
    return this.waiting.length > 0;
  }

  async vote(of: 'overall' | Dimension, choice: Choice | null): Promise<void> {
    while (this.loading) await this.loading;
    if (!this.disposed) await this.cast(of, choice);
  }

  private async cast(of: 'overall' | Dimension, choice: Choice | null): Promise<void> {
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
    while (this.loading) await this.loading;
    if (this.disposed) return;
    const vote = withdrawal(this.context.model(), this.stamp());
    if (vote) await this.append(vote);
  }

  dispose(): void {
    this.disposed = true;
  }

  private async load(hashA: string, hashB: string, key: string): Promise<void> {
    try {
      const home = this.context.home();
      const found = home ? (await this.context.engine().votes(placesOf(home), [hashA, hashB])).votes : [];
      if (this.disposed || key !== this.loadedFor) return;
      const own = ownVotes(found, this.context.reviewer(), hashA);
      const cast = this.context.model().votes.filter((v) => v.a.hash === hashA && v.b.hash === hashB);
      const ids = new Set(own.map((v) => v.id));
      this.context.dispatch({ type: 'votes', votes: [...own, ...cast.filter((v) => !ids.has(v.id))] });
    } catch (error) {
      if (!this.disposed && key === this.loadedFor)
        this.notice(this.context.texts.votesUnread(toProblem(error).message));
    }
  }

  private async castWaiting(): Promise<void> {
    const waiting = this.waiting;
    this.waiting = [];
    for (const [of, choice] of waiting) await this.vote(of, choice);
  }

  /** Shown at once: a vote that could not be kept says so. */
  private async append(vote: Vote): Promise<void> {
    const home = this.context.home();
    this.context.dispatch({ type: 'voted', vote });
    if (!home) return this.notice(this.context.texts.noRecord);
    try {
      const { logCreated, elsewhere } = await this.context.engine().appendVote({ ...placesOf(home), vote });
      if (!elsewhere) this.context.kept(home, 'vote', logCreated);
      else if (!this.disposed)
        this.notice(this.context.texts.voteElsewhere(elsewhere.dir, elsewhere.problem.message));
      const dir = elsewhere?.dir ?? home.dir;
      this.context.log('info', `${vote.withdrawn ? 'vote withdrawn' : 'vote'} ${vote.id} kept in ${dir}`);
    } catch (error) {
      if (!this.disposed) this.notice(this.context.texts.voteUnkept(toProblem(error).message));
    }
  }

  private notice(text: string): void {
    this.context.dispatch({ type: 'notice', notice: { kind: 'text', text } });
  }

  private stamp() {
    return { id: randomUUID(), at: new Date().toISOString(), by: this.context.reviewer() };
  }
}

function placesOf({ dir, fallbackDir }: RecordHome): VotePlaces {
  return { logDir: dir, ...(fallbackDir === undefined ? {} : { fallbackLogDir: fallbackDir }) };
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
