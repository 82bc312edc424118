import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { panelHtml } from '../../../src/protocol/panelHtml';
import type { PanelAction, PanelMessage, PanelSnapshot, PanelState } from '../../../src/protocol/panel';
import { DIST } from '../../support/paths';
import themes from './themes.json';

export type Theme = keyof typeof themes;
export const THEMES = Object.keys(themes) as Theme[];

export interface OpenOptions {
  theme?: Theme;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
  forcedColors?: boolean;
  bodyClass?: string;
  state?: Partial<PanelState>;
  /** What `getState` answers at first. */
  kept?: PanelState;
  strings?: Record<string, string>;
}

const STUCK = '/stuck.mp4';

interface FakeHost {
  actions: PanelAction[];
  state: unknown;
  violations: string[];
}

/** Serves the real bundle as VS Code's webview does: byte ranges, the page's own policy, nothing else. */
export class PanelServer {
  private constructor(
    private readonly server: Server,
    private readonly files: Map<string, string>,
    private readonly asked: Map<string, number>,
  ) {}

  static async start(): Promise<PanelServer> {
    const files = new Map([
      ['/panel.js', join(DIST, 'webview', 'panel.js')],
      ['/panel.css', join(DIST, 'webview', 'panel.css')],
    ]);
    let page = '';
    const asked = new Map<string, number>();
    const server = createServer((request, response) => {
      const path = pathOf(request);
      asked.set(path, (asked.get(path) ?? 0) + 1);
      answer(request, response, files, () => page);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const made = new PanelServer(server, files, asked);
    made.setPage = (html) => (page = html);
    return made;
  }

  private setPage: (html: string) => void = () => undefined;

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** A URI under which the page can play a file; it tells nothing of the file's name. */
  uri(path: string): string {
    const at = `/clip-${[...this.files.keys()].length}${extname(path)}`;
    this.files.set(at, path);
    return `${this.origin}${at}`;
  }

  /** A URI that never answers. */
  stuck(): string {
    return `${this.origin}${STUCK}`;
  }

  /** How often a path was asked for. */
  requests(path: string): number {
    return this.asked.get(path) ?? 0;
  }

  async open(browser: Browser, options: OpenOptions = {}): Promise<PanelPage> {
    const { theme = 'dark', width = 1280, height = 800 } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
      forcedColors: options.forcedColors ? 'active' : 'none',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const { variables, bodyClass } = themes[theme];
    await page.addInitScript(fakeHost, {
      kept: options.kept,
      bodyClass: `${bodyClass} ${options.bodyClass ?? ''}`.trim(),
      variables: { ...variables, ...FONT },
    });
    this.setPage(
      panelHtml({
        cspSource: this.origin,
        nonce: 'dGVzdC1ub25jZQ==',
        scriptUri: `${this.origin}/panel.js`,
        styleUri: `${this.origin}/panel.css`,
        bodyLang: 'en',
        boot: {
          state: {
            format: 'aesrm.panel/1',
            a: 'file:///a.mp4',
            b: 'file:///b.mp4',
            blind: false,
            ...options.state,
          },
          ...(options.strings ? { strings: options.strings } : {}),
        },
      }),
    );
    await page.goto(`${this.origin}/`);
    await page.waitForFunction(() => (globalThis as unknown as { host: FakeHost }).host.actions.length > 0);
    return new PanelPage(page, errors);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const FONT = {
  '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  '--vscode-font-size': '13px',
  '--vscode-font-weight': 'normal',
};

/** Runs in the page before anything else: VS Code's API and theme, and an ear for the policy. */
function fakeHost(given: {
  kept: unknown;
  bodyClass: string;
  variables: Record<string, string | undefined>;
}): void {
  const stored = sessionStorage.getItem('state');
  const host: FakeHost = { actions: [], state: stored ? JSON.parse(stored) : given.kept, violations: [] };
  Object.assign(globalThis, {
    host,
    acquireVsCodeApi: () => ({
      postMessage: (action: PanelAction) => host.actions.push(action),
      getState: () => host.state,
      setState: (state: unknown) => {
        host.state = state;
        sessionStorage.setItem('state', JSON.stringify(state));
      },
    }),
  });
  // A video's `seeking` is false again before `seeked` is told, on which the player may go on to a later goal.
  const seeking = new Set<EventTarget | null>();
  document.addEventListener('seeking', ({ target }) => seeking.add(target), true);
  document.addEventListener('seeked', ({ target }) => seeking.delete(target), true);
  Object.assign(globalThis, { isSeeking: (video: HTMLVideoElement) => video.seeking || seeking.has(video) });
  document.addEventListener('securitypolicyviolation', (e) =>
    host.violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`),
  );
  new MutationObserver((_, observer) => {
    if (!document.body) return;
    observer.disconnect();
    for (const [name, value] of Object.entries(given.variables))
      if (value) document.documentElement.style.setProperty(name, value);
    document.body.className = given.bodyClass;
  }).observe(document, { childList: true, subtree: true });
}

/** One open panel, and what its host heard. */
export class PanelPage {
  private revision = 0;

  constructor(
    readonly page: Page,
    readonly errors: string[],
  ) {}

  async send(message: PanelMessage): Promise<void> {
    await this.page.evaluate((m) => globalThis.postMessage(m, '*'), message);
    await this.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 30)));
  }

  async show(snapshot: PanelSnapshot): Promise<void> {
    await this.send({ type: 'snapshot', snapshot: { ...snapshot, revision: ++this.revision } });
  }

  /** Both pictures have arrived. */
  async ready(sides = 2): Promise<void> {
    await this.page.waitForFunction((n) => document.querySelectorAll('video.loaded').length >= n, sides);
    await this.settled();
  }

  /** No seek is under way, and none waits for one that is. */
  async settled(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { isSeeking } = globalThis as unknown as { isSeeking(video: HTMLVideoElement): boolean };
      return [...document.querySelectorAll('video')].every((v) => !isSeeking(v) && v.readyState >= 2);
    });
  }

  async host(): Promise<FakeHost> {
    return this.page.evaluate(() => (globalThis as unknown as { host: FakeHost }).host);
  }

  async actions(type?: PanelAction['type']): Promise<PanelAction[]> {
    const { actions } = await this.host();
    return type === undefined ? actions : actions.filter((a) => a.type === type);
  }

  async videoTimes(): Promise<[number, number]> {
    const times = await this.page.evaluate(() =>
      [...document.querySelectorAll('video')].map((v) => v.currentTime),
    );
    return [times[0] ?? NaN, times[1] ?? NaN];
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
};

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://localhost').pathname;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, string>,
  page: () => string,
): void {
  const path = pathOf(request);
  if (path === '/')
    return void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page());
  if (path === STUCK) return;
  if (path === '/favicon.ico') return void response.writeHead(204).end();
  const file = files.get(path);
  if (file === undefined || !existsSync(file)) return void response.writeHead(404).end();
  const type = TYPES[extname(file)] ?? 'application/octet-stream';
  const size = statSync(file).size;
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '');
  if (!range) {
    response.writeHead(200, { 'content-type': type, 'content-length': size, 'accept-ranges': 'bytes' });
    return void response.end(readFileSync(file));
  }
  const start = Number(range[1]);
  const end = range[2] === '' ? size - 1 : Math.min(size - 1, Number(range[2]));
  response.writeHead(206, {
    'content-type': type,
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': end - start + 1,
    'cache-control': 'no-store',
  });
  createReadStream(file, { start, end }).pipe(response);
}
