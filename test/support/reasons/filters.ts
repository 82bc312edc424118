import type { CriterionId } from '../../../src/core/rubric';

/** The picture that a damage is made for. */
export interface Picture {
  width: number;
  height: number;
  fps: number;
}

/** One kind of damage, as a chain of ffmpeg filters over yuv420p that keeps size and rate. */
export interface Damage {
  name: string;
  /** The criterion that it is worse on. */
  worse: CriterionId;
  /** Criteria that it may well touch: what is said of these is not counted. */
  unclear: readonly CriterionId[];
  chain(picture: Picture): string;
  /**
   * `whole`: made over the whole clip. `both`: over the whole clip, and again over a part of another.
   * `local`: over a part only.
   */
  when: 'whole' | 'both' | 'local';
}

export const LIGHT: CriterionId[] = ['va.lighting', 'va.tone', 'va.exposure'];
export const DETAIL: CriterionId[] = ['vf.texture', 'vf.artifacts', 'vf.sharpness', 'vp.richness'];
export const LOOK: CriterionId[] = ['va.color', 'va.style', ...LIGHT];
export const FRAME: CriterionId[] = [
  'vp.composition',
  'vp.focal',
  'vp.richness',
  'vf.sharpness',
  'vf.texture',
];
export const MOTION: CriterionId[] = ['vp.camera', 'vf.structure', 'vf.texture', 'vf.flicker'];

export const fixed = (chain: string) => () => chain;
/** Numbers from -1 to 1 that look random, one for each frame `n` of a filter's expression. */
export const jitter = (seed: number) => `sin(n*n*${seed}+n*7.3)`;
/** The picture mirrored at its edges by `by` pixels, and a view of the old size that `x` and `y` move over it. */
export const view = ({ width, height }: Picture, by: number, x: string, y: string) =>
  `pad=iw+${2 * by}:ih+${2 * by}:${by}:${by},fillborders=${by}:${by}:${by}:${by}:mode=mirror,` +
  `crop=${width}:${height}:'${by}+${x}':'${by}+${y}'`;
export const zoomed = ({ width, height }: Picture, crop: string) =>
  `${crop},scale=${width}:${height}:flags=bicubic`;
/** `chain` where the mask, an expression of X, Y, W and H from 0 to 255, is bright. */
export const masked = (chain: string, mask: string) =>
  `split=3[m0][m1][m2];[m1]${chain}[m3];` +
  `[m2]geq=lum='${mask}':cb='${mask}':cr='${mask}'[m4];[m0][m3][m4]maskedmerge`;
/** Every sample of the picture, taken from elsewhere. */
export const sampled = (x: string, y: string) =>
  `geq=lum='lum(${x},${y})':` +
  `cb='cb((${x.replaceAll('X', '(2*X)')})/2,(${y.replaceAll('Y', '(2*Y)')})/2)':` +
  `cr='cr((${x.replaceAll('X', '(2*X)')})/2,(${y.replaceAll('Y', '(2*Y)')})/2)'`;
