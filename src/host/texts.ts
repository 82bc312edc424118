import { l10n } from 'vscode';
import type { Age } from './pickPair';
import type { BegunAnew } from './panel/model';
import type { PanelTexts, VotingTexts } from './panel/texts';

const seconds = (value: number) => value.toFixed(1);

const BEGUN_ANEW: Record<BegunAnew, string> = {
  lost: l10n.t(
    'The judge begins an answer anew, because the server broke off: what it had written of it is withdrawn.',
  ),
  memory: l10n.t(
    'The judge begins an answer anew, with less, because memory was short: what it had written of it is withdrawn.',
  ),
  engine: l10n.t('The judge begins anew, because the engine had to be started again.'),
};

export const panelTexts: PanelTexts = {
  measuring: l10n.t('Reading the clips.'),
  measuringSide: (side, done, of) =>
    of === undefined
      ? l10n.t('{0}: {1} s.', side, seconds(done))
      : l10n.t('{0}: {1} of {2} s.', side, seconds(Math.min(done, of)), seconds(of)),
  judging: l10n.t('Judging.'),
  writing: (count, of) =>
    count < of
      ? l10n.t('Judging: {0} of {1} criteria written.', count, of)
      : l10n.t('Judging: all {0} criteria written; more answers may still change them.', of),
  recovering: l10n.t('Taking the curves again; the verdict stands.'),
  proxyMaking: (why) =>
    why === 'animated'
      ? l10n.t('Making an H.264 stand-in, so that the picture can be stepped.')
      : l10n.t('This window cannot play this clip: making an H.264 stand-in.'),
  proxyShown: (why) =>
    why === 'animated'
      ? l10n.t(
          'Shown through an H.264 stand-in, so that the picture can be stepped. The verdict is on the clip itself.',
        )
      : l10n.t(
          'Shown through an H.264 stand-in: this window cannot play the clip. The verdict is on the clip itself.',
        ),
  changed: (clip) => l10n.t('{0} has changed on the disk. Re-judge to compare it as it is now.', clip),
  rejudgeCancelled: l10n.t('Judging again was cancelled: this is the verdict from before.'),
  voteWaiting: l10n.t('Your vote counts as soon as both clips are read.'),
  recordFailed: (message) => l10n.t('The verdict holds, but no record of it was kept: {0}', message),
  begunAnew: (why) => BEGUN_ANEW[why],
  hiddenClip: (side) => l10n.t('clip {0}', side),
  someClip: l10n.t('a clip'),
};

export const votingTexts: VotingTexts = {
  votesUnread: (message) => l10n.t('Earlier votes could not be read: {0}', message),
  noRecord: l10n.t('No record is kept (aesrm.record.location): the vote ends with this panel.'),
  voteUnkept: (message) => l10n.t('The vote could not be kept: {0}', message),
  voteElsewhere: (dir, message) => l10n.t('{0} Your votes are kept in {1} instead, and count.', message, dir),
};

export function ageText({ count, unit }: Age): string {
  switch (unit) {
    case 'now':
      return l10n.t('just now');
    case 'minute':
      return l10n.t('{0} min ago', count);
    case 'hour':
      return l10n.t('{0} h ago', count);
    case 'day':
      return count === 1 ? l10n.t('yesterday') : l10n.t('{0} days ago', count);
    case 'month':
      return count === 1 ? l10n.t('a month ago') : l10n.t('{0} months ago', count);
    case 'year':
      return count === 1 ? l10n.t('a year ago') : l10n.t('{0} years ago', count);
  }
}
