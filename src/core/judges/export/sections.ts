import { LEAST_GROUPS } from '../../bench/stats/bootstrap';
import type { Block, Section } from '../../bench/export/sections';
import { differenceText, shareText } from '../../bench/export/words';
import { count, SERIES_NAMES } from '../../sweep/reportWords';
import { SERIES } from '../../sweep/table';
import { MOST_UNITS } from '../groups';
import { LEAST_PAIRS, type JudgesAgreement, type JudgesReport, type VotesAgainst } from '../report';
import {
  basisText,
  CAST_TEXT,
  favouredText,
  judgeName,
  kappaText,
  otherPromptsText,
  tooFewText,
  voterName,
} from './words';

export const JUDGES_TITLE = 'Judges compared';

export function judgesOpening({ at, judges }: JudgesReport): Block[] {
  return [
    {
      text: `As of ${at.slice(0, 16).replace('T', ' ')} UTC, from the record: of each judge its latest verdict on each pair of clips, whichever is called A.`,
    },
    {
      text: 'Intervals are 95%, over groups: pairs that hang together by clips that they share are one group, for they are no independent witnesses.',
    },
    {
      heads: ['Judge', 'Kind', 'Pairs judged'],
      rows: judges.map((judge) => [
        judgeName(judge),
        judge.known?.kind ?? 'not known: no verdict in full names it',
        String(judge.pairs),
      ]),
    },
    ...otherPromptsText(judges).map((text) => ({ text })),
  ];
}

