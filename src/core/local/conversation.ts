import type { ChatMessage, ChatPart } from '../chain/chat';

export type FramePart = ChatPart & { type: 'frame' };
/** Frames of one side that follow each other without a word between: the model sees them as one moving picture. */
export interface Shot {
  type: 'shot';
  frames: FramePart[];
}
export type LocalPart = { type: 'text'; text: string } | Shot;
export interface LocalMessage {
  role: ChatMessage['role'];
  content: LocalPart[];
}

/** Joins frames to shots. A prompt is words to the model, whatever marks of its own language are in it: `words` takes them out. */
export function toShots(messages: readonly ChatMessage[], words = plain): LocalMessage[] {
  return messages.map(({ role, content }) => {
    const parts: LocalPart[] = [];
    for (const part of content) {
      const last = parts.at(-1);
      if (part.type === 'text') parts.push({ type: 'text', text: words(part.text) });
      else if (last?.type === 'shot' && last.frames[0]?.side === part.side) last.frames.push(part);
      else parts.push({ type: 'shot', frames: [part] });
    }
    return { role, content: parts };
  });
}

/** Without the marks `<|...|>` by which most models tell roles and pictures from words. */
export function plain(text: string): string {
  return text.replaceAll('<|', '< |').replaceAll('|>', '| >');
}

const NOT_SHOWN = '(frame not shown)';

/** Leaves out every second frame of each side; words that spoke of one say so. The number left out comes with it. */
export function thin(messages: readonly ChatMessage[]): { messages: ChatMessage[]; left: number } {
  const seen = { A: 0, B: 0 };
  let left = 0;
  const kept = messages.map(({ role, content }) => ({
    role,
    content: content.flatMap((part, i): ChatPart[] => {
      if (part.type === 'text' || seen[part.side]++ % 2 === 0) return [part];
      left++;
      // Within a shot nothing speaks of the single frame.
      return content[i - 1]?.type === 'text' ? [{ type: 'text', text: NOT_SHOWN }] : [];
    }),
  }));
  return { messages: kept, left };
}

export function shotsOf(messages: readonly LocalMessage[]): Shot[] {
  return messages.flatMap(({ content }) => content.filter((part) => part.type === 'shot'));
}
