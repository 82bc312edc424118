import {
  CancellationTokenSource,
  l10n,
  QuickInputButtons,
  QuickPickItemKind,
  Uri,
  window,
  type QuickPick,
  type QuickPickItem,
} from 'vscode';
import { VIDEO_EXTENSIONS } from '../core/pair';
import { toProblem } from '../core/problem';
import { describeVideos, findVideos, MOST_FILES, openVideos } from './clipFiles';
import { showError } from './notices';
import { ageOf, newestFirst, sizeText, type VideoFile } from './pickPair';
import { ageText } from './texts';

interface ClipItem extends QuickPickItem {
  uri?: string;
  browse?: boolean;
}

export interface PickStep {
  title: string;
  placeholder: string;
  /** Not offered. */
  except?: Uri;
  back: boolean;
}

/** Asks for one clip: the open ones, then the workspace's, newest first, then any file. */
export async function pickClip(step: PickStep): Promise<Uri | 'back' | undefined> {
  const answer = await ask(step);
  return answer === 'browse' ? browse(step) : answer;
}

function ask(step: PickStep): Promise<Uri | 'back' | 'browse' | undefined> {
  const pick = window.createQuickPick<ClipItem>();
  const loading = new CancellationTokenSource();
  pick.title = step.title;
  pick.placeholder = step.placeholder;
  pick.matchOnDescription = true;
  pick.buttons = step.back ? [QuickInputButtons.Back] : [];
  pick.busy = true;
  pick.items = [browseItem()];
  pick.show();
  load(pick, step, loading).catch((error: unknown) => {
    void showError(toProblem(error).message);
  });
  return new Promise((resolve) => {
    pick.onDidTriggerButton(() => (resolve('back'), pick.hide()));
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      resolve(item?.browse ? 'browse' : item?.uri ? Uri.parse(item.uri) : undefined);
      pick.hide();
    });
    pick.onDidHide(() => {
      loading.cancel();
      pick.dispose();
      resolve(undefined);
    });
  });
}

async function load(
  pick: QuickPick<ClipItem>,
  step: PickStep,
  { token }: CancellationTokenSource,
): Promise<void> {
  const except = step.except?.toString();
  const offered = (uri: Uri) => uri.toString() !== except;
  try {
    const open = await describeVideos(openVideos().filter(offered), token);
    if (token.isCancellationRequested) return;
    const here = group(l10n.t('Open'), open);
    pick.items = [...here, browseItem()];
    const found = await findVideos(token);
    const shown = new Set(open.map((file) => file.uri));
    const files = await describeVideos(
      found.filter((uri) => offered(uri) && !shown.has(uri.toString())),
      token,
    );
    if (token.isCancellationRequested) return;
    const limit = l10n.t('Newest first, of the {0} found before the search was ended', MOST_FILES);
    const label = found.length < MOST_FILES ? l10n.t('Newest first') : limit;
    pick.items = [...here, ...group(label, newestFirst(files)), browseItem()];
  } finally {
    if (!token.isCancellationRequested) pick.busy = false;
  }
}

function group(label: string, files: readonly VideoFile[]): ClipItem[] {
  if (files.length === 0) return [];
  const now = Date.now();
  const item = (file: VideoFile): ClipItem => ({
    label: file.name,
    description: file.folder,
    detail: `${sizeText(file.bytes)} · ${ageText(ageOf(file.mtimeMs, now))}`,
    uri: file.uri,
  });
  return [{ label, kind: QuickPickItemKind.Separator }, ...files.map(item)];
}

function browseItem(): ClipItem {
  return { label: `$(folder-opened) ${l10n.t('Browse…')}`, alwaysShow: true, browse: true };
}

async function browse(step: PickStep): Promise<Uri | undefined> {
  const chosen = await window.showOpenDialog({
    title: step.title,
    canSelectMany: false,
    filters: { [l10n.t('Videos')]: [...VIDEO_EXTENSIONS] },
  });
  return chosen?.[0];
}
