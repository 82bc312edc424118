import { RUBRIC_VERSION } from '../../rubric';
import { count, judgeLine, SERIES_NAMES } from '../../sweep/reportWords';
import { groupBy } from '../figures';
import {
  LEAST_DECISIVE,
  type BenchCell,
  type BenchComparison,
  type BenchMacro,
  type BenchReport,
} from '../report';
import { LEAST_GROUPS } from '../stats/bootstrap';
import { BINS, LEAST_PER_BIN, type Bin } from '../stats/calibration';
import {
  againstChance,
  countsText,
  differenceText,
  kindText,
  positionTexts,
  shareText,
  sourcesText,
  thresholdText,
} from './words';

/** A report laid out once for all formats; texts are plain. */
export type Block =
  | { text: string }
  | { items: readonly string[] }
  | {
      heads: readonly string[];
      rows: readonly (readonly string[])[];
      /** What the rows are of, where a page can draw it. */
      bins?: readonly Bin[];
    };

export interface Section {
  title: string;
  /** For who reads the whole report; a terminal leaves it out. */
  detail?: boolean;
  blocks: Block[];
}

const points = (share: number) => share.toFixed(3);

export function benchTitle({ name }: BenchReport): string {
  return `Benchmark on ${name}`;
}

export function benchOpening(report: BenchReport): Block[] {
  const { judge, at } = report;
  return [
    { text: `Judge: ${judgeLine(judge, judge.device)}` },
    { text: `As of ${at.slice(0, 16).replace('T', ' ')} UTC.` },
    { text: countsText(report) },
  ];
}

