import * as assert from 'node:assert/strict';
import { readVersion, sameVersion, versionQuery } from '../../../src/host/resourceVersion';

const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
const stat = (isFile: boolean) => () =>
  Promise.resolve({ mtimeMs: 1_700_000_000_123.456, size: 42, isFile: () => isFile });

describe('host: the version of a webview resource', () => {
  it('comes from time and size of the file', async () => {
    const version = await readVersion(stat(true));
    assert.ok(version);
    assert.equal(versionQuery(version), 'v=1700000000123-42');
  });

  it('is the same as long as both are', () => {
    const version = { mtimeMs: 1, size: 2 };
    assert.equal(sameVersion(version, { ...version }), true);
    assert.equal(sameVersion(version, { mtimeMs: 1, size: 3 }), false);
    assert.equal(sameVersion(version, undefined), false);
    assert.equal(sameVersion(undefined, undefined), true);
  });

  it('is absent for what is not there or not a file', async () => {
    assert.equal(await readVersion(failing('ENOENT')), undefined);
    assert.equal(await readVersion(failing('ENOTDIR')), undefined);
    assert.equal(await readVersion(stat(false)), undefined);
  });

  it('leaves every other error to the caller', async () => {
    await assert.rejects(readVersion(failing('EACCES')), /EACCES/);
  });
});
