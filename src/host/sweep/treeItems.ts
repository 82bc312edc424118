import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Grid } from '../../core/sweep/grid';
import type { Mark } from '../../core/sweep/marks';
import { percentText, rateText } from '../../core/sweep/rateText';
import { isFlat, type Rate } from '../../core/sweep/statistics';
import { SERIES, type Series } from '../../core/sweep/table';
import type { SweepState, SweepVote } from '../../protocol/sweep';
import type { SweepPhase } from '../../protocol/sweepPage';
import { cellFacts, markAt, pairOfCell, regressionsOf, sparkline, trendOf, type CellFacts } from './facts';
import type { SweepSession } from './session';
import { phaseText, seriesName } from './words';

const SIGNS = { '1': '▲', '0': '=', '-1': '▼' } as const;
const PHASE_ICONS: Partial<Record<SweepPhase, string>> = {
  scanning: 'sync~spin',
  running: 'sync~spin',
  following: 'sync',
  watching: 'eye',
  paused: 'debug-pause',
};
const TRENDS = { up: '↗', level: '→', down: '↘' } as const;

export function sweepItem(session: SweepSession): TreeItem {
  const { grid, grids, phase, problem, message, state } = session.view;
  const item = new TreeItem(
    session.name,
    grid ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.None,
  );
  const holes = grids.find(({ id }) => id === grid?.id)?.holes ?? 0;
  const words = [phaseText(session.view), ...counted(holes, state?.broken.length ?? 0)].join(' · ');
  item.description = words;
  item.tooltip = problem?.message ?? message ?? grid?.title ?? session.root.fsPath;
  item.contextValue = `sweep.${phase}`;
  item.iconPath = new ThemeIcon(problem ? 'warning' : (PHASE_ICONS[phase] ?? 'graph-line'));
  item.accessibilityInformation = { label: `${session.name}, ${words}` };
  return item;
}

function counted(holes: number, broken: number): string[] {
  return [
    ...(holes > 0 ? [holes === 1 ? l10n.t('1 hole') : l10n.t('{0} holes', holes)] : []),
    ...(broken > 0 ? [broken === 1 ? l10n.t('1 broken clip') : l10n.t('{0} broken clips', broken)] : []),
  ];
}

export function checkpointItem(session: SweepSession, column: number): TreeItem {
  const { grid, state } = session.view;
  const { label } = grid!.columns[column]!;
  const item = new TreeItem(label, TreeItemCollapsibleState.Collapsed);
  const overall = state?.statistics?.series.overall;
  const isBaseline = state?.statistics?.baseline === column;
  const note = checkpointNote(state, column);
  const trend = trendOf(overall?.againstPrevious[column]);
  const won = overall?.againstBaseline[column];
  const rate = isBaseline ? l10n.t('baseline') : won ? rateText(won) : '';
  // Where all beat the baseline, the line follows the steps from one to the next.
  const followed =
    overall && (isFlat(overall.againstBaseline) ? overall.againstPrevious : overall.againstBaseline);
  const line = followed ? sparkline(followed, column) : '';
  const short = regressionsOf(state, column).map(({ of }) => `▼ ${seriesName(of)}`);
  // What fell comes first: a narrow view cuts the end.
  item.description = [...short, rate, line, trend ? TRENDS[trend] : ''].filter(Boolean).join('  ');
  item.tooltip = [label, note, ...rateLines(grid!.columns, state, column)].filter(Boolean).join('\n');
  item.contextValue = 'checkpoint';
  const regressed = regressionsOf(state, column).length > 0;
  item.iconPath = regressed
    ? new ThemeIcon('arrow-down', new ThemeColor('charts.red'))
    : new ThemeIcon(overall?.best?.columns.includes(column) ? 'star-half' : 'circle-outline');
  const said = [label, withoutSign(note), ...(isBaseline ? [rate] : []), trendWords(trend)];
  const [first] = isBaseline ? [] : rateLines(grid!.columns, state, column);
  item.accessibilityInformation = { label: [...said, first ?? ''].filter(Boolean).join(', ') };
  return item;
}

function trendWords(trend: ReturnType<typeof trendOf>): string {
  if (trend === 'up') return l10n.t('better than the one before');
  if (trend === 'down') return l10n.t('worse than the one before');
  return trend === 'level' ? l10n.t('not clearly different from the one before') : '';
}

function checkpointNote(state: SweepState | undefined, column: number): string {
  const regressed = regressionsOf(state, column).map(({ of }) => seriesName(of));
  if (regressed.length > 0) return `▼ ${l10n.t('{0} regressed', regressed.join(', '))}`;
  const best = state?.statistics?.series.overall.best?.columns ?? [];
  if (!best.includes(column)) return '';
  return best.length === 1 ? `▲ ${l10n.t('best')}` : `▲ ${l10n.t('among the best')}`;
}

/** A sentence for each series, against the baseline and against the column before. */
function rateLines(
  columns: readonly { label: string }[],
  state: SweepState | undefined,
  column: number,
): string[] {
  const { statistics } = state ?? {};
  if (!statistics) return [];
  const baseline = columns[statistics.baseline]?.label ?? '';
  return SERIES.flatMap((of) => {
    const { againstBaseline, againstPrevious } = statistics.series[of];
    return [
      ...rateLine(of, againstBaseline[column], baseline),
      ...rateLine(of, againstPrevious[column], l10n.t('the one before')),
    ];
  });
}

