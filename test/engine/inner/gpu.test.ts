import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { PROVIDER_FILES } from '../../../src/core/gpu/libraries';
import { readElf } from '../../../src/engine/gpu/elf';
import { libraryFolders, restoreLibraryPath, withLibraryPath } from '../../../src/engine/gpu/libraryPath';
import { NATIVES, privateRuntime } from '../../../src/engine/gpu/privateRuntime';
import { checkProviderFolder } from '../../../src/engine/gpu/providerFolder';
import { removeGpuFiles } from '../../../src/engine/gpu/remove';
import { runTrial } from '../../../src/engine/worker/gpu/trial';
import { shippedRuntime } from '../../../src/engine/worker/runtimeHome';
import { providerFolder, sharedLibrary } from '../../support/sharedLibrary';
import { skip } from '../../support/skip';
import { assertNoChildren, refusal, removeTempDirs, tempDir } from './support';

const [CUDA, SHARED] = PROVIDER_FILES;
const VERSION = '1.30.0';

const refused = (dir: string, names: string) =>
  refusal(checkProviderFolder(dir, VERSION, 'x64'), 'gpuLibraries', names);

describe('a folder with the CUDA provider', () => {
  after(removeTempDirs);

  it('is taken where the provider says its version, and what it links to is known', async () => {
    const dir = providerFolder(tempDir(), VERSION, ['libcudart.so.12', 'libc.so.6']);
    assert.deepEqual(await checkProviderFolder(dir, VERSION, 'x64'), {
      dir,
      files: [CUDA, SHARED],
      proof: `${CUDA} says ${VERSION} of itself`,
      needed: ['libcudart.so.12', 'libc.so.6'],
    });
  });

  it('is refused without one of the files, and where it is none', async () => {
    const dir = tempDir();
    writeFileSync(join(dir, CUDA), sharedLibrary());
    assert.match(await refused(dir, dir), /There is no libonnxruntime_providers_shared\.so/);
    assert.match(await refused(join(dir, 'gone'), dir), /does not exist/);
    assert.match(await refused(join(dir, CUDA), dir), /is no folder/);
    assert.match(await refused('relative', 'relative'), /not an absolute path/);
  });

  it('is refused where a file is no library, is cut, or is for another processor', async () => {
    const whole = sharedLibrary({ needed: ['libc.so.6'] });
    const wrongs: [Buffer, RegExp][] = [
      [Buffer.from('not a library'), /is no shared library of Linux/],
      [Buffer.alloc(0), /is no shared library of Linux/],
      [whole.subarray(0, 100), /or is cut short/],
      [whole.subarray(0, whole.length - 5), /or is cut short/],
      [sharedLibrary({ type: 2 }), /is no shared library of Linux/],
      [sharedLibrary({ machine: 183 }), /for another processor \(arm64\) than this one \(x64\)/],
      [sharedLibrary({ machine: 243 }), /for another processor \(unknown\)/],
    ];
    for (const [bytes, why] of wrongs) {
      const dir = providerFolder(tempDir(), VERSION);
      writeFileSync(join(dir, SHARED), bytes);
      assert.match(await refused(dir, join(dir, SHARED)), why);
    }
  });

  it('is refused where nothing tells the version, or a longer number holds it', async () => {
    for (const tail of ['', '1.30.0', '\x0011.30.0\0', '\x001.30.01\0']) {
      const dir = providerFolder(tempDir(), VERSION);
      writeFileSync(join(dir, CUDA), sharedLibrary({ tail }));
      assert.match(await refused(dir, dir), /Nothing in .* tells that it is of ONNX Runtime 1\.30\.0/);
    }
  });

  it('is told by what lies around it: release, wheel, package', async () => {
    const nuspec = (v: string) => `<package><metadata><version>${v}</version></metadata></package>`;
    const layouts: [inside: string, file: string, content: (v: string) => string][] = [
      ['lib', 'lib/libonnxruntime.so.VERSION', () => ''],
      ['lib', 'VERSION_NUMBER', (v) => `${v}\n`],
      ['onnxruntime/capi', 'onnxruntime_gpu-VERSION.dist-info/METADATA', () => ''],
      ['runtimes/linux-x64/native', 'Microsoft.ML.OnnxRuntime.Gpu.Linux.nuspec', nuspec],
    ];
    for (const [inside, file, content] of layouts)
      for (const version of [VERSION, '1.22.0']) {
        const root = tempDir();
        // It does not say so itself, and would not be believed against its neighbours.
        const dir = providerFolder(join(root, inside), version === VERSION ? '' : VERSION);
        const told = join(root, file.replace('VERSION', version).replace(`${version}_`, 'VERSION_'));
        mkdirSync(dirname(told), { recursive: true });
        writeFileSync(told, content(version));
        if (version === VERSION)
          assert.match((await checkProviderFolder(dir, VERSION, 'x64')).proof, /1\.30\.0/, file);
        else
          assert.match(
            await refused(dir, dir),
            /holds ONNX Runtime 1\.22\.0 \(.*\), and this one is 1\.30\.0/,
          );
      }
  });

  it('reads a real library as the loader does', async function () {
    if (process.platform !== 'linux') skip(this, 'there are no ELF files');
    const path = join(shippedRuntime().node, NATIVES, 'onnxruntime_binding.node');
    const elf = await readElf(path);
    assert.deepEqual([elf?.arch, elf?.isShared, elf?.needed[0]], [process.arch, true, 'libonnxruntime.so.1']);
    assert.ok(elf?.needed.includes('libstdc++.so.6'));
  });
});

