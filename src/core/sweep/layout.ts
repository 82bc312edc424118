import { obj, optional, requireFormat, str } from '../decode';

export const LAYOUT_FORMAT = 'aesrm.sweep-layout/1';
/** In the record's folder. */
export const LAYOUT_FILE = 'sweep.json';

/** What a person corrected of one sweep; everything else is recognised anew. */
export interface SweepLayout {
  /** As in `{checkpoint}/{prompt}_{seed}.mp4`; takes the place of the recognisers. */
  pattern?: string;
  /** Id of the grid to take where a tree holds several. */
  grid?: string;
  /** Id of the column that the others are measured against; the first unless given. */
  baseline?: string;
}

/** `.aesrm/sweep.json`: layouts by the sweep's root, relative to the folder that holds the record, with `/`. */
export interface SweepLayouts {
  format: typeof LAYOUT_FORMAT;
  sweeps: Record<string, SweepLayout>;
}

export function decodeLayout(value: unknown, at: string): SweepLayout {
  const o = obj(value, at);
  const text = (key: keyof SweepLayout) => optional(o[key], (v) => str(v, `${at}.${key}`));
  const [pattern, grid, baseline] = [text('pattern'), text('grid'), text('baseline')];
  return {
    ...(pattern === undefined ? {} : { pattern }),
    ...(grid === undefined ? {} : { grid }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

export function decodeLayouts(value: unknown): SweepLayouts {
  const o = obj(value, 'layouts');
  requireFormat(o, LAYOUT_FORMAT);
  const entries = Object.entries(obj(o.sweeps, 'sweeps'));
  return {
    format: LAYOUT_FORMAT,
    sweeps: Object.fromEntries(entries.map(([root, v]) => [root, decodeLayout(v, `sweeps[${root}]`)])),
  };
}
