import type { Choice } from '../../src/core/pair';
import { criterion, type CriterionId, type Dimension, DIMENSIONS } from '../../src/core/rubric';
import { differences } from '../../src/core/timeline';
import {
  decodePanelState,
  type PanelMessage,
  type PanelSnapshot,
  type SweepStep,
} from '../../src/protocol/panel';
import { t } from '../strings';
import { criterionOf, indexOf, neighbour, spanText } from './places';
import { Playback } from './playback';
import { isHidden, shownIn } from './shown';
import { type Dialog, type OrderView, samePlace, type Selection, type ViewMode } from './state';
import { placeText, verdictText, winnerWords } from './words';
import { FIT, panBy, type Viewport, zoomBy } from './viewport';

/** So many criteria are written between two announcements. */
const WRITTEN_STEP = 5;

/** Everything that a reader can do, by whatever means: each is one method. */
export class Commands extends Playback {
  /** A message of the host. */
  receive(message: PanelMessage): void {
    if (message.type === 'go') return this.go(message.to);
    const before = this.state.snapshot;
    this.store.apply({ type: 'snapshot', snapshot: message.snapshot });
    if (message.snapshot !== this.state.snapshot) return;
    this.forgetOthers(before, message.snapshot);
    this.screens.update(message.snapshot);
    this.stills.update(message.snapshot);
    this.renewClock();
    this.announce(before, message.snapshot);
  }

  /** Says what a reader who does not see the page would miss: a new place, a new phase, a new verdict. */
  private announce(before: PanelSnapshot | undefined, now: PanelSnapshot): void {
    const place = now.sweep && !samePlace(before, now) ? placeText(now.sweep) : '';
    const changed = place !== '' || before?.phase !== now.phase;
    // What stands while another is made was told of when it came.
    const verdict = isHidden(now) || this.running ? undefined : now.verdict;
    if (verdict && (changed || verdict.id !== before?.verdict?.id))
      this.say(`${place} ${verdictText(verdict)}`.trim());
    else if (place !== '') this.say(place);
    else if (changed) this.announcePhase(now);
    else this.announceWritten(before, now);
  }

  /** Every few criteria, as they come: how many there are, and not each one's words; and what became of them. */
  private announceWritten(before: PanelSnapshot | undefined, now: PanelSnapshot): void {
    if (now.phase !== 'judging') return;
    const steps = (of: PanelSnapshot | undefined) => Math.floor((of?.live?.length ?? 0) / WRITTEN_STEP);
    if (now.notice !== undefined && now.notice !== before?.notice) this.say(now.notice);
    else if (steps(now) > steps(before) && now.progress) this.say(now.progress.text);
  }

  private announcePhase({ phase, progress }: PanelSnapshot): void {
    if (phase === 'measuring' || phase === 'judging') this.say(progress?.text ?? t(phase));
    else if (phase === 'cancelled') this.say(t('cancelled'));
  }

  private go(to: Extract<PanelMessage, { type: 'go' }>['to']): void {
    this.difference(to === 'nextDifference' ? 1 : -1);
  }

  // The sweep

  /** To another pair of the sweep; false where the pair is of none. */
  sweepStep(to: SweepStep): boolean {
    const { sweep } = this.state.snapshot ?? {};
    if (!sweep) return false;
    if (sweep.can.includes(to)) this.post({ type: 'sweepStep', to });
    else this.say(t('sweepNowhere'));
    return true;
  }

  showSweep(): void {
    if (this.state.snapshot?.sweep) this.post({ type: 'showSweep' });
  }

  // View

  mode(mode: ViewMode): void {
    this.store.apply({ type: 'mode', mode });
  }

  flip(): void {
    this.store.apply({ type: 'flip' });
    this.say(t('showing', this.state.ui.shown));
  }

  split(split: number): void {
    this.store.apply({ type: 'split', split });
  }

  splitBy(by: number): void {
    this.mode('wipe');
    this.split(this.state.ui.split + by);
  }

  gain(step: -1 | 1): void {
    this.store.apply({ type: 'gain', step });
  }

  nextGain(): void {
    this.store.apply({ type: 'gain', step: 'next' });
  }

  zoom(factor: number, x?: number, y?: number): void {
    this.view(zoomBy(this.state.ui.view, factor, x, y));
  }

  pan(dx: number, dy: number): void {
    this.view(panBy(this.state.ui.view, dx, dy));
  }

  fit(): void {
    this.view(FIT);
  }

  private view(view: Viewport): void {
    this.store.apply({ type: 'view', view });
  }

  // Evidence

  /** Goes to what a criterion speaks of: stops there, on both sides. */
  select(selection: Selection): void {
    this.store.apply({ type: 'select', selection });
    this.loopAround();
    const e = this.evidence();
    if (this.player.playing) this.player.pause();
    if (e && !e.whole) this.player.seek(this.clock?.boundary(e.start) ?? e.start);
  }

