import { commands, env, l10n, Uri, window, type Disposable, type WebviewPanel } from 'vscode';
import { verdictMarkdown } from '../../core/markdown';
import { toProblem } from '../../core/problem';
import { visibleControls } from '../../core/visible';
import type { CompareProgress } from '../../protocol/engine';
import {
  rawWords,
  decodePanelAction,
  type PanelAction,
  type PanelMessage,
  type PanelSnapshot,
  type SweepStep,
} from '../../protocol/panel';
import { showInformation, showWarning } from '../notices';
import { pairTitle } from '../pickPair';
import { panelTexts } from '../texts';
import type { BlindLinks } from './blindLinks';
import { Comparison, type ClipPair, type PanelServices } from './comparison';
import { isHidden, seenSide, type PanelEvent } from './model';
import { snapshotOf } from './snapshot';
import { SweepWalk } from './sweepWalk';
import type { SweepNavigator } from './sweepNavigator';

/** Snapshots carry the clips' curves: during decoding they are not sent at every frame, nor with every word that is written. */
const PACE_MS = 100;
const PACED: readonly CompareProgress['stage'][] = ['decoding', 'criterion'];

/** One open panel: what the reader does goes in, whole snapshots go out. From a sweep it goes from pair to pair. */
export class ComparePanel {
  private comparison: Comparison;
  private readonly walk: SweepWalk;
  private revision = 0;
  private listening = false;
  private sending: NodeJS.Timeout | undefined;
  private disposed = false;
  private readonly owned: Disposable[];

  constructor(
    readonly panel: WebviewPanel,
    pair: ClipPair,
    links: BlindLinks,
    private readonly services: PanelServices,
    options: { blind: boolean; navigator: SweepNavigator | undefined },
  ) {
    const context = {
      webview: panel.webview,
      links,
      services,
      changed: (comparison: Comparison, event: PanelEvent) => this.changed(comparison, event),
    };
    this.walk = new SweepWalk(
      (of, prompt) => new Comparison(of, context, prompt),
      () => this.soon(),
    );
    if (options.navigator) this.walk.follow(options.navigator);
    this.comparison = this.walk.take(pair);
    this.owned = [this.walk, links];
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    panel.onDidChangeViewState(() => {
      this.listening &&= panel.visible;
      if (panel.visible) this.comparison.catchUp();
    });
    panel.onDidDispose(() => this.dispose());
    if (options.blind) this.setBlind(true);
    this.comparison.begin();
  }

  get pair(): ClipPair {
    return this.comparison.pair;
  }

  /** Folder of the sweep that it was opened from. */
  get sweep(): Uri | undefined {
    return this.walk.root;
  }

  get snapshot(): PanelSnapshot {
    const { model } = this.comparison;
    return { ...snapshotOf(model, this.revision, panelTexts), ...this.walk.view(this.comparison) };
  }

  /** Another judge is asked from now on. */
  judgeChanged(): void {
    for (const comparison of this.walk.kept)
      comparison.judgeChanged(comparison === this.comparison && this.panel.visible);
  }

  rejudge(): void {
    this.comparison.rejudge();
  }

  swap(): void {
    this.comparison.swap();
  }

  setBlind(on: boolean): void {
    for (const comparison of this.walk.kept) comparison.setBlind(on);
  }

  toggleBlind(): void {
    this.setBlind(!this.comparison.model.blind.on);
  }

  undoVote(): Promise<void> {
    return this.comparison.undoVote();
  }

  go(to: (PanelMessage & { type: 'go' })['to']): void {
    this.post({ type: 'go', to });
  }

  /** To another pair of the sweep that it was opened from. */
  step(to: SweepStep): void {
    const { root } = this.walk;
    if (!root) return void showInformation(l10n.t('This comparison was not opened from a sweep.'));
    const next = this.walk.step(to);
    if (next) this.show(next);
    else window.setStatusBarMessage(l10n.t('AesRM: there is no such pair in the sweep'), 3000);
  }

  /** To the pair on which a navigator of the same sweep, or of another, stands. */
  visit(navigator: SweepNavigator): void {
    const { here } = navigator;
    if (!here) return;
    this.walk.follow(navigator);
    this.show(here.clips);
  }

