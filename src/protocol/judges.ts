import type { JudgesReport, JudgesReportFormat } from '../core/judges/report';

/** The wire of `judges`, between host or command line and worker. All paths absolute. */
export interface JudgesParams {
  /** Folders of records that are read as one; those that are not there hold nothing. */
  logDirs: string[];
  /** Where the report is written. */
  outputs: { format: JudgesReportFormat; path: string }[];
}

export interface JudgesProgress {
  /** Comparisons; of a record that is still being read none, and it is not known how many. */
  done: number;
  total: number;
}

export interface JudgesMethods {
  /** Compares the judges of a record with each other and with its votes. Nothing is judged for it. */
  judges: { params: JudgesParams; progress: JudgesProgress; result: JudgesReport };
}
