import * as assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlindLinks, byContent, removeLeftovers } from '../../../src/host/panel/blindLinks';

const DAY = 24 * 3_600_000;
const UUID = '6f9619ff-8b86-4011-b42d-00c04fc964ff';

describe('host: links to the clips of a blind comparison', () => {
  let dir: string;
  let root: string;
  let clip: string;
  let said: string[];
  const log = (_: string, text: string) => void said.push(text);
  const links = (...args: [] | [ConstructorParameters<typeof BlindLinks>[2]]) =>
    new BlindLinks(root, log, ...args);

  beforeEach(() => {
    dir = realpathSync(mkdtempSync(join(tmpdir(), 'aesrm-blind-')));
    root = join(dir, 'blind');
    clip = join(dir, 'grpo-walk.webm');
    said = [];
    writeFileSync(clip, 'a clip');
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('lead to the file, and look alike whatever it is called', async () => {
    const mine = links();
    const path = await mine.make(clip);
    assert.ok(path);
    assert.equal(readFileSync(path, 'utf8'), 'a clip');
    assert.match(path.slice(root.length), /^[\\/]\d+\.[\da-f-]{36}[\\/][\da-f-]{36}\.mp4$/);
    assert.ok(path.startsWith(mine.dir));
    assert.notEqual(await mine.make(clip), path);
    assert.notEqual(links().dir, mine.dir);
  });

  it('are hard links where no others are to be had, through a link of the reader too', async () => {
    const refused = () => Promise.reject(new Error('EPERM'));
    const other = join(dir, 'other.mp4');
    symlinkSync('grpo-walk.webm', other);
    const hard = links([refused, byContent]);
    const path = await hard.make(other);
    assert.ok(path);
    assert.equal(lstatSync(path).isSymbolicLink(), false);
    assert.equal(readFileSync(path, 'utf8'), 'a clip');
  });

  it('are none where neither kind can be made, and nothing is left of them', async () => {
    const none = links([() => Promise.reject(new Error('EPERM'))]);
    assert.equal(await none.make(clip), undefined);
    assert.equal(await links().make(join(dir, 'gone.mp4')), undefined);
    writeFileSync(join(dir, 'file'), '');
    assert.equal(await new BlindLinks(join(dir, 'file'), log).make(clip), undefined);
    for (const name of readdirSync(root)) assert.deepEqual(readdirSync(join(root, name)), []);
    assert.equal(said.length, 4);
  });

  it('go with their panel; the clip stays', async () => {
    const mine = links();
    await mine.make(clip);
    mine.dispose();
    assert.deepEqual(readdirSync(root), []);
    assert.ok(existsSync(clip));
    assert.ok(await mine.make(clip));
    assert.deepEqual(readdirSync(root), [], 'one that was being made goes too');
  });

  it('of a window that died are removed after a day; those of a living one and what is not ours stay', async () => {
    const dead = `999999999.${UUID}`;
    const names = [dead, `${process.pid}.${UUID}`, 'notes', `${dead}.txt`];
    for (const name of names) mkdirSync(join(root, name), { recursive: true });
    symlinkSync(clip, join(root, dead, '1.mp4'));
    await removeLeftovers(root);
    assert.equal(readdirSync(root).length, 4);
    await removeLeftovers(root, Date.now() + 1.1 * DAY);
    assert.deepEqual(readdirSync(root).sort(), names.slice(1).sort());
    assert.ok(existsSync(clip));
  });
});
