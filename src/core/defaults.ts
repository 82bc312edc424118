/** What the command line takes where the extension has a setting; the manifest has the same values. */
export const DEFAULTS = {
  'cache.maxSizeMB': 2000,
  decodeDeadlineSeconds: 30,
} as const;
