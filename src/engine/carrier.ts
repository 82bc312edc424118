import type { ChatAnswer, ChatPart, ChatRequest, Restart } from '../core/chain/chat';

/** One frame as it leaves the sampler: RGB, 8 bits, row by row. */
export interface CarrierFrame {
  width: number;
  height: number;
  rgb: Uint8Array;
}

export interface CarrierCall {
  /** The picture behind a frame part of the request; asked for once per part. */
  frame(part: ChatPart & { type: 'frame' }): CarrierFrame;
  signal?: AbortSignal | undefined;
  /** New text of the answer, as it is written. */
  onText?: ((delta: string) => void) | undefined;
  /**
   * The answer is asked for again: the text given so far no longer counts. Without it, no more text is given after
   * such a loss; the answer itself is whole either way.
   */
  onRestart?: ((why: Restart) => void) | undefined;
}

/** What a carrier can do beside answering in words. */
export interface CarrierAbilities {
  /** Holds the model to a JSON schema. */
  schema: boolean;
  /** Gives log-probabilities of tokens. */
  logprobs: boolean;
}

/** Brings a conversation with frames to a vision-language model, and its words back. */
export interface Carrier {
  readonly abilities: CarrierAbilities;
  /** How many requests it answers at once. */
  readonly width: number;
  /** Rejects with a ProblemError: `cancelled` once `signal` fires, otherwise what happened and what to do. */
  ask(request: ChatRequest, call: CarrierCall): Promise<ChatAnswer>;
  dispose(): Promise<void>;
}
