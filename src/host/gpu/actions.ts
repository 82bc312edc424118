import { l10n, type QuickPickItem } from 'vscode';
import type { GpuFacts } from '../../core/gpu/facts';
import { takesLibraries } from '../../core/gpu/findings';

export type GpuAction = 'look' | 'choose' | 'fetch' | 'use' | 'stop' | 'remove';

/**
 * What can be done about the facts, what helps first.
 * @param before what `aesrm.gpuLibraries` named before the last step, empty for nothing; undefined: there was none
 */
export function actionsFor(
  { system, chosen, fetched }: GpuFacts,
  before: string | undefined,
): (QuickPickItem & { action: GpuAction })[] {
  const takes = takesLibraries(system);
  const isFetchedUsed = fetched !== undefined && chosen?.dir === fetched.dir;
  return [
    ...(takes && !isFetchedUsed ? [fetched ? useItem(fetched.dir) : fetchItem()] : []),
    ...(takes ? [chooseItem()] : []),
    ...(chosen ? [stopItem(chosen.dir, before)] : before ? [againItem(before)] : []),
    ...(fetched ? [removeItem(fetched.dir)] : []),
    { action: 'look', label: l10n.t('$(refresh) Look Again') },
  ];
}

const fetchItem = () => ({
  action: 'fetch' as const,
  label: l10n.t('$(cloud-download) Fetch the CUDA Provider…'),
  detail: l10n.t("From nuget.org, into the extension's own storage; it can be removed again."),
});

const useItem = (dir: string) => ({
  action: 'use' as const,
  label: l10n.t('$(check) Use What Was Fetched'),
  detail: dir,
});

const chooseItem = () => ({
  action: 'choose' as const,
  label: l10n.t('$(folder-opened) Choose a Folder…'),
  detail: l10n.t('With the CUDA provider of the same version of ONNX Runtime; it is checked first.'),
});

const stopItem = (dir: string, before = '') => ({
  action: 'stop' as const,
  label: l10n.t('$(discard) Stop Using the Folder'),
  detail:
    before === ''
      ? l10n.t('Empties aesrm.gpuLibraries; nothing is deleted in {0}.', dir)
      : l10n.t('Sets aesrm.gpuLibraries back to {0}; nothing is deleted in {1}.', before, dir),
});

const againItem = (before: string) => ({
  action: 'stop' as const,
  label: l10n.t('$(discard) Use the Folder Again'),
  detail: l10n.t('Sets aesrm.gpuLibraries back to {0}.', before),
});

const removeItem = (dir: string) => ({
  action: 'remove' as const,
  label: l10n.t('$(trash) Remove What Was Fetched'),
  detail: l10n.t('Deletes {0}, and sets aesrm.gpuLibraries to what it was before.', dir),
});
