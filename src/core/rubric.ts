import data from './rubric.json';

export type Dimension = 'VA' | 'VF' | 'VP';
export type CriterionId =
  | `va.${'color' | 'lighting' | 'tone' | 'exposure' | 'style'}`
  | `vf.${'structure' | 'texture' | 'sharpness' | 'artifacts' | 'flicker'}`
  | `vp.${'composition' | 'focal' | 'camera' | 'richness' | 'language'}`;

export interface Criterion {
  id: CriterionId;
  dimension: Dimension;
  name: string;
  /** `digest`: named in a public digest of the paper; `reconstructed`: ours, so that each dimension has five. */
  source: 'digest' | 'reconstructed';
  asks: string;
}

export const RUBRIC_VERSION = data.version;
export const DIMENSIONS = data.dimensions as readonly { id: Dimension; name: string }[];
export const CRITERIA = data.criteria as readonly Criterion[];
export const DIMENSION_IDS: readonly Dimension[] = DIMENSIONS.map((d) => d.id);
export const CRITERION_IDS: readonly CriterionId[] = CRITERIA.map((c) => c.id);

const byId = new Map<string, Criterion>(CRITERIA.map((c) => [c.id, c]));

export function isCriterionId(value: unknown): value is CriterionId {
  return typeof value === 'string' && byId.has(value);
}

export function criterion(id: CriterionId): Criterion {
  return byId.get(id)!;
}
