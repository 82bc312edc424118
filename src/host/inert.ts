/**
 * Text for a notification, a progress or the words below an input box: VS Code makes links of `[words](address)` in
 * them, of commands too, and what is quoted may be the words of a server or a model, or the name of a file. A word joiner
 * has no width and breaks the link.
 */
export function inert(text: string): string {
  return text.replaceAll('](', ']\u2060(');
}
