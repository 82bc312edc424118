import type { Page } from 'playwright-core';

/** The chosen criterion and the name of its chosen evidence. */
export function criterionPlace(page: Page): Promise<string> {
  return page.evaluate(() => {
    const row = document.querySelector('.criterion[aria-current="true"]') as HTMLElement | null;
    const chip = document.querySelector('.chip[aria-current="true"]');
    return `${row?.dataset['criterion']} ${chip?.textContent?.trim() ?? ''}`;
  });
}
