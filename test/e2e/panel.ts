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

  /** Waits until both videos stand still, and elsewhere than they did. */
  async moved(from: readonly number[]): Promise<number[]> {
    return this.until(`the videos to leave ${from.join(' and ')}`, async () => {
      const now = await this.resting();
      return now?.every((time, i) => Math.abs(time - from[i]!) > 0.001) ? now : undefined;
    });
  }

  /** Both videos at their first frame, at rest. */
  async toStart(): Promise<number[]> {
    await this.press('Home');
    return this.until('the videos to stand at their start', async () => {
      const now = await this.resting();
      return now?.every((time) => time < 0.1) ? now : undefined;
    });
  }

  /** Where the videos stand, if they neither play nor seek. */
  private resting(): Promise<number[] | undefined> {
    return this.find('.stage video').evaluateAll((elements) => {
      const videos = elements as HTMLVideoElement[];
      const still = videos.every((v) => v.paused && !v.seeking && v.readyState >= 2);
      return still ? videos.map((v) => v.currentTime) : undefined;
    });
  }

  private async until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
    for (let patience = 200; patience > 0; patience--) {
      const found = await look();
      if (found !== undefined) return found;
      await this.workbench.page.waitForTimeout(50);
    }
    throw new Error(`waited in vain for ${what}; they stand at ${(await this.times()).join(' and ')}`);
  }

  /** Waits until playback has come to this second on both sides; where each stands at that moment. */
  reached(seconds: number): Promise<number[]> {
    return this.until(`${seconds} s`, async () => {
      const now = await this.times();
      return now.every((time) => time >= seconds) ? now : undefined;
    });
  }

  /** Waits until both videos have come to rest. */
  rest(): Promise<number[]> {
    return this.until('the videos to rest', () => this.resting());
  }

  verdict(): Promise<string> {
    return this.find('.verdict .cell-overall h2.call').innerText();
  }

  /** The reader's focus on the page, and on no control of it. */
  async focus(): Promise<void> {
    await this.find('body').evaluate((body) => {
      const active = body.ownerDocument.activeElement;
      if (active instanceof HTMLElement) active.blur();
      body.ownerDocument.defaultView?.focus();
    });
    await this.find('.votes-title').click();
  }

  /** A key, pressed with the reader's focus on the page and on no control of it. */
  async press(key: string): Promise<void> {
    await this.focus();
    await this.workbench.page.keyboard.press(key);
  }
}
