import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { TabInputCustom, TabInputText, type Uri, window, workspace, type CancellationToken } from 'vscode';
import { isVideoName } from '../core/pair';
import { SKIPPED_GLOB, VIDEO_GLOB, type VideoFile } from './pickPair';

/** More than anyone scrolls through; the quick pick stays quick. */
export const MOST_FILES = 10_000;
const AT_ONCE = 32;

/** The workspace's videos, in no order. */
export async function findVideos(token: CancellationToken): Promise<Uri[]> {
  const found = await workspace.findFiles(VIDEO_GLOB, SKIPPED_GLOB, MOST_FILES, token);
  return found.filter((uri) => uri.scheme === 'file');
}

/** What is there of `uris`, with size and time. */
export async function describeVideos(uris: readonly Uri[], token: CancellationToken): Promise<VideoFile[]> {
  const queue = [...uris];
  const files: VideoFile[] = [];
  const worker = async () => {
    for (let uri = queue.pop(); uri && !token.isCancellationRequested; uri = queue.pop()) {
      const file = await describe(uri);
      if (file) files.push(file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return files;
}

async function describe(uri: Uri): Promise<VideoFile | undefined> {
  try {
    const { size, mtimeMs } = await stat(uri.fsPath);
    const name = basename(uri.fsPath);
    const relative = workspace.asRelativePath(uri);
    const folder = relative.slice(0, Math.max(0, relative.length - name.length - 1));
    return { uri: uri.toString(), name, folder, bytes: size, mtimeMs };
  } catch {
    return undefined;
  }
}

/** Videos in open tabs, the tab in front first. */
export function openVideos(): Uri[] {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const active = window.tabGroups.activeTabGroup.activeTab;
  const ordered = active ? [active, ...tabs.filter((tab) => tab !== active)] : tabs;
  const uris = ordered.flatMap(({ input }) =>
    input instanceof TabInputCustom || input instanceof TabInputText ? [input.uri] : [],
  );
  const videos = uris.filter((uri) => uri.scheme === 'file' && isVideoName(uri.path));
  return [...new Map(videos.map((uri) => [uri.toString(), uri])).values()];
}
