import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { commands, l10n, Uri, window } from 'vscode';
import { isVideoName } from '../core/pair';
import { openVideos } from './clipFiles';
import { showInformation } from './notices';
import type { PanelRegistry } from './panel/registry';
import { pickClip } from './pickClip';
import { pairFromSelection } from './pickPair';

/** The ways into a comparison, and the clip that was marked for one. */
export class CompareCommands {
  private marked: Uri | undefined;

  constructor(private readonly panels: PanelRegistry) {}

  /** Starts from the marked clip or the video in front, where there is one; else asks for both. */
  async compareVideos(): Promise<void> {
    let first = (await this.stillMarked()) ?? openVideos()[0];
    for (;;) {
      first ??= await this.pickFirst();
      if (!first) return;
      const second = await pickClip({
        title: l10n.t('Compare Videos (2/2)'),
        placeholder: l10n.t('Compare {0} with…', basename(first.fsPath)),
        except: first,
        back: true,
      });
      if (second === undefined) return;
      if (second !== 'back') return this.open(first, second);
      first = undefined;
    }
  }

  async compareSelected(clicked?: unknown, selected?: unknown): Promise<void> {
    const isUri = (value: unknown): value is Uri => value instanceof Uri;
    const selection = pairFromSelection(clicked, selected, isUri, (uri) => uri.path);
    if ('pair' in selection) return this.open(...selection.pair);
    const text =
      selection.refused === 'notTwo'
        ? l10n.t('Select two videos in the Explorer to compare them.')
        : l10n.t('Both selected files must be videos.');
    void showInformation(text);
  }

  async selectForCompare(clicked?: unknown): Promise<void> {
    const clip = clicked instanceof Uri ? clicked : openVideos()[0];
    if (!clip) return void showInformation(l10n.t('Select a video in the Explorer first.'));
    this.marked = clip;
    await commands.executeCommand('setContext', 'aesrm.hasSelected', true);
    window.setStatusBarMessage(l10n.t('AesRM: {0} selected for compare', basename(clip.fsPath)), 4000);
  }

  async compareWithSelected(clicked?: unknown): Promise<void> {
    const clip = clicked instanceof Uri ? clicked : openVideos()[0];
    const before = this.marked;
    const marked = await this.stillMarked();
    if (marked && clip) return this.open(marked, clip);
    const text =
      before && !marked
        ? l10n.t('{0} is no longer there.', basename(before.fsPath))
        : l10n.t('Use Select for Compare on a video first.');
    void showInformation(text);
  }

  /** The marked clip; one that is gone is forgotten. */
  private async stillMarked(): Promise<Uri | undefined> {
    const { marked } = this;
    if (!marked || marked.scheme !== 'file' || (await isThere(marked))) return marked;
    if (this.marked === marked) {
      this.marked = undefined;
      await commands.executeCommand('setContext', 'aesrm.hasSelected', false);
    }
    return undefined;
  }

  private async pickFirst(): Promise<Uri | undefined> {
    const first = await pickClip({
      title: l10n.t('Compare Videos (1/2)'),
      placeholder: l10n.t('The first clip: it will be A'),
      back: false,
    });
    return first === 'back' ? undefined : first;
  }

  private async open(a: Uri, b: Uri): Promise<void> {
    const problem = refusal(a, b);
    if (problem !== undefined) return void showInformation(problem);
    await this.panels.compare({ A: a, B: b });
  }
}

function isThere(clip: Uri): Promise<boolean> {
  return stat(clip.fsPath).then(
    () => true,
    () => false,
  );
}

function refusal(a: Uri, b: Uri): string | undefined {
  const strange = [a, b].find((uri) => uri.scheme !== 'file');
  if (strange) return l10n.t('AesRM compares files on a disk: {0} is not on one.', strange.toString(true));
  const other = [a, b].find((uri) => !isVideoName(uri.path));
  if (other) return l10n.t('{0} is not a video by its name.', basename(other.fsPath));
  if (a.toString() === b.toString()) return l10n.t('{0} cannot be compared with itself.', basename(a.fsPath));
  return undefined;
}
