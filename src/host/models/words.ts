import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import { FAMILIES } from '../../core/local/families';
import type { LocalModelRecord } from '../../core/local/record';
import type { Agreement, Measuring } from '../../core/modelManifest';
import type { FetchProgress, ModelTrial } from '../../protocol/models';
import { modeLabel } from '../judges/texts';
import { sizeText } from '../pickPair';

/** Licence, size, and whether the family was compared with its original. */
export function describeModel({ family, licence, files }: LocalModelRecord): string {
  const { name, support } = FAMILIES[family];
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const tested = support === 'tested' ? l10n.t('family tested') : l10n.t('family untested');
  return [name, tested, licence ?? l10n.t('licence unknown'), sizeText(bytes)].join(' · ');
}

/** Labels that a list has room for; all of them stand with the model. */
const SHOWN = 2;

/** What was measured of its agreement with people, those on most pairs first. */
export function agreementText(agreement: readonly Agreement[]): string {
  if (agreement.length === 0) return l10n.t('Agreement with people: not measured');
  const cells = [...agreement].sort((one, other) => other.pairs - one.pairs);
  const shown = cells.slice(0, SHOWN).map(cellText);
  const more = cells.length > SHOWN ? [l10n.t('{0} more', cells.length - SHOWN)] : [];
  return l10n.t('Agreement with people: {0}', [...shown, ...more].join('; '));
}

function cellText(one: Agreement): string {
  return l10n.t('{0} {1} of {2} pairs', labelsText(one), shareText(one), one.pairs);
}

/** Each by itself, with where and when it was measured. */
export function agreementItems(agreement: readonly Agreement[]): QuickPickItem[] {
  if (agreement.length === 0) return [];
  const items = agreement.map((one) => ({
    label: `${labelsText(one)}: ${shareText(one)}`,
    description: l10n.t('of {0} pairs, {1}', one.pairs, one.labelKind),
    ...(one.measured ? { detail: measuredText(one.measured) } : {}),
  }));
  return [{ label: l10n.t('agreement with people'), kind: QuickPickItemKind.Separator }, ...items];
}

const labelsText = ({ set, aspect }: Agreement) => [set, aspect].filter(Boolean).join(', ');

/** As `71.3% (64.0–77.9)`; the interval is 95%. */
function shareText({ accuracy, ci }: Agreement): string {
  const [value, ...ends] = [accuracy, ...(ci ?? [])].map((share) => (share * 100).toFixed(1));
  return ends.length > 0 ? `${value}% (${ends.join('–')})` : `${value}%`;
}

function measuredText({ file, at, mode }: Measuring): string {
  return [file, new Date(at).toLocaleDateString(), modeLabel(mode)].join(' · ');
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
