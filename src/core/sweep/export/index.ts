import type { SweepDocument } from '../document';
import type { ExportFormat } from '../formats';
import { inChunks } from './cells';
import { sweepHtml, type ReportExtras } from './html';
import { sweepJson } from './json';
import { sweepCsv, sweepJsonl } from './lines';
import { diffusersImages, labelStudio, trl, videoAlign, videoDpo, type Exported } from './trainers';

export { decodeSweepDocument } from './decodeDocument';
export { MOST_PICTURES } from './htmlMarks';
export type { Exported } from './trainers';

/**
 * A sweep in one of the formats. Texts come in pieces as they are asked for: a million pairs are never one string. A
 * format of several files is a folder of theirs; one that does not apply gives no file and a note that says why.
 */
export function exportSweep(format: ExportFormat, doc: SweepDocument, extras: ReportExtras = {}): Exported {
  const { files, notes } = made(format, doc, extras);
  return {
    files: files.map(({ name, text }) => ({ name, text: { [Symbol.iterator]: () => inChunks(text) } })),
    notes,
  };
}

function made(format: ExportFormat, doc: SweepDocument, extras: ReportExtras): Exported {
  const one = (name: string, make: () => Iterator<string>): Exported => ({
    files: [{ name, text: { [Symbol.iterator]: make } }],
    notes: [],
  });
  switch (format) {
    case 'json':
      return one('sweep.json', () => sweepJson(doc));
    case 'csv':
      return one('pairs.csv', () => sweepCsv(doc));
    case 'jsonl':
      return one('pairs.jsonl', () => sweepJsonl(doc));
    case 'html':
      return one('report.html', () => sweepHtml(doc, extras));
    case 'trl':
      return trl(doc);
    case 'videodpo':
      return videoDpo(doc);
    case 'videoalign':
      return videoAlign(doc);
    case 'labelstudio':
      return labelStudio(doc);
    case 'diffusers':
      return diffusersImages(doc);
  }
}
