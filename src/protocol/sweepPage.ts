import { arr, bool, obj, oneOf, optional, str } from '../core/decode';
import { EXPORT_FORMATS, type ExportFormat } from '../core/sweep/formats';
import type { CellIds, Grid, GridSummary } from '../core/sweep/grid';
import { PAIRINGS, SERIES, type Pairing, type Series } from '../core/sweep/table';
import type { Problem } from '../core/problem';
import type { Agreement } from '../core/modelManifest';
import type { JudgeInfo } from '../core/verdict';
import type { SweepCost, SweepDiff, SweepProgress, SweepState } from './sweep';

/**
 * `scanning`: the grid is looked for. `ready`: it is shown, nothing runs. `running`, `following`, `watching`: as the
 * engine's stages. `paused`, `stopped`: by the reader. `none`: no grid. `failed`: `problem` says why.
 */
export type SweepPhase =
  | 'scanning'
  | 'none'
  | 'ready'
  | 'running'
  | 'following'
  | 'watching'
  | 'paused'
  | 'stopped'
  | 'done'
  | 'failed';

/** What the page shows besides the grid; sent whole at every change. */
export interface SweepSnapshot {
  revision: number;
  /** Name of the folder. */
  name: string;
  /** Its path in the workspace, for the tooltip. */
  folder: string;
  phase: SweepPhase;
  /** Files seen while scanning. */
  files?: number;
  progress?: Pick<SweepProgress, 'clips' | 'pairs' | 'rate' | 'secondsLeft'>;
  /** All grids of the tree, and which is shown. */
  grids: GridSummary[];
  grid?: string;
  /** The corrected pattern, if one is kept. */
  pattern?: string;
  /** Why there is no grid, or why the last correction did not fit. */
  message?: string;
  cost?: SweepCost;
  pairing: Pairing;
  /** Id of the column that the others are measured against, where one is chosen. */
  baseline?: string;
  judge?: JudgeInfo & { device?: string; agreement: Agreement[]; short?: string[] };
  state?: SweepState;
  /** The state is the one of the snapshot before. */
  sameState?: true;
  problem?: Problem;
  notice?: string;
  /** The reviewer's name: whose votes count as "mine". */
  reviewer: string;
}

/** The grid and how to address its clips; sent when it changes. */
export interface SweepGridMessage {
  revision: number;
  grid: Grid;
  /** Webview URI of the root; a clip's is this, `/`, and its path with every segment percent-encoded. */
  clipBase: string;
  /** Webview URI of the thumbnails' folder: a clip's is `{thumbBase}/{hash[0..2]}/{hash}.jpg`. */
  thumbBase: string;
}

/** What marks, curves and pairs are against. */
export const REFERENCES = ['previous', 'baseline'] as const;
export type Reference = (typeof REFERENCES)[number];

/** In one grid: indices mean other cells in the next. */
export interface PairOfCells {
  earlier: number;
  later: number;
  row: number;
  seed: number;
}

/** Paths of two clips of the grid, the earlier column's first. */
export interface PairOfClips {
  earlier: string;
  later: string;
}

/** Where the reader is; kept by the workbench over a reload. */
export interface SweepPageState {
  format: 'aesrm.sweep-page/1';
  /** The sweep's folder, a URI as string. */
  root: string;
  series?: Series;
  /** What the marks are against. */
  reference?: Reference;
  /** What the curves are against. */
  curves?: Reference;
  /** Whether the curves are folded to a line. */
  folded?: boolean;
  filter?: SweepFilter;
  sort?: SweepSort;
  cell?: CellIds;
}

export const SWEEP_FILTERS = ['all', 'regressions', 'disagreements', 'holes', 'votes'] as const;
export type SweepFilter = (typeof SWEEP_FILTERS)[number];
export const SWEEP_SORTS = ['found', 'worst'] as const;
export type SweepSort = (typeof SWEEP_SORTS)[number];

/**
 * What the reader did; the page can ask for nothing else. The page may still show the grid before the host's: clips go
 * by their paths, columns by their ids, so that what was clicked is what is meant.
 */
export type SweepAction =
  | { type: 'ready' }
  | { type: 'start' }
  | { type: 'pause' }
  | { type: 'cancel' }
  | { type: 'retryBroken' }
  | { type: 'rescan' }
  /** Null: back to what is recognised. */
  | { type: 'setPattern'; pattern: string | null }
  | { type: 'chooseGrid'; id: string }
  | { type: 'setBaseline'; column: string }
  | { type: 'setPairing'; pairing: Pairing }
  | { type: 'openPair'; pair: PairOfClips; against: Reference }
  | { type: 'diff'; earlier: string; later: string }
  /** Clips that are on screen without a thumbnail. */
  | { type: 'needThumbnails'; clips: string[] }
  /** The clip does not play in this window: a stand-in is wanted. */
  | { type: 'needProxy'; clip: string }
  | { type: 'export'; format: ExportFormat | null }
  | { type: 'revealClip'; clip: string }
  | { type: 'showLog' }
  | { type: 'openModelCard' }
  | { type: 'selectJudge' };

