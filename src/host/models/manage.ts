import { env, l10n, ProgressLocation, Uri, window, type QuickPickItem } from 'vscode';
import type { LocalModelRecord } from '../../core/local/record';
import { toProblem } from '../../core/problem';
import type { FetchProgress, ModelMethods, ModelOffer, ModelTrial } from '../../protocol/models';
import type { EngineHost } from '../engineHost';
import { showError, showInformation, showInputBox, showWarning, withProgress } from '../notices';
import { sizeText } from '../pickPair';
import { agreementItems, agreementText, describeModel, fetchText, trialText } from './words';

type Item<T> = QuickPickItem & { value: T };

/** `AesRM: Manage Models…`: the local models, with what can be done about each. */
export class ModelManager {
  constructor(
    private readonly engine: EngineHost,
    /** Where models are kept. */
    private readonly dir: string,
    private readonly hub: () => string,
  ) {}

  async run(): Promise<void> {
    await this.told(async () => {
      const { models, problems } = await this.ask('models', { dir: this.dir });
      for (const text of problems) void showWarning(text);
      const act = await this.pick(models);
      await act?.();
    });
  }

  /** Adds a folder of the user's; asks for it where none is given. */
  async addFolder(given?: Uri): Promise<LocalModelRecord | undefined> {
    const options = {
      title: l10n.t('A folder of a vision-language model with ONNX files'),
      openLabel: l10n.t('Add Model'),
    };
    const folder =
      given ?? (await window.showOpenDialog({ ...options, canSelectFolders: true, canSelectFiles: false }))?.[0];
    if (!folder) return undefined;
    const params = { dir: this.dir, folder: folder.fsPath };
    const record = await this.withProgress(l10n.t('Checking the model'), 'modelAdd', params, fetchText);
    await this.offerTrial(record);
    return record;
  }

  /** Downloads from a hub; asks for the name where none is given. */
  async download(given?: string): Promise<LocalModelRecord | undefined> {
    const source =
      given ??
      (await showInputBox({
        title: l10n.t('Download a Model'),
        prompt: l10n.t('owner/name on {0}, or the address of its page on a hub or a mirror', this.hub()),
        placeHolder: 'onnx-community/Qwen2-VL-2B-Instruct',
        ignoreFocusOut: true,
      }));
    if (!source) return undefined;
    const from = { source, hub: this.hub() };
    const offer = await this.withProgress(l10n.t('Looking for {0}', source), 'modelOffer', from, () => '');
    const dtype = await pickFormat(offer);
    if (!dtype) return undefined;
    const params = { dir: this.dir, ...from, revision: offer.revision, dtype };
    const record = await this.withProgress(l10n.t('Downloading {0}', offer.name), 'modelFetch', params, fetchText);
    await this.offerTrial(record);
    return record;
  }

  /** Removes the model, and offers to undo that; what was downloaded is deleted when that offer is gone. */
  async remove({ key, name, ours }: LocalModelRecord): Promise<void> {
    const which = { dir: this.dir, key };
    await this.ask('modelRemove', which);
    const undo = l10n.t('Undo');
    const said = ours
      ? l10n.t('{0} is removed; its files are deleted when this message is closed.', name)
      : l10n.t('{0} is removed from the list; its folder stays as it is.', name);
    const answer = await showInformation(said, undo);
    await this.ask(answer === undo ? 'modelRestore' : 'modelForget', which);
  }

  async tryOut({ key, name }: LocalModelRecord): Promise<ModelTrial> {
    const title = l10n.t('Asking {0} about two made-up clips', name);
    const trial = await this.withProgress(title, 'modelTry', { dir: this.dir, key }, ({ text }) => text);
    void showInformation(trialText(name, trial));
    return trial;
  }

  private async pick(models: readonly LocalModelRecord[]): Promise<(() => Promise<unknown>) | undefined> {
    const items: Item<() => Promise<unknown>>[] = [
      ...models.map((model) => ({
        label: model.name,
        description: describeModel(model),
        detail: `${agreementText(model.agreement)} · ${model.folder}`,
        value: () => this.about(model),
      })),
      { label: l10n.t('$(folder-opened) Add a Folder…'), value: () => this.addFolder() },
      { label: l10n.t('$(cloud-download) Download a Model…'), value: () => this.download() },
    ];
    const placeHolder = l10n.t('Local vision-language models');
    return (await window.showQuickPick(items, { title: l10n.t('Manage Models'), placeHolder }))?.value;
  }

  private async about(model: LocalModelRecord): Promise<void> {
    const items: (QuickPickItem & Partial<Item<() => unknown>>)[] = [
      { label: l10n.t('$(play) Try It'), value: () => this.tryOut(model) },
      { label: l10n.t('$(folder) Show Its Folder'), value: () => env.openExternal(Uri.file(model.folder)) },
      ...(model.ours ? [] : [{ label: l10n.t('$(refresh) Read It Again'), value: () => this.addFolder(Uri.file(model.folder)) }]),
      { label: l10n.t('$(trash) Remove'), value: () => this.remove(model) },
      ...agreementItems(model.agreement),
    ];
    const placeHolder = `${describeModel(model)} · ${agreementText(model.agreement)}`;
    await (await window.showQuickPick(items, { title: model.name, placeHolder }))?.value?.();
  }

  private async offerTrial(record: LocalModelRecord): Promise<void> {
    const attempt = l10n.t('Try It');
    const said = l10n.t('{0} is ready: {1}.', record.name, describeModel(record));
    void showInformation(said, attempt).then((answer) =>
      answer === attempt ? this.told(() => this.tryOut(record)) : undefined,
    );
  }

  private ask<K extends keyof ModelMethods>(method: K, params: ModelMethods[K]['params']) {
    return this.engine.get().models(method, params);
  }

  private withProgress<K extends keyof ModelMethods>(
    title: string,
    method: K,
    params: ModelMethods[K]['params'],
    words: (progress: ModelMethods[K]['progress']) => string,
  ): Thenable<ModelMethods[K]['result']> {
    const options = { location: ProgressLocation.Notification, cancellable: true, title };
    return withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      const onProgress = (step: ModelMethods[K]['progress']) => {
        const share = shareOf(step);
        progress.report({ message: words(step), increment: Math.max(0, share - shown) });
        shown = share;
      };
      return this.engine.get().models(method, params, { signal: stop.signal, onProgress });
    });
  }

  /** What goes wrong is said; being cancelled is no news. */
  private async told(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      const { code, message, fix } = toProblem(error);
      if (code !== 'cancelled') void showError(fix === undefined ? message : `${message} ${fix}`);
    }
  }
}

/** Percent of a download or a check; nought of anything else. */
function shareOf(step: unknown): number {
  const { done, total } = step as Partial<FetchProgress>;
  return done !== undefined && total ? (100 * done) / total : 0;
}

async function pickFormat({ name, family, licence, choices }: ModelOffer) {
  const items = choices.map(({ dtype, bytes, files }) => ({
    label: dtype,
    description: l10n.t('{0} in {1} files', sizeText(bytes), files),
    dtype,
  }));
  const placeHolder = l10n.t('{0}, licence: {1}. Which weights?', family, licence ?? l10n.t('licence unknown'));
  return (await window.showQuickPick(items, { title: name, placeHolder, ignoreFocusOut: true }))?.dtype;
}
