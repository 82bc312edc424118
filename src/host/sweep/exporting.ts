import { commands, env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import { toProblem } from '../../core/problem';
import { EXPORT_FORMATS, type ExportFormat } from '../../core/sweep/formats';
import { showError, showInformation, withProgress } from '../notices';
import type { SweepSession } from './session';
import { FORMAT_NAMES } from './words';

/** Asks for what was not said, and writes the export with its progress shown. */
export async function exportSweep(session: SweepSession, asked: ExportFormat | null): Promise<void> {
  const format = asked ?? (await pickFormat());
  if (!format) return;
  const { extension, folder } = FORMAT_NAMES[format];
  const name = `${session.name}-${format}${folder ? '' : `.${extension}`}`;
  const target = await window.showSaveDialog({
    defaultUri: Uri.joinPath(session.root, '..', name),
    title: l10n.t('Export the Sweep'),
  });
  if (!target) return;
  await session.load();
  const options = {
    location: ProgressLocation.Notification,
    cancellable: true,
    title: l10n.t('Exporting {0}', session.name),
  };
  try {
    const { notes } = await withProgress(options, async (_, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      const params = { sweep: session.target(), format, target: target.fsPath };
      return session.engine.sweepExport(params, { signal: stop.signal });
    });
    await exported(target, notes, folder);
  } catch (error) {
    const problem = toProblem(error);
    if (problem.code !== 'cancelled') void showError(problem.message);
  }
}

async function exported(target: Uri, notes: readonly string[], folder: boolean): Promise<void> {
  const [open, reveal] = [l10n.t('Open'), l10n.t('Reveal in Explorer')];
  const said = [l10n.t('Exported to {0}.', workspace.asRelativePath(target, false)), ...notes].join(' ');
  const answer = await showInformation(said, ...(folder ? [reveal] : [open, reveal]));
  // A report is read in a browser; on another machine there is none that could open the file.
  const inBrowser = /\.html$/i.test(target.path) && env.remoteName === undefined;
  if (answer === open)
    await (inBrowser ? env.openExternal(target) : commands.executeCommand('vscode.open', target));
  if (answer === reveal) await commands.executeCommand('revealInExplorer', target);
}

async function pickFormat(): Promise<ExportFormat | undefined> {
  const items = EXPORT_FORMATS.map((id) => ({ label: FORMAT_NAMES[id].label, description: id, id }));
  return (await window.showQuickPick(items, { title: l10n.t('Export the Sweep As') }))?.id;
}