  unselect(): void {
    this.store.apply({ type: 'select', selection: undefined });
    this.loopAround();
  }

  difference(by: -1 | 1): void {
    const { ui } = this.state;
    const shown = shownIn(this.state);
    const places = differences(shown);
    const place = neighbour(places, ui.selection, ui.time, by);
    if (!place) return this.say(t('noDifferences'));
    const selection = { criterion: place.criterion, evidence: place.evidenceIndex };
    this.select(selection);
    this.store.flush();
    this.focusCriterion(place.criterion);
    const said = criterionOf(shown.criteria, place.criterion);
    const e = this.evidence();
    const { name } = criterion(place.criterion);
    const at = indexOf(places, selection) + 1;
    this.say(t('atDifference', at, places.length, name, e ? spanText(e) : '', said?.reason ?? ''));
  }

  rove(id: CriterionId): void {
    this.store.apply({ type: 'roving', criterion: id });
    this.store.flush();
    this.focusCriterion(id);
  }

  private focusCriterion(id: CriterionId): void {
    const row = document.querySelector<HTMLElement>(`[data-criterion="${id}"]`);
    row?.focus({ preventScroll: true });
    row?.scrollIntoView({ block: 'nearest' });
  }

  // Verdict and vote

  vote(of: 'overall' | Dimension, choice: Choice): void {
    const { vote, pair } = this.state.snapshot ?? {};
    const before = of === 'overall' ? vote?.overall : vote?.dimensions?.[of];
    const now = before === choice ? null : choice;
    this.post({ type: 'vote', of, choice: now, ...(pair === undefined ? {} : { pair }) });
    const name = of === 'overall' ? t('overall') : (DIMENSIONS.find((d) => d.id === of)?.name ?? of);
    const words = { A: t('voteA'), tie: t('voteTie'), B: t('voteB') };
    this.say(now ? t('youSaid', name, words[now]) : t('voteWithdrawn', name));
  }

  undoVote(): void {
    if (this.state.snapshot?.canUndoVote) this.post({ type: 'undoVote' });
  }

  swap(): void {
    this.post({ type: 'swap' });
  }

  blind(): void {
    const { snapshot } = this.state;
    if (snapshot) this.post({ type: 'setBlind', on: !snapshot.blind.on });
  }

  rejudge(): void {
    if (!this.running) this.post({ type: 'rejudge' });
  }

  cancel(): void {
    if (!this.running || this.state.ui.cancelling) return;
    this.store.apply({ type: 'cancelling' });
    this.say(t('cancelling'));
    this.post({ type: 'cancel' });
  }

  private get running(): boolean {
    const phase = this.state.snapshot?.phase;
    return phase === 'measuring' || phase === 'judging';
  }

  copy(): void {
    this.post({ type: 'copyMarkdown' });
  }

  /** What the answers in one order say, or both together: the place that was chosen may not be among it. */
  order(order: OrderView): void {
    this.store.apply({ type: 'order', order });
    this.loopAround();
    const { order: one } = shownIn(this.state);
    const { verdict } = this.state.snapshot ?? {};
    const overall = one ? one.overall : verdict?.overall.winner;
    if (one && overall === undefined) return this.say(t('orderUnanswered', one.first));
    const words = overall === undefined ? t('missing') : winnerWords(overall);
    this.say(t('orderSaid', one ? t('shownFirst', one.first) : t('bothOrders'), words));
  }

  copyRaw(): void {
    this.post({ type: 'copyRaw' });
  }

  // The page itself

  open(what: Dialog, open: boolean): void {
    this.store.apply({ type: 'open', what, open });
    this.store.flush();
    const target = open ? `[data-dialog="${what}"]` : `[data-opens="${what}"]`;
    document.querySelector<HTMLElement>(target)?.focus();
  }

  /** Closes what is open, else cancels what runs; false where there was nothing to do. */
  escape(): boolean {
    const { ui } = this.state;
    if (ui.helpOpen) this.open('help', false);
    else if (ui.rawOpen) this.open('raw', false);
    else if (ui.judgeOpen) this.open('judge', false);
    else if (this.running) this.cancel();
    else if (ui.selection) this.unselect();
    else return false;
    return true;
  }

  dismiss(notice: string): void {
    this.store.apply({ type: 'dismiss', notice });
  }

  hover(time: number | undefined): void {
    this.store.apply({ type: 'hover', time });
  }

  /** Keeps where the reader is, and nothing else. */
  remember(boot: { a: string; b: string; sweep?: string }): void {
    const { snapshot, ui } = this.state;
    if (!snapshot) return;
    const { a, b, sweep } = snapshot.identity ?? boot;
    this.host.setState(
      decodePanelState({
        format: 'aesrm.panel/1',
        a,
        b,
        ...(sweep === undefined ? {} : { sweep }),
        blind: snapshot.blind.on,
        time: ui.time,
        criterion: ui.selection?.criterion,
      }),
    );
  }
}
