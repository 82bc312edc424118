export type FamilyId = 'qwen2_vl' | 'qwen2_5_vl' | 'qwen3_vl' | 'smolvlm' | 'idefics3';

/**
 * Architectures by `model_type` of config.json. `tested`: token by token against the Python original, with a tiny model in
 * this repository.
 */
export const FAMILIES: Readonly<Record<FamilyId, { name: string; support: 'tested' | 'untested' }>> = {
  qwen2_vl: { name: 'Qwen2-VL', support: 'tested' },
  qwen2_5_vl: { name: 'Qwen2.5-VL', support: 'tested' },
  qwen3_vl: { name: 'Qwen3-VL', support: 'tested' },
  smolvlm: { name: 'SmolVLM', support: 'tested' },
  idefics3: { name: 'Idefics3', support: 'tested' },
};

/** Known, and not run: what is in the way, to be put after the family's name. */
const REFUSED: Record<string, { name: string; why: string }> = {
  qwen3_5: { name: 'Qwen3.5', why: 'its layers keep a state that was not compared with the original' },
};

export function isFamily(type: string): type is FamilyId {
  return Object.hasOwn(FAMILIES, type);
}

/** Why models of this type are not run; a sentence. */
export function refusalOf(type: string): string {
  const names = Object.values(FAMILIES).map(({ name }) => name);
  const known = `Local models of the families ${names.slice(0, -1).join(', ')} and ${names.at(-1)} are.`;
  const refused = Object.hasOwn(REFUSED, type) ? REFUSED[type] : undefined;
  if (refused) return `${refused.name} is not supported yet: ${refused.why}. ${known}`;
  return `Its architecture "${type}" is not supported. ${known}`;
}
