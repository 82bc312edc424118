import assert from 'node:assert/strict';
import { engineIn, ownFolder } from './support';
import { addStep, loggedPairs, makeSweep, runOf, targetOf } from './sweepSupport';

describe('what is known of clips by another way', () => {
  let dir: string;
  let logDir: string;
  ownFolder((own) => ({ dir, logDir } = own));

  it('counts where another process learned it after the grid was shown', async () => {
    const root = makeSweep(dir, { steps: 2, prompts: 2 });
    await engineIn(dir).sweepRun(runOf(root));
    addStep(root, 3, 2);
    const shown = engineIn(dir);
    await shown.sweepOpen(targetOf(root));
    await engineIn(dir).sweepRun(runOf(root));
    const before = loggedPairs(logDir).length;
    const { pairs, statistics } = await shown.sweepRun(runOf(root));
    assert.deepEqual(pairs, { total: 6, judged: 6 });
    assert.equal(statistics?.pairs, 6);
    assert.equal(loggedPairs(logDir).length, before, 'nothing is judged again');
  });
});
