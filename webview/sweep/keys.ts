import type { Commands } from './commands';
import { gridSize } from './geometry';
import type { SweepString } from './strings';

type Run = (does: Commands, event: KeyboardEvent) => void;

/** Where one stands on a cell of the grid. */
const CELL_KEYS: Record<string, Run> = {
  arrowleft: (does) => does.move(-1, 0),
  arrowright: (does) => does.move(1, 0),
  arrowup: (does) => does.move(0, -1),
  arrowdown: (does) => does.move(0, 1),
  home: (does, event) => does.move(-Infinity, event.ctrlKey || event.metaKey ? -Infinity : 0),
  end: (does, event) => does.move(Infinity, event.ctrlKey || event.metaKey ? Infinity : 0),
  pageup: (does) => does.move(0, -page(does)),
  pagedown: (does) => does.move(0, page(does)),
  enter: (does) => does.openCell(),
  ' ': (does) => does.playOrStop(),
};

/** Anywhere on the page but in a text. */
const PAGE_KEYS: Record<string, Run> = {
  n: (does, event) => does.regression(event.shiftKey ? -1 : 1),
  d: (does) => does.disagreement(),
  // As in a comparison, where D is the difference of the two pictures.
  v: (does) => does.disagreement(),
  p: (does) => does.regression(-1),
  c: (does) => does.diff(does.ui.cell.column),
  e: (does) => does.revealClip(),
  g: (does) => does.toGrid(),
  '?': (does) => does.open('help'),
};

export const HELP: readonly { title: SweepString; keys: readonly (readonly [string, SweepString])[] }[] = [
  {
    title: 'keysMove',
    keys: [
      ['← → ↑ ↓', 'keyArrows'],
      ['Home End', 'keyHomeEnd'],
      ['Ctrl+Home Ctrl+End', 'keyCtrlHomeEnd'],
      ['PgUp PgDn', 'keyPages'],
      ['G', 'keyGrid'],
      ['N P', 'keyRegression'],
      ['V D', 'keyDisagreement'],
    ],
  },
  {
    title: 'keysAct',
    keys: [
      ['Enter', 'keyOpen'],
      ['Space', 'keyPlay'],
      ['C', 'keyChanges'],
      ['E', 'keyReveal'],
    ],
  },
  {
    title: 'keysPage',
    keys: [
      ['Esc', 'keyEscape'],
      ['?', 'keyHelp'],
    ],
  },
];

/** Where these stand, letters are text. */
const TEXT = 'input, textarea, select, [contenteditable]';

/** The page's keys. What is handled here goes no further, so that the workbench does not act on it too. */
export function listenForKeys(does: Commands): void {
  document.addEventListener('keydown', (event) => {
    const target = event.composedPath()[0];
    if (event.isComposing || event.defaultPrevented || !(target instanceof Element)) return;
    if (!handled(event, target)) return;
    event.preventDefault();
    event.stopPropagation();
  });

  function handled(event: KeyboardEvent, target: Element): boolean {
    const key = event.key.toLowerCase();
    if (key === 'escape') return does.escape();
    if (target.closest(`[role=dialog], ${TEXT}`) || event.altKey) return false;
    const onCell = target.closest('[role=gridcell]') !== null;
    const control = event.ctrlKey || event.metaKey;
    if (control && !(onCell && (key === 'home' || key === 'end'))) return false;
    const run = (onCell ? CELL_KEYS[key] : undefined) ?? PAGE_KEYS[key];
    run?.(does, event);
    return run !== undefined;
  }
}

function page({ ui, shown }: Commands): number {
  const { row } = gridSize(ui.view.width, shown?.index.grid.columns ?? []);
  return Math.max(1, Math.floor(ui.view.height / row) - 1);
}
