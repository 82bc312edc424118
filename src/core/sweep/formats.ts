/**
 * `json`: `aesrm.sweep/1`. `csv`, `jsonl`: one line per judged pair. `html`: a report in one file. The others are
 * preference pairs as trainers read them.
 */
export const EXPORT_FORMATS = [
  'json',
  'csv',
  'jsonl',
  'html',
  'trl',
  'videodpo',
  'videoalign',
  'labelstudio',
  'diffusers',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
