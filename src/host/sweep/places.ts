import { workspace, type Uri } from 'vscode';
import type { RecordKeeper } from '../record';
import type { LayoutPlaces } from './layoutKeeper';

/** Where the record of a sweep's folder is kept, and where instead if that cannot be written. */
export function placesOf(root: Uri, record: RecordKeeper): LayoutPlaces {
  const name = recordName(root);
  const home = record.homeOf(root);
  if (!home) return { name };
  const { dir: homeDir, fallbackDir } = home;
  return { name, homeDir, ...(fallbackDir === undefined ? {} : { fallbackDir }) };
}

/** A sweep's name in its record: the path of its folder in the workspace. */
function recordName(root: Uri): string {
  const folder = workspace.getWorkspaceFolder(root);
  if (folder?.uri.toString() === root.toString()) return '';
  return workspace.asRelativePath(root, false).replaceAll('\\', '/');
}
