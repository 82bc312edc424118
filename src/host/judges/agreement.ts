import { createHash } from 'node:crypto';
import { num, obj, optional, str } from '../../core/decode';
import type { RequestEstimate } from '../../core/endpoint/estimate';
import type { JudgeSpec } from '../../core/judgeSpec';

/** What a person has agreed to spend on one piece of work. */
export interface Agreement {
  /** From {@link printOf}. */
  judge: string;
  /** Pairs of the whole work, those that were judged by then included. */
  pairs: number;
  asks: RequestEstimate;
}

/** A judge with its hosts, its prices and its way of being asked: another one of these is another question. */
export function printOf(spec: JudgeSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('hex');
}

/** Whether work is of the judge that was agreed to, on no more pairs, and costs no more in anything. */
export function covers(agreed: Agreement, { judge, pairs, asks }: Agreement): boolean {
  return agreed.judge === judge && amounts(agreed).every((most, i) => amounts({ pairs, asks })[i]! <= most);
}

function amounts({ pairs, asks }: Pick<Agreement, 'pairs' | 'asks'>): number[] {
  const { requests, frames, tokens, cost = 0 } = asks;
  return [pairs, requests, frames, tokens.prompt, tokens.completion, cost];
}

/** @throws DecodeError */
export function decodeAgreement(value: unknown): Agreement {
  const o = obj(value, 'agreed');
  const asks = obj(o.asks, 'asks');
  const tokens = obj(asks.tokens, 'tokens');
  const cost = optional(asks.cost, (v) => num(v, 'cost'));
  return {
    judge: str(o.judge, 'judge'),
    pairs: num(o.pairs, 'pairs'),
    asks: {
      requests: num(asks.requests, 'requests'),
      frames: num(asks.frames, 'frames'),
      tokens: { prompt: num(tokens.prompt, 'prompt'), completion: num(tokens.completion, 'completion') },
      bytes: num(asks.bytes, 'bytes'),
      ...(cost === undefined ? {} : { cost }),
    },
  };
}
