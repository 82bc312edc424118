import type { FamilyId } from '../../../../core/local/families';
import type { Family } from './family';
import { qwen2Vl, qwen25Vl } from './qwenVl';
import { qwen3Vl } from './qwen3Vl';
import { smolVlm } from './smolVlm';

/** How models of each family are shown frames. */
export const SIGHTS: Readonly<Record<FamilyId, Family>> = {
  qwen2_vl: qwen2Vl,
  qwen2_5_vl: qwen25Vl,
  qwen3_vl: qwen3Vl,
  smolvlm: smolVlm,
  idefics3: smolVlm,
};
