import { reportMarkdown } from '../../bench/export/markdown';
import type { JudgesReport, JudgesReportFormat } from '../report';
import { JUDGES_TITLE, judgesOpening, judgesSections } from './sections';

export function exportJudges(format: JudgesReportFormat, report: JudgesReport): string {
  if (format === 'json') return `${JSON.stringify(report)}\n`;
  return reportMarkdown(JUDGES_TITLE, judgesOpening(report), judgesSections(report));
}
