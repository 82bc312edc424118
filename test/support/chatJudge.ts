import { NAMES } from '../../src/core/chain/names';
import { CALL_IDS } from '../../src/core/chain/wanted';
import type { Body } from './chatDialects';

const { first: P, second: Q } = NAMES;

/** What is seen of a request: bytes of the pictures of each clip, the words, the criteria in their order. */
function seen(body: Body) {
  const bytes: Record<string, number> = { [P]: 0, [Q]: 0 };
  let clip = P;
  let words = '';
  for (const { content } of body.messages)
    for (const { text = '', image_url: image } of typeof content === 'string'
      ? [{ type: 'text', text: content } as { text?: string; image_url?: { url: string } }]
      : content) {
      const named = /^Clip ([PQ])\b/.exec(text)?.[1];
      if (named) clip = named;
      if (image) bytes[clip]! += image.url.length;
      words += `${text}\n`;
    }
  return { bytes, words, ids: [...words.matchAll(/^- (v[afp]\.\w+) \(/gm)].map((m) => m[1]!) };
}

export interface ServedJudge {
  /** Says that the clip that it is shown first is better, whatever it is. */
  biased?: boolean;
  /** Instead of an answer. */
  says?: string;
}

/**
 * A model with eyes, of a sort: the clip whose pictures take more bytes, which is the sharper one of two otherwise alike,
 * is better on every criterion.
 */
export function servedJudge({ biased = false, says }: ServedJudge = {}): (body: Body) => string {
  return (body) => {
    if (says !== undefined) return says;
    const { bytes, words, ids } = seen(body);
    const [better, worse] = biased || bytes[P]! > bytes[Q]! ? [P, Q] : [Q, P];
    if (words.includes('exactly one word')) return better;
    if (words.includes('exactly four words')) return [better, better, better, better].join(' ');
    const score = better === P ? 1 : -1;
    const criterion = {
      reason: `clip ${better} keeps its detail, clip ${worse} is soft.`,
      score,
      evidence: [{ side: worse, time: 0.5 }],
    };
    const criteria = Object.fromEntries(ids.map((id) => [id, criterion]));
    return JSON.stringify({ criteria, ...Object.fromEntries(CALL_IDS.map((id) => [id, better])) });
  };
}