const BARE_ACTIONS = [
  'ready',
  'start',
  'pause',
  'cancel',
  'retryBroken',
  'rescan',
  'showLog',
  'openModelCard',
  'selectJudge',
] as const;

type BareType = (typeof BARE_ACTIONS)[number];
type Told = Exclude<SweepAction, { type: BareType }>;

/** What each action that says more than its name carries. */
const ACTION_READERS: {
  [T in Told['type']]: (o: Record<string, unknown>) => Omit<Extract<Told, { type: T }>, 'type'>;
} = {
  setPattern: (o) => ({ pattern: optional(o.pattern, (v) => str(v, 'pattern')) ?? null }),
  chooseGrid: (o) => ({ id: str(o.id, 'id') }),
  setBaseline: (o) => ({ column: str(o.column, 'column') }),
  setPairing: (o) => ({ pairing: oneOf(o.pairing, PAIRINGS, 'pairing') }),
  openPair: (o) => ({
    pair: earlierAndLater(obj(o.pair, 'pair')),
    against: oneOf(o.against, REFERENCES, 'against'),
  }),
  diff: earlierAndLater,
  needThumbnails: (o) => ({ clips: arr(o.clips, 'clips').map((v, i) => str(v, `clips[${i}]`)) }),
  needProxy: (o) => ({ clip: str(o.clip, 'clip') }),
  revealClip: (o) => ({ clip: str(o.clip, 'clip') }),
  export: (o) => ({ format: optional(o.format, (v) => oneOf(v, EXPORT_FORMATS, 'format')) ?? null }),
};

/** Decodes a message from the page; throws `DecodeError` on anything not in {@link SweepAction}. */
export function decodeSweepAction(value: unknown): SweepAction {
  const o = obj(value, 'action');
  const told = Object.keys(ACTION_READERS) as Told['type'][];
  const type = oneOf(o.type, [...BARE_ACTIONS, ...told], 'type');
  if (!isTold(type)) return { type };
  return { type, ...ACTION_READERS[type](o) } as Told;
}

function isTold(type: SweepAction['type']): type is Told['type'] {
  return Object.hasOwn(ACTION_READERS, type);
}

function earlierAndLater(o: Record<string, unknown>): { earlier: string; later: string } {
  return { earlier: str(o.earlier, 'earlier'), later: str(o.later, 'later') };
}

/** Host to page. */
export type SweepMessage =
  | { type: 'snapshot'; snapshot: SweepSnapshot }
  | { type: 'grid'; grid: SweepGridMessage }
  | { type: 'diff'; gridRevision: number; diff: SweepDiff }
  /** Thumbnails that are there now; null: there is none to be had. The files are those of that grid. */
  | { type: 'thumbnails'; gridRevision: number; made: { clip: string; hash: string | null }[] }
  | { type: 'proxy'; clip: string; uri: string | null }
  /** A command of the workbench. */
  | {
      type: 'go';
      to: 'nextRegression' | 'previousRegression' | 'cell';
      cell?: CellIds;
    };

const MESSAGE_TYPES = ['snapshot', 'grid', 'diff', 'thumbnails', 'proxy', 'go'] as const;

/** The host is trusted and of the same version: its messages are checked in shape, not field by field. */
export function decodeSweepMessage(value: unknown): SweepMessage {
  const o = obj(value, 'message');
  const type = oneOf(o.type, MESSAGE_TYPES, 'type');
  if (type === 'snapshot' || type === 'grid' || type === 'diff') obj(o[type], type);
  return o as unknown as SweepMessage;
}

export function decodeSweepPageState(value: unknown): SweepPageState {
  const o = obj(value, 'state');
  const series = optional(o.series, (v) => oneOf(v, SERIES, 'series'));
  const reference = optional(o.reference, (v) => oneOf(v, REFERENCES, 'reference'));
  const curves = optional(o.curves, (v) => oneOf(v, REFERENCES, 'curves'));
  const folded = optional(o.folded, (v) => bool(v, 'folded'));
  const filter = optional(o.filter, (v) => oneOf(v, SWEEP_FILTERS, 'filter'));
  const sort = optional(o.sort, (v) => oneOf(v, SWEEP_SORTS, 'sort'));
  const cell = optional(o.cell, (v) => {
    const c = obj(v, 'cell');
    return { column: str(c.column, 'cell.column'), row: str(c.row, 'cell.row') };
  });
  return {
    format: oneOf(o.format, ['aesrm.sweep-page/1'] as const, 'format'),
    root: str(o.root, 'root'),
    ...(series === undefined ? {} : { series }),
    ...(reference === undefined ? {} : { reference }),
    ...(curves === undefined ? {} : { curves }),
    ...(folded === undefined ? {} : { folded }),
    ...(filter === undefined ? {} : { filter }),
    ...(sort === undefined ? {} : { sort }),
    ...(cell === undefined ? {} : { cell }),
  };
}
