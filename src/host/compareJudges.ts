import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { l10n, ProgressLocation, Uri, workspace } from 'vscode';
import { JUDGES_REPORT_FORMATS, type JudgesReport, type JudgesReportFormat } from '../core/judges/report';
import { toProblem } from '../core/problem';
import type { EngineHost } from './engineHost';
import { showError, showInformation, withProgress } from './notices';
import type { RecordKeeper } from './record';
import { offerToSave, showReport, type Reports } from './reports';

/** Compares the judges whose verdicts the workspace's record holds, and opens the report. */
export class CompareJudgesCommand {
  constructor(
    private readonly engine: EngineHost,
    private readonly record: RecordKeeper,
    /** The report is written here: there is one, of now. */
    private readonly dir: string,
  ) {}

  /** Returns the report in Markdown; undefined where there is none. */
  async run(): Promise<Uri | undefined> {
    const logDirs = this.places();
    if (logDirs.length === 0) {
      const text = l10n.t(
        'No record is kept here (aesrm.record.location), so that there are no judges to compare.',
      );
      return void showInformation(text);
    }
    try {
      await mkdir(this.dir, { recursive: true });
      const uris = JUDGES_REPORT_FORMATS.map((format) => [
        format,
        Uri.file(join(this.dir, `judges-compared.${format}`)),
      ]);
      const reports = Object.fromEntries(uris) as Reports<JudgesReportFormat>;
      const { judges } = await this.compare(logDirs, reports);
      await showReport(reports.md);
      const said = l10n.t('Judges compared: {0}.', judges.length);
      void offerToSave(said, l10n.t('Save the report as Markdown or JSON'), reports);
      return reports.md;
    } catch (error) {
      const { code, message, fix } = toProblem(error);
      const text = fix === undefined ? message : `${message} ${fix}`;
      if (code === 'empty') void showInformation(text);
      else if (code !== 'cancelled') void showError(text);
      return undefined;
    }
  }

  /** Of every folder of the workspace, and of clips outside one where none is open. */
  private places(): string[] {
    const folders = workspace.workspaceFolders?.map(({ uri }) => uri) ?? [Uri.file(this.dir)];
    return folders.flatMap((folder) => {
      const home = this.record.homeOf(folder);
      return home ? [home.dir, ...(home.fallbackDir === undefined ? [] : [home.fallbackDir])] : [];
    });
  }

  private compare(logDirs: string[], reports: Reports<JudgesReportFormat>): Thenable<JudgesReport> {
    const outputs = JUDGES_REPORT_FORMATS.map((format) => ({ format, path: reports[format].fsPath }));
    const options = {
      location: ProgressLocation.Notification,
      cancellable: true,
      title: l10n.t('Comparing judges'),
    };
    return withProgress(options, async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      const onProgress = ({ done, total }: { done: number; total: number }) => {
        const share = total > 0 ? (100 * done) / total : 0;
        progress.report({ increment: share - shown });
        shown = share;
      };
      return this.engine.get().judges({ logDirs, outputs }, { signal: stop.signal, onProgress });
    });
  }
}
