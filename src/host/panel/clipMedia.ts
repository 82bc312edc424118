import { stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { l10n, RelativePattern, Uri, workspace, type Disposable, type Webview } from 'vscode';
import type { Side } from '../../core/pair';
import { ProblemError, toProblem } from '../../core/problem';
import type { Engine } from '../../engine/client';
import type { Log } from '../../engine/supervisor';
import { readVersion, sameVersion, versionQuery, type FileVersion } from '../resourceVersion';
import type { PanelEvent, ProxyReason } from './model';

/** A generator writes a clip in many steps. */
const SETTLE_MS = 400;

export interface ClipMediaContext {
  webview: Webview;
  engine(): Engine;
  dispatch(event: PanelEvent): void;
  log: Log;
}

/** One clip as the page plays it: the file itself, or a proxy; and what becomes of the file meanwhile. */
export class ClipMedia {
  private version: FileVersion | undefined;
  private uri: string | undefined;
  private proxied: { uri: string; path: string } | undefined;
  private making: AbortController | undefined;
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

  /** Shows the file as it is now. */
  async show(): Promise<void> {
    const version = await this.readVersion(this.file.fsPath);
    if (this.disposed) return;
    this.version = version;
    if (version) this.play(version);
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
    this.play(version);
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
    this.making?.abort();
    this.watcher.dispose();
  }

  private play(version: FileVersion): void {
    this.making?.abort();
    this.proxied = undefined;
    this.uri = undefined;
    this.failed = false;
    this.context.dispatch({ type: 'file', side: this.side, state: 'there' });
    if (['.gif', '.webp'].includes(extname(this.file.fsPath).toLowerCase()))
      return void this.makeProxy('animated');
    this.uri = this.resource(this.file, version);
    this.context.dispatch({
      type: 'clip',
      side: this.side,
      change: { media: { kind: 'video', uri: this.uri } },
    });
  }

  private async makeProxy(why: ProxyReason): Promise<void> {
    this.making?.abort();
    const making = (this.making = new AbortController());
    const { side, context } = this;
    context.dispatch({ type: 'clip', side, change: { media: { kind: 'making', why } } });
    try {
      const onProgress = ({ seconds, of }: { seconds: number; of?: number }) => {
        if (!of || making.signal.aborted) return;
        const fraction = Math.min(1, seconds / of);
        context.dispatch({ type: 'clip', side, change: { media: { kind: 'making', why, fraction } } });
      };
      const { path } = await context.engine().proxy(this.file.fsPath, { signal: making.signal, onProgress });
      const version = await this.readVersion(path);
      if (this.disposed || making.signal.aborted) return;
      const uri = this.resource(Uri.file(path), version ?? { mtimeMs: 0, size: 0 });
      this.proxied = { uri, path };
      context.dispatch({ type: 'clip', side, change: { media: { kind: 'proxy', why, uri } } });
    } catch (error) {
      if (!this.disposed && !making.signal.aborted) this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const { side, context } = this;
    const problem = toProblem(error);
    this.failed = true;
    context.log('warn', `side ${side}: ${problem.message}`);
    const change = { media: { kind: 'none' }, problem: { ...problem, side } } as const;
    context.dispatch({ type: 'clip', side, change });
  }

  private gone(): void {
    this.making?.abort();
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
