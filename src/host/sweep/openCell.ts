import { commands, l10n } from 'vscode';
import { placeOf, type CellIds } from '../../core/sweep/grid';
import type { PairOfCells } from '../../protocol/sweepPage';
import { showInformation } from '../notices';
import { cellFacts, pairOfCell } from './facts';
import type { SweepSession } from './session';

export interface CellServices {
  openPair(session: SweepSession, pair: PairOfCells): Promise<void>;
  showPage(session: SweepSession, cell: CellIds): Promise<void>;
  reviewer(): string;
}

/** Opens a cell's pair; of a hole or a broken clip, says why there is none and shows where it lies. */
export async function openCell(session: SweepSession, cell: CellIds, services: CellServices): Promise<void> {
  const { grid, state } = session.view;
  const at = grid && placeOf(grid, cell);
  if (!at) return void showInformation(l10n.t('This prompt is no longer in the sweep.'));
  const { kind, problem } = cellFacts(grid, state, at.column, at.row, services.reviewer());
  const pair = kind === 'hole' ? undefined : pairOfCell(grid, state, at);
  if (pair) return services.openPair(session, pair);
  const [prompt, checkpoint] = [grid.rows[at.row]!.label, grid.columns[at.column]!.label];
  const why =
    kind === 'hole'
      ? l10n.t('There is no sample of “{0}” at {1}.', prompt, checkpoint)
      : kind === 'broken' && problem
        ? problem.message
        : l10n.t('There is nothing to compare this clip with.');
  const [show, look] = [l10n.t('Show in the Grid'), l10n.t('Look Again')];
  const answer = await showInformation(why, show, ...(kind === 'hole' ? [look] : []));
  if (answer === show) await services.showPage(session, cell);
  if (answer === look) await commands.executeCommand('aesrm.sweep.rescan', { kind: 'sweep', session });
}
