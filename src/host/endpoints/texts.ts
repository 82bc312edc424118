import { l10n } from 'vscode';
import { hostOf } from '../../core/endpoint/address';

const isEncrypted = (origin: string) => origin.startsWith('https:');

export const endpointTexts = {
  consent: (origin: string) => ({
    question: l10n.t('Send frames of your clips to {0}?', hostOf(origin)),
    detail: [
      l10n.t(
        'To judge a pair, pictures taken from both clips and the prompt that made them, where it is known, are sent to this host. They leave this machine; what happens to them there is up to whoever runs it.',
      ),
      ...(isEncrypted(origin)
        ? []
        : [l10n.t('The connection is not encrypted: whoever is on the way can see them, and the key.')]),
      l10n.t('You are asked once for each host. "AesRM: Allowed Endpoint Hosts…" takes it back at any time.'),
    ].join('\n\n'),
    allow: l10n.t('Send Frames'),
  }),
  noEndpoint: () => l10n.t('There is no endpoint yet: name one in the setting aesrm.endpoints.'),
  noOtherHost: () =>
    l10n.t('No endpoint is on another machine, so there is nothing to allow (aesrm.endpoints).'),
  openSettings: () => l10n.t('Open Settings'),
  keyTitle: () => l10n.t('Endpoint Key'),
  whichHost: () => l10n.t('The host that the key is for'),
  hasKey: () => l10n.t('a key is set'),
  hasNoKey: () => l10n.t('no key'),
  replace: () => l10n.t('Set another key…'),
  remove: () => l10n.t('Remove the key'),
  keyPrompt: (origin: string) =>
    isEncrypted(origin)
      ? l10n.t(
          'The key for {0}. It is kept in the secret storage and sent to that host alone.',
          hostOf(origin),
        )
      : l10n.t(
          'The key for {0}. It is kept in the secret storage and sent to that host alone, but without encryption.',
          hostOf(origin),
        ),
  badKey: () => l10n.t('A key has no spaces and no characters beyond ASCII.'),
  keySet: (origin: string) => l10n.t('The key for {0} is set.', hostOf(origin)),
  keyRemoved: (origin: string) => l10n.t('The key for {0} is removed.', hostOf(origin)),
  hostsTitle: () => l10n.t('Allowed Endpoint Hosts'),
  hostsPlaceholder: () => l10n.t('Frames may be sent to the hosts that are ticked'),
  unencrypted: () => l10n.t('not encrypted'),
};
