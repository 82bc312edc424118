import type { Series } from './table';

/**
 * What the page takes from the theme (`--vscode-foreground` and charts-blue, -orange and -purple), as VS Code's default
 * themes have it: for the report, which has no theme to ask.
 */
export const SERIES_COLOURS: Readonly<Record<Series, { light: string; dark: string }>> = {
  overall: { light: '#3b3b3b', dark: '#cccccc' },
  VA: { light: '#0063d3', dark: '#59a4f9' },
  VF: { light: '#ea5c00', dark: '#ea5c00' },
  VP: { light: '#652d90', dark: '#b180d7' },
};
