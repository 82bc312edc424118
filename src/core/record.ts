/** The folder of a workspace that keeps its verdicts and votes. */
export const RECORD_FOLDER = '.aesrm';
