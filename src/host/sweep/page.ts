import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { commands, env, Uri, workspace, type Webview, type WebviewPanel } from 'vscode';
import { toProblem } from '../../core/problem';
import { columnOf, type CellIds } from '../../core/sweep/grid';
import type { Log } from '../../engine/supervisor';
import { CACHE_FOLDER, PROXY_FOLDER, THUMBNAIL_FOLDER } from '../../protocol/cacheFolders';
import type { JudgeFacts } from '../../protocol/engine';
import { sweepHtml } from '../../protocol/panelHtml';
import {
  decodeSweepAction,
  type PairOfClips,
  type Reference,
  type SweepAction,
  type SweepMessage,
  type SweepPageState,
  type SweepSnapshot,
} from '../../protocol/sweepPage';
import { showWarning } from '../notices';
import type { SweepSession } from './session';
import { Stills } from './stills';

export interface PagePlaces {
  extension: Uri;
  cacheDir: string;
}

export interface PageServices {
  openClips(session: SweepSession, pair: PairOfClips, against: Reference): Promise<void>;
  exportSweep(session: SweepSession, format: (SweepAction & { type: 'export' })['format']): Promise<void>;
  reviewer(): string;
  log: Log;
  showLog(): void;
}

export const SWEEP_PAGE_TYPE = 'aesrm.sweep';

/** Snapshots hold the statistics: during a run they are not sent at every clip. */
const PACE_MS = 150;

/** One sweep's page: what the reader does goes in, grid and snapshots go out. */
export class SweepPage {
  private revision = 0;
  private listening = false;
  private sentGrid = 0;
  private sentState: SweepSnapshot['state'];
  /** Where the reader is to be taken once the page listens. */
  private awaited: CellIds | undefined;
  private sending: NodeJS.Timeout | undefined;
  private disposed = false;
  private measured: Pick<JudgeFacts, 'agreement' | 'short'> = { agreement: [] };
  /** Hash of the judge that was last asked about. */
  private known: string | undefined;
  private readonly stills: Stills;

  constructor(
    readonly panel: WebviewPanel,
    readonly session: SweepSession,
    private readonly places: PagePlaces,
    private readonly services: PageServices,
    state: SweepPageState,
    strings: Record<string, string> | undefined,
  ) {
    this.stills = new Stills(session, (gridRevision, made) =>
      this.post({ type: 'thumbnails', gridRevision, made }),
    );
    panel.webview.options = {
      enableScripts: true,
      enableForms: false,
      localResourceRoots: [
        session.root,
        Uri.joinPath(places.extension, 'dist', 'webview'),
        this.cache(THUMBNAIL_FOLDER),
        this.cache(PROXY_FOLDER),
      ],
    };
    panel.iconPath = {
      light: Uri.joinPath(places.extension, 'media', 'panel-light.svg'),
      dark: Uri.joinPath(places.extension, 'media', 'panel-dark.svg'),
    };
    panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    const listener = session.onChange(() => {
      this.soon();
      if (session.view.state && session.view.state.judge.hash !== this.known)
        this.unwatched(this.readJudge());
    });
    panel.onDidChangeViewState(() => (this.listening &&= panel.visible));
    panel.onDidDispose(() => {
      this.disposed = true;
      clearTimeout(this.sending);
      this.stills.dispose();
      listener.dispose();
    });
    panel.webview.html = this.html(panel.webview, state, strings);
    this.unwatched(this.readJudge());
  }

  post(message: SweepMessage): void {
    if (!this.disposed && this.listening) this.unwatched(this.panel.webview.postMessage(message));
  }

  /** Takes the reader to a cell: now, or when the page is in sight and has the grid. */
  goTo(cell: CellIds): void {
    this.awaited = cell;
    // Also the grid that the cell is in, where the page has not got it yet.
    this.send();
  }

  private arrive(): void {
    const cell = this.awaited;
    if (!cell || !this.listening || this.sentGrid === 0) return;
    this.awaited = undefined;
    this.post({ type: 'go', to: 'cell', cell });
  }

  get snapshot(): SweepSnapshot {
    const { session, measured } = this;
    const { phase, files, progress, grids, grid, message, cost, pairing, state, problem, layout } =
      session.view;
    // Where the results are kept, the page says by itself.
    const { layoutNotice: notice } = session.view;
    const judge = state && { ...state.judge, device: state.device, ...measured };
    return {
      revision: this.revision,
      name: session.name,
      folder: workspace.asRelativePath(session.root, false),
      phase,
      grids,
      pairing,
      reviewer: this.services.reviewer(),
      ...(files === undefined ? {} : { files }),
      ...(progress ? { progress } : {}),
      ...(grid ? { grid: grid.id } : {}),
      ...(layout.baseline === undefined ? {} : { baseline: layout.baseline }),
      ...(layout.pattern === undefined ? {} : { pattern: layout.pattern }),
      ...(message === undefined ? {} : { message }),
      ...(cost ? { cost } : {}),
      ...(judge ? { judge } : {}),
      ...(state ? { state } : {}),
      ...(problem ? { problem } : {}),
      ...(notice === undefined ? {} : { notice }),
    };
  }

