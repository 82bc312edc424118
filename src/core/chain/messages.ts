import type { Side } from '../pair';
import { criterion, DIMENSIONS, type CriterionId } from '../rubric';
import type { ChatMessage, ChatPart } from './chat';
import { NAMES, sideAt, type Order, type Place } from './names';
import type { ChainMode } from './options';
import { fill, type ChainProtocol } from './protocol';
import { answerForm, BASE_CALL_IDS, CALL_IDS, type Wanted } from './wanted';

/** One clip as it is shown. */
export interface ShownClip {
  /** Seconds. */
  duration: number;
  /** Times of its frames, seconds from the first. */
  times: readonly number[];
}

/** One question about a pair, in one order. */
export interface Question {
  protocol: ChainProtocol;
  mode: ChainMode;
  order: Order;
  clips: Readonly<Record<Side, ShownClip>>;
  /** What both clips were generated from, where it is known. */
  prompt?: string | undefined;
  /** In the order in which they are asked for. */
  criteria: readonly CriterionId[];
}

/** Of a prompt, so many characters are shown. */
const LONGEST_PROMPT = 4000;
/** Of an answer that is asked for again, so many. */
const LONGEST_ECHO = 12_000;
/** So many of its faults are named. */
const MOST_FAULTS = 12;

const names = { first: NAMES.first, second: NAMES.second };
const text = (value: string): ChatPart => ({ type: 'text', text: value });
const dimensionName = (id: string) => DIMENSIONS.find((d) => d.id === id)?.name ?? id;
const dimensions = DIMENSIONS.map(({ id, name }) => `${name} (${id})`).join(', ');

function clipParts({ protocol, order, clips }: Question, place: Place): ChatPart[] {
  const side = sideAt(place, order);
  const { duration, times } = clips[side];
  const name = NAMES[place];
  const words = { name, duration: duration.toFixed(2), count: times.length };
  return [
    text(fill(protocol.text.clip, words)),
    ...times.flatMap((time): ChatPart[] => [
      text(fill(protocol.text.frame, { name, time: time.toFixed(2) })),
      { type: 'frame', side, time },
    ]),
  ];
}

/** The rubric's criteria, one a line. */
function criteriaText({ protocol, criteria }: Question): string {
  return criteria
    .map((id) => {
      const { name, dimension, asks } = criterion(id);
      return fill(protocol.text.criterion, { id, name, dimension: dimensionName(dimension), asks });
    })
    .join('\n');
}

function taskText(q: Question): string {
  const { task, baseTask, overallTask } = q.protocol.text;
  const text = { chain: task, base: baseTask, overall: overallTask }[q.mode];
  return fill(text, { ...names, dimensions, criteria: criteriaText(q) });
}

function formText({ protocol, mode }: Question, wanted: Wanted): string {
  const { form, baseForm, overallForm } = protocol.text;
  if (mode === 'chain') return fill(form, { form: answerForm(wanted) });
  if (mode === 'overall') return fill(overallForm, names);
  const order = BASE_CALL_IDS.slice(1).map(dimensionName).join(', ');
  return fill(baseForm, { ...names, order });
}

/** The whole question: the clips' frames with their times, the rubric, and how to answer. */
export function askMessages(q: Question): ChatMessage[] {
  const { protocol, prompt } = q;
  // As JSON, a prompt cannot pass for anything that stands around it.
  const quoted = prompt?.trim() ? JSON.stringify(prompt.trim().slice(0, LONGEST_PROMPT)) : undefined;
  const content = [
    ...(quoted === undefined ? [] : [text(fill(protocol.text.prompt, { prompt: quoted }))]),
    ...clipParts(q, 'first'),
    ...clipParts(q, 'second'),
    text(taskText(q)),
    text(formText(q, { criteria: q.criteria, calls: CALL_IDS })),
  ];
  return [
    { role: 'system', content: [text(fill(protocol.text.system, names))] },
    { role: 'user', content },
  ];
}

/** The question once more, with the answer that was given, what is wrong with it, and what is still wanted. */
export function repairMessages(
  q: Question,
  asked: readonly ChatMessage[],
  answer: string,
  faults: readonly string[],
  wanted: Wanted,
): ChatMessage[] {
  const { repair, baseRepair } = q.protocol.text;
  const problems = faults
    .slice(0, MOST_FAULTS)
    .map((fault) => `- ${fault}`)
    .join('\n');
  const words =
    q.mode === 'chain'
      ? fill(repair, { problems, form: answerForm(wanted) })
      : fill(baseRepair, { problems, form: formText(q, wanted) });
  // Some servers refuse an empty message.
  const echo = answer.trim() === '' ? '(nothing)' : answer.slice(0, LONGEST_ECHO);
  return [...asked, { role: 'assistant', content: [text(echo)] }, { role: 'user', content: [text(words)] }];
}
