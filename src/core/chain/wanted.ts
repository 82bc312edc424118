import { CRITERION_IDS, DIMENSION_IDS, type CriterionId, type Dimension } from '../rubric';
import { NAMES } from './names';
import type { ChainMode } from './options';

export type CallId = Dimension | 'overall';

/** In chain mode the overall verdict comes last, after all that it rests on. */
export const CALL_IDS: readonly CallId[] = [...DIMENSION_IDS, 'overall'];

/** In base mode it comes first: its probabilities then hang on nothing that was written before. */
export const BASE_CALL_IDS: readonly CallId[] = ['overall', ...DIMENSION_IDS];

/** What an answer says in each mode, in the order in which it says it. */
export const CALLS: Readonly<Record<ChainMode, readonly CallId[]>> = {
  chain: CALL_IDS,
  base: BASE_CALL_IDS,
  overall: ['overall'],
};

/** What an answer is to hold. */
export interface Wanted {
  /** In the order in which they are asked for. */
  criteria: readonly CriterionId[];
  calls: readonly CallId[];
}

export const EVERYTHING: Wanted = { criteria: CRITERION_IDS, calls: CALL_IDS };

const CHOICES = [NAMES.first, NAMES.second, 'tie'];
const SIDES = [NAMES.first, NAMES.second, 'both'];

/** At most so many places of evidence are kept of one criterion. */
export const MOST_EVIDENCE = 4;

type Schema = Readonly<Record<string, unknown>>;

/** Every property required and none beside them: what servers with strict schemas ask for. */
function object(properties: readonly (readonly [string, Schema])[]): Schema {
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    required: properties.map(([key]) => key),
    additionalProperties: false,
  };
}

/** JSON schema of an answer. Its properties stand in the order in which they are to be written. */
export function answerSchema({ criteria, calls }: Wanted): Schema {
  const evidence = object([
    ['side', { type: 'string', enum: SIDES }],
    ['time', { type: 'number' }],
  ]);
  const criterion = object([
    ['reason', { type: 'string' }],
    ['score', { type: 'integer', enum: [-1, 0, 1] }],
    ['evidence', { type: 'array', items: evidence }],
  ]);
  const all = criteria.map((id) => [id, criterion] as const);
  return object([
    ...(all.length > 0 ? [['criteria', object(all)] as const] : []),
    ...calls.map((id) => [id, { type: 'string', enum: CHOICES }] as const),
  ]);
}

const EXAMPLE = `{"reason": "<what is seen in which clip>", "score": <-1|0|1>, "evidence": [{"side": "<${SIDES.slice(0, 2).join(', ')} or both>", "time": <seconds>}]}`;

/** The same for the reader of a prompt. It shows no verdict that a model could copy. */
export function answerForm({ criteria, calls }: Wanted): string {
  const lines = criteria.map(
    (id, i) => `    "${id}": ${i === 0 ? EXAMPLE : '{"reason": …, "score": …, "evidence": […]}'}`,
  );
  const parts = [
    ...(lines.length > 0 ? [`  "criteria": {\n${lines.join(',\n')}\n  }`] : []),
    ...calls.map((id) => `  "${id}": "<${CHOICES.slice(0, 2).join(', ')} or tie>"`),
  ];
  return `{\n${parts.join(',\n')}\n}`;
}
