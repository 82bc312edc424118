import { l10n } from 'vscode';
import { FAMILIES } from '../../core/local/families';
import type { LocalModelRecord } from '../../core/local/record';
import type { FetchProgress, ModelTrial } from '../../protocol/models';
import { sizeText } from '../pickPair';

/** Licence, size, and whether the family was compared with its original. */
export function describeModel({ family, licence, files }: LocalModelRecord): string {
  const { name, support } = FAMILIES[family];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const tested = support === 'tested' ? l10n.t('family tested') : l10n.t('family untested');
  return [name, tested, licence ?? l10n.t('licence unknown'), sizeText(bytes)].join(' · ');
}

/** What was measured of its agreement with people. */
export function agreementText({ agreement }: LocalModelRecord): string {
  if (agreement.length === 0) return l10n.t('Agreement with people: not measured');
  return agreement
    .map(({ set, aspect, accuracy, pairs }) =>
      l10n.t('{0}: {1}% of {2} pairs', [set, aspect].filter(Boolean).join(', '), (accuracy * 100).toFixed(1), pairs),
    )
    .join('; ');
}

export function fetchText({ stage, done, total }: FetchProgress): string {
  return stage === 'fetching'
    ? l10n.t('{0} of {1}', sizeText(done), sizeText(total))
    : l10n.t('checking {0} of {1}', sizeText(done), sizeText(total));
}

export function trialText(name: string, { device, firstMs, nextMs, reduced }: ModelTrial): string {
  const pace = l10n.t(
    '{0} answers on {1}: first word after {2} s, then {3} tokens per second.',
    name,
    device,
    (firstMs / 1000).toFixed(1),
    (1000 / Math.max(nextMs, 0.1)).toFixed(1),
  );
  return reduced === undefined ? pace : `${pace} ${reduced}`;
}
