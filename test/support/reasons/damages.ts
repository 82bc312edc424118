import type { CriterionId } from '../../../src/core/rubric';
import {
  LIGHT,
  DETAIL,
  LOOK,
  FRAME,
  MOTION,
  fixed,
  jitter,
  view,
  zoomed,
  masked,
  sampled,
  type Damage,
} from './filters';
import { COLOUR, LIGHTING, TONE, EXPOSURE, STYLE } from './aesthetics';

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