  /** What the page asked for; everything a page can ask for. */
  async act(action: SweepAction): Promise<void> {
    const { session, services } = this;
    switch (action.type) {
      case 'ready':
        return this.ready();
      case 'start':
        return session.start();
      case 'pause':
        return session.end('paused');
      case 'cancel':
        return session.end('stopped');
      case 'retryBroken':
        return session.retryBroken();
      case 'rescan':
        return session.scan();
      case 'setPattern':
        return session.correct({ pattern: action.pattern });
      case 'chooseGrid':
        return session.correct({ grid: action.id });
      case 'setBaseline':
        return session.correct({ baseline: action.column });
      case 'setPairing':
        return session.setPairing(action.pairing);
      case 'openPair':
        return services.openClips(session, action.pair, action.against);
      case 'diff':
        return this.diff(action);
      case 'needThumbnails':
        return this.stills.want(action.clips);
      case 'export':
        return services.exportSweep(session, action.format);
      default:
        return this.actOnClip(action);
    }
  }

  private async actOnClip(
    action: Extract<
      SweepAction,
      { type: 'needProxy' | 'revealClip' | 'showLog' | 'openModelCard' | 'selectJudge' }
    >,
  ): Promise<void> {
    if (action.type === 'showLog') return this.services.showLog();
    if (action.type === 'openModelCard') return this.openModelCard();
    if (action.type === 'selectJudge') return void (await commands.executeCommand('aesrm.selectJudge'));
    const clip = this.session.uriOf(action.clip);
    if (!clip) return;
    if (action.type === 'revealClip') return void (await commands.executeCommand('revealInExplorer', clip));
    let uri: string | null = null;
    try {
      const { path } = await this.session.engine.proxy(clip.fsPath);
      uri = this.panel.webview.asWebviewUri(Uri.file(path)).toString();
    } catch (error) {
      this.services.log('info', toProblem(error).message);
    }
    this.post({ type: 'proxy', clip: action.clip, uri });
  }

  /** Where a column is gone, or comes or goes meanwhile, the page asks again for what the next grid has of it. */
  private async diff(asked: { earlier: string; later: string }): Promise<void> {
    const { grid, gridRevision } = this.session.view;
    const [earlier, later] = [asked.earlier, asked.later].map((id) => grid && columnOf(grid, id));
    if (earlier === undefined || later === undefined) return;
    this.post({ type: 'diff', gridRevision, diff: await this.session.diff(earlier, later) });
  }

  private async readJudge(): Promise<void> {
    this.known = this.session.view.state?.judge.hash;
    const { judge } = await this.session.judgeStatus();
    if ('problem' in judge) return;
    const { agreement, short } = judge;
    this.measured = { agreement, ...(short ? { short } : {}) };
    this.soon();
  }

  private async openModelCard(): Promise<void> {
    const { judge } = await this.session.judgeStatus();
    if ('problem' in judge) return void showWarning(judge.problem.message);
    const { cardPath } = judge;
    if (cardPath !== undefined) await commands.executeCommand('markdown.showPreview', Uri.file(cardPath));
  }

  private ready(): void {
    this.listening = true;
    this.sentGrid = 0;
    this.sentState = undefined;
    this.send();
  }

  private soon(): void {
    this.sending ??= setTimeout(() => this.send(), PACE_MS);
  }

  private send(): void {
    clearTimeout(this.sending);
    this.sending = undefined;
    if (!this.listening || this.disposed) return;
    const { grid, gridRevision } = this.session.view;
    // The engine counts from one anew after its end: the same number may mean another grid.
    if (grid && gridRevision !== this.sentGrid) {
      this.sentGrid = gridRevision;
      const address = (uri: Uri) => this.panel.webview.asWebviewUri(uri).toString();
      const [clipBase, thumbBase] = [address(this.session.root), address(this.cache(THUMBNAIL_FOLDER))];
      this.post({ type: 'grid', grid: { revision: gridRevision, grid, clipBase, thumbBase } });
    }
    this.revision++;
    const { state, ...rest } = this.snapshot;
    const isSent = state !== undefined && state === this.sentState;
    this.sentState = state;
    // The state of a large sweep is a megabyte: progress goes without it.
    this.post({
      type: 'snapshot',
      snapshot: isSent ? { ...rest, sameState: true } : { ...rest, ...(state ? { state } : {}) },
    });
    this.arrive();
  }

  private receive(message: unknown): void {
    try {
      this.unwatched(this.act(decodeSweepAction(message)));
    } catch (error) {
      this.services.log('warn', `the page said something unknown: ${String(error)}`);
    }
  }

  private cache(folder: string): Uri {
    return Uri.file(join(this.places.cacheDir, CACHE_FOLDER, folder));
  }

  private html(webview: Webview, state: SweepPageState, strings: Record<string, string> | undefined): string {
    const own = (name: string) =>
      webview.asWebviewUri(Uri.joinPath(this.places.extension, 'dist', 'webview', name)).toString();
    return sweepHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(16).toString('hex'),
      scriptUri: own('sweep.js'),
      styleUri: own('sweep.css'),
      boot: { state, ...(strings ? { strings } : {}) },
      bodyLang: strings ? env.language : 'en',
      title: this.session.name,
    });
  }

  /** Runs what nobody waits for: what goes wrong with it is in the log. */
  private unwatched(work: Thenable<unknown>): void {
    work.then(undefined, (error: unknown) => this.services.log('error', toProblem(error).message));
  }
}
