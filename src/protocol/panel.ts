import { obj, oneOf, optional, bool, num, str } from '../core/decode';
import type { Agreement } from '../core/modelManifest';
import type { ClipMeasures } from '../core/measures';
import type { Choice, Side } from '../core/pair';
import type { Problem } from '../core/problem';
import { DIMENSION_IDS, type Dimension } from '../core/rubric';
import type { ClipRecord, CriterionVerdict, JudgeInfo, Verdict } from '../core/verdict';
import type { Vote } from '../core/vote';

/** One clip as the panel shows it. In blind mode `name` and `folder` are empty. */
export interface SideView {
  name: string;
  folder: string;
  /**
   * Webview URI of what to play, versioned by mtime and size; absent while there is nothing to play.
   * It stands in the page's document: in blind mode it must not name the clip or its folder.
   */
  uri?: string;
  /** `proxy`: an H.264 stand-in made by ffmpeg (GIF and WebP always get one). */
  media: 'video' | 'proxy' | 'waiting' | 'none';
  /** Why a proxy is shown, or is being made. */
  note?: string;
  clip?: ClipRecord;
  measures?: ClipMeasures;
  problem?: Problem;
}

/** A step through the grid that a comparison was opened from. */
export const SWEEP_STEPS = [
  'nextCheckpoint',
  'previousCheckpoint',
  'nextPrompt',
  'previousPrompt',
  'nextRegression',
  'previousRegression',
  'nextDisagreement',
  'previousDisagreement',
] as const;
export type SweepStep = (typeof SWEEP_STEPS)[number];

/** Where in a sweep the pair stands. */
export interface SweepPlace {
  /** Name of the sweep's folder. */
  sweep: string;
  /** Labels of all columns, in order; `earlier` and `later` are indices. */
  columns: string[];
  earlier: number;
  later: number;
  /** Which side shows which column; absent while blind mode hides that. */
  sides?: Record<Side, 'earlier' | 'later'>;
  row: { index: number; count: number; label: string; prompt?: string };
  /** Absent where there is one seed. */
  seed?: { index: number; count: number; label: string };
  /** The row's verdicts on the whole, each column against the one before it; null where not judged, or hidden. */
  marks: (-1 | 0 | 1 | null)[];
  /** Steps that lead somewhere; while sides are hidden none that would tell the judge's word. */
  can: SweepStep[];
}

export type Phase = 'measuring' | 'judging' | 'done' | 'failed' | 'cancelled';

/** Everything the panel shows: the host sends whole snapshots, the page renders the last one. */
export interface PanelSnapshot {
  revision: number;
  sides: Record<Side, SideView>;
  phase: Phase;
  /** 0..1 where known. */
  progress?: { text: string; fraction?: number };
  /** Absent until judged, and while blind mode hides it. */
  verdict?: Verdict;
  /** Criteria that a streaming judge has written so far, in the rubric's order; hidden by blind mode too. */
  live?: CriterionVerdict[];
  fromLog: boolean;
  /** A judge's measured agreement and the like, for the popover behind the judge's name. */
  judge?: JudgeInfo & { device?: string; agreement: Agreement[]; short?: string[]; hasCard?: boolean };
  problem?: Problem;
  /** A sentence on something that did not stop the comparison (the record could not be kept, ...). */
  notice?: string;
  vote?: Vote;
  canUndoVote: boolean;
  blind: { on: boolean; revealed: boolean };
  /** Only where the pair was opened from a sweep. */
  sweep?: SweepPlace;
  /** In a sweep: the pair, by a name that tells nothing of it. A vote says which one the reader saw. */
  pair?: string;
  /** In a sweep, blind or not: what the next steps will play, the likeliest first, for the page to hold ready. */
  preload?: string[];
  /**
   * URIs of what stands on A and B now, and of the sweep's folder: the page keeps them in its state, so that a swap
   * and a step survive a reload. Absent: the boot state's still hold. Never shown, blind or not.
   */
  identity?: { a: string; b: string; sweep?: string };
}

/** What the model said, word for word: of its verdict, or where none could be read. */
export function rawWords({ verdict, problem }: PanelSnapshot): string | undefined {
  return verdict?.raw ?? problem?.raw;
}

