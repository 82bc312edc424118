import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { degraded, h264 } from '../../support/clips';
import { cleanUp, engineIn, lines, pair, tempDir } from './support';

describe('a pair that is judged before it is asked for', function () {
  this.timeout(60_000);
  afterEach(cleanUp);

  it('is in no log until it is, and then with the verdict that was made', async () => {
    const dir = tempDir();
    const logDir = join(dir, 'ws', '.aesrm');
    const file = join(logDir, 'verdicts.jsonl');
    const engine = engineIn(dir);
    const asked = pair(h264(), degraded(), logDir);
    const foreseen = await engine.compare({ ...asked, foresee: true });
    assert.ok(!existsSync(file));
    const { verdict, fromLog, measures } = await engine.compare(asked);
    assert.deepEqual([verdict.id, fromLog], [foreseen.verdict.id, false]);
    assert.ok(measures.A && measures.B);
    assert.equal(lines(file).length, 1);
    const known = await engine.compare({ ...asked, foresee: true });
    assert.deepEqual([known.fromLog, known.verdict.id], [true, verdict.id]);
    const again = await engine.compare({ ...asked, again: true });
    assert.notEqual(again.verdict.id, verdict.id);
    assert.equal(lines(file).length, 2);
  });
});
