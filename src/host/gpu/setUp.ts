import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  commands,
  ConfigurationTarget,
  l10n,
  ProgressLocation,
  Uri,
  window,
  workspace,
  type Memento,
} from 'vscode';
import type { GpuFacts } from '../../core/gpu/facts';
import { gpuMarkdown } from '../../core/gpu/markdown';
import { toProblem } from '../../core/problem';
import type { EngineHost } from '../engineHost';
import { showError, showInformation, withProgress } from '../notices';
import { sizeText } from '../pickPair';
import { readSettings } from '../settings';
import { actionsFor, type GpuAction } from './actions';
import { named, namedBefore, namedWithout, steppedBack, type Namings } from './namings';
import { fetchText, probeText } from './words';

/** What the setting has named, step by step. */
const NAMINGS = 'gpuLibraries.namings';

/** `AesRM: Set Up GPU…`: looks, reports, and offers what can be done; each of that can be undone. */
export class GpuSetUp {
  private readonly report: Uri;

  constructor(
    private readonly engine: EngineHost,
    storage: string,
    private readonly memory: Memento,
  ) {
    this.report = Uri.file(join(storage, 'gpu-report.md'));
  }

  /** Resolves with the report once it is shown; undefined where there is none. What can be done is offered then. */
  async run(): Promise<Uri | undefined> {
    const facts = await this.attempt(() => this.look());
    if (!facts) return undefined;
    await mkdir(dirname(this.report.fsPath), { recursive: true });
    await writeFile(this.report.fsPath, gpuMarkdown(facts));
    await show(this.report);
    void this.offer(facts);
    return this.report;
  }

  private look(): Thenable<GpuFacts> {
    return this.withProgress(l10n.t('Looking for a GPU'), async (signal, report) =>
      this.engine.get().gpuProbe({ signal, onProgress: (step) => report(probeText(step)) }),
    );
  }

  private async offer(facts: GpuFacts): Promise<void> {
    const placeHolder = l10n.t('The report is open. What is to be done?');
    const picked = await window.showQuickPick(actionsFor(facts, namedBefore(this.namings, this.now)), {
      title: l10n.t('Set Up GPU'),
      placeHolder,
    });
    if (picked) await this.act(picked.action, facts);
  }

  private async act(action: GpuAction, { fetched }: GpuFacts): Promise<void> {
    const acts: Record<GpuAction, () => Promise<boolean>> = {
      look: () => Promise.resolve(true),
      choose: () => this.choose(),
      fetch: () => this.fetch(),
      use: () => this.name(fetched?.dir ?? ''),
      stop: () => this.stop(),
      remove: () => this.remove(fetched?.dir),
    };
    // What was done shows in a new report.
    if (await this.attempt(acts[action])) await this.run();
  }

  private async choose(): Promise<boolean> {
    const picked = await window.showOpenDialog({
      title: l10n.t('Folder with the CUDA provider of ONNX Runtime'),
      openLabel: l10n.t('Use This Folder'),
      canSelectFolders: true,
      canSelectFiles: false,
    });
    const dir = picked?.[0]?.fsPath;
    if (dir === undefined) return false;
    await this.engine.get().gpuCheck(dir);
    return this.name(dir);
  }

  private async fetch(): Promise<boolean> {
    const go = l10n.t('Fetch');
    const detail = l10n.t(
      "Some hundred megabytes from nuget.org (the package Microsoft.ML.OnnxRuntime.Gpu.Linux), the same that ONNX Runtime's own installation fetches. They are kept in the extension's storage and can be removed again.",
    );
    const question = l10n.t('Fetch the CUDA provider of ONNX Runtime?');
    if ((await showInformation(question, { modal: true, detail }, go)) !== go) return false;
    const { dir } = await this.withProgress(l10n.t('Fetching the CUDA provider'), async (signal, report) =>
      this.engine.get().gpuFetch({ signal, onProgress: (step) => report(fetchText(step)) }),
    );
    return this.name(dir);
  }

  /** Goes back to what was named before; what nobody was asked to name is taken out, which can be undone too. */
  private async stop(): Promise<boolean> {
    const { now, namings } = this;
    const before = namedBefore(namings, now);
    if (before === undefined) return this.name('');
    return this.set(before, steppedBack(namings, now));
  }

  private async remove(dir: string | undefined): Promise<boolean> {
    if (dir !== undefined) {
      const rest = namedWithout(this.namings, this.now, dir);
      await this.set(rest.at(-1) ?? '', rest);
    }
    const { bytes, files } = await this.engine.get().gpuRemove();
    void showInformation(l10n.t('Freed {0} ({1} files).', sizeText(bytes), files));
    return true;
  }

  private get now(): string {
    return readSettings().gpuLibraries;
  }

  private get namings(): Namings {
    return this.memory.get<Namings>(NAMINGS) ?? [];
  }

  private name(dir: string): Promise<boolean> {
    return this.set(dir, named(this.namings, this.now, dir));
  }

  /** Where nothing is named the setting is taken out. The engine starts anew with it. */
  private async set(dir: string, namings: Namings): Promise<boolean> {
    // First: a setting that was changed and not remembered could not be undone.
    await this.memory.update(NAMINGS, namings);
    const value = dir === '' ? undefined : dir;
    if (dir !== this.now)
      await workspace.getConfiguration('aesrm').update('gpuLibraries', value, ConfigurationTarget.Global);
    return true;
  }

  private withProgress<T>(
    title: string,
    work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
  ): Thenable<T> {
    const options = { location: ProgressLocation.Notification, cancellable: true, title };
    return withProgress(options, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return work(stop.signal, (message) => progress.report({ message }));
    });
  }

  /** The result; undefined where it failed, which is said, or was cancelled. */
  private async attempt<T>(work: () => Thenable<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { code, message, fix } = toProblem(error);
      if (code !== 'cancelled') void showError([message, fix].filter(Boolean).join(' '));
      return undefined;
    }
  }
}

/** Rendered where VS Code's Markdown is on, else as text. */
async function show(report: Uri): Promise<void> {
  try {
    await commands.executeCommand('markdown.showPreview', report);
  } catch {
    await window.showTextDocument(report);
  }
}
