import type { Side } from '../../core/pair';
import type { BegunAnew, ProxyReason } from './model';

/** The panel's sentences that the host makes; `src/host/texts.ts` has them in the window's language. */
export interface PanelTexts {
  measuring: string;
  measuringSide(side: Side, seconds: number, of: number | undefined): string;
  judging: string;
  /** A judge that streams has written so many of the criteria; all of them while more answers are still to come. */
  writing(count: number, of: number): string;
  recovering: string;
  proxyMaking(why: ProxyReason): string;
  proxyShown(why: ProxyReason): string;
  /** `clip`: a file name, or what stands for a hidden one. */
  changed(clip: string): string;
  rejudgeCancelled: string;
  voteWaiting: string;
  recordFailed(message: string): string;
  begunAnew(why: BegunAnew): string;
  hiddenClip(side: Side): string;
  someClip: string;
}

/** What is said of the reviewer's votes. */
export interface VotingTexts {
  votesUnread(message: string): string;
  noRecord: string;
  voteUnkept(message: string): string;
  /** It is kept in a folder outside the workspace, and counts there. */
  voteElsewhere(dir: string, message: string): string;
}
