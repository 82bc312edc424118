import * as assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogIndex } from '../../../src/engine/log/index';
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

  it('reads later what it could not open just now', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'aesrm-record-'));
    made.push(dir);
    const file = join(dir, 'log.jsonl');
    writeFileSync(file, 'one\n');
    const log = new LogIndex(file, () => ({ key: 'k' }));
    const look = (cursor?: Parameters<typeof log.since>[2]) => log.since('k', (line) => line, cursor);
    const first = await look();
    assert.deepEqual(first.found, ['one']);
    appendFileSync(file, 'two\n');
    await log.all((line) => line);
    // A link is not opened, as a file is not where too many are open.
    renameSync(file, join(dir, 'away'));
    symlinkSync(join(dir, 'away'), file);
    const second = await look(first.cursor);
    assert.deepEqual(second.found, []);
    renameSync(join(dir, 'away'), file);
    assert.deepEqual((await look(second.cursor)).found, ['two']);
  });
});
