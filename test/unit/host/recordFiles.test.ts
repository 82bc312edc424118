import * as assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mayGo, moveRecord, readRecord, removeRecord } from '../../../src/host/recordFiles';

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

  it('are removed in the way that is asked for: whole, or one by one', async () => {
    const removed: string[] = [];
    const note = (path: string) => Promise.resolve(void removed.push(path));
    await removeRecord(record, note);
    writeFileSync(join(record, 'notes.md'), 'mine');
    await removeRecord(record, note);
    const names = ['verdicts.jsonl', 'votes.jsonl', 'votes.jsonl.lock'].map((name) => join(record, name));
    assert.deepEqual([removed[0], ...removed.slice(1).sort()], [record, ...names]);
  });

  it('may go without a question only if they hold verdicts of this window alone', async () => {
    assert.deepEqual(await readRecord(record), { verdicts: 1, votes: 1, rows: 0, locked: true });
    assert.deepEqual(await readRecord(join(dir, 'none')), { verdicts: 0, votes: 0, rows: 0, locked: false });
    for (const name of ['votes.jsonl', 'votes.jsonl.lock']) rmSync(join(record, name), { recursive: true });
    writeFileSync(join(record, 'verdicts.jsonl'), '{"a":1}\n\n{"b":2}\n{"to');
    const contents = await readRecord(record);
    assert.deepEqual(contents, { verdicts: 3, votes: 0, rows: 0, locked: false });
    assert.deepEqual(
      [mayGo(contents, 3), mayGo(contents, 2), mayGo({ ...contents, votes: 1 }, 3)],
      [true, false, false],
    );
    assert.equal(mayGo({ ...contents, locked: true }, 3), false);
    assert.equal(mayGo({ ...contents, rows: 1 }, 3), false);
  });

  it('are left alone where a link stands for them', async function () {
    if (process.platform === 'win32') this.skip();
    const linked = join(dir, 'linked');
    symlinkSync(record, linked);
    const holder = join(dir, 'holder');
    mkdirSync(holder);
    symlinkSync(join(record, 'votes.jsonl'), join(holder, 'votes.jsonl'));
    for (const from of [linked, holder]) {
      await assert.rejects(readRecord(from), /is a link/);
      await assert.rejects(removeRecord(from), /is a link/);
      await assert.rejects(moveRecord(from, join(dir, 'target')), /is a link/);
    }
    assert.equal(readdirSync(record).length, 3);
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
