import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GpuFacts } from '../../../src/core/gpu/facts';
import { PROVIDER_FILES } from '../../../src/core/gpu/libraries';
import type { GpuProbeProgress } from '../../../src/protocol/gpu';
import { h264, ruined } from '../../support/clips';
import { providerFolder } from '../../support/sharedLibrary';
import { ROOT } from '../../support/paths';
import { skip } from '../../support/skip';
import { engineIn, ownFolder, pair } from './support';

const PACKAGE = join(ROOT, 'node_modules', 'onnxruntime-node', 'package.json');
const { version: VERSION } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };

const trial = ({ trials }: GpuFacts, device: string) => trials.find((t) => t.device === device);

describe('the engine looking for a GPU', function () {
  this.timeout(120_000);
  let dir: string;
  let gpuDir: string;
  ownFolder((own) => {
    ({ dir } = own);
    gpuDir = join(dir, 'gpu');
  });

  const engineWith = (libraries?: string) =>
    engineIn(dir, { config: { gpu: { dir: gpuDir, ...(libraries === undefined ? {} : { libraries }) } } });

  it('tells what is true of this machine, and writes nothing', async () => {
    const steps: GpuProbeProgress[] = [];
    const engine = engineWith();
    const facts = await engine.gpuProbe({ onProgress: (step) => steps.push(step) });
    assert.deepEqual(facts.system, { platform: process.platform, arch: process.arch });
    assert.ok('version' in facts.runtime, JSON.stringify(facts.runtime));
    assert.equal(facts.runtime.version, VERSION);
    assert.equal(facts.driver !== undefined, existsSync('/proc/driver/nvidia/version'));
    const nvidia = existsSync('/dev') ? readdirSync('/dev').filter((name) => /^nvidia\d/.test(name)) : [];
    assert.deepEqual(
      facts.devices.filter((path) => /nvidia\d/.test(path)),
      nvidia.map((name) => `/dev/${name}`).sort(),
    );
    const { devices } = await engine.status();
    assert.deepEqual(
      facts.trials.map(({ device }) => device),
      devices,
    );
    assert.equal(trial(facts, 'cpu')?.opened, true);
    for (const { opened, reason } of facts.trials) assert.equal(reason === undefined, opened);
    assert.deepEqual(
      steps.flatMap((step) => (step.stage === 'trial' ? step.device : [])),
      devices,
    );
    assert.ok(!existsSync(gpuDir));
  });

  it('finds libraries where the loader finds them', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') skip(this, 'there is no such loader');
    const { libraries } = await engineWith().gpuProbe();
    const cache = execFileSync('/sbin/ldconfig', ['-p'], { encoding: 'latin1' });
    const vulkan = libraries.find(({ name }) => name === 'libvulkan.so.1');
    assert.equal(vulkan?.path !== undefined, /libvulkan\.so\.1 \(libc6,x86-64/.test(cache));
    const cudart = libraries.find(({ name }) => name === 'libcudart.so.12');
    assert.equal(cudart?.others.includes('libcudart.so.13'), /libcudart\.so\.13 \(/.test(cache));
  });

  it('loads the libraries of the folder, through a copy of ONNX Runtime; without it nothing is left', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') skip(this, 'no libraries are taken here');
    // The loader gets as far as to miss what the library links to: it was loaded from there.
    const folder = providerFolder(join(dir, 'libs'), VERSION, ['libaesrm-absent.so.7']);
    const engine = engineWith(folder);
    const facts = await engine.gpuProbe();
    assert.deepEqual(facts.chosen && 'files' in facts.chosen && facts.chosen.files, [...PROVIDER_FILES]);
    assert.match(trial(facts, 'cuda')?.reason ?? '', /^libaesrm-absent\.so\.7: cannot open shared object/);
    assert.ok('home' in facts.runtime && facts.runtime.home.startsWith(join(gpuDir, 'runtimes')));
    assert.equal(trial(facts, 'cpu')?.opened, true);

    // Taken back by the setting, and by the command.
    await engineWith().status();
    assert.deepEqual(existsSync(gpuDir) ? readdirSync(gpuDir) : [], []);
    await engine.gpuRemove();
    assert.ok(!existsSync(gpuDir));
    assert.deepEqual(readdirSync(folder).sort(), [...PROVIDER_FILES].sort());
  });

  it('outlives a library that ends the process which loads it', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') skip(this, 'no libraries are taken here');
    const engine = engineWith(providerFolder(join(dir, 'libs'), VERSION));
    const { pid } = await engine.status();
    const facts = await engine.gpuProbe();
    assert.deepEqual([trial(facts, 'cuda')?.opened, trial(facts, 'cpu')?.opened], [false, true]);
    assert.equal(engine.pid, pid);
  });

  it('judges without a folder that it refuses, and says why in the log', async function () {
    if (process.platform !== 'linux' || process.arch !== 'x64') skip(this, 'no libraries are taken here');
    const folder = providerFolder(join(dir, 'libs'), '1.22.0');
    const engine = engineWith(folder);
    await assert.rejects(engine.gpuCheck(folder), /Nothing in .*libs or beside it tells/);
    rmSync(join(folder, PROVIDER_FILES[1]));
    await assert.rejects(engine.gpuCheck(folder), /There is no libonnxruntime_providers_shared\.so in/);
    const { verdict } = await engine.compare(pair(h264(), ruined(), null));
    assert.equal(verdict.criteria.length, 15);
    assert.match(
      engine.said.join('\n'),
      /warn: .*The judge runs without the libraries of "aesrm\.gpuLibraries"/,
    );
    const facts = await engine.gpuProbe();
    assert.ok(facts.chosen && 'problem' in facts.chosen);
  });
});
