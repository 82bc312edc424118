import * as assert from 'node:assert/strict';
import { complaints, vsixPath } from '../../scripts/package.mjs';
import { zipEntries } from '../../scripts/lib/zip.mjs';

const TARGET = `${process.platform}-${process.arch}`;

describe('the VSIX', () => {
  const entries = zipEntries(vsixPath());
  const total = (key: 'size' | 'packed') => entries.reduce((sum, entry) => sum + entry[key], 0);

  it('holds what it needs, the natives of one platform, and nothing of the workshop', () => {
    assert.deepEqual(complaints(entries, TARGET), []);
  });

  it('is told from one with natives of a second platform, with a source map, or without the worker', () => {
    const extra = (name: string) => [...entries, { name: `extension/${name}`, size: 1, packed: 1 }];
    const second = extra('node_modules/onnxruntime-node/bin/napi-v6/win32/x64/onnxruntime.dll');
    assert.equal(complaints(second, TARGET).length, 1);
    assert.equal(complaints(extra('dist/extension.js.map'), TARGET).length, 1);
    assert.equal(complaints(extra('src/extension.ts'), TARGET).length, 1);
    const withoutWorker = entries.filter(({ name }) => name !== 'extension/dist/worker.js');
    assert.deepEqual(complaints(withoutWorker, TARGET), ['missing: dist/worker.js']);
  });

  it('stays under 40 MB packed', () => {
    const ffmpeg = entries.find(({ name }) => /ffmpeg-static\/ffmpeg(\.exe)?$/.test(name))?.packed ?? 0;
    assert.ok(total('packed') - ffmpeg < 40e6, `${total('packed')} bytes, ffmpeg ${ffmpeg} of them`);
  });
});
