import { randomInt, randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { workspace, type Uri, type Webview } from 'vscode';
import { otherSide, type Choice, type Side } from '../../core/pair';
import { toProblem } from '../../core/problem';
import type { Dimension } from '../../core/rubric';
import type { Log } from '../../engine/supervisor';
import type { ClipRequest } from '../../protocol/engine';
import type { EngineHost } from '../engineHost';
import type { JudgeKeeper } from '../judges/keeper';
import type { RecordHome, RecordKeeper } from '../record';
import { readSettings } from '../settings';
import { votingTexts } from '../texts';
import type { BlindLinks } from './blindLinks';
import { ClipMedia } from './clipMedia';
import { Judging } from './judging';
import { isHidden, newModel, reduce, type ClipNames, type PanelEvent, type PanelModel } from './model';
import { Voting, reviewerName } from './voting';

export type ClipPair = Record<Side, Uri>;

export interface PanelServices {
  engine: EngineHost;
  record: RecordKeeper;
  judges: JudgeKeeper;
  log: Log;
  showLog(): void;
}

export interface ComparisonContext {
  webview: Webview;
  links: BlindLinks;
  services: PanelServices;
  /** The model has changed by this. */
  changed(comparison: Comparison, event: PanelEvent): void;
}

export const SIDES = ['A', 'B'] as const;

/** One pair of clips: what plays, what the judge says, what the reader votes. */
export class Comparison {
  /** Tells it from the panel's others, and nothing of its clips. */
  readonly id = randomUUID();
  private current: PanelModel;
  private ready: Promise<unknown> | undefined;
  /** It was judged before it was asked for: the verdict is in no record yet. */
  private foreseen = false;
  /** Its verdict is of a judge that is asked no more. */
  private isOthers = false;
  /** And the one that is has not been asked yet. */
  private isUnasked = false;
  private disposed = false;
  private readonly media: Record<Side, ClipMedia>;
  private readonly judging: Judging;
  private readonly voting: Voting;

  /** @param prompt what the clips were made from, so far as that is known */
  constructor(
    readonly pair: ClipPair,
    private readonly context: ComparisonContext,
    prompt: () => string | undefined,
  ) {
    const { services, webview, links } = context;
    this.current = newModel({ A: namesOf(pair.A), B: namesOf(pair.B) });
    const parts = {
      engine: () => services.engine.get(),
      dispatch: (event: PanelEvent) => this.dispatch(event),
      home: () => services.record.homeOf(pair.A),
      judge: () => services.judges.spec(),
      kept: (home: RecordHome, what: 'verdict' | 'vote', created: boolean) =>
        this.unwatched(services.record.kept(home, what, created)),
      log: services.log,
    };
    const media = (side: Side) => new ClipMedia(side, pair[side], { ...parts, webview, links });
    this.media = { A: media('A'), B: media('B') };
    this.judging = new Judging({ ...parts, clips: { A: requestOf(pair.A), B: requestOf(pair.B) }, prompt });
    this.voting = new Voting({
      ...parts,
      model: () => this.current,
      texts: votingTexts,
      reviewer: () => reviewerName(readSettings(pair.A).reviewer),
    });
  }

  get model(): PanelModel {
    return this.current;
  }

  /** What its clips play as, so far as that is known and may be told: while they are hidden, in no order. */
  get uris(): string[] {
    const hidden = isHidden(this.current);
    const uris = SIDES.flatMap((side) => {
      const { media } = this.current.clips[side];
      if (media.kind === 'video' && hidden && !media.neutral) return [];
      return media.kind === 'video' || media.kind === 'proxy' ? [media.uri] : [];
    });
    return hidden ? uris.sort() : uris;
  }

  /** The reader has voted, and the clips are still being read for it. */
  get hasVoteWaiting(): boolean {
    const { phase } = this.current;
    return this.voting.isWaiting && (phase === 'measuring' || phase === 'judging');
  }

  /** Makes its clips ready to play; judges nothing. */
  prepare(): Promise<unknown> {
    return (this.ready ??= Promise.all(SIDES.map((side) => this.media[side].show())));
  }

  /** It is in front from now on: what is not known of it yet is found out. */
  begin(): void {
    const seen = this.ready !== undefined;
    this.unwatched(this.prepare());
    if (seen) this.check();
    const { phase, clips } = this.current;
    const isStale = this.isOthers || (this.foreseen && SIDES.some((side) => clips[side].changed));
    if (phase !== 'done' || isStale) this.unwatched(this.judge());
    else if (this.foreseen) this.unwatched(this.judging.run(false, { quiet: true }));
    this.foreseen = this.isUnasked = false;
  }

  /** Judges ahead, so that a step shows the whole. */
  async foresee(): Promise<void> {
    if (this.current.phase === 'done' || this.hasVoteWaiting) return;
    this.foreseen = await this.judging.foresee();
    await this.readJudge();
  }

  /** It is no longer in front; what a vote waits for goes on. */
  leave(): void {
    if (this.current.phase !== 'done' && !this.hasVoteWaiting) this.judging.cancel();
  }

  /** Looks whether the files are still the ones that are shown. */
  check(quiet = false): void {
    for (const side of SIDES) this.unwatched(this.media[side].check({ quiet }));
  }

  /** Another judge is asked from now on: what it says takes the place of the verdict before, at the latest in front. */
  judgeChanged(inFront: boolean): void {
    this.foreseen = false;
    this.isOthers = true;
    this.dispatch({ type: 'judge', judge: undefined });
    this.isUnasked = true;
    if (inFront) this.begin();
    else if (!this.hasVoteWaiting) this.judging.cancel();
  }

  /** The reader sees it again: a judge that was chosen meanwhile is asked. */
  catchUp(): void {
    if (this.isUnasked) this.begin();
  }

  rejudge(): void {
    this.unwatched(this.judging.run(true));
    this.check(true);
  }

  cancel(): void {
    this.judging.cancel();
  }

  swap(): void {
    this.dispatch({ type: 'swap' });
  }

  setBlind(on: boolean): void {
    this.dispatch({ type: 'blind', on, swapped: randomInt(2) === 1 });
  }

  vote(of: 'overall' | Dimension, choice: Choice | null): Promise<void> {
    return this.voting.vote(of, choice);
  }

  undoVote(): Promise<void> {
    return this.voting.undo();
  }

  /** The page could not play what it was given for that side, as it sees the sides. */
  unplayable(side: Side, uri: string): Promise<void> {
    return this.media[this.seen(side)].unplayable(uri);
  }

  /** The same, for whichever clip was to play under it. */
  async unplayableAhead(uri: string): Promise<void> {
    await Promise.all(SIDES.map((side) => this.media[side].unplayable(uri)));
  }

  /** The clip on a side as the reader sees the sides. */
  clip(side: Side): Uri {
    return this.pair[this.seen(side)];
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const part of [this.judging, this.voting, this.media.A, this.media.B]) part.dispose();
  }

  private seen(side: Side): Side {
    return this.current.swapped ? otherSide(side) : side;
  }

  private async judge(): Promise<void> {
    const judged = this.judging.run(false);
    await this.readJudge();
    await judged;
  }

  private async readJudge(): Promise<void> {
    if (this.current.judge) return;
    try {
      const { engine, judges } = this.context.services;
      const { judge } = await engine.get().status(judges.spec());
      if (!('problem' in judge)) this.dispatch({ type: 'judge', judge });
    } catch (error) {
      this.context.services.log('warn', toProblem(error).message);
    }
  }

  private dispatch(event: PanelEvent): void {
    if (this.disposed) return;
    this.current = reduce(this.current, event);
    if (event.type === 'judged') this.isOthers = false;
    this.voting.update();
    this.context.changed(this, event);
    const hidden = isHidden(this.current);
    for (const side of SIDES) this.media[side].setHidden(hidden);
  }

  /** Runs what nobody waits for: what goes wrong with it is in the log. */
  private unwatched(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => this.context.services.log('error', toProblem(error).message));
  }
}

export function namesOf(clip: Uri): ClipNames {
  const relative = workspace.asRelativePath(clip, false);
  const name = basename(clip.fsPath);
  const folder = relative === name ? '' : relative.slice(0, relative.length - name.length - 1);
  return { name, folder, uri: clip.toString(), paths: [clip.fsPath, relative] };
}

/** The record calls a clip by its path in the workspace folder; one outside keeps its whole path. */
function requestOf(clip: Uri): ClipRequest {
  return { path: clip.fsPath, name: workspace.asRelativePath(clip, false).replaceAll('\\', '/') };
}
