import * as assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SweepRowLog, type RowBlock } from '../../../src/engine/log/sweepRows';
import { SweepRecord } from '../../../src/engine/worker/sweep/record';
import type { Session } from '../../../src/engine/worker/session';
import type { SweepTarget } from '../../../src/protocol/sweep';

const IDENTITY = { judgeHash: 'judge', plan: 'plan' };
const BLOCK: RowBlock = { hashes: ['a', 'b'], pairs: Buffer.alloc(0) };

describe('the record of a sweep', () => {
  const made: string[] = [];
  after(() => made.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

  /** The record of a folder as a process on that machine sees it. */
  function seen(dir: string, machine: string): SweepRecord {
    const rows = new SweepRowLog(dir);
    const session = {
      logsOf: () => ({ rows }),
      machine: () => Promise.resolve(machine),
      unread: () => ({ isNew: false }),
    } as unknown as Session;
    return new SweepRecord(session, { logDir: dir } as SweepTarget, IDENTITY);
  }

  it('says what another machine made, and not of its own', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'aesrm-record-'));
    made.push(dir);
    const here = seen(dir, 'here');
    await here.append([BLOCK]);
    await here.readNew();
    assert.deepEqual(here.notes, []);
    await seen(dir, 'there').append([BLOCK]);
    assert.equal((await here.readNew()).blocks.length, 1);
    assert.match(here.notes.join(), /made on another machine/);
    await here.readNew();
    assert.equal(here.notes.length, 1);
  });
});
