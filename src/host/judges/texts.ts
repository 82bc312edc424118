import { l10n } from 'vscode';
import type { ChainMode } from '../../core/chain/options';
import type { EndpointConfig } from '../../core/endpoint/config';
import type { RequestEstimate } from '../../core/endpoint/estimate';
import type { Chosen } from './keeper';

const COMPACT_NAME = 'compact';

export function chosenName(chosen: Chosen): string {
  if (chosen.kind === 'compact') return COMPACT_NAME;
  const { name, mode } = chosen;
  if (mode === 'chain') return name;
  return mode === 'base' ? l10n.t('{0}, verdict only', name) : l10n.t('{0}, overall verdict only', name);
}

/** How a judge is asked, as a choice and beside what was measured of it. */
export function modeLabel(mode: ChainMode): string {
  const labels = {
    chain: l10n.t('With reasons'),
    base: l10n.t('Verdict only'),
    overall: l10n.t('Overall verdict only'),
  };
  return labels[mode];
}

const modeDetails: Readonly<Record<ChainMode, () => string>> = {
  chain: () => l10n.t('The 15 criteria one by one, then the verdict: two long answers a pair'),
  base: () =>
    l10n.t(
      'Overall and on the three dimensions, with probabilities where the model gives them: two answers of four words',
    ),
  overall: () =>
    l10n.t(
      'One token, with its probabilities where the model gives them, and nothing on the dimensions: the least work',
    ),
};

const hostsOf = (endpoints: readonly EndpointConfig[]) =>
  [...new Set(endpoints.map(({ address }) => address.host))].join(', ');

export const judgeTexts = {
  title: () => l10n.t('Select Judge'),
  placeHolder: () => l10n.t('The judge of this workspace: comparisons, sweeps and benchmarks ask it'),
  compact: () => COMPACT_NAME,
  compactSays: () => l10n.t('ships with AesRM Review'),
  compactDetail: () =>
    l10n.t('Small and fast: reads each clip once, runs on this machine, its reasons are what was measured'),
  current: () => l10n.t('current'),
  localGroup: () => l10n.t('local vision-language models'),
  endpointGroup: () => l10n.t('served vision-language models'),
  served: (endpoints: readonly EndpointConfig[]) => l10n.t('at {0}', hostsOf(endpoints)),
  servedDetail: (endpoints: readonly EndpointConfig[]) =>
    endpoints.every(({ address }) => address.isLoopback)
      ? l10n.t('Frames stay on this machine')
      : l10n.t('Frames of your clips are sent to that host; you are asked once before'),
  how: (name: string) => l10n.t('How {0} Is Asked', name),
  mode: (mode: ChainMode) => ({ label: modeLabel(mode), detail: modeDetails[mode]() }),
  nameEndpoint: () => l10n.t('$(server) Name an Endpoint…'),
  manageModels: () => l10n.t('$(folder-library) Manage Local Models…'),
  noModels: (why: string) => l10n.t('The local models are not known: {0}', why),
  status: (name: string) => l10n.t('$(law) Judge: {0}', name),
  statusTip: (name: string) => l10n.t('AesRM Review asks {0} in this workspace. Select another judge.', name),
  statusGone: (why: string) => l10n.t('{0} Select another judge.', why),
  cost: (name: string, asks: RequestEstimate) => ({
    question: l10n.t('Put {0} requests to {1}?', asks.requests.toLocaleString(), name),
    detail: [
      l10n.t(
        'About {0} frames ({1} MB), {2} tokens in and {3} out. New samples that come while the sweep watches are asked about too.',
        asks.frames.toLocaleString(),
        Math.max(1, Math.round(asks.bytes / 1e6)).toLocaleString(),
        asks.tokens.prompt.toLocaleString(),
        asks.tokens.completion.toLocaleString(),
      ),
      ...(asks.cost === undefined
        ? [l10n.t('What that costs is not known: no price is set for it in aesrm.endpoints.')]
        : [l10n.t('At the prices of aesrm.endpoints that is about {0}.', costText(asks.cost))]),
    ].join('\n\n'),
    start: l10n.t('Start'),
  }),
};

/** In the currency of the setting, which has no name. */
export const costText = (cost: number) => (cost < 0.01 ? '0.01' : cost.toFixed(2));
