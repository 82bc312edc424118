import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineIn, ownFolder } from './support';
import { makeSweep, runOf, targetOf } from './sweepSupport';

describe('where a sweep is exported to', function () {
  this.timeout(60_000);
  let dir: string;
  ownFolder((own) => ({ dir } = own));

  async function judged() {
    const root = makeSweep(dir, { steps: 2, prompts: 1 });
    const engine = engineIn(dir);
    await engine.sweepRun(runOf(root));
    return { engine, sweep: targetOf(root) };
  }

  it('stays what it is where that is no plain file, as a device is none', async function () {
    const target = join(dir, 'pipe');
    if (spawnSync('mkfifo', [target]).status !== 0) this.skip();
    const { engine, sweep } = await judged();
    await assert.rejects(engine.sweepExport({ sweep, format: 'csv', target }), /pipe" is not a plain file/);
    assert.ok(lstatSync(target).isFIFO());
    assert.deepEqual(
      readdirSync(dir).filter((name) => name.endsWith('.making')),
      [],
    );
  });

  it('takes the same export again, a folder too', async () => {
    const { engine, sweep } = await judged();
    for (const format of ['csv', 'videodpo'] as const) {
      const target = join(dir, format);
      await engine.sweepExport({ sweep, format, target });
      const file = format === 'csv' ? target : join(target, 'pair.json');
      const before = readFileSync(file, 'utf8');
      writeFileSync(file, 'from before');
      await engine.sweepExport({ sweep, format, target });
      assert.equal(readFileSync(file, 'utf8'), before);
    }
  });

  it('keeps a folder with anything else in it, and a file where a folder was to be', async () => {
    const { engine, sweep } = await judged();
    const [folder, file] = [join(dir, 'folder'), join(dir, 'file')];
    mkdirSync(folder);
    for (const path of [join(folder, 'notes.txt'), file]) writeFileSync(path, 'mine');
    const refused = (format: 'csv' | 'videodpo', target: string, why: RegExp) =>
      assert.rejects(engine.sweepExport({ sweep, format, target }), why);
    await refused('videodpo', folder, /folder" exists and holds other files/);
    await refused('videodpo', file, /file" is a file, and this makes a folder/);
    await refused('csv', folder, /folder" is a folder, and this makes a file/);
    for (const path of [join(folder, 'notes.txt'), file]) assert.equal(readFileSync(path, 'utf8'), 'mine');
  });
});
