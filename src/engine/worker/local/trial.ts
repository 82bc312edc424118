import type { ChatRequest } from '../../../core/chain/chat';
import type { ModelTrial } from '../../../protocol/models';
import type { Carrier, CarrierFrame } from '../../carrier';

const FRAMES = 4;
const SIZE = { width: 224, height: 224 };
/** Long enough to tell the pace of tokens. */
const TOKENS = 64;

/** Two clips of four frames, and a question that any model of the kind can answer. */
const QUESTION: ChatRequest = {
  messages: [
    {
      role: 'user',
      content: [
        ...(['A', 'B'] as const).flatMap((side) => [
          { type: 'text' as const, text: `Video ${side}: ` },
          ...Array.from({ length: FRAMES }, (_, time) => ({ type: 'frame' as const, side, time })),
        ]),
        { type: 'text', text: 'Describe what moves in each video.' },
      ],
    },
  ],
  maxTokens: TOKENS,
  temperature: 0,
};

/** Asks the model about made-up clips and disposes of the carrier. */
export async function tryModel(
  carrier: Carrier,
  signal: AbortSignal,
  onText: (text: string) => void,
): Promise<ModelTrial> {
  const asked = performance.now();
  let first: number | undefined;
  const heard = (delta: string) => {
    first ??= performance.now();
    onText(delta);
  };
  try {
    const answer = await carrier.ask(QUESTION, { frame: bar, signal, onText: heard });
    const now = performance.now();
    const tokens = answer.tokens?.completion ?? 0;
    return {
      ...{ text: answer.text, device: answer.device, tokens },
      firstMs: (first ?? now) - asked,
      nextMs: (now - (first ?? now)) / Math.max(1, tokens - 1),
      ...(answer.reduced === undefined ? {} : { reduced: answer.reduced }),
    };
  } finally {
    await carrier.dispose();
  }
}

/** A bright bar on grey that moves to the right in A, down in B. */
function bar({ side, time }: { side: 'A' | 'B'; time: number }): CarrierFrame {
  const { width, height } = SIZE;
  const rgb = new Uint8Array(width * height * 3).fill(90);
  const [from, to] = [20 + 50 * time, 50 + 50 * time];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const place = side === 'A' ? x : y;
      if (place >= from && place < to) rgb.fill(230, (y * width + x) * 3, (y * width + x) * 3 + 3);
    }
  return { width, height, rgb };
}
