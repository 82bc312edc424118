import { homedir } from 'node:os';
import { basename, extname } from 'node:path';
import { commands, l10n, Uri, window, workspace } from 'vscode';
import { toProblem } from '../core/problem';
import { showError, showInformation } from './notices';

/** One report, the same in several formats, each the extension of its file's name. */
export type Reports<F extends string> = Record<F, Uri>;

/** How formats are called where a file is saved. */
const FILTERS: Readonly<Record<string, string>> = { html: 'HTML', md: 'Markdown', json: 'JSON' };

/** Rendered where VS Code's Markdown is on, else as text. */
export async function showReport(report: Uri): Promise<void> {
  try {
    await commands.executeCommand('markdown.showPreview', report);
  } catch {
    await window.showTextDocument(report);
  }
}

/** Says that a report is there, and saves it in one of its formats where that is wanted; the first one unless told. */
export async function offerToSave<F extends string>(
  said: string,
  title: string,
  reports: Reports<F>,
): Promise<void> {
  const saveAs = l10n.t('Save As…');
  if ((await showInformation(said, saveAs)) !== saveAs) return;
  const formats = Object.keys(reports) as F[];
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file(homedir());
  const target = await window.showSaveDialog({
    title,
    defaultUri: Uri.joinPath(folder, basename(reports[formats[0]!].path)),
    filters: Object.fromEntries(formats.map((format) => [FILTERS[format] ?? format, [format]])),
  });
  if (!target) return;
  const format = formats.find((f) => extname(target.path).toLowerCase() === `.${f}`) ?? formats[0]!;
  try {
    await workspace.fs.copy(reports[format], target, { overwrite: true });
  } catch (error) {
    void showError(l10n.t('The report was not saved: {0}', toProblem(error).message));
  }
}
