import type { FrameLocator, Locator } from 'playwright-core';
import type { Side } from '../../src/core/pair';
import type { Workbench } from './workbench';

/** The comparison that is in front, as its reader sees it. */
export class Panel {
  constructor(private readonly workbench: Workbench) {}

  private get page(): FrameLocator {
    return this.workbench.webview();
  }

  find(selector: string, hasText?: string | RegExp): Locator {
    return this.page.locator(selector, hasText === undefined ? {} : { hasText });
  }

  /** Both clips show a picture. */
  async pictures(): Promise<void> {
    for (const side of ['A', 'B'] as const)
      await this.find(`.box-${side} video.loaded`).waitFor({ timeout: 30_000 });
  }

  /** Waits until the judge has spoken. */
  async judged(): Promise<void> {
    await this.find('body[data-phase="done"] .verdict .cells[aria-busy="false"]').waitFor({
      timeout: 90_000,
    });
  }

  name(side: Side): Promise<string> {
    return this.find('.topbar .name')
      .nth(side === 'A' ? 0 : 1)
      .innerText();
  }

  /** Where both videos stand, in seconds. */
  times(): Promise<number[]> {
    return this.find('.stage video').evaluateAll((videos) =>
      videos.map((v) => (v as HTMLVideoElement).currentTime),
    );
  }

  /** Waits until both videos stand elsewhere than they did, and at rest. */
  async moved(from: readonly number[]): Promise<number[]> {
    for (let patience = 100; patience > 0; patience--) {
      const now = await this.times();
      const resting = await this.find('.stage video').evaluateAll((videos) =>
        videos.every((v) => !(v as HTMLVideoElement).seeking && (v as HTMLVideoElement).paused),
      );
      if (resting && now.every((time, i) => Math.abs(time - from[i]!) > 0.001)) return now;
      await this.workbench.page.waitForTimeout(50);
    }
    throw new Error(`the videos still stand at ${from.join(' and ')}`);
  }

  verdict(): Promise<string> {
    return this.find('.verdict .cell-overall h2.call').innerText();
  }

  /** A key, pressed with the reader's focus on the page and on no control of it. */
  async press(key: string): Promise<void> {
    await this.find('body').evaluate((body) => {
      const active = body.ownerDocument.activeElement;
      if (active instanceof HTMLElement) active.blur();
      body.ownerDocument.defaultView?.focus();
    });
    await this.find('.stage .caption-A').click();
    await this.workbench.page.keyboard.press(key);
  }
}
