import type { Side } from '../pair';

/** A part of a message: words, or one frame of a clip at `time` (seconds from its first frame). */
export type ChatPart = { type: 'text'; text: string } | { type: 'frame'; side: Side; time: number };

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: readonly ChatPart[];
}

/** What a carrier is asked for: one answer to one conversation. */
export interface ChatRequest {
  messages: readonly ChatMessage[];
  /** JSON schema of the answer, for carriers that can hold a model to one. */
  schema?: Readonly<Record<string, unknown>>;
  maxTokens: number;
  temperature: number;
  seed?: number;
  /** Ask for the log-probabilities of this many alternatives of every token. */
  topLogprobs?: number;
}

/** One generated token and its alternatives, natural logarithms; the token itself is among them where it is known. */
export interface ChatToken {
  text: string;
  logprob: number;
  top: readonly { text: string; logprob: number }[];
}

export interface ChatAnswer {
  text: string;
  /** `length`: cut at `maxTokens`. */
  finish: 'stop' | 'length';
  /** Where the carrier counts them. */
  tokens?: { prompt: number; completion: number };
  logprobs?: readonly ChatToken[];
  /** The execution provider, or the server's name for the model that answered. */
  device: string;
  /** What of the request the model was not shown, and why, in a sentence. */
  reduced?: string;
}

/** Why an answer is begun anew: it was lost on its way, or there was not the memory for it. */
export type Restart = 'lost' | 'memory';
