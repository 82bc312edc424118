import type { PairConcepts, SaidConcept } from './concepts';
import type { CriterionId } from './rubric';
import { sensible } from './wording';

/** The words of each value that is said. A model's other concepts and values are passed over. */
const WORDS: Record<string, Record<string, string>> = {
  composition: { centred: 'centred', thirds: 'thirds', symmetric: 'symmetric', diagonal: 'diagonal' },
  shot_scale: { wide: 'wide', full: 'full', medium: 'medium', close: 'close' },
  light_key: { low: 'low key', mid: 'mid key', high: 'high key' },
  light_direction: {
    left: 'light from the left',
    right: 'light from the right',
    top: 'light from above',
    front: 'light from the front',
    back: 'light from behind',
  },
  palette: {
    monochrome: 'monochrome palette',
    analogous: 'analogous palette',
    complementary: 'complementary palette',
    triadic: 'triadic palette',
  },
  temperature: { low: 'cold colours', high: 'warm colours' },
  saturation: { low: 'muted colours', high: 'saturated colours' },
  tonal_range: { low: 'narrow tonal range', high: 'wide tonal range' },
  depth_of_field: { low: 'deep focus', high: 'shallow focus' },
  camera_move: {
    static: 'static camera',
    pan: 'pan',
    tilt: 'tilt',
    zoom: 'zoom',
    dolly: 'dolly',
    shake: 'shaky camera',
  },
};

/** Which way a move goes; said of the move that the judge names only. */
const WAYS: Record<string, Record<'low' | 'high', string>> = {
  pan: { low: 'to the left', high: 'to the right' },
  tilt: { low: 'up', high: 'down' },
  zoom: { low: 'out', high: 'in' },
  dolly: { low: 'out', high: 'in' },
};

/** Which concepts speak of a criterion. */
const OF: Partial<Record<CriterionId, readonly string[]>> = {
  'va.color': ['palette', 'temperature', 'saturation'],
  'va.lighting': ['light_key', 'light_direction'],
  'va.tone': ['tonal_range'],
  'vp.composition': ['composition'],
  'vp.focal': ['shot_scale', 'depth_of_field'],
  'vp.camera': ['camera_move'],
};

const ORDER = Object.keys(WORDS);

/** The words for those of the concepts that are said and known, in the order of a description. */
function phrases(said: readonly SaidConcept[], ids: readonly string[]): string[] {
  const valueOf = (id: string) => said.find((c) => c.id === id)?.value;
  const wordOf = (id: string) => (ids.includes(id) ? WORDS[id]?.[valueOf(id) ?? ''] : undefined);
  const [composition, scale, move] = [wordOf('composition'), wordOf('shot_scale'), wordOf('camera_move')];
  const shot =
    scale !== undefined
      ? [composition, scale, 'shot'].filter((w) => w !== undefined).join(' ')
      : composition && `${composition} composition`;
  const named = valueOf('camera_move') ?? '';
  const way = WAYS[named]?.[valueOf(named) as 'low' | 'high'];
  const middle = ORDER.filter((id) => !['composition', 'shot_scale', 'camera_move'].includes(id)).map(wordOf);
  return [shot, ...middle, move && way ? `${move} ${way}` : move].filter((w) => w !== undefined);
}

/** "centred medium shot, low key, static camera"; empty where nothing is said. */
export function describedClip(said: readonly SaidConcept[]): string {
  return phrases(said, ORDER).join(', ');
}

/** Whether the judge says different things of one concept. What it says of one clip only is no difference. */
function differ({ A, B }: PairConcepts, ids: readonly string[]): boolean {
  return ids.some((id) => {
    const [x, y] = [phrases(A, [id]).join(), phrases(B, [id]).join()];
    return x !== '' && y !== '' && x !== y;
  });
}

/**
 * What the judge says of both clips in one criterion, as its word: "To the judge, A: low key; B: high key." Empty where
 * it says nothing, or nothing different; said all the same where the reason has nothing else (`alone`).
 */
export function conceptSentence(id: CriterionId, concepts: PairConcepts | undefined, alone: boolean): string {
  const ids = OF[id];
  if (!ids || !concepts || !(alone || differ(concepts, ids))) return '';
  const sides = (['A', 'B'] as const).flatMap((side) => {
    const words = phrases(concepts[side], ids).join(', ');
    return words === '' ? [] : [`${side}: ${words}`];
  });
  return sides.length === 0 ? '' : `To the judge, ${sides.join('; ')}.`;
}

const percent = (share: number) => `${Math.round(100 * share)}%`;
const nameOf = (id: string) => id.replaceAll('_', ' ');

function measured({ id, accuracy, chance, rho }: SaidConcept): string {
  if (accuracy === undefined)
    return `${nameOf(id)} rank correlation ${rho === undefined ? '–' : sensible(rho)}`;
  const against = chance === undefined ? '' : ` (chance ${percent(chance)})`;
  return `${nameOf(id)} right in ${percent(accuracy)}${against}`;
}

/** How often the judge was found right in what it says of a clip: "composition right in 65% (chance 28%)". */
export function conceptAccuracy(said: readonly SaidConcept[]): string {
  return said
    .filter((c) => phrases([c], [c.id]).length > 0)
    .map(measured)
    .join('; ');
}
