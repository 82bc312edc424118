import { chromium } from 'playwright-core';
import { findChromium } from './tools.mjs';

/** Headless and quiet: no address but this machine's can be reached. */
export function launchChromium() {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('there is no Chromium; run: node scripts/setup.mjs chromium');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
    ],
  });
}
