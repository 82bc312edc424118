import type { CriterionId } from '../../../src/core/rubric';
import { LIGHT, DETAIL, LOOK, fixed, type Damage } from './filters';

export const COLOUR: Damage[] = [
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

export const LIGHTING: Damage[] = [
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

export const TONE: Damage[] = [
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

export const EXPOSURE: Damage[] = [
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
export const STYLE: Damage[] = [
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
