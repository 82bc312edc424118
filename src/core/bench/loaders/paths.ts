/** Whether a file of labels names a clip by where it was on the web. */
export const isUrl = (text: string) => /^https?:\/\//i.test(text);

/** A path as a file of labels has it, relative to the root and with slashes; undefined where it leads out of it. */
export function belowRoot(text: string): string | undefined {
  const slashed = text.replaceAll('\\', '/');
  const parts = slashed.split('/').filter((part) => part !== '' && part !== '.');
  const outside = /^(?:[a-z]:|\/)/i.test(slashed) || parts.includes('..');
  return outside || parts.length === 0 ? undefined : parts.join('/');
}

/** Host and folders and file of a URL, decoded; what follows `?` or `#` is no part. Undefined where it names no file. */
export function urlParts(url: string): string[] | undefined {
  const parts = url
    .replace(/^https?:\/\//i, '')
    .replace(/[?#].*$/s, '')
    .split('/')
    .flatMap((part) => decoded(part).split(/[\\/]/))
    .filter((part) => part !== '' && part !== '.');
  return parts.length < 2 || parts.includes('..') ? undefined : parts;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Where below the root the clips of these URLs are expected: under the file's own name; where two clips share one,
 * as many folders of every URL stand before it as tell them apart.
 */
export function placeUrls(urls: ReadonlyMap<string, readonly string[]>): {
  paths: Map<string, string>;
  parts: number;
} {
  const distinct = new Set([...urls.values()].map((parts) => parts.join('/'))).size;
  for (let parts = 1; ; parts++) {
    const paths = new Map([...urls].map(([url, all]) => [url, all.slice(-parts).join('/')]));
    if (new Set(paths.values()).size === distinct) return { paths, parts };
  }
}
