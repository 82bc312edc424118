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

const LIGHT: CriterionId[] = ['va.lighting', 'va.tone', 'va.exposure'];
const DETAIL: CriterionId[] = ['vf.texture', 'vf.artifacts', 'vf.sharpness', 'vp.richness'];
const LOOK: CriterionId[] = ['va.color', 'va.style', ...LIGHT];
const FRAME: CriterionId[] = ['vp.composition', 'vp.focal', 'vp.richness', 'vf.sharpness', 'vf.texture'];
const MOTION: CriterionId[] = ['vp.camera', 'vf.structure', 'vf.texture', 'vf.flicker'];

const fixed = (chain: string) => () => chain;
/** Numbers from -1 to 1 that look random, one for each frame `n` of a filter's expression. */
const jitter = (seed: number) => `sin(n*n*${seed}+n*7.3)`;
/** The picture mirrored at its edges by `by` pixels, and a view of the old size that `x` and `y` move over it. */
const view = ({ width, height }: Picture, by: number, x: string, y: string) =>
  `pad=iw+${2 * by}:ih+${2 * by}:${by}:${by},fillborders=${by}:${by}:${by}:${by}:mode=mirror,` +
  `crop=${width}:${height}:'${by}+${x}':'${by}+${y}'`;
const zoomed = ({ width, height }: Picture, crop: string) => `${crop},scale=${width}:${height}:flags=bicubic`;
/** `chain` where the mask, an expression of X, Y, W and H from 0 to 255, is bright. */
const masked = (chain: string, mask: string) =>
  `split=3[m0][m1][m2];[m1]${chain}[m3];` +
  `[m2]geq=lum='${mask}':cb='${mask}':cr='${mask}'[m4];[m0][m3][m4]maskedmerge`;
/** Every sample of the picture, taken from elsewhere. */
const sampled = (x: string, y: string) =>
  `geq=lum='lum(${x},${y})':` +
  `cb='cb((${x.replaceAll('X', '(2*X)')})/2,(${y.replaceAll('Y', '(2*Y)')})/2)':` +
  `cr='cr((${x.replaceAll('X', '(2*X)')})/2,(${y.replaceAll('Y', '(2*Y)')})/2)'`;

const COLOUR: Damage[] = [
  {
    name: 'hue',
    worse: 'va.color',
    chain: fixed('hue=h=130'),
    unclear: [...LIGHT, 'va.style', ...DETAIL],
    when: 'both',
  },
  {
    name: 'hue drift',
    worse: 'va.color',
    chain: fixed("hue=H='2.2*sin(2*PI*t/1.4)'"),
    unclear: [...LIGHT, 'va.style', 'vf.flicker', ...DETAIL],
    when: 'whole',
  },
  {
    name: 'loud colour',
    worse: 'va.color',
    chain: fixed('hue=s=3.2'),
    unclear: [...LIGHT, 'va.style', ...DETAIL],
    when: 'both',
  },
  {
    name: 'cast',
    worse: 'va.color',
    chain: fixed('lutyuv=u=val-26:v=val+26'),
    unclear: [...LIGHT, 'va.style', ...DETAIL],
    when: 'both',
  },
];

const LIGHTING: Damage[] = [
  {
    name: 'flat light',
    worse: 'va.lighting',
    chain: ({ width }) =>
      `split[f0][f1];[f1]gblur=sigma=${Math.round(width / 16)}[f2];` +
      `[f0][f2]blend=c0_expr='clip(A+(110-B)*0.85,0,255)':c1_mode=normal:c2_mode=normal:c1_opacity=1:c2_opacity=1`,
    unclear: [...LOOK, 'vp.richness', 'vp.composition', 'vf.sharpness'],
    when: 'both',
  },
  {
    name: 'turning light',
    worse: 'va.lighting',
    chain: fixed(
      "geq=lum='lum(X,Y)*(1+0.65*((2*X/W-1)*cos(N/5)+(2*Y/H-1)*sin(N/5)))':cb='cb(X,Y)':cr='cr(X,Y)'",
    ),
    unclear: [...LOOK, 'vf.flicker', 'vp.composition', 'vp.richness', 'vf.sharpness'],
    when: 'both',
  },
];

const TONE: Damage[] = [
  {
    name: 'crushed blacks',
    worse: 'va.tone',
    chain: fixed("lutrgb=r='(val-75)*1.42':g='(val-75)*1.42':b='(val-75)*1.42'"),
    unclear: [...LOOK, ...DETAIL, 'vp.composition'],
    when: 'both',
  },
  {
    name: 'clipped highlights',
    worse: 'va.tone',
    chain: fixed("lutrgb=r='val*1.9':g='val*1.9':b='val*1.9'"),
    unclear: [...LOOK, ...DETAIL, 'vp.composition'],
    when: 'both',
  },
  {
    name: 'posterised',
    worse: 'va.tone',
    chain: fixed("lutrgb=r='round(val/51)*51':g='round(val/51)*51':b='round(val/51)*51'"),
    unclear: [...LOOK, ...DETAIL, 'vf.flicker'],
    when: 'both',
  },
];

