import { basename } from 'node:path';
import { buildBench, labelsOfOurs } from '../../../core/bench/build';
import { exportBench } from '../../../core/bench/export';
import type { LabelledPair } from '../../../core/bench/pairs';
import type { BenchDocument, BenchReport } from '../../../core/bench/report';
import { clipsKey } from '../../../core/bench/rows';
import { bothOrders } from '../../../core/bench/stats/position';
import { COMPACT, type JudgeSpec } from '../../../core/judgeSpec';
import { FRAME_PLAN } from '../../../core/plan';
import { problem, toProblem } from '../../../core/problem';
import type { JudgeInfo } from '../../../core/verdict';
import type { BenchCost, BenchParams, BenchProgress } from '../../../protocol/bench';
import type { HandlerContext } from '../../../protocol/rpc';
import { readLabels, readReport } from '../../bench/files';
import type { JudgePair, Judgement } from '../../judge';
import type { JudgeStatus } from '../../ports';
import { realRoot } from '../../sweep/tree';
import { writeWhole } from '../../wholeFile';
import type { ChainDesk } from '../judging/chainDesk';
import type { Session } from '../session';
import { Pace } from '../sweep/pace';
import { BenchAsking, type Judged } from './asking';
import { ClipBlame } from './blame';
import { BenchClips } from './clips';

type PathPair = Pick<LabelledPair, 'a' | 'b' | 'prompt'>;

