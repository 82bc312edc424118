import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { l10n, RelativePattern, Uri, workspace, type Disposable, type Webview } from 'vscode';
import type { Side } from '../../core/pair';
import { ProblemError, toProblem } from '../../core/problem';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import { readVersion, sameVersion, versionQuery, type FileVersion } from '../resourceVersion';
import type { BlindLinks } from './blindLinks';
import type { PanelEvent, StandInReason } from './model';

/** A generator writes a clip in many steps. */
const SETTLE_MS = 400;

export interface ClipMediaContext {
  webview: Webview;
  links: BlindLinks;
  engine(): Engine;
  dispatch(event: PanelEvent): void;
  log: Log;
}

/** One clip as the page plays it: the file itself, or a proxy; and what becomes of the file meanwhile. */
export class ClipMedia {
  private version: FileVersion | undefined;
  private showing: 'nothing' | 'file' | StandInReason = 'nothing';
  /** Of the file itself; behind it, while the sides are hidden, is a link. */
  private uri: string | undefined;
  private link: string | undefined;
  private proxied: { uri: string; path: string } | undefined;
  /** Ends with what is shown now, or is being made to be. */
  private turn = new AbortController();
  private hidden = false;
  private settling: NodeJS.Timeout | undefined;
  private readonly watcher: Disposable;
  private failed = false;
  private disposed = false;

  constructor(
    private readonly side: Side,
    readonly file: Uri,
    private readonly context: ClipMediaContext,
  ) {
    this.watcher = this.watch();
  }

  /** Shows the file as it is now; resolves when it, or its stand-in, can be played. */
  async show(): Promise<void> {
    const version = await this.readVersion(this.file.fsPath);
    if (this.disposed) return;
    this.version = version;
    if (version) await this.play(version);
    else this.gone();
  }

  /** Looks whether the file is still the one that is shown; `quiet` is a new attempt, and tries again what failed. */
  async check({ quiet = false } = {}): Promise<void> {
    const version = await this.readVersion(this.file.fsPath);
    if (this.disposed) return;
    const same = sameVersion(version, this.version);
    if (same && !(quiet && this.failed)) return;
    this.version = version;
    if (!version) return this.gone();
    if (!quiet) this.context.dispatch({ type: 'file', side: this.side, state: 'changed' });
    await this.play(version);
  }

  /** Whether the page's address of the clip may not tell which one it is. */
  setHidden(hidden: boolean): void {
    if (hidden === this.hidden) return;
    this.hidden = hidden;
    const byItself = this.showing === 'file' || this.showing === 'blind';
    if (byItself && this.version) void this.playFile(this.version);
  }