const EXPOSURE: Damage[] = [
  {
    name: 'under-exposed',
    worse: 'va.exposure',
    chain: fixed("lutrgb=r='val*0.45':g='val*0.45':b='val*0.45'"),
    unclear: [...LOOK, ...DETAIL],
    when: 'both',
  },
  {
    name: 'over-exposed',
    worse: 'va.exposure',
    chain: fixed("lutrgb=r='255*pow(val/255,0.45)':g='255*pow(val/255,0.45)':b='255*pow(val/255,0.45)'"),
    unclear: [...LOOK, ...DETAIL],
    when: 'both',
  },
  {
    name: 'exposure drift',
    worse: 'va.exposure',
    chain: fixed("eq=brightness='0.28*sin(2*PI*t/1.8)':eval=frame"),
    unclear: [...LOOK, 'vf.flicker', ...DETAIL],
    when: 'whole',
  },
];

const STYLE_UNCLEAR: CriterionId[] = [...LOOK, ...DETAIL, 'vf.flicker', 'vf.structure', 'vp.composition'];
const STYLE: Damage[] = [
  {
    name: 'turns sepia',
    worse: 'va.style',
    chain: fixed('colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131,format=yuv420p'),
    unclear: STYLE_UNCLEAR,
    when: 'local',
  },
  { name: 'turns grey', worse: 'va.style', chain: fixed('hue=s=0'), unclear: STYLE_UNCLEAR, when: 'local' },
  {
    name: 'turns negative',
    worse: 'va.style',
    chain: fixed('negate,hue=h=180'),
    unclear: STYLE_UNCLEAR,
    when: 'local',
  },
];

const SHAPE: Damage[] = [
  {
    name: 'warped',
    worse: 'vf.structure',
    chain: ({ width }) => {
      const [amount, wave] = [width / 60, width / 14];
      return sampled(
        `X+${amount}*sin(Y/${wave}+N*1.9)*cos(X/${wave}-N*1.3)`,
        `Y+${amount}*cos(X/${wave}+N*1.7)*sin(Y/${wave}+N*2.1)`,
      );
    },
    unclear: [
      'vf.texture',
      'vf.flicker',
      'vf.sharpness',
      'vp.camera',
      'vp.focal',
      'vp.composition',
      'vf.artifacts',
    ],
    when: 'both',
  },
  {
    name: 'swimming detail',
    worse: 'vf.texture',
    chain: ({ width }) => {
      const [amount, cell] = [width / 130, Math.round(width / 24)];
      const at = `floor(X/${cell})*12.9+floor(Y/${cell})*78.2`;
      return sampled(`X+${amount}*sin(${at}+N*37.7)`, `Y+${amount}*sin(${at}+N*91.3)`);
    },
    unclear: ['vf.artifacts', 'vf.sharpness', 'vf.flicker', 'vf.structure', 'vp.richness', 'vp.camera'],
    when: 'both',
  },
  {
    name: 'boiling',
    worse: 'vf.texture',
    chain: fixed(
      'split[n0][n1];[n1]lutyuv=y=128:u=128:v=128,noise=c0s=70:c0f=t:all_seed=5,gblur=sigma=0.9[n2];' +
        "[n0][n2]blend=c0_expr='clip(A+(B-128)*1.1,0,255)':c1_opacity=1:c2_opacity=1",
    ),
    unclear: ['vf.artifacts', 'vf.sharpness', 'vf.flicker', 'vf.structure', 'vp.richness'],
    when: 'both',
  },
];

const SOFT: Damage[] = [
  {
    name: 'blur',
    worse: 'vf.sharpness',
    chain: ({ width }) => `gblur=sigma=${width / 128}`,
    unclear: [...DETAIL, 'vp.focal'],
    when: 'both',
  },
  {
    name: 'enlarged',
    worse: 'vf.sharpness',
    chain: ({ width, height }) =>
      `scale=${Math.round(width / 4)}:${Math.round(height / 4)}:flags=area,scale=${width}:${height}:flags=bilinear`,
    unclear: [...DETAIL, 'vp.focal'],
    when: 'both',
  },
];

