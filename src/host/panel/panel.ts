import { randomInt } from 'node:crypto';
import { basename } from 'node:path';
import { commands, env, l10n, Uri, window, workspace, type Disposable, type WebviewPanel } from 'vscode';
import type { Side } from '../../core/pair';
import { toProblem } from '../../core/problem';
import { verdictMarkdown } from '../../core/markdown';
import type { Log } from '../../engine/supervisor';
import type { ClipRequest } from '../../protocol/engine';
import {
  decodePanelAction,
  type PanelAction,
  type PanelMessage,
  type PanelSnapshot,
} from '../../protocol/panel';
import type { EngineHost } from '../engineHost';
import { pairTitle } from '../pickPair';
import type { RecordHome, RecordKeeper } from '../record';
import { readSettings } from '../settings';
import { panelTexts, votingTexts } from '../texts';
import type { BlindLinks } from './blindLinks';
import { ClipMedia } from './clipMedia';
import { Judging } from './judging';
import {
  isHidden,
  newModel,
  reduce,
  seenSide,
  type ClipNames,
  type PanelEvent,
  type PanelModel,
} from './model';
import { snapshotOf } from './snapshot';
import { Voting, reviewerName } from './voting';

export type ClipPair = Record<Side, Uri>;

export interface PanelServices {
  engine: EngineHost;
  record: RecordKeeper;
  log: Log;
  showLog(): void;
}

/** Snapshots carry the clips' curves: during decoding they are not sent at every frame. */
const PACE_MS = 100;

const SIDES = ['A', 'B'] as const;

/** One open comparison: what the reader does goes in, whole snapshots go out. */
export class ComparePanel {
  private model: PanelModel;
  private revision = 0;
  private listening = false;
  private sending: NodeJS.Timeout | undefined;
  private disposed = false;
  private readonly media: Record<Side, ClipMedia>;
  private readonly judging: Judging;
  private readonly voting: Voting;
  private readonly owned: Disposable[];

  constructor(
    readonly panel: WebviewPanel,
    readonly pair: ClipPair,
    links: BlindLinks,
    private readonly services: PanelServices,
    blind: boolean,
  ) {
    this.model = newModel({ A: namesOf(pair.A), B: namesOf(pair.B) });
    const context = {
      engine: () => services.engine.get(),
      dispatch: (event: PanelEvent) => this.dispatch(event),
      home: () => services.record.homeOf(pair.A),
      kept: (home: RecordHome, what: 'verdict' | 'vote', created: boolean) =>
        this.unwatched(services.record.kept(home, what, created)),
      log: services.log,
    };
    const { webview } = panel;
    const media = (side: Side) => new ClipMedia(side, pair[side], { ...context, webview, links });
    this.media = { A: media('A'), B: media('B') };
    this.judging = new Judging({ ...context, clips: { A: requestOf(pair.A), B: requestOf(pair.B) } });
    this.voting = new Voting({
      ...context,
      model: () => this.model,
      texts: votingTexts,
      reviewer: () => reviewerName(readSettings(pair.A).reviewer),
    });
    this.owned = [this.judging, this.voting, this.media.A, this.media.B, links];
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    panel.onDidChangeViewState(() => (this.listening &&= panel.visible));
    panel.onDidDispose(() => this.dispose());
    if (blind) this.setBlind(true);
    this.unwatched(this.start());
  }

  get snapshot(): PanelSnapshot {
    return snapshotOf(this.model, this.revision, panelTexts);
  }

  rejudge(): void {
    this.unwatched(this.judging.run(true));
    for (const side of SIDES) this.unwatched(this.media[side].check({ quiet: true }));
  }

  swap(): void {
    this.dispatch({ type: 'swap' });
  }

  setBlind(on: boolean): void {
    this.dispatch({ type: 'blind', on, swapped: randomInt(2) === 1 });
  }

  toggleBlind(): void {
    this.setBlind(!this.model.blind.on);
  }

  undoVote(): Promise<void> {
    return this.voting.undo();
  }

  go(to: (PanelMessage & { type: 'go' })['to']): void {
    this.post({ type: 'go', to });
  }

