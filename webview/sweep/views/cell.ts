import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { css } from '../../ui/css';
import type { Context, Shown } from '../context';
import type { Cell, CellVote } from '../model';
import type { Place } from '../state';
import { t, type SweepString } from '../strings';

/** How long the pointer rests on a cell before its clip plays, milliseconds. */
const REST = 200;

/** One checkpoint's sample of one prompt: still, verdict, vote. */
export function cellView(context: Context, shown: Shown, place: Place): TemplateResult {
  const { ui, does } = context;
  const cell = shown.facts.cell(place);
  const here = ui.cell.column === place.column && ui.cell.row === place.row;
  const clip = cell.clip === undefined ? undefined : shown.index.grid.clips[cell.clip]!.path;
  return html`<div
    class="cell is-${cell.kind} ${cell.mark === null ? '' : SIGN[cell.mark]} ${here ? 'here' : ''}"
    role="gridcell"
    tabindex=${here ? 0 : -1}
    data-cell="${place.column}:${place.row}"
    aria-colindex=${place.column + 2}
    aria-label=${inWords(shown, cell)}
    title=${hint(shown, cell)}
    ${css({ '--column': place.column })}
    @focus=${() => !here && does.set({ cell: place })}
    @click=${() => does.openCell(place)}
    @pointerenter=${(event: PointerEvent) => clip !== undefined && rest(context, clip, event)}
  >
    <div class="picture">${cell.clip === undefined ? nothing : picture(context, shown, cell.clip)}</div>
    <div class="verdict-line">${markOf(cell)} ${alsoBroken(cell)} ${votesOf(shown, cell)}</div>
    ${cell.problem ? html`<span class="why">${cell.problem.message}</span>` : nothing}
  </div>`;
}

const SIGN = { [-1]: 'worse', 0: 'tied', 1: 'better' } as const;
const SYMBOL = { [-1]: '▼', 0: '=', 1: '▲' } as const;
const SIGN_WORDS = { [-1]: 'worse', 0: 'tie', 1: 'better' } as const;
const KINDS: Record<Exclude<Cell['kind'], 'judged'>, [symbol: string, words: SweepString]> = {
  hole: ['∅', 'hole'],
  broken: ['✕', 'broken'],
  waiting: ['…', 'waiting'],
  reference: ['–', 'reference'],
  unjudged: ['·', 'unjudged'],
};

/** A symbol and a word: never colour alone. */
function markOf({ kind, mark }: Cell): TemplateResult {
  const [symbol, words] =
    kind === 'judged' && mark !== null ? [SYMBOL[mark], t(SIGN_WORDS[mark])] : other(kind);
  return html`<span class="mark-word"><span class="symbol">${symbol}</span> ${words}</span>`;
}

/** The clip that is shown is broken, and the verdict is that of other seeds. */
function alsoBroken({ kind, problem }: Cell): TemplateResult | typeof nothing {
  return problem && kind !== 'broken'
    ? html`<span class="quiet">${other('broken').join(' ')}</span>`
    : nothing;
}

function other(kind: Cell['kind']): [string, string] {
  const [symbol, words] = KINDS[kind === 'judged' ? 'unjudged' : kind];
  return [symbol, t(words)];
}

/** The reader's word on the clips that the cell opens, and that there are others on other seeds. */
function votesOf({ index }: Shown, { vote, otherVotes: others }: Cell): TemplateResult | typeof nothing {
  const votes = [...(vote ? [vote] : []), ...others];
  if (votes.length === 0) return nothing;
  const differs = votes.some(({ agrees }) => agrees === false);
  return html`<span
    class="my-vote ${differs ? 'differs' : ''}"
    title=${votes.map((of) => ofSeed(index, of, voteWords(of))).join('\n')}
    >${shortly(vote, others.length)}${differs ? ' ≠' : ''}</span
  >`;
}