export function benchSections(report: BenchReport): Section[] {
  const kinds = [...groupBy(report.cells, ({ kind }) => kind)];
  const sections: Section[] = [
    ...kinds.map(([kind, cells]) => accuracy(report, kind, cells)),
    ...(report.comparison ? [difference(report.comparison, report)] : []),
    calibration(report),
    { title: 'Position bias', blocks: positionTexts(report).map((text) => ({ text })) },
    aspects(report),
    leftOut(report),
    method(report),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

function accuracy({ macros }: BenchReport, kind: string, cells: readonly BenchCell[]): Section {
  return {
    title: `Accuracy on ${kindText(kind)}`,
    blocks: [
      {
        heads: ['Aspect', 'Source', 'Decisive labels', 'Groups', 'Without ties', 'Against a coin'],
        rows: cells.map(({ aspect, source, pairs, ties, decisiveGroups, withoutTies }) => [
          ...[aspect, source, String(pairs - ties), String(decisiveGroups)],
          ...[shareText(withoutTies), againstChance(withoutTies)],
        ]),
      },
      {
        heads: [
          ...['Aspect', 'Source', 'Labels', 'Groups', 'Ties', 'Ties called', 'With ties, own call'],
          ...['With ties, best threshold', 'Always the commonest answer'],
        ],
        rows: cells.map((cell) => [
          ...[cell.aspect, cell.source, String(cell.pairs), String(cell.groups), String(cell.ties)],
          ...[String(cell.calledTies), shareText(cell.withTies)],
          `${shareText(cell.calibrated)} at ${thresholdText(cell.calibrated.threshold)}`,
          `${(100 * cell.commonest).toFixed(1)}%`,
        ]),
      },
      ...meanBlocks(macros.filter((macro) => macro.kind === kind)),
    ],
  };
}

function meanBlocks(macros: readonly BenchMacro[]): Block[] {
  if (macros.every(({ withTies }) => withTies === null))
    return [
      { text: `No source has ${LEAST_DECISIVE} decisive labels: they are listed, and no mean is taken.` },
    ];
  return [
    { text: `Mean over the sources with at least ${LEAST_DECISIVE} decisive labels:` },
    {
      heads: [
        ...['Row', 'Without ties', 'Against a coin', 'With ties, own call'],
        ...['Averaged (decisive labels)', 'Listed, not averaged'],
      ],
      rows: macros.map(({ row, sources, withoutTies, withTies }) => [
        ...[row, shareText(withoutTies), againstMean(withoutTies), shareText(withTies)],
        ...[sourcesText(sources, true), sourcesText(sources, false)],
      ]),
    },
  ];
}

const againstMean = (estimate: BenchCell['withoutTies']) => (estimate ? againstChance(estimate) : '–');

function difference(
  { name, at, judge, plan, differences, ...counts }: BenchComparison,
  here: BenchReport,
): Section {
  const isSame = judge.hash === here.judge.hash && plan === here.plan;
  const { shared, onlyHere, onlyThere, relabelled } = counts;
  const rest = [
    ...(onlyHere > 0 ? [`${onlyHere} are in this report only`] : []),
    ...(onlyThere > 0 ? [`${onlyThere} in the other only`] : []),
    ...(relabelled > 0 ? [`${relabelled} have another label there and are left out`] : []),
  ];
  return {
    title: 'Against the earlier report',
    blocks: [
      {
        text: isSame
          ? 'It is the same judge under the same frame plan.'
          : `The other judge: ${judgeLine(judge, judge.device)} Frame plan ${plan}.`,
      },
      { text: `Its report on ${name}, as of ${at.slice(0, 16).replace('T', ' ')} UTC.` },
      {
        text: `${count(shared, 'label')} are in both, on the same clips by content${rest.length > 0 ? `; ${rest.join('; ')}` : ''}.`,
      },
      ...(differences.length > 0
        ? [
            {
              heads: ['Aspect', 'Source', 'Kind', 'Labels', 'Groups', 'Without ties', 'With ties, own call'],
              rows: differences.map((d) => [
                ...[d.aspect, d.source ?? 'mean over sources', d.kind, String(d.pairs), String(d.groups)],
                ...[differenceText(d.withoutTies), differenceText(d.withTies)],
              ]),
            },
            {
              text: `Percentage points, this judge less the other, with 95% intervals over groups on the same labels. They are not corrected for their number: of twenty differences that are none, one is called better or worse.`,
            },
          ]
        : []),
    ],
  };
}

function calibration({ calibration: byKind, cells }: BenchReport): Section {
  const measured = cells.filter((cell) => cell.calibration);
  if (byKind.length === 0)
    return {
      title: 'Calibration',
      blocks: [{ text: `That takes at least ${BINS * LEAST_PER_BIN} labels of one kind.` }],
    };
  return {
    title: 'Calibration',
    blocks: [
      {
        text: `Expected calibration error of the judge's confidence in its own call of A, tie or B, in ${BINS} bins of equal mass. Beside it what a judge whose confidences are exactly right would show by chance with as many labels: only what exceeds it is miscalibration.`,
      },
      {
        heads: ['Labels of', 'Labels', 'Error', 'By chance'],
        rows: [
          ...byKind.map(({ kind, calibration: c }) => [
            ...[`${kind}, all`, String(c.pairs), points(c.error), points(c.byChance)],
          ]),
          ...measured.map(({ kind, source, aspect, calibration: c }) => [
            ...[`${kind}, ${aspect}, ${source}`, String(c!.pairs), points(c!.error), points(c!.byChance)],
          ]),
        ],
      },
      ...byKind.flatMap(({ kind, calibration: c }) => [
        { text: `Reliability on ${kind}:` },
        {
          heads: ['Bin', 'Labels', 'Mean confidence', 'Right'],
          bins: c.bins,
          rows: c.bins.map((bin, i) => [
            ...[String(i + 1), String(bin.pairs), points(bin.confidence), points(bin.accuracy)],
          ]),
        },
      ]),
    ],
  };
}

function aspects({ aspects: used }: BenchReport): Section {
  return {
    title: 'What labels are held against',
    detail: true,
    blocks: [
      {
        heads: ['Aspect', 'Labels', 'Row', 'Of the verdict'],
        rows: used.map(({ aspect, labels, row, against, known, notJudged }) => [
          ...[aspect, String(labels), row ?? '–'],
          row === null
            ? 'none of ours, left out'
            : against.map((series) => SERIES_NAMES[series]).join(' and ') +
              (against.length > 1 ? ', the mean of their probabilities' : '') +
              (known ? '' : ', as the map does not have this aspect') +
              (notJudged ? `; not judged: ${count(notJudged, 'label')}, left out` : ''),
        ]),
      },
    ],
  };
}

function leftOut({ problems, notes }: BenchReport): Section {
  const clips = problems.map(
    ({ path, labels, problem }) => `${path} (${count(labels, 'label')}): ${problem.message}`,
  );
  return {
    title: 'Left out, and notes',
    blocks: [
      ...(clips.length > 0 ? [{ items: clips }] : []),
      ...(notes.length > 0 ? [{ items: notes }] : []),
    ],
  };
}

function method({ replicates, plan, method: name }: BenchReport): Section {
  return {
    title: 'Method',
    detail: true,
    blocks: [
      {
        items: [
          'Without ties: of the labels that are no ties, the share on which the judge leans the right way, by the sign of p(A) − p(B); where that is 0, half counts.',
          "With ties, own call: of all labels, the share that equals the judge's own call, the largest of its three probabilities.",
          'With ties, best threshold: pairwise accuracy with tie calibration (Deutsch, Foster and Freitag, "Ties Matter", 2023): a tie is called where |p(A) − p(B)| is at most the threshold that serves these labels best. As it was chosen on the labels that it is measured on, it flatters; its interval holds the threshold fixed.',
          'Always the commonest answer: what calling A, B or a tie every time would reach with ties. Sides that are not shuffled make it large.',
          `Intervals are 95%, by the bootstrap over groups: ${replicates} draws of whole groups give the variance, and a share has the score interval of as many groups as make that variance. Below ${LEAST_GROUPS} groups there is none. Means over sources are for these sources: groups are drawn within them.`,
          'Labels of one kind are never mixed with those of another.',
          `Frame plan ${plan}, rubric ${RUBRIC_VERSION}, statistics ${name}.`,
        ],
      },
    ],
  };
}
