import { createHash } from 'node:crypto';
import { bothOrders, type BothOrders } from '../../../core/bench/stats/position';
import { arr, num, obj, oneOf, optional, str } from '../../../core/decode';
import { cancelled, type Problem } from '../../../core/problem';
import { SERIES } from '../../../core/sweep/table';
import { mirrorProbabilities } from '../../../core/verdictMirror';
import type { JudgePair, Judgement } from '../../judge';
import { clipTrouble } from '../clipTrouble';
import type { ChainDesk } from '../judging/chainDesk';
import { Misses } from '../judging/misses';
import type { Session } from '../session';
import { allOf, Lanes } from '../sweep/lanes';

/** What a judge said of pairs, by their keys. */
export interface Judged {
  judged: Map<string, BothOrders>;
  /** Where it ran. */
  devices: string;
  /** Sentences on what it had no answer to. */
  notes: string[];
}

interface Listener {
  /** Something goes on. */
  onAlive(): void;
  /** A pair is done; `isNew`: it was asked about now. */
  onPair(isNew: boolean): void;
}

interface Answer {
  orders: BothOrders;
  device: string;
}

/** The first one had a tie where an order got no answer: it is asked again. */
const FORMAT = 'aesrm.answer/2';

/** Puts the pairs of a benchmark to a model. Each answer is kept in the cache as it comes: asked again, it goes on. */
export class BenchAsking {
  private readonly judged = new Map<string, BothOrders>();
  private readonly devices = new Set<string>();
  private readonly unanswered: string[] = [];
  private readonly stop = new AbortController();
  private readonly misses = new Misses();

  constructor(
    private readonly session: Session,
    private readonly desk: ChainDesk,
    private readonly cancel: AbortSignal,
    private readonly listener: Listener,
  ) {}

  async run(wanted: ReadonlyMap<string, JudgePair>): Promise<Judged> {
    const lanes = new Lanes(this.desk.pairsAtOnce);
    const { stop, cancel } = this;
    const signal = AbortSignal.any([cancel, stop.signal]);
    const one = (key: string, pair: JudgePair) =>
      this.one(key, pair, signal).catch((e: unknown) => this.fail(e));
    try {
      await allOf([...wanted].map(([key, pair]) => lanes.run(() => one(key, pair))));
    } catch (error) {
      throw cancel.aborted ? cancelled() : stop.signal.aborted ? stop.signal.reason : error;
    }
    const [first] = this.unanswered;
    const notes =
      first === undefined ? [] : [`${this.unanswered.length} pairs got no verdict. First ${first}`];
    return { judged: this.judged, devices: [...this.devices].join(' and '), notes };
  }

  private async one(key: string, pair: JudgePair, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const name = this.nameOf(pair);
    const known = readAnswer(await this.session.store.read(name));
    const answer = known ?? (await this.ask(pair, signal));
    if (answer) {
      if (!known) await this.session.store.write(name, JSON.stringify({ format: FORMAT, ...answer }));
      this.judged.set(key, answer.orders);
      this.devices.add(answer.device);
    }
    this.listener.onPair(answer !== undefined && !known);
    this.listener.onAlive();
  }

  /** Undefined where there is no answer to this pair. */
  private async ask(pair: JudgePair, signal: AbortSignal): Promise<Answer | undefined> {
    try {
      const judged = await this.desk.ask(pair, { signal });
      this.misses.answered();
      return { orders: ordersOf(judged), device: judged.device };
    } catch (error) {
      if (signal.aborted) throw error;
      const { message } = this.excused(error, pair);
      this.unanswered.push(`${pair.a.record.path} and ${pair.b.record.path}: ${message}`);
      return undefined;
    }
  }

  /** A clip that cannot be shown any more is its pairs' trouble, as an answer that cannot be read is. */
  private excused(error: unknown, { a, b }: JudgePair): Problem {
    const trouble = clipTrouble(error);
    return trouble?.side ? trouble : this.misses.excuse(error, `${a.record.hash},${b.record.hash}`);
  }

  private nameOf({ a, b, prompt }: JudgePair): string {
    const identity = [this.desk.status.hash, a.record.hash, b.record.hash, this.desk.optionsFor(prompt)];
    const key = createHash('sha256').update(JSON.stringify(identity)).digest('hex');
    return `answers/${key.slice(0, 2)}/${key}.json`;
  }

  /** Nothing more is begun after that. */
  private fail(error: unknown): never {
    this.stop.abort(error);
    throw error;
  }
}

/** As of a judge that is given the clips one way and the other: the second order's sides are swapped. */
function ordersOf({ inOrders, overall, dimensions }: Judgement): BothOrders {
  const { ab, ba } = inOrders ?? { ab: { overall, ...dimensions }, ba: { overall, ...dimensions } };
  const asShown = SERIES.flatMap((series) => {
    const p = ba[series];
    return p ? [[series, mirrorProbabilities(p)]] : [];
  });
  return bothOrders(ab, Object.fromEntries(asShown) as typeof ba);
}

function readAnswer(file: Buffer | undefined): Answer | undefined {
  if (!file) return undefined;
  try {
    const o = obj(JSON.parse(file.toString('utf8')), 'answer');
    if (o.format !== FORMAT) return undefined;
    const orders = obj(o.orders, 'orders');
    const series = (order: 'ab' | 'ba') => {
      const of = obj(orders[order], order);
      const said = SERIES.map((id) => {
        const p = obj(of[id], id);
        return [id, { a: num(p.a, 'a'), tie: num(p.tie, 'tie'), b: num(p.b, 'b') }];
      });
      return Object.fromEntries(said) as BothOrders['ab'];
    };
    const listed = (key: 'unsaid' | 'unjudged') => {
      const found = optional(orders[key], (v) => arr(v, key).map((one) => oneOf(one, SERIES, key)));
      return found ? { [key]: found } : {};
    };
    return {
      orders: { ab: series('ab'), ba: series('ba'), ...listed('unsaid'), ...listed('unjudged') },
      device: str(o.device, 'device'),
    };
  } catch {
    return undefined;
  }
}
