import { dirname } from 'node:path';
import { FileType, l10n, Uri, window, workspace, type QuickPickItem } from 'vscode';

interface FolderItem extends QuickPickItem {
  uri?: Uri;
}

/** Asks for a folder: the workspace's own, those in them, or any other. */
export async function pickFolder(): Promise<Uri | undefined> {
  const browse: FolderItem = { label: l10n.t('Browse…'), alwaysShow: true };
  const items = [...(await candidates()), browse];
  const picked =
    items.length === 1
      ? browse
      : await window.showQuickPick(items, {
          title: l10n.t('Open Checkpoint Sweep'),
          placeHolder: l10n.t('The folder that holds the samples of a run'),
          matchOnDescription: true,
        });
  if (!picked) return undefined;
  if (picked.uri) return picked.uri;
  const options = { canSelectFolders: true, canSelectFiles: false, openLabel: l10n.t('Open Sweep') };
  return (await window.showOpenDialog(options))?.[0];
}

/** Folders of the workspace, and one level below. */
async function candidates(): Promise<FolderItem[]> {
  const items: FolderItem[] = [];
  for (const { uri, name } of workspace.workspaceFolders ?? []) {
    if (uri.scheme !== 'file') continue;
    items.push({ label: name, description: l10n.t('workspace folder'), uri });
    const entries = await workspace.fs.readDirectory(uri).then(
      (found) => found,
      () => [],
    );
    for (const [child, type] of entries)
      if ((type & FileType.Directory) !== 0 && !child.startsWith('.') && child !== 'node_modules')
        items.push({ label: child, description: dirname(`${name}/x`), uri: Uri.joinPath(uri, child) });
  }
  return items;
}