const ARTIFACTS: Damage[] = [
  {
    name: 'grain',
    worse: 'vf.artifacts',
    chain: fixed('noise=alls=38:allf=t:all_seed=9'),
    unclear: [...DETAIL, 'vf.flicker', 'va.style', 'va.color', 'vf.structure'],
    when: 'both',
  },
  {
    name: 'blocks',
    worse: 'vf.artifacts',
    chain: ({ width, height }) =>
      `split[b0][b1];[b1]scale=${Math.round(width / 10)}:${Math.round(height / 10)}:flags=area,` +
      `scale=${width}:${height}:flags=neighbor[b2];[b0][b2]blend=all_expr='A*0.4+B*0.6'`,
    unclear: [...DETAIL, 'va.style', 'vp.focal'],
    when: 'both',
  },
  {
    name: 'ghost',
    worse: 'vf.artifacts',
    chain: (p) => `split[g0][g1];[g1]${view(p, 24, '14', '6')}[g2];[g0][g2]blend=all_expr='A*0.6+B*0.4'`,
    unclear: [...DETAIL, 'vf.structure', 'vp.composition', 'va.lighting', 'vp.focal'],
    when: 'both',
  },
];

const UNSTEADY: Damage[] = [
  {
    name: 'brightness flicker',
    worse: 'vf.flicker',
    chain: fixed(`eq=brightness='0.13*${jitter(1.7)}':eval=frame`),
    unclear: [...LOOK, 'vf.texture', 'vf.artifacts'],
    when: 'both',
  },
  {
    name: 'colour flicker',
    worse: 'vf.flicker',
    chain: fixed(`hue=H='0.9*${jitter(2.3)}'`),
    unclear: [...LOOK, 'vf.texture'],
    when: 'both',
  },
  {
    name: 'held frames',
    worse: 'vf.flicker',
    chain: ({ fps }) => `fps=${fps / 4},fps=${fps}`,
    unclear: MOTION,
    when: 'both',
  },
];

const FRAMING_UNCLEAR: CriterionId[] = [...FRAME, ...LOOK, 'vp.camera', 'vf.structure', 'vf.artifacts'];
const FRAMING: Damage[] = [
  {
    name: 'leaning horizon',
    worse: 'vp.composition',
    chain: (p) => `rotate=0.32,${zoomed(p, 'crop=iw*0.72:ih*0.72')}`,
    unclear: FRAMING_UNCLEAR,
    when: 'both',
  },
  {
    name: 'cut off',
    worse: 'vp.composition',
    chain: (p) => zoomed(p, 'crop=iw*0.5:ih*0.5:iw*0.5:ih*0.5'),
    unclear: FRAMING_UNCLEAR,
    when: 'both',
  },
  {
    name: 'squeezed',
    worse: 'vp.focal',
    chain: (p) => zoomed(p, 'crop=iw*0.5:ih'),
    unclear: FRAMING_UNCLEAR,
    when: 'both',
  },
  {
    name: 'wrong lens',
    worse: 'vp.focal',
    chain: fixed('lenscorrection=k1=-0.45:k2=-0.05,format=yuv420p'),
    unclear: FRAMING_UNCLEAR,
    when: 'both',
  },
  {
    name: 'false focus',
    worse: 'vp.focal',
    chain: ({ width }) => masked(`gblur=sigma=${width / 64}`, 'if(lt(hypot(X-W*0.35,Y-H*0.4),H*0.35),0,255)'),
    unclear: ['vf.sharpness', 'vf.texture', 'vp.richness', 'vp.composition', 'vf.artifacts'],
    when: 'both',
  },
];

const CAMERA: Damage[] = [
  {
    name: 'shake',
    worse: 'vp.camera',
    chain: (p) => view(p, 16, `${p.width / 64}*${jitter(1.3)}`, `${p.width / 64}*${jitter(3.1)}`),
    unclear: [...MOTION, 'vf.sharpness', 'vp.composition', 'vf.artifacts'],
    when: 'both',
  },
  {
    name: 'jerky pan',
    worse: 'vp.camera',
    chain: (p) => view(p, 32, `-24+8*floor(mod(n/5\\,6))+2*${jitter(1.9)}`, '0'),
    unclear: [...MOTION, 'vp.composition', ...LIGHT, 'vf.sharpness'],
    when: 'both',
  },
];

const RICHNESS: Damage[] = [
  {
    name: 'emptied',
    worse: 'vp.richness',
    chain: ({ width }) =>
      masked(`gblur=sigma=${Math.round(width / 7)}`, 'clip((X/W+0.4*Y/H-0.55)*900,0,255)'),
    unclear: [...LOOK, ...DETAIL, 'vp.composition', 'vp.focal'],
    when: 'both',
  },
  {
    name: 'simplified',
    worse: 'vp.richness',
    chain: ({ width }) => `median=radius=${Math.max(2, Math.round(width / 70))}`,
    unclear: [...DETAIL, 'va.style', 'vp.focal', 'vf.structure'],
    when: 'both',
  },
];

/** Every criterion has one kind at least, and one of them touches a part of the clip only. */
export const DAMAGES: readonly Damage[] = [
  ...COLOUR,
  ...LIGHTING,
  ...TONE,
  ...EXPOSURE,
  ...STYLE,
  ...SHAPE,
  ...SOFT,
  ...ARTIFACTS,
  ...UNSTEADY,
  ...FRAMING,
  ...CAMERA,
  ...RICHNESS,
];
