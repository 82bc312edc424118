import type { Side } from '../../src/core/pair';
import { otherSide } from '../../src/core/pair';
import type { CriterionId } from '../../src/core/rubric';
import { rawWords, type PanelSnapshot } from '../../src/protocol/panel';
import { FIT, type Viewport } from './viewport';

export type ViewMode = 'side' | 'wipe' | 'ab' | 'diff';
export const VIEW_MODES: readonly ViewMode[] = ['side', 'wipe', 'ab', 'diff'];
export type Loop = 'off' | 'all' | 'evidence';
export const LOOPS: readonly Loop[] = ['off', 'all', 'evidence'];
export type Sound = 'none' | Side;
export const SOUNDS: readonly Sound[] = ['none', 'A', 'B'];
export const RATES: readonly number[] = [0.25, 0.5, 1, 1.5, 2];
/** Whose answers are shown: both orders' together, or those of one. */
export type OrderView = 'both' | 'ab' | 'ba';
export const ORDER_VIEWS: readonly OrderView[] = ['both', 'ab', 'ba'];
export const GAINS: readonly number[] = [1, 2, 4, 8, 16];

/** The place that the reader chose: a criterion, and which of its pieces of evidence. */
export interface Selection {
  criterion: CriterionId;
  evidence: number;
}

/** What is the page's own: never sent to the host, but for time and criterion, which outlive a reload. */
export interface Ui {
  time: number;
  playing: boolean;
  rate: number;
  loop: Loop;
  sound: Sound;
  mode: ViewMode;
  /** The side on top in the A/B view. */
  shown: Side;
  /** Share of the picture left of the wipe, 0..1. */
  split: number;
  gain: number;
  view: Viewport;
  selection?: Selection;
  /** The criterion that Tab reaches. */
  roving?: CriterionId;
  order: OrderView;
  judgeOpen: boolean;
  rawOpen: boolean;
  helpOpen: boolean;
  cancelling: boolean;
  dismissed?: string;
  /** What the status region says. */
  status: string;
  /** Each side's picture has arrived. */
  loaded: Record<Side, boolean>;
  /** Sides whose clip does not play here; the host was told. */
  unplayable: Record<Side, boolean>;
  hover?: number;
}

export type Dialog = 'judge' | 'help' | 'raw';

export interface State {
  snapshot?: PanelSnapshot;
  ui: Ui;
}

export type Change =
  | { type: 'snapshot'; snapshot: PanelSnapshot }
  | { type: 'clock'; time: number; playing: boolean }
  | { type: 'select'; selection: Selection | undefined }
  | { type: 'roving'; criterion: CriterionId }
  | { type: 'mode'; mode: ViewMode }
  | { type: 'flip' }
  | { type: 'split'; split: number }
  | { type: 'gain'; step: -1 | 1 | 'next' }
  | { type: 'view'; view: Viewport }
  | { type: 'rate'; rate: number }
  | { type: 'loop'; loop: Loop }
  | { type: 'sound'; sound: Sound }
  | { type: 'order'; order: OrderView }
  | { type: 'open'; what: Dialog; open: boolean }
  | { type: 'cancelling' }
  | { type: 'dismiss'; notice: string }
  | { type: 'status'; text: string }
  | { type: 'media'; side: Side; loaded: boolean; unplayable?: boolean }
  | { type: 'hover'; time: number | undefined };

export function initialState(place: { time?: number; criterion?: CriterionId } = {}): State {
  return {
    ui: {
      time: place.time ?? 0,
      playing: false,
      rate: 1,
      loop: 'off',
      sound: 'none',
      mode: 'side',
      shown: 'A',
      split: 0.5,
      gain: 4,
      view: FIT,
      ...(place.criterion
        ? { selection: { criterion: place.criterion, evidence: 0 }, roving: place.criterion }
        : {}),
      order: 'both',
      judgeOpen: false,
      rawOpen: false,
      helpOpen: false,
      cancelling: false,
      status: '',
      loaded: { A: false, B: false },
      unplayable: { A: false, B: false },
    },
  };
}

/** One pure step. The same state comes back where nothing changes, and then nothing is drawn. */
export function reduce(state: State, change: Change): State {
  if (change.type === 'snapshot') return withSnapshot(state, change.snapshot);
  const ui = reduceUi(state.ui, change);
  return ui === state.ui ? state : { ...state, ui };
}

