import type { Series } from '../../src/core/sweep/table';
import { t, type SweepString } from './strings';

/** As printed beside a test: `p=.012`, `p<.001`. */
export function probability(p: number): string {
  if (p < 0.001) return 'p<.001';
  return `p=${p.toFixed(p < 0.1 ? 3 : 2).replace(/^0/, '')}`;
}

export function duration(seconds: number): string {
  if (seconds < 90) return t('seconds', Math.max(1, Math.round(seconds)));
  if (seconds < 5400) return t('minutes', Math.round(seconds / 60));
  const minutes = Math.round(seconds / 60);
  return t('hours', Math.floor(minutes / 60), minutes % 60);
}

export function seriesName(series: Series): string {
  return series === 'overall' ? t('overall') : series;
}

export function count(n: number): string {
  return n.toLocaleString(document.documentElement.lang || undefined);
}

/** "1 clip", "2 clips". */
export function counted(n: number, one: SweepString, many: SweepString): string {
  return n === 1 ? t(one) : t(many, count(n));
}

export const PHASE_WORDS = {
  scanning: 'phaseScanning',
  none: 'phaseNone',
  ready: 'phaseReady',
  running: 'phaseRunning',
  following: 'phaseFollowing',
  watching: 'phaseWatching',
  paused: 'phasePaused',
  stopped: 'phaseStopped',
  done: 'phaseDone',
  failed: 'phaseFailed',
} as const;
