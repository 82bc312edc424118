import { stat } from 'node:fs/promises';
import { commands, EventEmitter, l10n, Uri, window, type Disposable, type Memento } from 'vscode';
import { SweepSession, type SessionServices } from './session';

/** A sweep that was open, over the end of a window. */
interface Kept {
  root: string;
  /** It was being judged, or watched: it goes on. */
  running: boolean;
}

const KEY = 'aesrm.sweeps';

/** All opened sweeps, in the order of opening; what was running when the window ended goes on in the next. */
export class SweepSessions implements Disposable {
  private readonly open = new Map<string, { session: SweepSession; listener: Disposable }>();
  private readonly changed = new EventEmitter<SweepSession | undefined>();
  /** Fires with the sweep that changed; without one, the list did. */
  readonly onChange = this.changed.event;

  constructor(
    private readonly services: SessionServices,
    private readonly memory: Memento,
  ) {}

  get all(): readonly SweepSession[] {
    return [...this.open.values()].map(({ session }) => session);
  }

  find(root: Uri): SweepSession | undefined {
    return this.open.get(root.toString())?.session;
  }

  /** Opens a folder as a sweep, or brings the one that is open. */
  add(root: Uri): SweepSession {
    const known = this.find(root);
    if (known) return known;
    const session = new SweepSession(root, this.services);
    const listener = session.onChange(() => {
      this.changed.fire(session);
      this.keep();
    });
    this.open.set(root.toString(), { session, listener });
    this.listChanged();
    return session;
  }

  close(session: SweepSession): void {
    const entry = this.open.get(session.root.toString());
    if (!entry) return;
    entry.listener.dispose();
    session.dispose();
    this.open.delete(session.root.toString());
    this.listChanged();
  }

  /** What was open when the window ended. */
  async restore(): Promise<void> {
    const kept = this.memory.get<Kept[]>(KEY, []);
    for (const { root, running } of Array.isArray(kept) ? kept : []) {
      const uri = Uri.parse(root);
      if (uri.scheme !== 'file' || !(await isFolder(uri))) continue;
      const session = this.add(uri);
      await session.scan();
      if (!running || session.view.phase === 'failed') continue;
      session.start();
      window.setStatusBarMessage(l10n.t('AesRM: the sweep of {0} goes on', session.name), 5000);
    }
  }

  dispose(): void {
    for (const { session, listener } of this.open.values()) {
      listener.dispose();
      session.dispose();
    }
    this.open.clear();
  }

  private listChanged(): void {
    void commands.executeCommand('setContext', 'aesrm.hasSweeps', this.open.size > 0);
    this.changed.fire(undefined);
    this.keep();
  }

  private last = '';

  private keep(): void {
    const kept: Kept[] = this.all.map(({ root, isRunning }) => ({
      root: root.toString(),
      running: isRunning,
    }));
    const text = JSON.stringify(kept);
    if (text === this.last) return;
    this.last = text;
    void this.memory.update(KEY, kept);
  }
}

function isFolder(uri: Uri): Promise<boolean> {
  return stat(uri.fsPath).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
