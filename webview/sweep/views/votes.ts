import { html, nothing, type TemplateResult } from 'lit';
import { rateText } from '../../../src/core/sweep/rateText';
import type { VoteAgreement } from '../../../src/core/sweep/statistics';
import type { Context, Shown } from '../context';
import { t } from '../strings';
import { sheet } from './dialog';

/** How far people agree with each other, else with the judge; the rest is a click away. */
export function votesLine({ does }: Context, { facts }: Shown): TemplateResult | typeof nothing {
  const agreement = facts.state?.agreement;
  if (!agreement || agreement.annotators.length === 0) return nothing;
  return html`<p class="line votes">
    <strong>${t('votes')}</strong>
    ${agreement.annotators.length > 1 ? amongPeople(agreement) : withJudge(agreement)}
    <button class="plain link" data-does="votes" @click=${() => does.open('votes')}>
      ${t('votesAgreement')}
    </button>
  </p>`;
}

function amongPeople({ alpha, shared }: VoteAgreement): string {
  const pairs = shared === 1 ? t('sharedPair') : t('sharedPairs', shared);
  // It is reckoned from answers that differ somewhere.
  if (!alpha) return shared === 0 ? t('alphaNoPair') : t('alphaAllAlike', pairs);
  const { value, interval } = alpha;
  const between = interval ? ` (${t('range', ...interval.map(decimal))})` : '';
  return t('alpha', `${decimal(value)}${between}`, pairs);
}

function withJudge({ judge, annotators }: VoteAgreement): string {
  const one = judge.find(({ by }) => by !== null);
  if (!one || one.pairs === 0) return t('noDecidedPair', annotators[0]!);
  const pairs = one.pairs === 1 ? t('decidedPair') : t('decidedPairs', one.pairs);
  return t('asJudge', one.by!, rateText(one.agreement), pairs);
}

/** By annotator: agreement with the judge, and with oneself. */
export function votesView({ does }: Context, { facts }: Shown): TemplateResult | typeof nothing {
  const agreement = facts.state?.agreement;
  if (!agreement) return nothing;
  const { annotators, judge, repeats } = agreement;
  const again = new Map(repeats.map(({ by, pairs, same }) => [by, t('repeats', same, pairs)]));
  return sheet(
    'votes',
    t('votesAgreement'),
    does,
    html`${annotators.length > 1 ? html`<p>${amongPeople(agreement)}</p>` : nothing}
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">${t('tableAnnotator')}</th>
            <th scope="col">${t('tableAlike')}</th>
            <th scope="col">${t('tableDecided')}</th>
            <th scope="col">${t('tableRepeats')}</th>
          </tr>
        </thead>
        <tbody>
          ${judge.map(
            ({ by, pairs, agreement: rate }) =>
              html`<tr>
                <th scope="row">${by ?? t('allVotes')}</th>
                <td>${pairs === 0 ? '–' : rateText(rate)}</td>
                <td>${pairs}</td>
                <td>${(by !== null && again.get(by)) || '–'}</td>
              </tr>`,
          )}
        </tbody>
      </table>`,
  );
}

function decimal(value: number): string {
  return value.toFixed(2).replace('-', '−');
}
