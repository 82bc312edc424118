/** What tells one content of a file from another, as far as a cache is concerned. */
export interface FileVersion {
  mtimeMs: number;
  size: number;
}

/** A webview keeps what it loaded for ever under its full address: a clock in it would fill the disk, nothing at all would show old frames. */
export function versionQuery({ mtimeMs, size }: FileVersion): string {
  return `v=${Math.trunc(mtimeMs)}-${size}`;
}

export function sameVersion(a: FileVersion | undefined, b: FileVersion | undefined): boolean {
  return a?.mtimeMs === b?.mtimeMs && a?.size === b?.size;
}

/** The file's version; undefined where there is no such file. Any other error is the caller's. */
export async function readVersion(
  readStat: () => Promise<FileVersion & { isFile(): boolean }>,
): Promise<FileVersion | undefined> {
  try {
    const stat = await readStat();
    return stat.isFile() ? { mtimeMs: stat.mtimeMs, size: stat.size } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
