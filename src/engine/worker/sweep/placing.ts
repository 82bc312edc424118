import type { SweepBoard } from '../../../core/sweep/board';
import { eachPair, readPair, type RowBlock } from '../../log/sweepRows';

/** Adds a value to those of a key. */
function add<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

/**
 * The pairs that were judged, and their places on a board: the record speaks of contents, the board of cells, and which
 * content lies where is learned on the way.
 */
export class Placing {
  board: SweepBoard | undefined;
  private blocks: RowBlock[] = [];
  private readonly blocksOf = new Map<string, RowBlock[]>();
  private clipsOf = new Map<string, number[]>();

  /**
   * @param onPlaced something of a clip's take is known that was not
   * @param promptOf of a judge that reads prompts, the key of a row's: what was judged under another one does not count
   */
  constructor(
    private readonly onPlaced: (clip: number) => void,
    private readonly promptOf?: (row: number) => string,
  ) {}

  /** Places all that is known on another board. `hashes`: the content of each clip, as far as it is known. */
  begin(board: SweepBoard, hashes: readonly (string | undefined)[]): void {
    this.board = board;
    this.clipsOf = new Map();
    hashes.forEach((hash, clip) => {
      if (hash !== undefined) add(this.clipsOf, hash, clip);
    });
    for (const block of this.blocks) this.place(block);
  }

  /** What was taken counts no more. */
  forget(): void {
    this.blocks = [];
    this.blocksOf.clear();
  }

  /** Takes in pairs that were kept. */
  take(block: RowBlock): void {
    this.blocks.push(block);
    for (const hash of block.hashes) add(this.blocksOf, hash, block);
    if (this.board) this.place(block);
  }

  /** A clip's content is known now and was not before. */
  learn(clip: number, hash: string): void {
    add(this.clipsOf, hash, clip);
    for (const block of this.blocksOf.get(hash) ?? []) this.place(block);
  }

  private place(block: RowBlock): void {
    const board = this.board!;
    const clips = block.hashes.map((hash) => this.clipsOf.get(hash) ?? []);
    const placed = new Set<number>();
    eachPair(block, (a, b, from) => {
      const [as, bs] = [clips[a] ?? [], clips[b] ?? []];
      // The same content in many places: said again in the same line, it is not placed again.
      if (as.length * bs.length > 1) {
        const key = a * block.hashes.length + b;
        if (placed.has(key)) return;
        placed.add(key);
      }
      for (const clipA of as) {
        if (!this.isOfPrompt(block, clipA)) continue;
        for (const clipB of bs) {
          const claimed = board.claim(clipA, clipB);
          if (!claimed) continue;
          readPair(block, from, board.table, claimed.entry, claimed.turned);
          this.onPlaced(clipA);
        }
      }
    });
  }

  private isOfPrompt({ prompt }: RowBlock, clip: number): boolean {
    const { promptOf } = this;
    return !promptOf || prompt === promptOf(this.board!.grid.clips[clip]!.row);
  }
}
