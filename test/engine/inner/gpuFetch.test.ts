import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { PROVIDER_FILES } from '../../../src/core/gpu/libraries';
import { fetchProvider } from '../../../src/engine/gpu/fetch/fetch';
import { checkProviderFolder } from '../../../src/engine/gpu/providerFolder';
import { removeGpuFiles } from '../../../src/engine/gpu/remove';
import type { GpuFetchProgress } from '../../../src/protocol/gpu';
import { nugetMirror, zip, type Mirror } from '../../support/nuget';
import { sharedLibrary } from '../../support/sharedLibrary';
import { refusal, removeTempDirs, tempDir, waitFor } from './support';

const VERSION = '1.30.0';
const INSIDE = 'runtimes/linux-x64/native/';
const [CUDA, SHARED] = PROVIDER_FILES;
/** Large enough to come in pieces. */
const bytes = sharedLibrary({ needed: ['libcudart.so.12'], tail: randomBytes(600_000).toString('latin1') });
const FILES = {
  [`${INSIDE}${CUDA}`]: bytes,
  [`${INSIDE}${SHARED}`]: sharedLibrary(),
  [`${INSIDE}libonnxruntime_providers_tensorrt.so`]: sharedLibrary(),
  '../outside.txt': Buffer.from('no'),
};
const NUPKG = zip(FILES);

describe('fetching the CUDA provider', () => {
  let root: string;
  let mirror: Mirror;
  beforeEach(() => (root = join(tempDir(), 'gpu')));
  afterEach(() => mirror.close());
  after(removeTempDirs);

  const open = async (told?: Record<string, unknown>, nupkg = NUPKG) =>
    (mirror = await nugetMirror(nupkg, VERSION, told));
  const fetching = (signal?: AbortSignal, onProgress?: (step: GpuFetchProgress) => void) =>
    fetchProvider({ version: VERSION, root, index: mirror.index, pauseMs: 1 }, { signal, onProgress });
  const packages = () => mirror.asked.filter(({ path }) => path.endsWith('.nupkg'));
  const part = () => join(root, 'download', `${VERSION}.nupkg`);

  it('brings both files, with a receipt, and nothing else; and not twice', async () => {
    await open();
    const steps: GpuFetchProgress[] = [];
    const dir = await fetching(undefined, (step) => steps.push(step));
    assert.deepEqual(readdirSync(dir).sort(), [CUDA, SHARED, 'receipt.json'].sort());
    assert.ok(readFileSync(join(dir, CUDA)).equals(bytes));
    assert.deepEqual(readdirSync(root), [`libraries-${VERSION}`]);
    const { proof } = await checkProviderFolder(dir, VERSION, 'x64');
    assert.equal(proof, `fetched as version ${VERSION}`);
    assert.deepEqual([...new Set(steps.map(({ stage }) => stage))], ['asking', 'fetching', 'unpacking']);
    const last = steps.findLast((step) => step.stage === 'fetching');
    assert.deepEqual(last, { stage: 'fetching', bytes: NUPKG.length, of: NUPKG.length });
    const asked = mirror.asked.length;
    assert.equal(await fetching(), dir);
    assert.equal(mirror.asked.length, asked);

    const { files } = await removeGpuFiles(root);
    assert.equal(files, 3);
    assert.ok(!existsSync(root));
  });

  it('goes on where the connection was cut', async () => {
    await open();
    mirror.faults.push({ cutAfter: 100_000 }, { cutAfter: 50_000 });
    const dir = await fetching();
    assert.ok(readFileSync(join(dir, CUDA)).equals(bytes));
    const [first, ...rest] = packages().map(({ from }) => from);
    assert.equal(first, undefined);
    assert.ok(rest.length >= 2 && rest.every((from) => from! > 0), rest.join());
  });

  it('takes all anew from a server that knows no parts', async () => {
    await open();
    mirror.faults.push({ cutAfter: 100_000 }, 'whole');
    assert.ok(readFileSync(join(await fetching(), CUDA)).equals(bytes));
  });

  it('gives up on one that gets nowhere, keeps what came, and goes on the next time', async () => {
    await open();
    mirror.faults.push({ cutAfter: 100_000 }, ...Array.from({ length: 4 }, () => ({ cutAfter: 0 })));
    await refusal(fetching(), 'fetchFailed', 'bytes and no more');
    const { size } = statSync(part());
    assert.ok(size > 0);
    assert.ok(!existsSync(join(root, `libraries-${VERSION}`)));
    await fetching();
    assert.equal(packages().at(-1)?.from, size);
  });

  it('keeps what came when it is cancelled', async () => {
    await open();
    mirror.faults.push({ cutAfter: 100_000 });
    const stop = new AbortController();
    const work = fetching(stop.signal, (step) => step.stage === 'fetching' && stop.abort());
    await assert.rejects(work, { name: 'AbortError' });
    await waitFor(() => existsSync(part()));
    assert.deepEqual(readdirSync(root), ['download']);
  });

  it('removes what has another hash than it is told, and what is larger', async () => {
    await open({ packageHash: Buffer.alloc(64).toString('base64') });
    await refusal(fetching(), 'fetchFailed', 'another SHA-512');
    assert.ok(!existsSync(part()));
    mirror.close();
    await open({ packageSize: 1000 });
    await refusal(fetching(), 'fetchFailed', 'larger than the 1000 bytes');
    assert.ok(!existsSync(part()));
  });

  it('does not trust what an earlier attempt left', async () => {
    await open();
    mkdirSync(join(root, 'download'), { recursive: true });
    writeFileSync(part(), Buffer.alloc(1000));
    await refusal(fetching(), 'fetchFailed', 'another SHA-512');
    assert.ok(readFileSync(join(await fetching(), CUDA)).equals(bytes));
  });

  it('refuses another package, another kind of hash, and an address that is not as safe as the first', async () => {
    const wrongs: [Record<string, unknown>, string][] = [
      [{ id: 'evil' }, 'another package'],
      [{ version: '1.29.0' }, 'another package'],
      [{ packageHashAlgorithm: 'MD5' }, 'no SHA-512'],
      [{ flat: 'ftp://127.0.0.1/' }, 'not encrypted'],
    ];
    for (const [told, why] of wrongs) {
      await open(told);
      await refusal(fetching(), 'fetchFailed', why);
      mirror.close();
    }
    assert.ok(!existsSync(root));
  });

  it('says which address answers how, and that nobody answers', async () => {
    await open();
    mirror.faults.push({ status: 403 });
    await refusal(fetching(), 'fetchFailed', 'answered 403');
    mirror.close();
    await refusal(fetching(), 'fetchFailed', mirror.index);
  });

  it('refuses a package without the files, and one that is no zip', async () => {
    await open({}, zip({ 'readme.txt': Buffer.from('x') }));
    await refusal(fetching(), 'fetchFailed', `holds no ${INSIDE}${CUDA}`);
    mirror.close();
    root = join(tempDir(), 'gpu');
    await open({}, Buffer.from('no zip at all, but with the hash that was told'));
    await refusal(fetching(), 'fetchFailed', 'no zip that can be read');
    assert.ok(!existsSync(join(root, `libraries-${VERSION}`)));
  });

  it('needs room for it before it begins', async () => {
    await open({ packageSize: 1e15 });
    await refusal(fetching(), 'diskFull', root);
    assert.deepEqual(packages(), []);
  });
});