export function judgesSections(report: JudgesReport): Section[] {
  const sections: Section[] = [
    { title: 'Judges with each other', blocks: agreementBlocks(report) },
    { title: 'Judges against votes', blocks: voteBlocks(report) },
    { title: 'Judges against each other on the same votes', blocks: differenceBlocks(report) },
    { title: 'Position bias, as recorded', blocks: positionBlocks(report) },
    { title: 'Notes', blocks: report.notes.length > 0 ? [{ items: report.notes }] : [] },
    method(report),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}

function agreementBlocks(report: JudgesReport): Block[] {
  const { judges, agreements } = report;
  if (agreements.length === 0)
    return [{ text: 'No pair was judged by two judges: have another one judge the same pairs.' }];
  const apart = (judges.length * (judges.length - 1)) / 2 - agreements.length;
  return [
    ...agreements.flatMap((agreement) => agreementOfTwo(report, agreement)),
    ...(apart > 0
      ? [{ text: `Not listed: ${count(apart, 'couple')} of judges without a pair that both judged.` }]
      : []),
  ];
}

function agreementOfTwo({ judges }: JudgesReport, agreement: JudgesAgreement): Block[] {
  const [one, other] = agreement.judges.map((judge) => judgeName(judges[judge]!));
  const { figures } = agreement;
  if (!figures) return [{ text: `${one} and ${other}: ${tooFewText(agreement)}.` }];
  return [
    { text: `${one} and ${other}, on ${basisText(agreement)}:` },
    {
      heads: ['On', 'Same call', 'Opposite calls', "Cohen's kappa"],
      rows: SERIES.map((series) => {
        const found = figures[series];
        if (!found) return [SERIES_NAMES[series], `both judged it on fewer than ${LEAST_PAIRS}`, '–', '–'];
        const { same, opposite, kappa, fewer } = found;
        const on = fewer ? `${SERIES_NAMES[series]}, on ${basisText(fewer)}` : SERIES_NAMES[series];
        return [on, shareText(same), shareText(opposite), kappaText(kappa)];
      }),
    },
    ...fewGroups(agreement.groups),
  ];
}

const fewGroups = (groups: number): Block[] =>
  groups < LEAST_GROUPS ? [{ text: `No intervals: they take ${LEAST_GROUPS} groups.` }] : [];

const VOTE_HEADS = ['Votes of', 'Cast', 'On'];
const voteCells = ({ by, cast, on }: VotesAgainst) => [voterName(by), CAST_TEXT[cast], SERIES_NAMES[on]];

function voteBlocks({ judges, votes }: JudgesReport): Block[] {
  if (votes.length === 0) return [{ text: 'There is no vote in force on a pair that a judge judged.' }];
  const isShown = votes.some(({ cast }) => cast === 'shown');
  return [
    {
      heads: [...VOTE_HEADS, 'Ties', 'Judge', 'Votes', 'Groups', 'Right'],
      rows: votes.flatMap((set) =>
        set.judges.map((share) => [
          ...voteCells(set),
          ...[String(set.ties), judgeName(judges[share.judge]!), String(share.pairs), String(share.groups)],
          share.right ? shareText(share.right) : `too few: fewer than ${LEAST_PAIRS}`,
        ]),
      ),
    },
    ...(isShown
      ? [
          {
            text: "Who sees a judge's verdict is drawn to it: votes cast so flatter that judge, and the record does not say which it was.",
          },
        ]
      : []),
  ];
}

function differenceBlocks({ judges, votes }: JudgesReport): Block[] {
  const rows = votes.flatMap((set) =>
    set.differences.map(({ judges: two, right, difference, pairs, groups }) => [
      ...voteCells(set),
      ...two.map((judge) => judgeName(judges[judge]!)),
      ...[String(pairs), String(groups)],
      ...(right ? right.map((value) => shareText({ value })) : ['–', '–']),
      difference ? differenceText(difference) : `too few: fewer than ${LEAST_PAIRS}`,
    ]),
  );
  if (rows.length === 0) return [];
  return [
    {
      heads: [...VOTE_HEADS, 'Judge', 'Other', 'Votes', 'Groups', 'Right', 'Other right', 'Difference'],
      rows,
    },
    {
      text: 'Percentage points, the judge less the other, with 95% intervals on the same votes. They are not corrected for their number: of twenty differences that are none, one is called better or worse.',
    },
  ];
}

function positionBlocks({ judges, position }: JudgesReport): Block[] {
  if (position.length === 0) return [];
  return [
    {
      text: 'Of verdicts that were asked in both orders and answered in both, on the whole: how many came out otherwise when the clips were shown the other way round, and which place the answers for a side favoured.',
    },
    {
      heads: ['Judge', 'Pairs', 'Groups', 'Changed', 'Share changed', 'For the clip shown first', 'Favoured'],
      rows: position.map(({ judge, changed, changes, first, ...basis }) => [
        ...[judgeName(judges[judge]!), String(basis.pairs), String(basis.groups), String(changed)],
        changes ? shareText(changes) : `too few: fewer than ${LEAST_PAIRS}`,
        ...[shareText(first), favouredText(first)],
      ]),
    },
  ];
}

function method({ replicates, method: name }: JudgesReport): Section {
  return {
    title: 'Method',
    detail: true,
    blocks: [
      {
        items: [
          `A group is what hangs together by clips that pairs share, as the pairs of one prompt and seed in a sweep do. Intervals are by the bootstrap over groups, drawn whole ${replicates} times; below ${LEAST_GROUPS} groups there is none. The record does not tell which seeds are of one prompt: they count as groups of their own, and where they are alike the intervals are too narrow.`,
          `More than ${MOST_UNITS} groups are put by chance into ${MOST_UNITS} bunches, which are drawn whole.`,
          'Judges that read prompts are held to one prompt for each pair, the one that most of them were told; of several such, any rather than none, then the latest. What they said of the pair under other prompts is left out. Judges that read none are compared with all.',
          "Same call: A, tie or B alike. Opposite calls: the one says A, the other B. Cohen's kappa: 0 where calls are alike no more often than by chance, 1 where they always are; there is none where both judges make one and the same call throughout.",
          `Right: of a person's votes in force that are no ties, the share that the judge called likewise; its own ties are not right. Judges that judged different pairs are compared by their difference on the same votes, not by these shares.`,
          `Fewer than ${LEAST_PAIRS} pairs, votes or answers have no figure.`,
          `Statistics ${name}.`,
        ],
      },
    ],
  };
}
