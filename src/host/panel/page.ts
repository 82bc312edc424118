import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { env, Uri, type Webview, type WebviewOptions } from 'vscode';
import { obj, str } from '../../core/decode';
import { CACHE_FOLDER, PROXY_FOLDER } from '../../protocol/cacheFolders';
import type { PanelState } from '../../protocol/panel';
import { panelHtml } from '../../protocol/panelHtml';

export interface PagePlaces {
  extension: Uri;
  cacheDir: string;
  /** Under which blind comparisons have their links. */
  blindDir: string;
}

/** The page may load the clips' folders, their links of its own, its program, and the proxies. */
export function pageOptions(folders: readonly Uri[], links: string, places: PagePlaces): WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    localResourceRoots: [
      ...folders,
      Uri.file(links),
      Uri.joinPath(places.extension, 'dist', 'webview'),
      Uri.file(join(places.cacheDir, CACHE_FOLDER, PROXY_FOLDER)),
    ],
  };
}

export function pageHtml(webview: Webview, places: PagePlaces, state: PanelState, strings: Strings): string {
  const own = (name: string) =>
    webview.asWebviewUri(Uri.joinPath(places.extension, 'dist', 'webview', name)).toString();
  return panelHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
    scriptUri: own('panel.js'),
    styleUri: own('panel.css'),
    boot: { state, ...(strings ? { strings } : {}) },
    bodyLang: strings ? env.language : 'en',
  });
}

export type Strings = Record<string, string> | undefined;

let strings: Promise<Strings> | undefined;

/** The page's strings in the window's language; undefined where they were not translated. */
export function pageStrings(extension: Uri): Promise<Strings> {
  return (strings ??= readStrings(join(extension.fsPath, 'l10n', `panel.${env.language}.json`)));
}

async function readStrings(path: string): Promise<Strings> {
  if (env.language.startsWith('en')) return undefined;
  try {
    const entries = Object.entries(obj(JSON.parse(await readFile(path, 'utf8')), 'strings'));
    return Object.fromEntries(entries.map(([key, value]) => [key, str(value, key)]));
  } catch {
    return undefined;
  }
}