function shortly(vote: CellVote | undefined, others: number): string {
  if (!vote) return others === 1 ? t('youOtherSeed') : t('youOtherSeeds', others);
  return t('you', others === 0 ? SYMBOL[vote.sign] : `${SYMBOL[vote.sign]} +${others}`);
}

function voteWords({ sign, agrees }: CellVote): string {
  const words = t('youSay', t(SIGN_WORDS[sign]));
  return agrees === null ? words : `${words}, ${t(agrees ? 'agrees' : 'disagrees')}`;
}

function ofSeed({ grid }: Shown['index'], { seed }: CellVote, words: string): string {
  return grid.seeds.length > 1 ? t('seedSays', grid.seeds[seed]!, words) : words;
}

function picture(
  { ui, does, thumbnails }: Context,
  { message, index, facts }: Shown,
  at: number,
): TemplateResult {
  const { playing } = ui;
  const clip = index.grid.clips[at]!.path;
  const still = thumbnails.uri(message, clip, facts.state?.hashes[at]);
  const image = still
    ? html`<img
        alt=""
        src=${still}
        loading="eager"
        draggable="false"
        @error=${() => thumbnails.failed(clip)}
      />`
    : nothing;
  if (playing?.clip !== clip) return html`${image}`;
  if (playing.from === 'asked') return html`${image}<span class="over">${t('asking')}</span>`;
  if (playing.from === 'none') return html`${image}<span class="over">${t('noPlay')}</span>`;
  const uri = playing.uri ?? clipUri(message.clipBase, clip);
  return html`${image}${keyed(
    uri,
    html`<video
      src=${uri}
      .muted=${true}
      autoplay
      loop
      playsinline
      @error=${() => does.playFailed(clip)}
    ></video>`,
  )}`;
}

export function clipUri(base: string, path: string): string {
  return `${base}/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** Plays after a moment's rest, until the pointer leaves; not for readers who want no motion. */
function rest({ does }: Context, clip: string, event: PointerEvent): void {
  const cell = event.currentTarget as HTMLElement;
  if (event.pointerType === 'touch' || stillWanted()) return;
  const timer = setTimeout(() => does.play(clip), REST);
  cell.addEventListener(
    'pointerleave',
    () => {
      clearTimeout(timer);
      if (does.ui.playing?.clip === clip) does.stop();
    },
    { once: true },
  );
}

function stillWanted(): boolean {
  return (
    matchMedia('(prefers-reduced-motion: reduce)').matches ||
    document.body.classList.contains('vscode-reduce-motion')
  );
}

/** Everything that the cell shows, as a sentence; what is written in the cell stands together in it. */
function inWords({ facts, index }: Shown, cell: Cell): string {
  const { columns, rows } = index.grid;
  const { kind, mark, problem, vote, otherVotes } = cell;
  const against = facts.against(cell);
  const parts = [kind === 'judged' && mark !== null ? t(SIGN_WORDS[mark]) : other(kind)[1]];
  if (vote) parts.push(t('you', t(SIGN_WORDS[vote.sign])));
  if (vote?.agrees === false) parts.push(t('disagrees'));
  for (const other of otherVotes) parts.push(ofSeed(index, other, voteWords(other)));
  if (kind === 'judged' && against !== undefined) parts.push(t('againstOne', columns[against]!.label));
  if (problem) parts.push(problem.message);
  if (cell.clips > 1) parts.push(t('seedsOf', cell.clips));
  return t('cellSays', rows[cell.row]!.label, columns[cell.column]!.label, parts.join(', '));
}

function hint({ index }: Shown, cell: Cell): string {
  if (cell.problem) return [cell.problem.message, cell.problem.fix].filter(Boolean).join(' ');
  if (cell.kind === 'waiting') return t('waitingHint');
  if (cell.kind === 'hole') return t('holeHint');
  const clip = cell.clip === undefined ? undefined : index.grid.clips[cell.clip];
  return clip?.path ?? '';
}