/** What the reader did. The page can ask for nothing else: there is no message that runs a command by name. */
export type PanelAction =
  | { type: 'ready' }
  | { type: 'unplayable'; side: Side; uri: string }
  /** Of what is held ready for the next steps. */
  | { type: 'unplayableAhead'; uri: string }
  | { type: 'cancel' }
  | { type: 'rejudge' }
  | { type: 'swap' }
  | { type: 'setBlind'; on: boolean }
  | { type: 'vote'; of: 'overall' | Dimension; choice: Choice | null; pair?: string }
  | { type: 'undoVote' }
  | { type: 'copyMarkdown' }
  /** What the model said, as it is shown. */
  | { type: 'copyRaw' }
  | { type: 'showLog' }
  | { type: 'openSetting'; key: 'aesrm.ffmpegPath' | 'aesrm.device' }
  | { type: 'openModelCard' }
  | { type: 'selectJudge' }
  | { type: 'revealClip'; side: Side }
  | { type: 'sweepStep'; to: SweepStep }
  | { type: 'showSweep' };

/** Those that carry nothing but their name. */
const PLAIN_ACTIONS = [
  'ready',
  'cancel',
  'rejudge',
  'swap',
  'undoVote',
  'copyMarkdown',
  'copyRaw',
  'showLog',
  'openModelCard',
  'selectJudge',
  'showSweep',
] as const;

const side = (v: unknown) => oneOf(v, ['A', 'B'] as const, 'side');

/** Decodes a message from the page; throws `DecodeError` on anything not in {@link PanelAction}. */
export function decodePanelAction(value: unknown): PanelAction {
  const o = obj(value, 'action');
  switch (o.type) {
    case 'sweepStep':
      return { type: o.type, to: oneOf(o.to, SWEEP_STEPS, 'to') };
    case 'unplayableAhead':
      return { type: o.type, uri: str(o.uri, 'uri') };
    case 'unplayable':
      return { type: o.type, side: side(o.side), uri: str(o.uri, 'uri') };
    case 'setBlind':
      return { type: o.type, on: bool(o.on, 'on') };
    case 'vote': {
      const pair = optional(o.pair, (v) => str(v, 'pair'));
      return {
        type: o.type,
        of: oneOf(o.of, ['overall', ...DIMENSION_IDS] as const, 'of'),
        choice: optional(o.choice, (v) => oneOf(v, ['A', 'tie', 'B'] as const, 'choice')) ?? null,
        ...(pair === undefined ? {} : { pair }),
      };
    }
    case 'openSetting':
      return { type: o.type, key: oneOf(o.key, ['aesrm.ffmpegPath', 'aesrm.device'] as const, 'key') };
    case 'revealClip':
      return { type: o.type, side: side(o.side) };
    default:
      return { type: oneOf(o.type, PLAIN_ACTIONS, 'type') };
  }
}

/** Host to page. `go` steers the reader's place from commands and keybindings of the workbench. */
export type PanelMessage =
  { type: 'snapshot'; snapshot: PanelSnapshot } | { type: 'go'; to: 'nextDifference' | 'previousDifference' };

export function decodePanelMessage(value: unknown): PanelMessage {
  const o = obj(value, 'message');
  const type = oneOf(o.type, ['snapshot', 'go'] as const, 'type');
  if (type === 'go')
    return { type, to: oneOf(o.to, ['nextDifference', 'previousDifference'] as const, 'to') };
  const snapshot = obj(o.snapshot, 'snapshot');
  num(snapshot.revision, 'snapshot.revision');
  obj(snapshot.sides, 'snapshot.sides');
  // The host is trusted and of the same version: its snapshot is checked in shape, not field by field.
  return { type, snapshot: snapshot as unknown as PanelSnapshot };
}

/** Identity of a panel, kept by the workbench over a reload. */
export interface PanelState {
  format: 'aesrm.panel/1';
  /** URIs as strings. */
  a: string;
  b: string;
  blind: boolean;
  /** Folder of the sweep that the pair was opened from. */
  sweep?: string;
  /** Where the reader is. */
  time?: number;
  criterion?: string;
}

export function decodePanelState(value: unknown): PanelState {
  const o = obj(value, 'state');
  const time = optional(o.time, (v) => num(v, 'time'));
  const criterion = optional(o.criterion, (v) => str(v, 'criterion'));
  const sweep = optional(o.sweep, (v) => str(v, 'sweep'));
  return {
    format: oneOf(o.format, ['aesrm.panel/1'] as const, 'format'),
    a: str(o.a, 'a'),
    b: str(o.b, 'b'),
    blind: bool(o.blind, 'blind'),
    ...(sweep === undefined ? {} : { sweep }),
    ...(time === undefined ? {} : { time }),
    ...(criterion === undefined ? {} : { criterion }),
  };
}
