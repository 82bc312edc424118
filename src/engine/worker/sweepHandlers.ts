import { problem } from '../../core/problem';
import type { Handlers } from '../../protocol/rpc';
import type { SweepMethods } from '../../protocol/sweep';
import type { Session } from './session';

/** The worker's methods for sweeps. */
export function createSweepHandlers(_ready: () => Session): Handlers<SweepMethods> {
  const absent = () => Promise.reject(problem('internal', 'Sweeps are not in this build.'));
  return {
    sweepScan: absent,
    sweepOpen: absent,
    sweepRun: absent,
    sweepDiff: absent,
    sweepExport: absent,
    thumbnail: absent,
  };
}
