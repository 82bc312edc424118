import { AnswerReader, type SaidCriterion } from '../../../core/chain/answer';
import { readBase } from '../../../core/chain/base';
import type { ChatAnswer, ChatMessage, ChatRequest, Restart } from '../../../core/chain/chat';
import type { Sample, Weighed } from '../../../core/chain/combine';
import { askMessages, repairMessages, type Question } from '../../../core/chain/messages';
import type { ChainOptions } from '../../../core/chain/options';
import { oneTokenVerdict, TokenFinder, tokenProbabilities } from '../../../core/chain/probabilities';
import type { Utterance } from '../../../core/chain/transcript';
import { answerSchema, CALLS, type CallId, type Wanted } from '../../../core/chain/wanted';
import type { CriterionId } from '../../../core/rubric';
import type { Carrier, CarrierCall } from '../../carrier';

/** Alternatives of every token; a verdict has three words, and each a few spellings. */
const ALTERNATIVES = { chain: 5, base: 10, overall: 20 } as const;

export interface InterviewRequest {
  question: Question;
  options: ChainOptions;
  /** From 1. */
  sample: number;
  /** Of the order of the criteria, and of the model's chance. */
  seed: number;
  frame: CarrierCall['frame'];
  signal: AbortSignal;
  /** A criterion as it is written. */
  onCriterion?: ((said: SaidCriterion) => void) | undefined;
  /** The answer is begun anew: all criteria of it so far are withdrawn. */
  onRestart?: ((why: Restart) => void) | undefined;
}

export interface Interview {
  sample: Sample;
  utterances: Utterance[];
  answers: ChatAnswer[];
  /** What is lacking after all, one sentence each. */
  faults: string[];
}

interface Read {
  criteria: Map<CriterionId, SaidCriterion & Weighed>;
  calls: Map<CallId, Weighed>;
  lacking: Wanted;
  faults: string[];
}

/** One question, its answer, and once more where the answer lacks something. */
export async function interview(carrier: Carrier, request: InterviewRequest): Promise<Interview> {
  const { question, sample, seed } = request;
  const { mode } = question;
  const wanted: Wanted = { criteria: mode === 'chain' ? question.criteria : [], calls: CALLS[mode] };
  const asked = askMessages(question);
  const answer = await ask(carrier, request, asked, wanted);
  const read = readAnswer(answer, request, wanted);
  const answers = [answer];
  if (isLacking(read, mode)) {
    const messages = repairMessages(question, asked, answer.text, faultsOf(read, answer), read.lacking);
    const again = await ask(carrier, request, messages, read.lacking);
    answers.push(again);
    complete(read, readAnswer(again, request, read.lacking));
  }
  // What a carrier that does not stream, or one that lost its thread, has not told of yet.
  for (const said of read.criteria.values()) request.onCriterion?.(said);
  const { first } = question.order;
  return {
    sample: { order: question.order, criteria: read.criteria, calls: read.calls },
    utterances: answers.map(({ text }, i) => ({ first, sample, seed, again: i > 0, text })),
    answers,
    faults: isLacking(read, mode) ? read.faults : [],
  };
}

/** Without the chain, the overall verdict is enough. */
function isLacking({ lacking }: Read, mode: ChainOptions['mode']): boolean {
  return mode === 'chain'
    ? lacking.criteria.length + lacking.calls.length > 0
    : lacking.calls.includes('overall');
}

function faultsOf({ faults }: Read, { finish }: ChatAnswer): string[] {
  return finish === 'length' ? ['the answer was cut off before its end: be brief', ...faults] : faults;
}

async function ask(
  carrier: Carrier,
  { question, options, seed, frame, signal, onCriterion, onRestart }: InterviewRequest,
  messages: readonly ChatMessage[],
  wanted: Wanted,
): Promise<ChatAnswer> {
  const { schema, logprobs } = carrier.abilities;
  const chat: ChatRequest = {
    messages,
    maxTokens: options.maxTokens,
    temperature: options.temperature,
    seed,
    ...(schema && question.mode === 'chain' ? { schema: answerSchema(wanted) } : {}),
    ...(logprobs ? { topLogprobs: ALTERNATIVES[question.mode] } : {}),
  };
  if (question.mode !== 'chain' || !onCriterion) return carrier.ask(chat, { frame, signal });
  const live = new AnswerReader(question.order, durationsOf(question), onCriterion);
  return carrier.ask(chat, {
    frame,
    signal,
    onText: (delta) => live.feed(delta),
    onRestart: (why) => {
      live.restart();
      onRestart?.(why);
    },
  });
}

const durationsOf = ({ clips }: Question) => ({ A: clips.A.duration, B: clips.B.duration });

/** The whole answer; what was read of it while it came does not count here. */
function readAnswer(answer: ChatAnswer, request: InterviewRequest, wanted: Wanted): Read {
  const { order, mode } = request.question;
  if (mode === 'overall') {
    const said = oneTokenVerdict(answer, order);
    return wordsRead(new Map(said ? [['overall', said]] : []), wanted);
  }
  const finder = new TokenFinder(answer);
  const weighed = <T extends Weighed & { at: number }>(said: T): T & Weighed => {
    const token = finder.at(said.at);
    const p = token && tokenProbabilities(token, order);
    return p ? { ...said, p } : said;
  };
  const all = <K, T extends Weighed & { at: number }>(said: ReadonlyMap<K, T>, ids: readonly K[]) =>
    new Map([...said].filter(([id]) => ids.includes(id)).map(([id, s]) => [id, weighed(s)]));
  if (mode === 'base') return wordsRead(all(readBase(answer.text, order), wanted.calls), wanted);
  const reader = new AnswerReader(order, durationsOf(request.question));
  reader.feed(answer.text);
  reader.end();
  const lacking = reader.lacking(wanted);
  const criteria = all(reader.criteria, wanted.criteria);
  return { criteria, calls: all(reader.calls, wanted.calls), lacking, faults: reader.faults(lacking) };
}

function wordsRead(calls: Map<CallId, Weighed>, { calls: wanted }: Wanted): Read {
  const lacking = { criteria: [], calls: wanted.filter((id) => !calls.has(id)) };
  return { criteria: new Map(), calls, lacking, faults: ['it is not what was asked for'] };
}

/** Fills in what the second answer has; what the first had stays. */
function complete(read: Read, again: Read): void {
  for (const [id, said] of again.criteria) read.criteria.set(id, said);
  for (const [id, said] of again.calls) read.calls.set(id, said);
  read.lacking = again.lacking;
  read.faults = again.faults;
}
