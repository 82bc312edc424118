import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { l10n, ProgressLocation, Uri, window, type QuickPickItem } from 'vscode';
import { BENCH_FORMATS, type BenchFormat } from '../core/bench/formats';
import type { BenchReport } from '../core/bench/report';
import { toProblem } from '../core/problem';
import type { BenchParams, BenchProgress } from '../protocol/bench';
import type { EngineHost } from './engineHost';
import { CostConsent } from './judges/costConsent';
import type { JudgeKeeper } from './judges/keeper';
import { showError, withProgress } from './notices';
import { offerToSave, showReport, type Reports } from './reports';
import { progressText } from './sweep/words';

/** Measures the judge on a file of labelled pairs, and opens the report. */
export class BenchmarkCommand {
  /** By file of pairs and folder of clips. */
  private readonly consents = new Map<string, CostConsent>();

  constructor(
    private readonly engine: EngineHost,
    /** Reports are written here; one file of pairs has one. */
    private readonly dir: string,
    private readonly judges: JudgeKeeper,
  ) {}

  /** Asks for what is not given. Returns the report in Markdown; undefined where there is none. */
  async run(givenFile: unknown, givenRoot: unknown): Promise<Uri | undefined> {
    const file = givenFile instanceof Uri ? givenFile : await pickFile();
    if (!file) return undefined;
    const root = givenRoot instanceof Uri ? givenRoot : await pickRoot(file);
    if (!root) return undefined;
    try {
      const reports = await this.reportsOf(file);
      const params = this.paramsOf(file, root, reports);
      const consent = this.consentTo(params);
      if (!(await consent.given(params.judge, () => this.engine.get().benchCost(params)))) return undefined;
      const report = await this.measure(file, params);
      await showReport(reports.md);
      void done(report, reports);
      return reports.md;
    } catch (error) {
      const { code, message } = toProblem(error);
      if (code !== 'cancelled') void showError(message);
      return undefined;
    }
  }

  private consentTo({ pairs, root }: BenchParams): CostConsent {
    const key = JSON.stringify([pairs, root]);
    const known = this.consents.get(key);
    if (known) return known;
    const consent = new CostConsent(() => this.judges.chosen);
    this.consents.set(key, consent);
    return consent;
  }

  private async reportsOf(file: Uri): Promise<Reports<BenchFormat>> {
    const key = createHash('sha256').update(file.fsPath).digest('hex').slice(0, 12);
    const dir = join(this.dir, key);
    await mkdir(dir, { recursive: true });
    const name = `${basename(file.fsPath, extname(file.fsPath))}-benchmark`;
    const uris = BENCH_FORMATS.map((format) => [format, Uri.file(join(dir, `${name}.${format}`))]);
    return Object.fromEntries(uris) as Reports<BenchFormat>;
  }

  private paramsOf(file: Uri, root: Uri, reports: Reports<BenchFormat>): BenchParams {
    const outputs = BENCH_FORMATS.map((format) => ({ format, path: reports[format].fsPath }));
    return { pairs: file.fsPath, root: root.fsPath, judge: this.judges.spec(), outputs };
  }

  private measure(file: Uri, params: BenchParams): Thenable<BenchReport> {
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: l10n.t('Measuring the judge on {0}', basename(file.fsPath)),
    };
    return withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      const onProgress = (step: BenchProgress) => {
        const share = 100 * shareOf(step, params.judge?.kind !== 'compact');
        progress.report({ message: progressText(step), increment: share - shown });
        shown = share;
      };
      return this.engine.get().bench(params, { signal: stop.signal, onProgress });
    });
  }
}

/** Of what takes the time: the clips, or the pairs of a judge that is asked about each. */
function shareOf({ clips, pairs }: BenchProgress, isAsked: boolean): number {
  const { done, total } = isAsked ? pairs : clips;
  return total > 0 ? done / total : 0;
}

async function pickFile(): Promise<Uri | undefined> {
  const picked = await window.showOpenDialog({
    title: l10n.t('Labelled pairs to measure the judge on'),
    openLabel: l10n.t('Run Benchmark'),
    filters: { [l10n.t('Labelled pairs')]: ['csv', 'json', 'jsonl', 'parquet'] },
  });
  return picked?.[0];
}

async function pickRoot(file: Uri): Promise<Uri | undefined> {
  const own = Uri.file(dirname(file.fsPath));
  const items: (QuickPickItem & { uri?: Uri })[] = [
    { label: l10n.t('The folder of the file'), description: own.fsPath, uri: own },
    { label: l10n.t('Browse…') },
  ];
  const placeHolder = l10n.t('The folder that the paths of the clips are relative to');
  const picked = await window.showQuickPick(items, { title: l10n.t('Run Benchmark'), placeHolder });
  if (!picked || picked.uri) return picked?.uri;
  const options = { canSelectFolders: true, canSelectFiles: false, defaultUri: own };
  return (await window.showOpenDialog(options))?.[0];
}

function done({ counts, problems }: BenchReport, reports: Reports<BenchFormat>): Promise<void> {
  const said = [
    l10n.t('The judge was measured on {0} of {1} labels.', counts.used, counts.labels),
    ...(problems.length > 0
      ? [l10n.t('Clips that are missing or could not be read: {0}.', problems.length)]
      : []),
  ].join(' ');
  // The page that anyone can open is offered first.
  const { html, md, json } = reports;
  return offerToSave(said, l10n.t('Save the report as HTML, Markdown or JSON'), { html, md, json });
}
