import type { Uri } from 'vscode';
import type { PanelSnapshot, SweepStep } from '../../protocol/panel';
import type { ClipPair, Comparison } from './comparison';
import { isHidden } from './model';
import { placeView } from './place';
import type { SweepNavigator, SweepPair } from './sweepNavigator';
import { currentVote } from './votes';

/** Pairs kept besides the one in front: where a step may lead, and where one came from. */
const MOST_KEPT = 8;

/** The comparisons of one panel: the one in front, and in a sweep those that the next steps would show. */
export class SweepWalk {
  /** By pair, the one asked for last at the end. */
  private readonly pairs = new Map<string, Comparison>();
  private navigator: SweepNavigator | undefined;
  private listener: { dispose(): void } | undefined;
  private front: Comparison | undefined;
  /** Of the neighbours. */
  private prompts = new Map<string, string | undefined>();

  constructor(
    private readonly make: (pair: ClipPair, prompt: () => string | undefined) => Comparison,
    private readonly changed: () => void,
  ) {}

  get root(): Uri | undefined {
    return this.navigator?.root;
  }

  get kept(): readonly Comparison[] {
    return [...this.pairs.values()];
  }

  /** The pair's comparison, in front from now on. */
  take(pair: ClipPair): Comparison {
    this.front = this.keep(pair);
    return this.front;
  }

  /** The comparison that a snapshot was of; undefined where it is no longer kept. */
  find(id: string): Comparison | undefined {
    return this.kept.find((of) => of.id === id);
  }

  /** Whether the later column's clip stands on A. */
  isReversed({ pair, model }: Comparison): boolean {
    return model.swapped !== (this.navigator?.isTurned(pair) ?? false);
  }

  follow(navigator: SweepNavigator): void {
    this.listener?.dispose();
    this.navigator = navigator;
    this.listener = navigator.onChange(this.changed);
  }

  /** The other pair that a step leads to. */
  step(to: SweepStep): ClipPair | undefined {
    return this.navigator?.step(to)?.clips;
  }

  /** What was held ready does not play in this window: stand-ins are made before a step asks for them. */
  async unplayable(uri: string): Promise<void> {
    const ahead = this.kept.filter((of) => of !== this.front);
    await Promise.all(ahead.map((of) => of.unplayableAhead(uri)));
  }

  show(): void {
    this.navigator?.show();
  }

  voted(comparison: Comparison): void {
    const { model, pair } = comparison;
    this.navigator?.voted(pair, currentVote(model)?.overall ?? null, model.verdict?.overall.winner ?? null);
  }

  /** Makes ready what the next steps would show, blind where the reader is; lets go of what they would not. */
  prepareNext(front: Comparison): void {
    const neighbours = (this.navigator?.neighbours() ?? []).slice(0, MOST_KEPT - 1);
    this.prompts = new Map(neighbours.map(({ clips, place }) => [keyOf(clips), place.row.prompt]));
    for (const { clips } of neighbours.toReversed()) {
      const next = this.keep(clips);
      if (front.model.blind.on && !next.model.blind.on) next.setBlind(true);
    }
    this.keep(front.pair);
    void this.lookAhead(front, neighbours);
    for (const [key, comparison] of this.pairs) {
      if (this.pairs.size <= MOST_KEPT) break;
      if (comparison.hasVoteWaiting) continue;
      this.pairs.delete(key);
      comparison.dispose();
    }
  }

  /** What the page is shown besides the pair itself. */
  view({ id, model, pair }: Comparison): Pick<PanelSnapshot, 'sweep' | 'preload' | 'identity' | 'pair'> {
    const { navigator } = this;
    if (!navigator) return {};
    const [a, b] = !isHidden(model) && model.swapped ? [pair.B, pair.A] : [pair.A, pair.B];
    const sweep = navigator.isOpen ? { sweep: navigator.root.toString() } : {};
    const identity = { a: a.toString(), b: b.toString(), ...sweep };
    const { here } = navigator;
    if (!here) return { pair: id, identity };
    // The latest kept are the likeliest.
    const ready = this.kept.filter((of) => of !== this.front).reverse();
    return {
      pair: id,
      identity,
      sweep: placeView(here.place, model, navigator.isTurned(pair)),
      preload: [...new Set(ready.flatMap(({ uris }) => uris))],
    };
  }

  dispose(): void {
    this.listener?.dispose();
    for (const comparison of this.pairs.values()) comparison.dispose();
    this.pairs.clear();
  }

  /**
   * One after the other, as long as the reader stays: stand-ins take a while to make. Then the verdicts, of pairs that
   * the sweep has read, which takes no decoding.
   */
  private async lookAhead(front: Comparison, neighbours: readonly SweepPair[]): Promise<void> {
    const each = async (work: (of: Comparison) => Promise<unknown>, pairs: readonly SweepPair[]) => {
      for (const { clips } of pairs) {
        const next = this.pairs.get(keyOf(clips));
        if (next && this.front === front) await work(next);
      }
    };
    await each((next) => next.prepare(), neighbours);
    await each(
      (next) => next.foresee(),
      neighbours.filter(({ read }) => read),
    );
  }

  private promptOf(key: string): string | undefined {
    const here = this.navigator?.here;
    return here && keyOf(here.clips) === key ? here.place.row.prompt : this.prompts.get(key);
  }

  private keep(pair: ClipPair): Comparison {
    const key = keyOf(pair);
    const comparison = this.pairs.get(key) ?? this.make(pair, () => this.promptOf(key));
    this.pairs.delete(key);
    this.pairs.set(key, comparison);
    return comparison;
  }
}

/** Of a pair, whichever way round: the columns of a grid may change places. */
const keyOf = ({ A, B }: ClipPair) => [A.toString(), B.toString()].sort().join('\n');
