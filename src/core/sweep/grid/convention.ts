import { VIDEO_EXTENSIONS } from '../../pair';
import type { Clip } from './paths';

/**
 * How one tool names its samples. Named groups of `file` (the whole name) and `dir` (the folders above it) are read:
 * `step`, `epoch`, `phase` (`final`, `test`: behind every number; `base`) or `model` make the column, `side` parts it;
 * `idx` (number of the prompt), `text` (its words) and `hash` make the row; `rank` too, where `ranked`; `seed` the
 * seed axis, `take` parts it further; `any` is a name that says nothing for sure, `tail` its counter; `variant` parts one grid from another; `taken` tells which of two takes of a cell is the newer.
 */
export interface Convention {
  /** Conventions of one id make one grid together. */
  id: string;
  /** For people. */
  tool: string;
  file: RegExp;
  /** The folders above must match. */
  dir?: RegExp;
  /** So many folders belong to the name: the run lies above them. */
  deep?: number;
  /** End of a file beside the clip, of the same stem, that must exist. */
  beside?: string;
  /** A file or folder in any folder above that must exist. */
  above?: RegExp;
  phase?: 'base';
  /** The number counts within the process that rendered the clip. */
  ranked?: boolean;
  /** Names without any sign of the prompt: the order inside a checkpoint is taken for it. */
  ordered?: boolean;
  /** Names without a checkpoint: it is the folder (`folder`), or what varies in folders and names (`any`). */
  columnIn?: 'folder' | 'any';
  /** Whether matching names are this convention at all: for names that many others have too. */
  enough?: (clips: readonly Clip[]) => boolean;
  note?: string;
}

export type Groups = Readonly<Partial<Record<string, string>>>;

const VIDEO = VIDEO_EXTENSIONS.join('|');

/** A whole file name of any video type, from the source of its stem. */
export function file(stem: string): RegExp {
  return new RegExp(`^${stem}\\.(?:${VIDEO})$`, 'iu');
}

/** The end of a folder path. */
export function dir(end: string): RegExp {
  return new RegExp(`(?:^|/)${end}$`, 'u');
}
