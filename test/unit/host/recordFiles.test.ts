import * as assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveRecord, removeRecord } from '../../../src/host/recordFiles';

describe('host: the files of a record', () => {
  let dir: string;
  let record: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'aesrm-record-'));
    record = join(dir, '.aesrm');
    mkdirSync(join(record, 'votes.jsonl.lock'), { recursive: true });
    for (const name of ['verdicts.jsonl', 'votes.jsonl']) writeFileSync(join(record, name), `${name}\n`);
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('are removed with their folder', async () => {
    await removeRecord(record);
    assert.equal(existsSync(record), false);
    await removeRecord(record);
  });

  it('are removed alone where the folder holds something else', async () => {
    writeFileSync(join(record, 'notes.md'), 'mine');
    await removeRecord(record);
    assert.deepEqual(readdirSync(record), ['notes.md']);
  });

  it('are moved whole, into folders that are made for them', async () => {
    const target = join(dir, 'records', 'run-1');
    assert.equal(await moveRecord(record, target), 'moved');
    assert.equal(existsSync(record), false);
    assert.equal(readFileSync(join(target, 'verdicts.jsonl'), 'utf8'), 'verdicts.jsonl\n');
  });

  it('stay where they are when there is a record already', async () => {
    const target = join(dir, 'there');
    mkdirSync(target);
    assert.equal(await moveRecord(record, target), 'occupied');
    assert.ok(existsSync(join(record, 'verdicts.jsonl')));
  });
});
