import type { Choice } from '../../src/core/pair';
import type { Dimension } from '../../src/core/rubric';
import type { SweepStep } from '../../src/protocol/panel';
import type { StringKey } from '../strings';
import type { Commands } from './commands';

interface Key {
  /** `KeyboardEvent.key`; letters in lower case. */
  keys: readonly string[];
  shift?: boolean;
  run(does: Commands, key: string): void;
}

const CHOICES: Record<string, Choice> = { '1': 'A', '2': 'tie', '3': 'B' };

/** Shift matters only where it is named: `?`, `+`, `<` need it on some keyboards and not on others. */
const KEYS: readonly Key[] = [
  { keys: [' '], run: (does) => does.playPause() },
  {
    keys: ['arrowleft', 'arrowright'],
    shift: true,
    run: (does, key) => does.second(key === 'arrowleft' ? -1 : 1),
  },
  { keys: ['arrowleft', ','], run: (does) => does.step(-1) },
  { keys: ['arrowright', '.'], run: (does) => does.step(1) },
  { keys: ['home'], run: (does) => does.end(-1) },
  { keys: ['end'], run: (does) => does.end(1) },
  { keys: ['l'], run: (does) => does.nextLoop() },
  { keys: ['m'], run: (does) => does.nextSound() },
  { keys: ['<'], run: (does) => does.rateBy(-1) },
  { keys: ['>'], run: (does) => does.rateBy(1) },
  { keys: ['q'], run: (does) => does.mode('side') },
  { keys: ['w'], run: (does) => does.mode('wipe') },
  { keys: ['d'], run: (does) => does.mode('diff') },
  { keys: ['[', ']'], run: (does, key) => does.splitBy(key === '[' ? -0.05 : 0.05) },
  { keys: ['g'], shift: true, run: (does) => does.gain(-1) },
  { keys: ['g'], run: (does) => does.gain(1) },
  { keys: ['+', '='], run: (does) => does.zoom(1.25) },
  { keys: ['-'], run: (does) => does.zoom(0.8) },
  { keys: ['0'], run: (does) => does.fit() },
  { keys: ['f7'], shift: true, run: (does) => does.difference(-1) },
  { keys: ['f7'], run: (does) => does.difference(1) },
  { keys: ['s'], run: (does) => does.swap() },
  { keys: ['b'], run: (does) => does.blind() },
  { keys: ['r'], run: (does) => does.rejudge() },
  { keys: ['c'], run: (does) => does.copy() },
  { keys: ['n'], shift: true, run: (does) => does.sweepStep('previousRegression') },
  { keys: ['n'], run: (does) => does.sweepStep('nextRegression') },
  { keys: ['v'], shift: true, run: (does) => does.sweepStep('previousDisagreement') },
  { keys: ['v'], run: (does) => does.sweepStep('nextDisagreement') },
  { keys: ['t'], run: (does) => does.showSweep() },
  { keys: ['?'], run: (does) => does.open('help', true) },
];

/** With Alt, the way that the grid lies: checkpoints across, prompts down. */
const GRID_KEYS: Record<string, SweepStep> = {
  arrowleft: 'previousCheckpoint',
  arrowright: 'nextCheckpoint',
  arrowup: 'previousPrompt',
  arrowdown: 'nextPrompt',
};

interface HelpGroup {
  title: StringKey;
  keys: readonly (readonly [string, StringKey])[];
}

/** Keys of a comparison that was opened from a sweep. */
export const SWEEP_HELP: HelpGroup = {
  title: 'keysSweep',
  keys: [
    ['Alt+← Alt+→', 'keyCheckpoint'],
    ['Alt+↑ Alt+↓', 'keyPrompt'],
    ['N Shift+N', 'keyRegression'],
    ['V Shift+V', 'keyDisagreement'],
    ['T', 'keyShowSweep'],
  ],
};

/** What the help shows, in the order of use. */
export const HELP: readonly HelpGroup[] = [
  {
    title: 'keysPlayback',
    keys: [
      ['Space', 'keyPlay'],
      ['← → , .', 'keyStep'],
      ['Shift+← Shift+→', 'keySecond'],
      ['Home End', 'keyEnds'],
      ['L', 'keyLoop'],
      ['M', 'keySound'],
      ['< >', 'keySpeed'],
    ],
  },
  {
    title: 'keysView',
    keys: [
      ['Q', 'keySide'],
      ['W', 'keyWipe'],
      ['[ ]', 'keySplit'],
      ['X', 'keyAb'],
      ['D', 'keyDiff'],
      ['Shift+G G', 'keyGain'],
      ['+ − 0', 'keyZoom'],
    ],
  },
  {
    title: 'keysVerdict',
    keys: [
      ['F7 Shift+F7', 'keyNext'],
      ['↑ ↓', 'keyCriteria'],
      ['Enter', 'keyGo'],
      ['1 2 3', 'keyVote'],
      ['Ctrl+Z', 'keyUndo'],
    ],
  },
  {
    title: 'keysPanel',
    keys: [
      ['S', 'keySwap'],
      ['B', 'keyBlind'],
      ['R', 'keyRejudge'],
      ['C', 'keyCopy'],
      ['Esc', 'keyEscape'],
      ['?', 'keyHelp'],
    ],
  },
];

/** How long X is held before letting go flips back, milliseconds. */
const PEEK = 300;
/** Where these stand, letters and digits are text. */
const TEXT = 'input, textarea, select, [contenteditable], vscode-dropdown, vscode-text-field';

/** The page's keys. What is handled here goes no further, so that the workbench does not act on it too. */
export function listenForKeys(does: Commands): void {
  let pressedAt = 0;
  document.addEventListener('keydown', (event) => {
    const target = event.composedPath()[0];
    if (event.isComposing || event.defaultPrevented || !(target instanceof Element)) return;
    if (handled(event, target)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  document.addEventListener('keyup', (event) => {
    if (event.key.toLowerCase() !== 'x' || pressedAt === 0) return;
    if (performance.now() - pressedAt > PEEK) does.flip();
    pressedAt = 0;
  });

  function handled(event: KeyboardEvent, target: Element): boolean {
    const key = event.key.toLowerCase();
    if (key === 'escape') return does.escape();
    if (
      target.closest('[role=dialog]') ||
      event.composedPath().some((at) => at instanceof Element && at.matches(TEXT))
    )
      return false;
    const way =
      event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey ? GRID_KEYS[key] : undefined;
    if (way) return does.sweepStep(way);
    if (event.ctrlKey || event.metaKey || event.altKey) return isUndo(event) && (does.undoVote(), true);
    const vote = CHOICES[key];
    if (vote) return voteWith(target, vote);
    if (key === 'x') {
      if (!event.repeat) {
        pressedAt = performance.now();
        does.flip();
      }
      return true;
    }
    // A focused button takes the space bar for itself.
    if (key === ' ' && target.closest('button, vscode-button, a, summary')) return false;
    const found = KEYS.find(
      (k) => k.keys.includes(key) && (k.shift === undefined || k.shift === event.shiftKey),
    );
    found?.run(does, key);
    return found !== undefined;
  }

  function voteWith(target: Element, choice: Choice): boolean {
    const of = target.closest<HTMLElement>('[data-vote]')?.dataset['vote'] ?? 'overall';
    does.vote(of as 'overall' | Dimension, choice);
    return true;
  }
}

function isUndo(event: KeyboardEvent): boolean {
  return (
    (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z'
  );
}
