import { l10n } from 'vscode';
import type { GpuFetchProgress, GpuProbeProgress } from '../../protocol/gpu';

export function probeText(step: GpuProbeProgress): string {
  return step.stage === 'files'
    ? l10n.t('Drivers and libraries.')
    : l10n.t('Trying {0} in a process of its own.', step.device);
}

export function fetchText(step: GpuFetchProgress): string {
  switch (step.stage) {
    case 'asking':
      return l10n.t('Asking nuget.org.');
    case 'fetching':
      return l10n.t('{0} of {1} MB.', megabytes(step.bytes), megabytes(step.of));
    case 'unpacking':
      return l10n.t('Unpacking: {0} of {1} MB.', megabytes(step.bytes), megabytes(step.of));
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1e6);
