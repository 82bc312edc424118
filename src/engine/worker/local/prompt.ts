import type { LocalMessage } from '../../../core/local/conversation';
import { problem } from '../../../core/problem';
import type { Picture } from './families/family';
import type { OpenModel } from './opened';

/** The prompt in the model's own form, each picture's words in the place of its mark. */
export function promptOf(
  { tokenizer, sight }: Pick<OpenModel, 'tokenizer' | 'sight'>,
  messages: readonly LocalMessage[],
  pictures: readonly Picture[],
  name: string,
): string {
  if (!tokenizer.chat_template) throw refused(name, 'its tokenizer has no chat template');
  const turns = messages.map(({ role, content }) => {
    const parts = content.map((part) => (part.type === 'text' ? part : { type: 'image' as const }));
    const words = !sight.onlyParts && parts.every((part) => part.type === 'text');
    return { role, content: words ? parts.map(({ text }) => text).join('') : parts };
  });
  const text = tokenizer.apply_chat_template(turns, { tokenize: false, add_generation_prompt: true });
  // No word of the prompt holds a mark any more.
  const around = text.split(sight.mark);
  if (around.length !== pictures.length + 1)
    throw refused(name, `its chat template does not write ${sight.mark} for each picture`);
  return around.map((words, i) => words + (pictures[i]?.words ?? '')).join('');
}

const refused = (name: string, cause: string) =>
  problem('modelInvalid', `The local model "${name}" is refused: ${cause}.`);