  /** The verdict as it stands on the screen. */
  async copyVerdict(): Promise<void> {
    const { verdict, vote } = this.snapshot;
    if (!verdict) return void window.showInformationMessage(l10n.t('There is no verdict to copy yet.'));
    await env.clipboard.writeText(verdictMarkdown(verdict, vote));
    window.setStatusBarMessage(l10n.t('AesRM: the verdict was copied as Markdown'), 3000);
  }

  /** What the page asked for; everything a page can ask for. */
  async act(action: PanelAction): Promise<void> {
    switch (action.type) {
      case 'ready':
        return this.ready();
      case 'unplayable':
        return this.media[seenSide(this.model, action.side)].unplayable(action.uri);
      case 'cancel':
        return this.judging.cancel();
      case 'rejudge':
        return this.rejudge();
      case 'swap':
        return this.swap();
      case 'setBlind':
        return this.setBlind(action.on);
      case 'vote':
        return this.vote(action);
      case 'undoVote':
        return this.undoVote();
      case 'copyMarkdown':
        return this.copyVerdict();
      case 'showLog':
        return this.services.showLog();
      case 'openSetting':
        return void (await commands.executeCommand('workbench.action.openSettings', action.key));
      case 'openModelCard':
        return this.openModelCard();
      case 'revealClip':
        return this.reveal(action.side);
    }
  }

  private async start(): Promise<void> {
    for (const side of SIDES) this.unwatched(this.media[side].show());
    const judged = this.judging.run(false);
    await this.readJudge();
    await judged;
  }

  private async readJudge(): Promise<void> {
    try {
      const { judge } = await this.services.engine.get().status();
      if (!this.disposed && !('problem' in judge)) this.dispatch({ type: 'judge', judge });
    } catch (error) {
      this.services.log('warn', toProblem(error).message);
    }
  }

  private receive(message: unknown): void {
    try {
      this.unwatched(this.act(decodePanelAction(message)));
    } catch (error) {
      this.services.log('warn', `the page said something unknown: ${String(error)}`);
    }
  }

  private ready(): void {
    this.listening = true;
    this.send();
    for (const side of SIDES) this.unwatched(this.media[side].check());
  }

  private async vote({ of, choice }: PanelAction & { type: 'vote' }): Promise<void> {
    await this.voting.vote(of, choice);
    await commands.executeCommand('setContext', 'aesrm.hasVoted', true);
  }

  private async openModelCard(): Promise<void> {
    const { judge } = await this.services.engine.get().status();
    if ('problem' in judge) return void window.showWarningMessage(judge.problem.message);
    await commands.executeCommand('markdown.showPreview', Uri.file(judge.cardPath));
  }

  private async reveal(side: Side): Promise<void> {
    if (isHidden(this.model)) return;
    await commands.executeCommand('revealInExplorer', this.pair[seenSide(this.model, side)]);
  }

  private dispatch(event: PanelEvent): void {
    if (this.disposed) return;
    this.model = reduce(this.model, event);
    this.revision++;
    this.voting?.update();
    this.panel.title = this.title();
    const pacing = event.type === 'progress' && event.progress.stage === 'decoding';
    if (pacing) this.sending ??= setTimeout(() => this.send(), PACE_MS);
    else this.send();
    const hidden = isHidden(this.model);
    for (const side of SIDES) this.media[side].setHidden(hidden);
  }

  private title(): string {
    if (isHidden(this.model)) return l10n.t('Blind comparison');
    const seen = (side: Side) => this.model.clips[seenSide(this.model, side)];
    return pairTitle(seen('A'), seen('B'));
  }

  private send(): void {
    clearTimeout(this.sending);
    this.sending = undefined;
    if (this.listening) this.post({ type: 'snapshot', snapshot: this.snapshot });
  }

  private post(message: PanelMessage): void {
    if (!this.disposed) this.unwatched(this.panel.webview.postMessage(message));
  }

  /** Runs what nobody waits for: what goes wrong with it is in the log. */
  private unwatched(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => this.services.log('error', toProblem(error).message));
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    clearTimeout(this.sending);
    for (const part of this.owned) part.dispose();
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