  /** The page could not play what it was given under `uri`. */
  async unplayable(uri: string): Promise<void> {
    if (uri === this.uri) return this.makeProxy('unplayable');
    if (uri !== this.proxied?.uri) return;
    // Once more, if it was cleared from the cache; a proxy that is there and does not play has no cure.
    const there = await this.readVersion(this.proxied.path);
    if (this.disposed) return;
    if (!there) return this.makeProxy('unplayable');
    const message = l10n.t('This window cannot play the proxy of {0} either.', basename(this.file.fsPath));
    this.fail(new ProblemError({ code: 'unreadable', message }));
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.settling);
    this.turn.abort();
    if (this.link !== undefined) this.context.links.drop(this.link);
    this.watcher.dispose();
  }

  private async play(version: FileVersion): Promise<void> {
    this.failed = false;
    this.context.dispatch({ type: 'file', side: this.side, state: 'there' });
    if (['.gif', '.webp'].includes(extname(this.file.fsPath).toLowerCase())) await this.makeProxy('animated');
    else await this.playFile(version);
  }

  /** Shows something else from now on. */
  private begin(showing: typeof this.showing): AbortSignal {
    this.turn.abort();
    this.turn = new AbortController();
    this.showing = showing;
    this.uri = undefined;
    this.proxied = undefined;
    if (this.link !== undefined) this.context.links.drop(this.link);
    this.link = undefined;
    return this.turn.signal;
  }

  private async playFile(version: FileVersion): Promise<void> {
    const { links } = this.context;
    const signal = this.begin('file');
    if (!this.hidden) return this.playUnder(this.resource(this.file, version));
    const link = await links.make(this.file.fsPath);
    if (signal.aborted) return void (link !== undefined && links.drop(link));
    if (link === undefined) return this.makeProxy('blind');
    this.link = link;
    // Each link is of one version of the file: its name is new.
    this.playUnder(this.context.webview.asWebviewUri(Uri.file(link)).toString(), true);
  }

  private playUnder(uri: string, neutral = false): void {
    this.uri = uri;
    const media = { kind: 'video', uri, ...(neutral ? { neutral } : {}) } as const;
    this.context.dispatch({ type: 'clip', side: this.side, change: { media } });
  }

  private async makeProxy(why: StandInReason): Promise<void> {
    const signal = this.begin(why);
    const { side, context } = this;
    context.dispatch({ type: 'clip', side, change: { media: { kind: 'making', why } } });
    try {
      const onProgress = ({ seconds, of }: { seconds: number; of?: number }) => {
        if (!of || signal.aborted) return;
        const fraction = Math.min(1, seconds / of);
        context.dispatch({ type: 'clip', side, change: { media: { kind: 'making', why, fraction } } });
      };
      const { path } = await context.engine().proxy(this.file.fsPath, { signal, onProgress });
      const version = await this.readVersion(path);
      if (signal.aborted) return;
      const uri = this.resource(Uri.file(path), version ?? { mtimeMs: 0, size: 0 });
      this.proxied = { uri, path };
      context.dispatch({ type: 'clip', side, change: { media: { kind: 'proxy', why, uri } } });
    } catch (error) {
      if (signal.aborted) return;
      if (why === 'blind' && this.version) this.playNamed(this.version, error);
      else this.fail(error);
    }
  }

  /** Better a blind comparison of which the page's source tells the clips than none. */
  private playNamed(version: FileVersion, error: unknown): void {
    this.context.log('warn', `side ${this.side}: only its own address is left: ${toProblem(error).message}`);
    this.begin('file');
    this.playUnder(this.resource(this.file, version), true);
  }

  private fail(error: unknown): void {
    const { side, context } = this;
    const problem = toProblem(error);
    this.begin('nothing');
    this.failed = true;
    context.log('warn', `side ${side}: ${problem.message}`);
    const change = { media: { kind: 'none' }, mediaProblem: { ...problem, side } } as const;
    context.dispatch({ type: 'clip', side, change });
  }

  private gone(): void {
    this.begin('nothing');
    const { side } = this;
    const message = l10n.t('{0} is no longer there.', basename(this.file.fsPath));
    const fix = l10n.t('Put it back at {0}: it is shown again by itself.', this.file.fsPath);
    this.context.dispatch({ type: 'clip', side, change: { media: { kind: 'none' } } });
    this.context.dispatch({
      type: 'file',
      side,
      state: 'missing',
      problem: { code: 'fileMissing', message, fix, side },
    });
  }

  private resource(file: Uri, version: FileVersion): string {
    return `${this.context.webview.asWebviewUri(file).toString()}?${versionQuery(version)}`;
  }

  private async readVersion(path: string): Promise<FileVersion | undefined> {
    try {
      return await readVersion(() => stat(path));
    } catch (error) {
      this.context.log('warn', `${path}: ${String(error)}`);
      return undefined;
    }
  }

  /** Watches the folder, not the name: a name may hold what a glob takes for a pattern. */
  private watch(): Disposable {
    const folder = Uri.file(dirname(this.file.fsPath));
    const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, '*'));
    const path = this.file.fsPath;
    const changed = (uri: Uri) => {
      if (uri.fsPath !== path) return;
      clearTimeout(this.settling);
      this.settling = setTimeout(() => void this.check(), SETTLE_MS);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    watcher.onDidDelete(changed);
    return watcher;
  }
}