describe('the copy of ONNX Runtime that finds the provider', () => {
  after(removeTempDirs);

  it('is made once, of real files with links to the provider, and anew when that changes', async () => {
    const [dir, root] = [providerFolder(tempDir(), VERSION), tempDir()];
    const runtimes = join(root, 'runtimes');
    const make = () => privateRuntime(shippedRuntime(), { dir, files: [...PROVIDER_FILES] }, runtimes);
    const [home, same] = await Promise.all([make(), make()]);
    assert.equal(same, home);
    const natives = join(home, NATIVES);
    assert.deepEqual(
      readdirSync(natives).sort(),
      [...readdirSync(join(shippedRuntime().node, NATIVES)), ...PROVIDER_FILES].sort(),
    );
    assert.ok(lstatSync(join(natives, 'onnxruntime_binding.node')).isFile());
    assert.equal(readlinkSync(join(natives, CUDA)), join(dir, CUDA));
    assert.equal(realpathSync(join(home, 'package.json')), join(realpathSync(home), 'package.json'));
    const { ino } = statSync(natives);
    assert.equal(statSync(join(await make(), NATIVES)).ino, ino);

    utimesSync(join(dir, CUDA), 1, 1);
    const other = await make();
    assert.notEqual(other, home);
    assert.equal(readdirSync(runtimes).length, 1);

    const { files, bytes } = await removeGpuFiles(root);
    assert.ok(files > 10 && bytes > 1e6, `${files} files, ${bytes} bytes`);
    assert.ok(!existsSync(root));
    assert.ok(existsSync(join(dir, CUDA)), 'what the links led to stays');
  });

  it('leaves nothing where the provider is gone', async () => {
    const root = tempDir();
    const files = [...PROVIDER_FILES];
    await assert.rejects(
      privateRuntime(shippedRuntime(), { dir: join(root, 'gone'), files }, root),
      /ENOENT/,
    );
    assert.deepEqual(readdirSync(root), []);
  });
});

describe('where the loader looks for CUDA', () => {
  after(removeTempDirs);

  it('looks where the user said first, then by the provider and in what pip puts beside it', () => {
    const root = tempDir();
    const capi = join(root, 'onnxruntime', 'capi');
    const cudnn = join(root, 'nvidia', 'cudnn', 'lib');
    for (const dir of [capi, cudnn, join(root, 'nvidia', 'empty')]) mkdirSync(dir, { recursive: true });
    assert.deepEqual(libraryFolders(capi, { LD_LIBRARY_PATH: '/own::/two' }).slice(0, 4), [
      ...['/own', '/two'],
      ...[capi, cudnn],
    ]);
    assert.ok(!libraryFolders(undefined, {}).includes(root));
  });

  it('tells the process that loads it, and not what that starts', function () {
    if (process.platform !== 'linux') skip(this, 'the loader of this system has no such path');
    const dir = tempDir();
    for (const before of [{}, { LD_LIBRARY_PATH: '/own' }]) {
      const env = withLibraryPath(before, dir);
      assert.ok(env.LD_LIBRARY_PATH?.split(':').includes(dir));
      restoreLibraryPath(env);
      assert.deepEqual(env, before);
    }
    assert.deepEqual([withLibraryPath({}, undefined), withLibraryPath({}, 'relative')], [{}, {}]);
  });
});

describe('the trial of a device', () => {
  after(removeTempDirs);
  afterEach(assertNoChildren);

  /** A program that passes for the worker's own. */
  const program = (script: string) => {
    const path = join(tempDir(), 'program.cjs');
    writeFileSync(path, script);
    return path;
  };
  const attempt = (script: string, deadlineMs = 30_000) =>
    runTrial({ program: program(script), device: 'cuda', home: '/home of it', deadlineMs });
  const says = (word: object) => `process.send(${JSON.stringify(word)}, () => process.exit(0))`;

  it('is a process of its own, which is told the device and what to load', async () => {
    const script = `process.send({ opened: process.pid !== ${process.pid}
      && process.argv.slice(2).join() === '--try-device,cuda,/home of it' }, () => process.exit(0))`;
    const { ms, ...rest } = await attempt(script);
    assert.deepEqual(rest, { device: 'cuda', opened: true });
    assert.ok(ms > 0);
  });

  it('passes on the reason, and the loader’s rather than a vague one', async () => {
    assert.equal((await attempt(says({ opened: false, reason: 'no device.' }))).reason, 'no device');
    const loader = 'E: Failed to load library /x.so with error: libcublas.so.12: cannot open it';
    const script = `process.stderr.write(${JSON.stringify(`${loader}\n`)}, () => ${says({ opened: false, reason: 'vague' })})`;
    assert.equal((await attempt(script)).reason, 'libcublas.so.12: cannot open it');
  });

  it('survives one that crashes, leaves without a word, or cannot be started', async () => {
    const crash = await attempt(
      `process.stderr.write('GPU lost\\n', () => process.kill(process.pid, 'SIGSEGV'))`,
    );
    assert.deepEqual(
      [crash.opened, crash.reason],
      [false, 'it ended its process (signal SIGSEGV): GPU lost'],
    );
    const left = await attempt('process.exit(3)');
    assert.equal(left.reason, 'it ended its process (exit code 3)');
    const gone = await runTrial({ program: join(tempDir(), 'gone.cjs'), device: 'cuda', home: '' });
    assert.match(gone.reason ?? '', /^it ended its process \(exit code 1\)/);
  });

  it('ends one that hangs', async () => {
    const { opened, reason } = await attempt('for (;;);', 400);
    assert.deepEqual([opened, reason], [false, 'it gave no answer within 0 s']);
  });

  it('is ended when nobody wants it', async () => {
    const stop = new AbortController();
    const trial = runTrial({ program: program('for (;;);'), device: 'cuda', home: '', signal: stop.signal });
    setTimeout(() => stop.abort(), 100);
    await assert.rejects(trial, { name: 'AbortError' });
  });
});
