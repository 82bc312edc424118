import type { ChatToken } from '../../../core/chain/chat';
import type { ScoresStep, Tokenizer } from './library';

export interface Choosing {
  /** 0 takes the likeliest token. */
  temperature: number;
  seed: number | undefined;
  /** Alternatives to keep of every token; undefined keeps none. */
  top: number | undefined;
}

/** Chooses each token and remembers how likely it and the others were. */
export class Chooser {
  readonly tokens: ChatToken[] = [];
  private state: number;

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly how: Choosing,
  ) {
    this.state = (how.seed ?? Math.floor(Math.random() * 2 ** 32)) >>> 0;
  }

  /** Leaves the chosen token as the only possible one; the library then takes the best. */
  readonly step: ScoresStep = (_, scores) => {
    const data = scores.data as Float32Array;
    const chosen = this.how.temperature > 0 ? this.draw(data, this.how.temperature) : best(data);
    if (this.how.top !== undefined) this.remember(data, chosen, this.how.top);
    if (this.how.temperature > 0) {
      data.fill(-Infinity);
      data[chosen] = 0;
    }
    return scores;
  };

  private draw(scores: Float32Array, temperature: number): number {
    const most = scores[best(scores)]!;
    const weights = Float64Array.from(scores, (score) => Math.exp((score - most) / temperature));
    let left = this.random() * weights.reduce((sum, weight) => sum + weight, 0);
    const chosen = weights.findIndex((weight) => (left -= weight) < 0);
    return chosen === -1 ? best(scores) : chosen;
  }

  private remember(scores: Float32Array, chosen: number, count: number): void {
    const most = scores[best(scores)]!;
    let sum = 0;
    for (const score of scores) sum += Math.exp(score - most);
    const base = most + Math.log(sum);
    const entry = (id: number) => ({
      text: this.tokenizer.decode([id], { skip_special_tokens: false }),
      logprob: scores[id]! - base,
    });
    this.tokens.push({ ...entry(chosen), top: topOf(scores, count).map(entry) });
  }

  /** Mulberry32: from 0 to below 1, the same for the same seed. */
  private random(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function best(scores: Float32Array): number {
  let at = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[at]!) at = i;
  return at;
}

/** Places of the `count` largest values, the largest first. */
function topOf(scores: Float32Array, count: number): number[] {
  const top: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (top.length === count && scores[i]! <= scores[top.at(-1)!]!) continue;
    const place = top.findIndex((j) => scores[i]! > scores[j]!);
    top.splice(place === -1 ? top.length : place, 0, i);
    if (top.length > count) top.pop();
  }
  return top;
}

/** Gives text on as soon as its last character is whole. */
export class Stream {
  private isPrompt = true;
  private pending: number[] = [];

  constructor(
    private readonly tokenizer: Tokenizer,
    private readonly onText: (delta: string) => void,
  ) {}

  put(value: bigint[][]): void {
    if (this.isPrompt) return void (this.isPrompt = false);
    this.pending.push(...value[0]!.map(Number));
    const text = this.text();
    if (!text.endsWith('\ufffd')) this.flush(text);
  }

  end(): void {
    if (this.pending.length > 0) this.flush(this.text());
  }

  private text(): string {
    return this.tokenizer.decode(this.pending, { skip_special_tokens: true });
  }

  private flush(text: string): void {
    this.pending = [];
    if (text !== '') this.onText(text);
  }
}
