import { launchChromium } from '../../scripts/lib/browser.mjs';
import { findChromium } from '../../scripts/lib/tools.mjs';

/** A Chromium that this machine has; undefined where it has none. */
export const CHROMIUM: string | undefined = findChromium();

/** Headless and quiet: no address but this machine's can be reached. */
export { launchChromium };
