import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { readFileSync, existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Grid } from '../../../src/core/sweep/grid';
import { sweepHtml } from '../../../src/protocol/panelHtml';
import {
  decodeSweepAction,
  type SweepAction,
  type SweepGridMessage,
  type SweepMessage,
  type SweepPageState,
  type SweepSnapshot,
} from '../../../src/protocol/sweepPage';
import { DIST } from '../../support/paths';
import { cellIds, gridMessage } from '../../support/sweepSnapshot';
import { browserSuite } from './browserSuite';
import type { Theme } from './panelPage';
import themes from './themes.json';

export interface SweepOpenOptions {
  theme?: Theme;
  width?: number;
  height?: number;
  reducedMotion?: boolean;
  forcedColors?: boolean;
  state?: Partial<SweepPageState>;
  kept?: SweepPageState;
}

interface FakeHost {
  actions: SweepAction[];
  state: unknown;
  violations: string[];
}

/** As the default themes have them; the recorded variables hold only what the panel asks for. */
const CHARTS: Record<Theme, Record<string, string>> = {
  dark: { '--vscode-charts-purple': '#b180d7', '--vscode-charts-red': '#f14c4c' },
  light: { '--vscode-charts-purple': '#652d90', '--vscode-charts-red': '#e51400' },
  'hc-dark': { '--vscode-charts-purple': '#b180d7', '--vscode-charts-red': '#f48771' },
  'hc-light': { '--vscode-charts-purple': '#652d90', '--vscode-charts-red': '#b5200d' },
};

const FONT = {
  '--vscode-font-family': 'system-ui, "Ubuntu", "Droid Sans", sans-serif',
  '--vscode-font-size': '13px',
  '--vscode-font-weight': 'normal',
};

/** Serves the real bundle under the page's own policy, with drawn stills and the files it is given. */
export class SweepServer {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  readonly files = new Map<string, string>();
  private page = '';

  private constructor(private readonly server: Server) {}

  static async start(): Promise<SweepServer> {
    const server = createServer();
    const made = new SweepServer(server);
    made.files.set('/sweep.js', join(DIST, 'webview', 'sweep.js'));
    made.files.set('/sweep.css', join(DIST, 'webview', 'sweep.css'));
    server.on('request', (request, response) => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      made.asked.push(path);
      const file = made.files.get(path);
      const send = (type: string, body: string | Buffer) =>
        response.writeHead(200, { 'content-type': type }).end(body);
      if (path === '/') send('text/html; charset=utf-8', made.page);
      else if (path === '/favicon.ico') response.writeHead(204).end();
      else if (/^\/t\/..\/[0-9a-f]+\.jpg$/.test(path)) send('image/svg+xml', still(path));
      else if (file && existsSync(file)) send(TYPES[extname(file)] ?? 'video/mp4', readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return made;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async open(browser: Browser, options: SweepOpenOptions = {}): Promise<SweepPage> {
    const { theme = 'dark', width = 1280, height = 800 } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
      forcedColors: options.forcedColors ? 'active' : 'none',
    });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.addInitScript(fakeHost, {
      kept: options.kept,
      bodyClass: themes[theme].bodyClass,
      variables: { ...themes[theme].variables, ...CHARTS[theme], ...FONT },
    });
    this.page = sweepHtml({
      cspSource: this.origin,
      nonce: 'dGVzdC1ub25jZQ==',
      scriptUri: `${this.origin}/sweep.js`,
      styleUri: `${this.origin}/sweep.css`,
      bodyLang: 'en',
      boot: { state: { format: 'aesrm.sweep-page/1', root: 'file:///run', ...options.state } },
    });
    await page.goto(`${this.origin}/`);
    await page.waitForFunction(() => (globalThis as unknown as { host: FakeHost }).host.actions.length > 0);
    return new SweepPage(page, errors, this.origin);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.css': 'text/css' };

/** A picture whose colours follow from its name. */
function still(path: string): string {
  const hue = parseInt(path.slice(3, 5), 16) * 1.4;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"><rect width="160" height="90" fill="hsl(${hue} 35% 38%)"/><circle cx="${40 + (hue % 80)}" cy="50" r="24" fill="hsl(${hue + 60} 55% 62%)"/><path d="M0 90 L60 55 L160 90Z" fill="hsl(${hue + 20} 30% 22%)"/></svg>`;
}

/** Runs in the page before anything else: VS Code's API and theme, and an ear for the policy. */
function fakeHost(given: {
  kept: unknown;
  bodyClass: string;
  variables: Record<string, string | undefined>;
}): void {
  const host: FakeHost = { actions: [], state: given.kept, violations: [] };
  Object.assign(globalThis, {
    host,
    acquireVsCodeApi: () => ({
      postMessage: (action: SweepAction) => host.actions.push(action),
      getState: () => host.state,
      setState: (state: unknown) => (host.state = state),
    }),
  });
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

/** One open page, and what its host heard. */
export class SweepPage {
  private revision = 0;

  constructor(
    readonly page: Page,
    readonly errors: string[],
    private readonly origin: string,
  ) {}

  async send(message: SweepMessage): Promise<void> {
    await this.page.evaluate((m) => globalThis.postMessage(m, '*'), message);
    await this.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
  }

  async show(snapshot: SweepSnapshot, grid?: Grid, over: Partial<SweepGridMessage> = {}): Promise<void> {
    if (grid) {
      const bases = { clipBase: `${this.origin}/clips`, thumbBase: `${this.origin}/t` };
      await this.send({ type: 'grid', grid: gridMessage(grid, { ...bases, ...over }) });
    }
    await this.send({ type: 'snapshot', snapshot: { ...snapshot, revision: ++this.revision } });
  }

  async host(): Promise<FakeHost> {
    return this.page.evaluate(() => (globalThis as unknown as { host: FakeHost }).host);
  }

  /** Decoded as the host would: an action that it refuses fails the test. */
  async actions<T extends SweepAction['type']>(type: T): Promise<Extract<SweepAction, { type: T }>[]> {
    const { actions } = await this.host();
    const decoded = actions.map(decodeSweepAction);
    return decoded.filter((a): a is Extract<SweepAction, { type: T }> => a.type === type);
  }

  /** `column:row` of the cell that has the focus. */
  async focus(): Promise<string | undefined> {
    return this.page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['cell']);
  }

  /** Puts the focus on a cell. */
  async goTo(column = 0, row = 0): Promise<void> {
    await this.send({ type: 'go', to: 'cell', cell: cellIds(column, row) });
    assert.equal(await this.focus(), `${column}:${row}`);
  }

  cell(column: number, row: number) {
    return this.page.locator(`[data-cell="${column}:${row}"]`);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

export const sweepSuite = () =>
  browserSuite<SweepServer, SweepPage, SweepOpenOptions>(() => SweepServer.start());
