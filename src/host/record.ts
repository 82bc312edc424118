import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConfigurationTarget, l10n, Uri, workspace, type WorkspaceFolder } from 'vscode';
import { RECORD_FOLDER } from '../core/record';
import type { Log } from '../engine/supervisor';
import { showError, showInformation, showWarning } from './notices';
import { mayGo, moveRecord, readRecord, removeRecord, type RecordContents } from './recordFiles';
import { readSettings } from './settings';

/** Where the record of a pair is kept; `folder` where that is inside the workspace. */
export interface RecordHome {
  dir: string;
  folder?: WorkspaceFolder;
  /** Takes what cannot be written to `dir`. */
  fallbackDir?: string;
}

/** Finds the record of a pair, and tells of it when a workspace gets its first. */
export class RecordKeeper {
  private readonly told = new Set<string>();
  /** Verdicts that this window has put there, by folder. */
  private readonly made = new Map<string, number>();

  constructor(
    private readonly userRecords: string,
    private readonly log: Log,
  ) {}

  /** The home of a pair's record, decided by its first clip; null keeps none. */
  homeOf(clip: Uri): RecordHome | null {
    const { recordLocation } = readSettings(clip);
    if (recordLocation === 'none') return null;
    const folder = workspace.getWorkspaceFolder(clip);
    if (recordLocation === 'workspace' && folder?.uri.scheme === 'file')
      return { dir: join(folder.uri.fsPath, RECORD_FOLDER), folder, fallbackDir: this.userHome(folder) };
    return { dir: this.userHome(folder) };
  }

  /** To be told of every line; `created`: a folder was made for it. */
  async kept(home: RecordHome, what: 'verdict' | 'vote', created: boolean): Promise<void> {
    if (what === 'verdict') this.made.set(home.dir, (this.made.get(home.dir) ?? 0) + 1);
    if (created) await this.tell(home);
  }

  /** Says once that a folder was made, and offers to undo it or to keep the record elsewhere. */
  private async tell(home: RecordHome): Promise<void> {
    const { folder, dir } = home;
    if (!folder || this.told.has(dir)) return;
    this.told.add(dir);
    const undo = l10n.t('Undo');
    const elsewhere = l10n.t('Keep It Elsewhere');
    const text = l10n.t(
      'AesRM keeps its verdicts and your votes in {0} of "{1}".',
      RECORD_FOLDER,
      folder.name,
    );
    const answer = await showInformation(text, undo, elsewhere);
    try {
      if (answer === undo) await this.undo(home, folder);
      if (answer === elsewhere) await this.moveToUser(home, folder);
    } catch (error) {
      this.log('error', String(error));
      void showError(
        l10n.t(
          'The record in {0} stays where it is: {1}',
          dir,
          error instanceof Error ? error.message : String(error),
        ),
      );
    }
    this.told.delete(dir);
  }

  private async undo({ dir }: RecordHome, folder: WorkspaceFolder): Promise<void> {
    const contents = await readRecord(dir);
    if (!mayGo(contents, this.made.get(dir) ?? 0) && !(await confirmed(contents, folder))) return;
    await setPlace('none', folder);
    await removeRecord(dir, (path) => this.toTrash(path));
    this.made.delete(dir);
    this.log('info', `removed ${dir}; no record is kept in ${folder.name}`);
    void showInformation(
      l10n.t(
        'The record was removed, and "{0}" keeps none from now on (aesrm.record.location).',
        folder.name,
      ),
    );
  }

  /** Where there is no trash, as on most servers, it is gone. */
  private async toTrash(path: string): Promise<void> {
    try {
      await workspace.fs.delete(Uri.file(path), { recursive: true, useTrash: true });
    } catch (error) {
      this.log('info', `not to the trash: ${String(error)}`);
      await rm(path, { recursive: true, force: true });
    }
  }

  private async moveToUser({ dir }: RecordHome, folder: WorkspaceFolder): Promise<void> {
    const target = this.userHome(folder);
    await setPlace('user', folder);
    if ((await moveRecord(dir, target)) === 'occupied')
      throw new Error(l10n.t('there is a record in {0} already, which is used from now on', target));
    this.log('info', `moved ${dir} to ${target}`);
    void showInformation(
      l10n.t('The record of "{0}" is kept in {1} from now on (aesrm.record.location).', folder.name, target),
    );
  }

  /** One record per workspace folder, so that the paths in it can be told apart. */
  private userHome(folder: WorkspaceFolder | undefined): string {
    if (!folder) return join(this.userRecords, 'no-folder');
    const key = createHash('sha256').update(folder.uri.toString()).digest('hex').slice(0, 12);
    return join(this.userRecords, `${basename(folder.uri.path)}-${key}`);
  }
}

/** Asks before more is lost than what this window has just made. */
async function confirmed(
  { verdicts, votes, locked }: RecordContents,
  folder: WorkspaceFolder,
): Promise<boolean> {
  const remove = l10n.t('Remove');
  const question = l10n.t('Remove the whole record of "{0}"?', folder.name);
  const held = l10n.t(
    'It holds {0} verdicts and {1} votes by now, of this window and of others. They go to the trash where there is one, and else are lost.',
    verdicts,
    votes,
  );
  const busy = l10n.t('Another program seems to be writing to it.');
  const detail = locked ? `${held} ${busy}` : held;
  return (await showWarning(question, { modal: true, detail }, remove)) === remove;
}

function setPlace(place: 'user' | 'none', folder: WorkspaceFolder): Thenable<void> {
  const many = (workspace.workspaceFolders?.length ?? 0) > 1;
  const target = many ? ConfigurationTarget.WorkspaceFolder : ConfigurationTarget.Workspace;
  return workspace.getConfiguration('aesrm', folder.uri).update('record.location', place, target);
}
