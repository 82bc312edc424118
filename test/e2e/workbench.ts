import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../scripts/lib/browser.mjs';
import { type Server, startServer, workbenchUrl } from '../../scripts/lib/vscode-server.mjs';
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
}

/** A real VS Code with the packaged extension in it, driven as a person would drive it. */
export class Workbench {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly server: Server,
    readonly folder: string,
  ) {}

  static async open({ folder, settings = {}, width = 1280 }: OpenOptions): Promise<Workbench> {
    const server = await startServer({
      vsix: [vsixPath()],
      settings: {
        'workbench.colorTheme': THEMES.dark,
        'explorer.compactFolders': false,
        'workbench.editor.useModal': 'off',
        ...settings,
      },
    });
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    page.setDefaultTimeout(15_000);
    const workbench = new Workbench(page, browser, server, folder);
    try {
      await page.goto(workbenchUrl(server, { folder }));
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

  /** Opens the palette on a command; asks again while the window still learns which commands there are. */
  async palette(title: string): Promise<void> {
    for (let patience = 10; ; patience--) {
      await this.page.keyboard.press('F1');
      await this.quickInput().fill(`>${title}`);
      try {
        return await this.quickRows(title).first().waitFor({ timeout: 1500 });
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

  /** The row of a file that is shown below a folder's row; both are expanded and in sight. */
  async fileRow(folder: string, name: string): Promise<Locator> {
    await this.expand(folder);
    const rows = this.page.locator('.explorer-folders-view .monaco-list-row');
    const label = await this.explorerRow(folder).first().getAttribute('data-index');
    const index = Number(label);
    const below = await rows.evaluateAll(
      (list, { after, text }) =>
        list
          .map((row) => ({ index: Number(row.getAttribute('data-index')), text: row.textContent ?? '' }))
          .filter((row) => row.index > after && row.text.includes(text))
          .sort((a, b) => a.index - b.index)[0]?.index,
      { after: index, text: name },
    );
    if (below === undefined) throw new Error(`no ${name} below ${folder} in the Explorer`);
    return this.page.locator(`.explorer-folders-view .monaco-list-row[data-index="${below}"]`);
  }

  /** Right-clicks a row and takes an entry of the menu; with a name, keeps a picture of it. */
  async contextMenu(row: Locator, item: string, shot?: string): Promise<void> {
    await row.click({ button: 'right' });
    const entry = this.page.locator('.monaco-menu .action-item', { hasText: item }).first();
    await entry.waitFor({ timeout: 10_000 });
    if (shot !== undefined) await this.shot(shot);
    await entry.click();
  }

  // Editors, notifications, look

  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item', { hasText: text });
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: title });
  }

  /** The document inside the visible webview. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
  }

  async theme(theme: Theme): Promise<void> {
    await this.setting('workbench.colorTheme', THEMES[theme]);
    const kind = { dark: 'vs-dark', light: 'vs', contrast: 'hc-black', 'contrast-light': 'hc-light' }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: 15_000 });
  }

  async setting(key: string, value: unknown): Promise<void> {
    const settings = JSON.parse(readFileSync(this.server.settingsFile, 'utf8')) as Record<string, unknown>;
    writeFileSync(this.server.settingsFile, JSON.stringify({ ...settings, [key]: value }));
  }

  resize(width: number, height = 800): Promise<void> {
    return this.page.setViewportSize({ width, height });
  }

  /** Reloads the window, as `Developer: Reload Window` does. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  async shot(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** In an `afterEach`: keeps a picture of a window in which a test has failed. */
  async shotIfFailed(context: Mocha.Context): Promise<void> {
    const test = context.currentTest;
    if (test?.state === 'failed') await this.shot(`failed-${test.title.replace(/\W+/g, '-')}`);
  }
}