  /** The verdict as it stands on the screen. */
  async copyVerdict(): Promise<void> {
    const { verdict, vote } = this.snapshot;
    if (!verdict) return void showInformation(l10n.t('There is no verdict to copy yet.'));
    await env.clipboard.writeText(verdictMarkdown(verdict, vote));
    window.setStatusBarMessage(l10n.t('AesRM: the verdict was copied as Markdown'), 3000);
  }

  /** What the model said, as it stands on the screen. */
  private async copyRaw(): Promise<void> {
    const raw = rawWords(this.snapshot);
    if (raw === undefined) return;
    await env.clipboard.writeText(visibleControls(raw));
    window.setStatusBarMessage(l10n.t("AesRM: the model's own words were copied"), 3000);
  }

  /** What the page asked for; everything a page can ask for. */
  async act(action: PanelAction): Promise<void> {
    const { comparison } = this;
    switch (action.type) {
      case 'ready':
        return this.ready();
      case 'unplayable':
        return comparison.unplayable(action.side, action.uri);
      case 'unplayableAhead':
        return this.walk.unplayable(action.uri);
      case 'cancel':
        return comparison.cancel();
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
      case 'copyRaw':
        return this.copyRaw();
      case 'showLog':
        return this.services.showLog();
      case 'openSetting':
        return void (await commands.executeCommand('workbench.action.openSettings', action.key));
      case 'selectJudge':
        return void (await commands.executeCommand('aesrm.selectJudge'));
      case 'openModelCard':
        return this.openModelCard();
      case 'revealClip':
        return this.reveal(action.side);
      case 'sweepStep':
        return this.step(action.to);
      case 'showSweep':
        return this.walk.show();
    }
  }

  private show(pair: ClipPair): void {
    const before = this.comparison;
    const next = this.walk.take(pair);
    if (next === before) return;
    before.leave();
    this.comparison = next;
    const { blind } = before.model;
    if (blind.on !== next.model.blind.on) next.setBlind(blind.on);
    if (!blind.on && this.walk.isReversed(before) !== this.walk.isReversed(next)) next.swap();
    next.begin();
    this.revision++;
    this.panel.title = this.title();
    this.send();
    if (next.model.phase === 'done') this.walk.prepareNext(next);
  }

  private changed(comparison: Comparison, event: PanelEvent): void {
    if (event.type === 'voted') this.walk.voted(comparison);
    // A pair that is only made ready tells what it will play.
    if (comparison !== this.comparison) return event.type === 'clip' ? this.soon() : undefined;
    this.revision++;
    this.panel.title = this.title();
    if (event.type === 'progress' && PACED.includes(event.progress.stage)) this.soon();
    else this.send();
    if (event.type === 'judged' || event.type === 'stopped') this.walk.prepareNext(comparison);
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
    this.comparison.check();
  }

  /** On the pair that the reader saw, who may have stepped on by now. */
  private async vote({ of, choice, pair }: PanelAction & { type: 'vote' }): Promise<void> {
    const comparison = pair === undefined ? this.comparison : this.walk.find(pair);
    if (!comparison) return this.services.log('warn', 'a vote came for a pair that was left long ago');
    await comparison.vote(of, choice);
    await commands.executeCommand('setContext', 'aesrm.hasVoted', true);
  }

  private async openModelCard(): Promise<void> {
    const { judge } = await this.services.engine.get().status(this.services.judges.spec());
    if ('problem' in judge) return void showWarning(judge.problem.message);
    const { cardPath } = judge;
    if (cardPath !== undefined) await commands.executeCommand('markdown.showPreview', Uri.file(cardPath));
  }

  private async reveal(side: 'A' | 'B'): Promise<void> {
    if (isHidden(this.comparison.model)) return;
    await commands.executeCommand('revealInExplorer', this.comparison.clip(side));
  }

  private title(): string {
    const { model } = this.comparison;
    if (isHidden(model)) return l10n.t('Blind comparison');
    const seen = (side: 'A' | 'B') => model.clips[seenSide(model, side)];
    return pairTitle(seen('A'), seen('B'));
  }

  private soon(): void {
    this.sending ??= setTimeout(() => this.send(), PACE_MS);
  }

  private send(): void {
    clearTimeout(this.sending);
    this.sending = undefined;
    if (!this.listening || this.disposed) return;
    this.revision++;
    this.post({ type: 'snapshot', snapshot: this.snapshot });
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
