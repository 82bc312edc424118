import { obj, str } from '../core/decode';
import { escapeHtml } from '../core/html';
import { decodePanelState, type PanelState } from './panel';
import { decodeSweepPageState, type SweepPageState } from './sweepPage';

/** What a page is told before its first snapshot. */
export interface Boot<State> {
  state: State;
  /** Translations by key of the page's strings; a missing key stays English. */
  strings?: Record<string, string>;
}

export type PanelBoot = Boot<PanelState>;
export type SweepBoot = Boot<SweepPageState>;

export interface PageHtmlOptions<State> {
  /** `webview.cspSource`. */
  cspSource: string;
  /** From a cryptographic source, new for every page. */
  nonce: string;
  scriptUri: string;
  styleUri: string;
  boot: Boot<State>;
  /** BCP 47 tag of the strings, `vscode.env.language`. */
  bodyLang: string;
  title?: string;
}

export type PanelHtmlOptions = PageHtmlOptions<PanelState>;
export type SweepHtmlOptions = PageHtmlOptions<SweepPageState>;

/** The panel's whole page. */
export function panelHtml(options: PanelHtmlOptions): string {
  return pageHtml(options);
}

/** The sweep page's whole page. */
export function sweepHtml(options: SweepHtmlOptions): string {
  return pageHtml(options);
}

/** Pure; everything put into it is escaped, and no data stands in a script. */
function pageHtml(options: PageHtmlOptions<unknown>): string {
  const { nonce, scriptUri, styleUri, boot, bodyLang, title = 'AesRM' } = options;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(bodyLang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(panelCsp(options.cspSource, nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${escapeHtml(nonce)}">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(styleUri)}">
</head>
<body data-boot="${escapeHtml(JSON.stringify(boot))}">
<div id="app"></div>
<script nonce="${escapeHtml(nonce)}" src="${escapeHtml(scriptUri)}"></script>
</body>
</html>
`;
}

/** One directive a line; the nonce in `style-src` is for the one style element that the toolkit makes. */
export function panelCsp(cspSource: string, nonce: string): string {
  return [
    `default-src 'none'`,
    `img-src ${cspSource}`,
    `media-src ${cspSource}`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
}

export function decodePanelBoot(value: unknown): PanelBoot {
  return decodeBoot(value, decodePanelState);
}

export function decodeSweepBoot(value: unknown): SweepBoot {
  return decodeBoot(value, decodeSweepPageState);
}

function decodeBoot<State>(value: unknown, decodeState: (state: unknown) => State): Boot<State> {
  const o = obj(value, 'boot');
  const state = decodeState(o.state);
  if (o.strings === undefined) return { state };
  const entries = Object.entries(obj(o.strings, 'strings')).map(
    ([k, v]) => [k, str(v, `strings.${k}`)] as const,
  );
  return { state, strings: Object.fromEntries(entries) };
}