/** One benchmark: clips are read and encoded, then all pairs judged in both orders, then counted. */
export class BenchRun {
  private readonly pace = new Pace();
  private clips: BenchClips | undefined;
  private pairs = { done: 0, total: 0 };
  /** A model is asked about pairs now. */
  private asks = false;

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
    const desk = await deskOf(session, params.judge);
    const judge = desk?.status ?? (await session.pipeline.judgeStatus());
    const ours = labelsOfOurs(labels);
    if (ours.length === 0)
      throw problem(
        'empty',
        `No label in ${basename(params.pairs)} is of an aspect that a verdict speaks of.`,
      );
    const clips = await this.readClips(ours, judge, desk !== undefined);
    const wanted = wantedPairs(ours, clips);
    this.pairs.total = wanted.size;
    const { judged, devices, notes } = desk ? await this.ask(desk, wanted) : await this.judge(wanted, clips);
    if (judged.size === 0 && notes[0] !== undefined) throw problem('answerUnread', notes[0]);
    if (judged.size === 0)
      throw problem(
        'fileMissing',
        `Of no pair in ${basename(params.pairs)} both clips could be read.`,
        first(clips),
      );
    this.tell('counting');
    labels.notes.push(...notes);
    const document = buildBench({
      at: new Date().toISOString(),
      name: basename(params.pairs),
      judge: { ...infoOf(judge), device: devices || 'an unknown device' },
      plan: FRAME_PLAN.id,
      ...{ labels, hashes: clips.hashes(), problems: clips.problems, judged, earlier },
    });
    if (desk) document.notes.push(...(await keepWith(desk, document)));
    await this.write(document);
    const { pairs: _, ...report } = document;
    return report;
  }

  private async readClips(
    ours: readonly PathPair[],
    judge: JudgeStatus,
    isAsked: boolean,
  ): Promise<BenchClips> {
    const { session, params, pace } = this;
    const paths = [...new Set(ours.flatMap(({ a, b }) => [a, b]))];
    const blame = new ClipBlame(session, [params.pairs, params.root], this.context.signal);
    await blame.load();
    const clips = new BenchClips(session, params.root, paths, judge, blame, {
      onAlive: () => pace.tick(() => this.tell('working')),
      onEncoded: () => (isAsked ? undefined : pace.finished()),
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
  private async judge(wanted: ReadonlyMap<string, JudgePair>, clips: BenchClips): Promise<Judged> {
    const asked = [...wanted.values()].flatMap(({ a, b }): JudgePair[] => [
      { a, b },
      { a: b, b: a },
    ]);
    const answers: ReturnType<typeof seriesOf>[] = [];
    for await (const judgement of this.session.pipeline.judgeMany(asked, this.context.signal)) {
      answers.push(seriesOf(judgement));
      this.pairs.done = answers.length >> 1;
      this.pace.tick(() => this.tell('working'));
    }
    const judged = new Map(
      [...wanted.keys()].map((key, i) => [key, bothOrders(answers[2 * i]!, answers[2 * i + 1]!)]),
    );
    return { judged, devices: clips.device, notes: [] };
  }

  /** Each distinct pair put to a model, which is asked in both orders by itself. */
  private async ask(desk: ChainDesk, wanted: ReadonlyMap<string, JudgePair>): Promise<Judged> {
    const asking = new BenchAsking(this.session, desk, this.context.signal, {
      onAlive: () => this.pace.tick(() => this.tell('working')),
      onPair: (isNew) => {
        this.pairs.done++;
        if (isNew) this.pace.finished();
      },
    });
    this.asks = true;
    this.pace.begin();
    return asking.run(wanted);
  }

  private async write(document: BenchDocument): Promise<void> {
    for (const { format, path } of this.params.outputs)
      await writeWhole(path, [exportBench(format, document)], this.context.signal);
  }

  /** Of pairs that are asked about, the time that is left is theirs. */
  private outlook(clipsLeft: number): Pick<BenchProgress, 'rate' | 'secondsLeft'> {
    const { rate, ...outlook } = this.pace.outlook(
      this.asks ? this.pairs.total - this.pairs.done : clipsLeft,
    );
    return this.asks || rate === undefined ? outlook : { rate, ...outlook };
  }

  private tell(stage: BenchProgress['stage']): void {
    const { done = 0, total = 0, problems } = this.clips ?? {};
    this.context.progress({
      stage,
      clips: { done, total, broken: problems?.size ?? 0 },
      pairs: this.pairs,
      ...this.outlook(total - done),
    });
  }
}

/** What it would ask of a vision-language judge; no clip is looked at. */
export async function benchCost(session: Session, params: BenchParams): Promise<BenchCost> {
  const ours = labelsOfOurs(await readLabels(params.pairs));
  const total = new Set(ours.map(({ a, b }) => clipsKey(a, b).key)).size;
  const desk = await deskOf(session, params.judge);
  return { pairs: { total }, ...(desk ? { asks: desk.estimate(total) } : {}) };
}

/** Distinct pairs of clips that can be read, by their key. */
function wantedPairs(ours: readonly PathPair[], clips: BenchClips): Map<string, JudgePair> {
  const wanted = new Map<string, JudgePair>();
  for (const { a, b, prompt } of ours) {
    const { key, swapped } = clipsKey(a, b);
    const [first, second] = [clips.of(swapped ? b : a), clips.of(swapped ? a : b)];
    if (first && second)
      wanted.set(key, { ...wanted.get(key), a: first, b: second, ...(prompt ? { prompt } : {}) });
  }
  return wanted;
}

/** That it cannot be kept with the model spoils no report. */
async function keepWith(desk: ChainDesk, document: BenchDocument): Promise<string[]> {
  try {
    await desk.keepAgreement(document);
    return [];
  } catch (error) {
    return [`What was measured is not kept with the model: ${toProblem(error).message}`];
  }
}

async function deskOf(session: Session, spec: JudgeSpec = COMPACT): Promise<ChainDesk | undefined> {
  return spec.kind === 'compact' ? undefined : session.judges.desk(spec);
}

const seriesOf = ({ overall, dimensions }: Judgement) => ({ overall, ...dimensions });

const infoOf = ({ id, name, version, hash, kind, capabilities }: JudgeInfo): JudgeInfo => ({
  ...{ id, name, version, hash, kind, capabilities },
});

/** What is wrong with the first of them. */
function first({ problems }: BenchClips): string | undefined {
  const [entry] = problems;
  return entry && `First ${entry[0]}: ${entry[1].message}`;
}
