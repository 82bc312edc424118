/** Per-frame measures, taken on frames scaled to the plan's long side. One table: engine fills, core compares, the panel draws. */
export const MEASURE_IDS = [
  'brightness',
  'contrast',
  'shadows',
  'highlights',
  'saturation',
  'warmth',
  'palette',
  'sharpness',
  'noise',
  'detail',
  'inFocus',
  'flicker',
  'change',
  'residual',
  'shake',
  'repeat',
  'weightX',
  'weightY',
  'symmetry',
] as const;
export type MeasureId = (typeof MEASURE_IDS)[number];

export interface Measure {
  id: MeasureId;
  /** What a reviewer calls it, lower case, fit for a sentence. */
  name: string;
  unit: string;
  /** How it is computed, in one sentence. */
  definition: string;
}

export const MEASURES: Record<MeasureId, Measure> = {
  brightness: {
    id: 'brightness',
    name: 'brightness',
    unit: '%',
    definition: 'mean luma (BT.601, whole levels), % of white',
  },
  contrast: {
    id: 'contrast',
    name: 'contrast',
    unit: '%',
    definition: 'standard deviation of luma, % of white',
  },
  shadows: {
    id: 'shadows',
    name: 'crushed shadows',
    unit: '%',
    definition: 'share of pixels with luma of 3/255 or less',
  },
  highlights: {
    id: 'highlights',
    name: 'clipped highlights',
    unit: '%',
    definition: 'share of pixels with luma of 252/255 or more',
  },
  saturation: {
    id: 'saturation',
    name: 'saturation',
    unit: '%',
    definition: 'mean of max(R,G,B) - min(R,G,B), % of full scale',
  },
  warmth: {
    id: 'warmth',
    name: 'warmth',
    unit: '%',
    definition: 'mean of R - B, % of full scale; above 0 is warm',
  },
  palette: {
    id: 'palette',
    name: 'palette drift',
    unit: '%',
    definition:
      "half the L1 distance between the frame's 64-bin colour histogram and the clip's mean histogram",
  },
  sharpness: {
    id: 'sharpness',
    name: 'sharpness',
    unit: '',
    definition: 'mean absolute four-neighbour Laplacian of luma, in levels of 255',
  },
  noise: {
    id: 'noise',
    name: 'noise',
    unit: '',
    definition:
      "Immerkaer's noise deviation over the half of the 8x8 blocks with the smallest mean gradient, in levels of 255",
  },
  detail: {
    id: 'detail',
    name: 'detail',
    unit: 'bit',
    definition: 'entropy of the luma histogram with 64 bins',
  },
  inFocus: {
    id: 'inFocus',
    name: 'area in focus',
    unit: '%',
    definition: 'share of 16x16 blocks (smaller at the edges) whose mean absolute Laplacian exceeds 6 levels',
  },
  flicker: {
    id: 'flicker',
    name: 'brightness flicker',
    unit: '%',
    definition:
      "the frame's mean luma less the mean of its neighbours', absolute, % of white; the ends take the value beside them",
  },
  change: {
    id: 'change',
    name: 'frame-to-frame change',
    unit: '%',
    definition:
      'mean absolute luma difference to the frame before, % of white; the first frame takes the value of the second',
  },
  residual: {
    id: 'residual',
    name: 'change left after camera motion',
    unit: '%',
    definition:
      'mean absolute luma difference to the frame before, shifted by the estimated global translation (none where no shift makes it smaller), % of white; the first frame takes the value of the second',
  },
  shake: {
    id: 'shake',
    name: 'camera shake',
    unit: '% of width',
    definition:
      'length of the change of the global translation from one frame step to the next, % of frame width; the first two frames take the value of the third',
  },
  repeat: {
    id: 'repeat',
    name: 'repeated frames',
    unit: '',
    definition:
      '1 where the frame equals the one before (mean absolute luma difference under 0.02 levels, or under 8% of a motion of at least 1.3 levels that goes on within six frames before and after), else 0',
  },
  weightX: {
    id: 'weightX',
    name: 'visual weight, horizontal',
    unit: '%',
    definition: 'horizontal centroid of gradient energy, % of width from the left',
  },
  weightY: {
    id: 'weightY',
    name: 'visual weight, vertical',
    unit: '%',
    definition: 'vertical centroid of gradient energy, % of height from the top',
  },
  symmetry: {
    id: 'symmetry',
    name: 'left-right symmetry',
    unit: '%',
    definition: '100 less the mean absolute difference between the frame and its mirror image, % of white',
  },
};

/** All measures of one clip: `series[id][i]` belongs to `times[i]` (seconds from the first frame, ascending). */
export interface ClipMeasures {
  times: number[];
  series: Record<MeasureId, number[]>;
}
