/** Formats of a report, each the extension of its file's name. */
export const BENCH_FORMATS = ['json', 'md', 'html'] as const;
export type BenchFormat = (typeof BENCH_FORMATS)[number];
