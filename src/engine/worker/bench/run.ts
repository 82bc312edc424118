import { basename } from 'node:path';
import { buildBench, labelsOfOurs } from '../../../core/bench/build';
import { exportBench } from '../../../core/bench/export';
import type { BenchDocument, BenchReport } from '../../../core/bench/report';
import { clipsKey } from '../../../core/bench/rows';
import type { BothOrders } from '../../../core/bench/stats/position';
import { FRAME_PLAN } from '../../../core/plan';
import { problem } from '../../../core/problem';
import type { JudgeInfo } from '../../../core/verdict';
import type { BenchParams, BenchProgress } from '../../../protocol/bench';
import type { HandlerContext } from '../../../protocol/rpc';
import { readLabels, readReport } from '../../bench/files';
import type { JudgePair, Judgement } from '../../judge';
import { realRoot } from '../../sweep/tree';
import { writeWhole } from '../../wholeFile';
import type { Session } from '../session';
import { Pace } from '../sweep/pace';
import { ClipBlame } from './blame';
import { BenchClips } from './clips';

/** One benchmark: clips are read and encoded, then all pairs judged in both orders, then counted. */
export class BenchRun {
  private readonly pace = new Pace();
  private clips: BenchClips | undefined;
  private pairs = { done: 0, total: 0 };

  constructor(
    private readonly session: Session,
    private readonly params: BenchParams,
    private readonly context: HandlerContext<BenchProgress>,
  ) {}

  async run(): Promise<BenchReport> {
    const { params, session } = this;
    // What is refused is refused before hours of work.
    await realRoot(params.root);
    const labels = await readLabels(params.pairs);
    const earlier = params.compare === undefined ? undefined : await readReport(params.compare);
    const judge = await session.pipeline.judgeStatus();
    const ours = labelsOfOurs(labels);
    if (ours.length === 0)
      throw problem(
        'empty',
        `No label in ${basename(params.pairs)} is of an aspect that a verdict speaks of.`,
      );
    const clips = await this.readClips(ours, judge.hash);
    const judged = await this.judge(ours, clips);
    if (judged.size === 0)
      throw problem(
        'fileMissing',
        `Of no pair in ${basename(params.pairs)} both clips could be read.`,
        first(clips),
      );
    this.tell('counting');
    const document = buildBench({
      at: new Date().toISOString(),
      name: basename(params.pairs),
      judge: { ...infoOf(judge), device: clips.device },
      plan: FRAME_PLAN.id,
      ...{ labels, hashes: clips.hashes(), problems: clips.problems, judged, earlier },
    });
    await this.write(document);
    const { pairs: _, ...report } = document;
    return report;
  }

  private async readClips(ours: readonly { a: string; b: string }[], judgeHash: string): Promise<BenchClips> {
    const { session, params, pace } = this;
    const paths = [...new Set(ours.flatMap(({ a, b }) => [a, b]))];
    const blame = new ClipBlame(session, [params.pairs, params.root], this.context.signal);
    await blame.load();
    const clips = new BenchClips(session, params.root, paths, judgeHash, blame, {
      onAlive: () => pace.tick(() => this.tell('working')),
      onEncoded: () => pace.encoded(),
    });
    this.clips = clips;
    this.pairs.total = new Set(ours.map(({ a, b }) => clipsKey(a, b).key)).size;
    pace.begin();
    this.tell('working');
    await clips.read(this.context.signal);
    await blame.forget();
    this.tell('working');
    return clips;
  }

  /** Each distinct pair of clips in both orders, from their encodings. */
  private async judge(
    ours: readonly { a: string; b: string }[],
    clips: BenchClips,
  ): Promise<Map<string, BothOrders>> {
    const wanted = new Map<string, JudgePair>();
    for (const { a, b } of ours) {
      const { key, swapped } = clipsKey(a, b);
      const [first, second] = [clips.of(swapped ? b : a), clips.of(swapped ? a : b)];
      if (first && second) wanted.set(key, { a: first, b: second });
    }
    const asked = [...wanted.values()].flatMap(({ a, b }): JudgePair[] => [
      { a, b },
      { a: b, b: a },
    ]);
    const answers: BothOrders['ab'][] = [];
    for await (const judgement of this.session.pipeline.judgeMany(asked, this.context.signal)) {
      answers.push(seriesOf(judgement));
      this.pairs.done = answers.length >> 1;
      this.pace.tick(() => this.tell('working'));
    }
    return new Map(
      [...wanted.keys()].map((key, i) => [key, { ab: answers[2 * i]!, ba: answers[2 * i + 1]! }]),
    );
  }

  private async write(document: BenchDocument): Promise<void> {
    for (const { format, path } of this.params.outputs)
      await writeWhole(path, [exportBench(format, document)], this.context.signal);
  }

  private tell(stage: BenchProgress['stage']): void {
    const { done = 0, total = 0, problems } = this.clips ?? {};
    this.context.progress({
      stage,
      clips: { done, total, broken: problems?.size ?? 0 },
      pairs: this.pairs,
      ...this.pace.outlook(total - done),
    });
  }
}

const seriesOf = ({ overall, dimensions }: Judgement): BothOrders['ab'] => ({ overall, ...dimensions });

const infoOf = ({ id, name, version, hash, kind, capabilities }: JudgeInfo): JudgeInfo => ({
  ...{ id, name, version, hash, kind, capabilities },
});

/** What is wrong with the first of them. */
function first({ problems }: BenchClips): string | undefined {
  const [entry] = problems;
  return entry && `First ${entry[0]}: ${entry[1].message}`;
}
