import type { Browser } from 'playwright-core';
import { CHROMIUM, launchChromium } from '../../support/browser';
import { skip } from '../../support/skip';

interface Served<Page, Options> {
  open(browser: Browser, options?: Options): Promise<Page>;
  stop(): Promise<void>;
}

/** A server and a browser for the suite that calls it, and pages that close after each test. */
export function browserSuite<
  Server extends Served<Page, Options>,
  Page extends { close(): Promise<void> },
  Options,
>(start: () => Promise<Server>): { server(): Server; open(options?: Options): Promise<Page> } {
  let browser: Browser;
  let server: Server;
  const pages: Page[] = [];
  before(async function () {
    if (CHROMIUM === undefined) skip(this, 'no Chromium on this machine');
    [browser, server] = await Promise.all([launchChromium(), start()]);
  });
  afterEach(() => Promise.all(pages.splice(0).map((page) => page.close())));
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  return {
    server: () => server,
    open: async (options) => {
      const page = await server.open(browser, options);
      pages.push(page);
      return page;
    },
  };
}