function rateLine(of: Series, rate: Rate | null | undefined, against: string): string[] {
  if (!rate) return [];
  const won = percentText(rate.value);
  const range = rate.interval
    ? l10n.t('95%: {0} to {1}', percentText(rate.interval[0]), percentText(rate.interval[1]))
    : l10n.t('too few prompts for an interval');
  return [
    rate.prompts === 1
      ? l10n.t('{0}: wins {1} against {2} on 1 prompt ({3})', seriesName(of), won, against, range)
      : l10n.t(
          '{0}: wins {1} against {2} over {3} prompts ({4})',
          seriesName(of),
          won,
          against,
          rate.prompts,
          range,
        ),
  ];
}

function signWords(sign: -1 | 0 | 1): string {
  return sign > 0 ? l10n.t('better') : sign < 0 ? l10n.t('worse') : l10n.t('tie');
}

/** A prompt under a checkpoint: the judge's verdict against the checkpoint before, and the reader's own. */
export function promptItem(session: SweepSession, column: number, row: number, reviewer: string): TreeItem {
  const { grid, state } = session.view;
  const { label, prompt } = grid!.rows[row]!;
  const item = new TreeItem(label);
  const facts = cellFacts(grid!, state, column, row, reviewer);
  const { kind, problem } = facts;
  const mark = markAt(grid!, state, column, row);
  const verdict = kind === 'whole' || mark !== null ? verdictText(mark) : kindText(kind);
  const fell = regressionsOf(state, column).flatMap(({ of, worse }) =>
    of !== 'overall' && mark !== -1 && worse.includes(row) ? [`${of} ▼`] : [],
  );
  const isAlsoBroken = kind === 'broken' && mark !== null;
  item.description = [verdict, ...fell, ...(isAlsoBroken ? [kindText(kind)] : []), ...ownText(facts)].join(
    '  ',
  );
  const details = [
    mark === null ? '' : againstText(session, column, row),
    ...dimensionWords(session, column, row),
    ...voteLines(grid!, facts),
    problem?.message ?? '',
    problem?.fix ?? '',
  ].filter(Boolean);
  item.tooltip = [prompt ?? label, ...details].join('\n');
  item.contextValue = kind === 'hole' ? 'hole' : 'prompt';
  if (kind === 'broken') item.iconPath = new ThemeIcon('warning');
  item.accessibilityInformation = { label: [label, withoutSign(verdict), ...details].join(', ') };
  return item;
}

function ownText({ vote, otherVotes: others = [] }: CellFacts): string[] {
  const votes = [...(vote ? [vote] : []), ...others];
  if (votes.length === 0) return [];
  const differs = votes.some(({ judge, overall }) => judge !== null && judge !== overall);
  const more = others.length === 0 ? '' : ` +${others.length}`;
  const text = vote
    ? l10n.t('you: {0}', SIGNS[`${vote.overall}`] + more)
    : others.length === 1
      ? l10n.t('you: another pair')
      : l10n.t('you: {0} other pairs', others.length);
  return [text + (differs ? ' ≠' : '')];
}

function voteLines({ columns, seeds }: Grid, { vote, otherVotes: others = [] }: CellFacts): string[] {
  const words = ({ overall }: SweepVote) => l10n.t('your vote: {0}', signWords(overall));
  const against = ({ earlier }: SweepVote) => l10n.t('against {0}', columns[earlier]!.label);
  const ofSeed = ({ seed }: SweepVote) => (seeds.length > 1 ? [l10n.t('seed {0}', seeds[seed]!)] : []);
  const pairs = others.map((of) => `${words(of)} (${[against(of), ...ofSeed(of)].join(', ')})`);
  return [...(vote ? [words(vote)] : []), ...pairs];
}

/** What the verdict is against. */
function againstText({ view: { grid, state } }: SweepSession, column: number, row: number): string {
  const pair = pairOfCell(grid!, state, { column, row });
  return pair?.later === column ? l10n.t('against {0}', grid!.columns[pair.earlier]!.label) : '';
}

function dimensionWords({ view: { grid, state } }: SweepSession, column: number, row: number): string[] {
  return SERIES.filter((of) => of !== 'overall').flatMap((of) => {
    const sign = markAt(grid!, state, column, row, of);
    return sign === null ? [] : [`${of} ${signWords(sign)}`];
  });
}

function withoutSign(words: string): string {
  return words.replace(/^[^\p{L}]+/u, '');
}

function verdictText(mark: Mark): string {
  return mark === null ? `– ${l10n.t('not judged')}` : `${SIGNS[`${mark}`]} ${signWords(mark)}`;
}

function kindText(kind: 'hole' | 'broken' | 'waiting' | 'whole'): string {
  if (kind === 'hole') return `∅ ${l10n.t('hole')}`;
  return kind === 'broken' ? `✕ ${l10n.t('broken')}` : `… ${l10n.t('still being written')}`;
}