function withSnapshot(state: State, snapshot: PanelSnapshot): State {
  const { snapshot: before, ui } = state;
  if (before && snapshot.revision < before.revision) return state;
  const running = snapshot.phase === 'measuring' || snapshot.phase === 'judging';
  const same = (side: Side) => before?.sides[side].uri === snapshot.sides[side].uri;
  const keep = (of: Record<Side, boolean>) => ({ A: of.A && same('A'), B: of.B && same('B') });
  const hidden = snapshot.blind.on && !snapshot.blind.revealed;
  return {
    snapshot,
    ui: {
      ...(before?.sweep && !samePlace(before, snapshot) ? elsewhere(ui) : ui),
      cancelling: ui.cancelling && running,
      loaded: keep(ui.loaded),
      unplayable: keep(ui.unplayable),
      // Another verdict is shown as it is, before it is taken apart.
      order: before?.verdict?.id === snapshot.verdict?.id ? ui.order : 'both',
      judgeOpen: ui.judgeOpen && !hidden,
      rawOpen: ui.rawOpen && !hidden && rawWords(snapshot) !== undefined,
    },
  };
}

/** Whether two snapshots stand on the same pair of a sweep. */
export function samePlace(x: PanelSnapshot | undefined, y: PanelSnapshot): boolean {
  const key = (of: PanelSnapshot | undefined) =>
    of?.sweep && [of.sweep.earlier, of.sweep.later, of.sweep.row.index, of.sweep.seed?.index].join();
  return key(x) === key(y);
}

/** On another pair: the view stays, what was chosen of the verdict does not. */
function elsewhere({ selection: _, dismissed: __, ...ui }: Ui): Ui {
  return { ...ui, loop: ui.loop === 'evidence' ? 'off' : ui.loop };
}

function reduceUi(ui: Ui, change: Exclude<Change, { type: 'snapshot' }>): Ui {
  switch (change.type) {
    case 'clock':
      return ui.time === change.time && ui.playing === change.playing
        ? ui
        : { ...ui, time: change.time, playing: change.playing };
    case 'select': {
      const { selection: _, ...rest } = ui;
      return change.selection
        ? { ...rest, selection: change.selection, roving: change.selection.criterion }
        : { ...rest, loop: ui.loop === 'evidence' ? 'off' : ui.loop };
    }
    case 'roving':
      return { ...ui, roving: change.criterion };
    case 'mode':
      return { ...ui, mode: change.mode };
    case 'flip':
      return { ...ui, mode: 'ab', shown: otherSide(ui.shown) };
    case 'split':
      return { ...ui, split: Math.min(1, Math.max(0, change.split)) };
    case 'gain':
      return {
        ...ui,
        gain: change.step === 'next' ? nextOf(GAINS, ui.gain) : besideOf(GAINS, ui.gain, change.step),
      };
    case 'view':
      return { ...ui, view: change.view };
    case 'rate':
      return { ...ui, rate: change.rate };
    case 'loop':
      return { ...ui, loop: change.loop };
    case 'sound':
      return { ...ui, sound: change.sound };
    default:
      return reduceChrome(ui, change);
  }
}

const OPEN = { judge: 'judgeOpen', help: 'helpOpen', raw: 'rawOpen' } as const;

type ChromeChange = Extract<
  Change,
  { type: 'order' | 'open' | 'cancelling' | 'dismiss' | 'status' | 'media' | 'hover' }
>;

function reduceChrome(ui: Ui, change: ChromeChange): Ui {
  switch (change.type) {
    case 'order':
      return { ...ui, order: change.order };
    case 'open':
      return { ...ui, [OPEN[change.what]]: change.open };
    case 'cancelling':
      return { ...ui, cancelling: true };
    case 'dismiss':
      return { ...ui, dismissed: change.notice };
    case 'status':
      return ui.status === change.text ? ui : { ...ui, status: change.text };
    case 'media':
      return {
        ...ui,
        loaded: { ...ui.loaded, [change.side]: change.loaded },
        unplayable: { ...ui.unplayable, [change.side]: change.unplayable ?? false },
      };
    case 'hover': {
      const { hover: _, ...rest } = ui;
      return change.time === undefined ? rest : { ...rest, hover: change.time };
    }
  }
}

function clampIndex(index: number, list: readonly unknown[]): number {
  return Math.min(list.length - 1, Math.max(0, index));
}

/** The next of a list, around its end. */
export function nextOf<T>(list: readonly T[], value: T): T {
  return list[(list.indexOf(value) + 1) % list.length] as T;
}

/** The neighbour of a value in a list, held at the ends. */
export function besideOf<T>(list: readonly T[], value: T, step: -1 | 1): T {
  return list[clampIndex(list.indexOf(value) + step, list)] as T;
}
