import { l10n } from 'vscode';
import type { ExportFormat } from '../../core/sweep/formats';
import type { Series } from '../../core/sweep/table';
import type { SessionView } from './sessionView';

export function seriesName(series: Series): string {
  return series === 'overall' ? l10n.t('overall') : series;
}

/** Where a sweep stands, in a few words; how far a run is, stands elsewhere. */
export function phaseText({ phase, grid, state, files, problem }: SessionView): string {
  const size = grid ? `${grid.columns.length} × ${grid.rows.length}` : '';
  switch (phase) {
    case 'scanning':
      return files === undefined ? l10n.t('looking…') : l10n.t('{0} files seen', files);
    case 'none':
      return l10n.t('no sweep recognised');
    case 'failed':
      return problem?.message ?? l10n.t('failed');
    case 'running':
      return grid ? l10n.t('{0}, judging', size) : l10n.t('starting…');
    case 'following':
      return l10n.t('{0}, judged by another window', size);
    case 'watching':
      return l10n.t('{0}, waiting for new samples', size);
    case 'paused':
      return l10n.t('{0}, paused', size);
    case 'stopped':
      return l10n.t('{0}, stopped', size);
    case 'ready':
    case 'done':
      return state && state.pairs.judged < state.pairs.total
        ? l10n.t('{0}, {1} of {2} pairs judged', size, state.pairs.judged, state.pairs.total)
        : size;
  }
}

export function progressText(progress: NonNullable<SessionView['progress']>): string {
  const { clips, pairs, rate, secondsLeft } = progress;
  const read = l10n.t('{0} of {1} clips', clips.done, clips.total);
  if (secondsLeft === undefined) return read;
  // Without a rate of clips it is the pairs that take the time.
  if (rate === undefined)
    return l10n.t(
      '{0}, {1} of {2} pairs, {3} left',
      read,
      pairs.done,
      pairs.total,
      durationText(secondsLeft),
    );
  return `${read}, ${l10n.t('{0}/s, {1} left', rate.toFixed(1), durationText(secondsLeft))}`;
}

export function durationText(seconds: number): string {
  if (seconds < 90) return l10n.t('{0} s', Math.ceil(seconds));
  if (seconds < 5400) return l10n.t('{0} min', Math.ceil(seconds / 60));
  return l10n.t('{0} h', (seconds / 3600).toFixed(1));
}

/** What the exports are called, and what their files are. */
export const FORMAT_NAMES: Record<ExportFormat, { label: string; extension: string; folder: boolean }> = {
  html: { label: l10n.t('Report (HTML)'), extension: 'html', folder: false },
  csv: { label: l10n.t('Judged pairs (CSV)'), extension: 'csv', folder: false },
  jsonl: { label: l10n.t('Judged pairs (JSON Lines)'), extension: 'jsonl', folder: false },
  json: { label: l10n.t('The whole sweep (JSON)'), extension: 'json', folder: false },
  trl: { label: l10n.t('Preference pairs for TRL'), extension: 'jsonl', folder: false },
  videodpo: { label: l10n.t('Preference pairs for VideoDPO'), extension: '', folder: true },
  videoalign: { label: l10n.t('Preference pairs for VideoAlign (CSV)'), extension: 'csv', folder: false },
  labelstudio: { label: l10n.t('Tasks for Label Studio'), extension: 'json', folder: false },
  diffusers: { label: l10n.t('Image preference pairs for diffusers'), extension: 'jsonl', folder: false },
};
