import { stat } from 'node:fs/promises';
import { commands, EventEmitter, l10n, Uri, window, type Disposable } from 'vscode';
import type { Kept, SweepMemory } from './memory';
import type { SessionServices } from './services';
import { SweepSession } from './session';

/** All opened sweeps, in the order of opening; what was running when the window ended goes on in the next. */
export class SweepSessions implements Disposable {
  private readonly open = new Map<string, { session: SweepSession; listener: Disposable }>();
  private readonly changed = new EventEmitter<SweepSession | undefined>();
  /** Fires with the sweep that changed; without one, the list did. */
  readonly onChange = this.changed.event;

  constructor(
    private readonly services: SessionServices,
    private readonly memory: SweepMemory,
  ) {}

  get all(): readonly SweepSession[] {
    return [...this.open.values()].map(({ session }) => session);
  }

  find(root: Uri): SweepSession | undefined {
    return this.open.get(root.toString())?.session;
  }

  /**
   * Opens a folder as a sweep, or brings the one that is open; `running`: it goes on once it is looked through, at the
   * cost that was `agreed` to.
   */
  add(root: Uri, { running = false, agreed }: Partial<Omit<Kept, 'root'>> = {}): SweepSession {
    const known = this.find(root);
    if (known) {
      if (running) known.start();
      return known;
    }
    const session = new SweepSession(root, this.services, running, agreed);
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

  /**
   * What was open when the window ended: what was running goes on, each by itself, so that none waits for another.
   * The others wait until someone looks at them: a window starts no engine for what is only remembered.
   */
  async restore(): Promise<void> {
    const kept = await this.memory.read();
    const found = await Promise.all(
      kept.map(async ({ root, ...state }) => {
        const uri = Uri.parse(root);
        return uri.scheme === 'file' && (await isFolder(uri)) ? [{ uri, state }] : [];
      }),
    );
    const opened = found
      .flat()
      .map(({ uri, state }) => ({ session: this.add(uri, state), running: state.running }));
    await this.memory.forgetDead();
    await Promise.all(opened.map(({ session, running }) => (running ? this.goOn(session) : undefined)));
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

  private async goOn(session: SweepSession): Promise<void> {
    await session.load();
    if (session.isRunning)
      window.setStatusBarMessage(l10n.t('AesRM: the sweep of {0} goes on', session.name), 5000);
  }

  private keep(): void {
    const kept = this.all.map(({ root, isWanted, agreement }) => ({
      root: root.toString(),
      running: isWanted,
      ...(agreement === undefined ? {} : { agreed: agreement }),
    }));
    void this.memory.write(kept);
  }
}

function isFolder(uri: Uri): Promise<boolean> {
  return stat(uri.fsPath).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
