import type { Difference } from '../../src/core/timeline';
import type { Verdict } from '../../src/core/verdict';
import type { PanelSnapshot } from '../../src/protocol/panel';
import type { PairClock } from './clock';
import type { Commands } from './commands';
import type { Shown } from './shown';
import type { Ui } from './state';
import type { Stills } from './stills';

/** What every view is given: the state, what follows from it, and the one object that acts. */
export interface Context {
  snapshot: PanelSnapshot;
  ui: Ui;
  clock: PairClock;
  /** The verdict, unless there is none or blind mode hides it. */
  verdict: Verdict | undefined;
  /** The criteria as they stand on the page: the verdict's, one order's, or those that are being written. */
  shown: Shown;
  /** The evidence in the order in which it is walked. */
  places: readonly Difference[];
  /** Names and verdict are hidden until the vote. */
  hidden: boolean;
  running: boolean;
  stills: Stills;
  does: Commands;
}
