import * as assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import {
  extensionHosts,
  killExtensionHosts,
  type Server,
  startServer,
  workbenchUrl,
} from '../../scripts/lib/vscode-server.mjs';
import { vsixPath } from '../../scripts/package.mjs';
import { ROOT } from '../support/paths';

const SHOTS = join(ROOT, 'test-results', 'e2e');

export const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
  'contrast-light': 'Default High Contrast Light',
} as const;
export type Theme = keyof typeof THEMES;

export interface OpenOptions {
  folder: string;
  settings?: Record<string, unknown>;
  width?: number;
  /** Settings of machine scope. */
  machine?: object;
  /** A folder for the server's data that outlives it: then the server can be killed and started again. */
  home?: string;
}

/** Longest wait for a window's page, milliseconds: the first one takes longest. */
const START = 60_000;

/** A real VS Code with the packaged extension in it, driven as a person would drive it. */
export class Workbench {
  private readonly pictured = new Set<Mocha.Test>();

  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private server: Server,
    private readonly restart: (port: number) => Promise<Server>,
    readonly folder: string,
  ) {}

  static async open({ folder, settings = {}, machine, width = 1280, home }: OpenOptions): Promise<Workbench> {
    const options = {
      ...(home === undefined ? {} : { home }),
      ...(machine === undefined ? {} : { machine }),
      settings: {
        'workbench.colorTheme': THEMES.dark,
        'explorer.compactFolders': false,
        'workbench.editor.useModal': 'off',
        'workbench.hover.delay': 60_000,
        ...settings,
      },
    };
    const server = await startServer({ ...options, vsix: [vsixPath()] });
    const browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    const restart = (port: number) => startServer({ ...options, port });
    const workbench = new Workbench(page, browser, server, restart, folder);
    try {
      await page.goto(workbenchUrl(server, { folder }), { timeout: START });
      await workbench.ready();
    } catch (error) {
      await workbench.shot('failed-to-open');
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** A second window on the same folder. */
  async another(): Promise<Workbench> {
    const page = await this.page.context().newPage();
    page.setDefaultTimeout(15_000);
    const other = new Workbench(page, this.browser, this.server, this.restart, this.folder);
    await page.goto(workbenchUrl(this.server, { folder: this.folder }), { timeout: START });
    await other.ready();
    return other;
  }

  /** Process ids of the extension hosts, one for each window. */
  hosts(): number[] {
    return extensionHosts(this.server);
  }

  /** Ends extension hosts at once, as a crash would, of all windows unless told of which; says how many. */
  killHosts(hosts?: number[]): number {
    return killExtensionHosts(this.server, hosts);
  }

  /** Ends the whole server as a power cut would, starts it again, and reloads the window. */
  async killServer(): Promise<void> {
    await this.server.kill();
    this.server = await this.restart(this.server.port);
    await this.reload();
  }

  private ready(): Promise<void> {
    return this.explorerRow(/./).first().waitFor({ timeout: 60_000 });
  }

  /** What the server and its extension hosts have printed. */
  serverOutput(): string {
    return this.server.output();
  }

  // The command palette

  async command(title: string): Promise<void> {
    await this.palette(title);
    await this.pick(title);
  }

  /** Runs a command by keyboard alone until what it opens is there: a key that meets a list as it is filled anew is lost. */
  async commandByKeyboard(title: string, opened: Locator): Promise<void> {
    await this.askUntil(opened, 5000, async () => {
      await this.palette(title);
      await this.page.keyboard.press('Enter');
    });
  }

  /** Opens the palette on a command, asking again while the window still learns what its extensions contribute. */
  async palette(title: string): Promise<void> {
    await this.askUntil(this.quickRows(title).first(), 1500, async () => {
      await this.page.keyboard.press('F1');
      await this.quickInput().fill(`>${title}`);
    });
  }

  /** Asks until there is an answer, leaving what it asked in vain. */
  private async askUntil(answer: Locator, timeout: number, ask: () => Promise<void>): Promise<void> {
    for (let patience = 10; ; patience--) {
      await ask();
      try {
        return await answer.waitFor({ timeout });
      } catch (error) {
        if (patience === 0) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  quickRows(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text });
  }

  /** Takes the first row of the open quick pick that holds the text. */
  async pick(text: string | RegExp): Promise<void> {
    const row = this.quickRows(text).first();
    await row.waitFor({ timeout: 20_000 });
    await row.click();
    await row.waitFor({ state: 'hidden' });
  }

  // The Explorer

  explorerRow(name: string | RegExp): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });
  }

  async expand(folder: string): Promise<void> {
    const row = this.explorerRow(folder).first();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.click();
    await this.page.locator(`.explorer-folders-view [aria-expanded="true"]`, { hasText: folder }).waitFor();
  }

  /** The row of a file in a folder, which is expanded for it. */
  async fileRow(folder: string, name: string): Promise<Locator> {
    await this.expand(folder);
    const label = this.page.locator(`.monaco-icon-label[aria-label$="/${folder}/${name}"]`);
    const row = this.page.locator('.explorer-folders-view .monaco-list-row').filter({ has: label });
    await row.waitFor();
    return row;
  }

  /** Clicks a row until it alone is selected: a first click may only have closed what was open. */
  async select(row: Locator): Promise<void> {
    const selected = this.page.locator('.explorer-folders-view .monaco-list-row.selected');
    for (let patience = 10; patience > 0; patience--) {
      await row.click();
      await this.page.waitForTimeout(200);
      if ((await selected.count()) === 1 && /\bselected\b/.test((await row.getAttribute('class')) ?? ''))
        return;
    }
    throw new Error('the row cannot be selected');
  }

  /** Right-clicks a row and takes an entry of the menu; with a name, keeps a picture of it. */
  async contextMenu(row: Locator, item: string, shot?: string): Promise<void> {
    const entry = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    await this.askUntil(entry, 1500, () => row.click({ button: 'right' }));
    // a menu that has just opened takes no click yet, lest the press that opened it choose from it
    for (let patience = 3; ; patience--) {
      await this.page.waitForTimeout(400);
      if (shot !== undefined) await this.shot(shot);
      await entry.click();
      try {
        return await entry.waitFor({ state: 'hidden', timeout: 3000 });
      } catch (error) {
        if (patience === 0) throw error;
      }
    }
  }

  // Editors, notifications, look

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title });
  }

  async closeEditors(): Promise<void> {
    await this.command('View: Close All Editors');
    await this.tab(/./).first().waitFor({ state: 'detached' });
  }

  /** The document inside the visible webview. */
  webview(): FrameLocator {
    const shown = this.page.locator('iframe.webview.ready').filter({ visible: true });
    return shown.contentFrame().frameLocator('#active-frame');
  }

  async theme(theme: Theme): Promise<void> {
    mkdirSync(join(this.folder, '.vscode'), { recursive: true });
    const settings = { 'workbench.colorTheme': THEMES[theme] };
    writeFileSync(join(this.folder, '.vscode/settings.json'), JSON.stringify(settings));
    const kind = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black', 'contrast-light': 'hc-light' }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: 15_000 });
  }

  async toggleSideBar(): Promise<void> {
    await this.command('View: Toggle Primary Side Bar Visibility');
  }

  /** Pictures of the visible webview in every theme, once it is `ready`; nothing of it is beyond the edge. */
  async inEveryTheme(name: string, width: number, ready?: () => Promise<unknown>): Promise<void> {
    await this.resize(width);
    if (width < 1000) await this.toggleSideBar();
    for (const theme of ['light', 'contrast', 'contrast-light', 'dark'] as const) {
      await this.theme(theme);
      await ready?.();
      await this.page.waitForTimeout(800);
      await this.shot(`${name}-${theme}-${width}`);
      const overflow = await this.webview()
        .locator('html')
        .evaluate((html) => html.scrollWidth - html.clientWidth);
      assert.ok(overflow <= 1, `${theme}: ${overflow} px beyond the edge`);
    }
    if (width < 1000) await this.toggleSideBar();
    await this.resize(1280);
  }

  resize(width: number, height = 800): Promise<void> {
    return this.page.setViewportSize({ width, height });
  }

  /** Reloads the window. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
  }

  /**
   * Waits until the workbench has written this down among the state of its editors, and says whether it has. In a browser
   * it does so at its leisure, every five seconds or more, and not on leaving; what is not written yet is gone after a
   * reload. Now and then a window stops writing altogether, whatever is open in it.
   */
  async writes(text: RegExp): Promise<boolean> {
    // Seldom: a look keeps the window from its leisure.
    for (let patience = 9; patience > 0; patience--) {
      await this.page.waitForTimeout(5000);
      if (text.test(await this.page.evaluate(editorState))) return true;
    }
    return false;
  }

  /** Looks again and again until it is so. */
  async until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    for (let patience = 200; patience > 0; patience--) {
      if (await isSo().catch(() => false)) return;
      await this.page.waitForTimeout(100);
    }
    throw new Error(`waited in vain for ${what}`);
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** In an `afterEach`: keeps a picture of a window in which a test has failed. */
  async shotIfFailed(context: Mocha.Context): Promise<void> {
    const test = context.currentTest;
    if (test?.state !== 'failed' || this.pictured.has(test)) return;
    this.pictured.add(test);
    await this.shot(`failed-${test.title.replace(/\W+/g, '-')}`);
    // a menu or a picker left open would fail the next test too
    for (let i = 0; i < 3; i++) await this.page.keyboard.press('Escape');
  }
}

/** Runs in the page: the editors' state in the workbench's own storage, without the escapes of nested JSON. */
async function editorState(): Promise<string> {
  const result = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no storage'));
    });
  const names = (await indexedDB.databases()).map((db) => db.name ?? '');
  let text = '';
  for (const name of names.filter((n) => n.startsWith('vscode-web-state-db-'))) {
    const db = await result(indexedDB.open(name));
    for (const table of Array.from(db.objectStoreNames))
      text += String(
        await result(db.transaction(table).objectStore(table).get('memento/workbench.parts.editor')),
      );
    db.close();
  }
  return text.replaceAll('\\', '');
}
