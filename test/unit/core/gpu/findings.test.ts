import * as assert from 'node:assert/strict';
import type { GpuFacts } from '../../../../src/core/gpu/facts';
import { gpuReport } from '../../../../src/core/gpu/findings';
import { gpuMarkdown } from '../../../../src/core/gpu/markdown';
import { bare, whole } from './samples';

const missing = (facts: GpuFacts) =>
  gpuReport(facts).findings.flatMap(({ state, what }) => (state === 'missing' ? [what] : []));
const todos = (facts: GpuFacts) => gpuReport(facts).findings.flatMap(({ todo }) => todo ?? []);
const detailOf = (facts: GpuFacts, what: string) =>
  gpuReport(facts).findings.find((finding) => finding.what === what)?.detail ?? '';

describe('findings on the GPU', () => {
  it('misses nothing and asks for nothing on a server that has all', () => {
    const { conclusion } = gpuReport(whole());
    assert.deepEqual([missing(whole()), todos(whole())], [[], []]);
    assert.equal(conclusion, 'The judge can run on cuda and on webgpu here.');
    assert.match(gpuMarkdown(whole()), /## What to do\n\nNothing\.\n/);
  });

  it('sends nobody without an NVIDIA GPU to fetch anything for CUDA', () => {
    const { conclusion } = gpuReport(bare());
    assert.equal(conclusion, 'No GPU can be used here as it is: the judge runs on the processor.');
    assert.equal(todos(bare()).length, 1);
    assert.match(todos(bare())[0]!, /^Where there is no NVIDIA GPU, nothing\./);
    assert.equal(detailOf(bare(), 'Trial on cuda'), 'there is no CUDA provider of ONNX Runtime to load');
  });

  it('tells a GPU without the provider what to fetch, with the version', () => {
    const { chosen: _, ...rest } = whole();
    const facts = { ...rest, trials: bare().trials };
    assert.deepEqual(missing(facts), ['Trial on cuda', 'Trial on webgpu', 'CUDA provider of ONNX Runtime']);
    assert.match(todos(facts).join(), /Fetch the CUDA Provider.*ONNX Runtime 1\.30\.0/);
    const fetched = { ...facts, fetched: { dir: '/g/libraries-1.30.0', version: '1.30.0', bytes: 4e8 } };
    assert.match(detailOf(fetched, 'CUDA provider of ONNX Runtime'), /fetched to \/g\/libraries-1\.30\.0/);
    assert.match(todos(fetched).join(), /Use What Was Fetched/);
  });

  it('names all of CUDA’s libraries that are missing in one step, and their packages', () => {
    const libraries = whole().libraries.map((library) =>
      /cudart|cudnn/.test(library.name)
        ? { name: library.name, others: [library.name.replace('12', '13')] }
        : library,
    );
    const facts = { ...whole(), libraries };
    assert.deepEqual(missing(facts), ['CUDA and cuDNN']);
    assert.match(
      detailOf(facts, 'CUDA and cuDNN'),
      /find libcudart\.so\.12, libcudnn\.so\.9; only libcudart\.so\.13/,
    );
    const [step = '', ...more] = todos(facts);
    assert.deepEqual(more, []);
    for (const name of ['cuda-cudart-12-*', 'libcudnn9-cuda-12', 'nvidia-cudnn-cu12'])
      assert.ok(step.includes(name), name);
    assert.ok(!step.includes('cublas'));
  });

  it('says which driver is too old, and which is not behind its devices', () => {
    const old = { ...whole(), gpus: [], driver: '470.82.01', noSmi: 'it lists none' };
    assert.match(detailOf(old, "NVIDIA's driver"), /470\.82\.01 is too old for CUDA 12/);
    assert.match(todos(old).join(), /525\.60\.13 or newer/);
    const { driver: _, ...gone } = { ...whole(), gpus: [], noSmi: 'it is not on the PATH' };
    assert.match(todos(gone).join(), /device files but no driver behind them/);
  });

  it('passes on why a folder was refused', () => {
    const problem = { code: 'gpuLibraries' as const, message: '/l holds 1.22.0.', fix: 'Take 1.30.0.' };
    const facts = { ...whole(), chosen: { dir: '/l', problem } };
    assert.equal(detailOf(facts, 'CUDA provider of ONNX Runtime'), '/l holds 1.22.0.');
    assert.deepEqual(todos(facts), ['Take 1.30.0.']);
  });

  it('keeps to what is known on Windows and macOS', () => {
    const { driver: _d, chosen: _c, ...rest } = bare();
    const none = { ...rest, libraries: [], trials: [{ device: 'cpu', opened: true, ms: 1 }] };
    const windows = { ...none, system: { platform: 'win32', arch: 'x64' } };
    const mac = { ...none, system: { platform: 'darwin', arch: 'arm64' } };
    assert.deepEqual([missing(windows), missing(mac)], [[], []]);
    assert.deepEqual(
      [windows, mac].map((f) => gpuReport(f).takesLibraries),
      [false, false],
    );
    assert.match(gpuMarkdown(windows), /DirectML is not in this build/);
    assert.match(detailOf(mac, 'Apple GPU'), /Apple silicon/);
    assert.doesNotMatch(gpuMarkdown(mac), /CUDA|ldconfig/);
  });

  it('says so where ONNX Runtime does not load at all', () => {
    const problem = { code: 'runtime' as const, message: 'ONNX Runtime could not be loaded.' };
    const facts = { ...whole(), runtime: { problem }, trials: [] };
    assert.match(gpuReport(facts).conclusion, /the judge cannot work/);
    assert.deepEqual(missing(facts), ['ONNX Runtime']);
  });

  it('names in the report what was set up, with the way back, and lets no name become markup', () => {
    const dir = '/a|b/<i>x</i>';
    const fetched = { dir, version: '1.30.0', bytes: 4.1e8 };
    const text = gpuMarkdown({ ...whole(), chosen: { dir, files: [], proof: 'x' }, fetched });
    assert.match(text, /names \/a\\\|b\/&lt;i&gt;x&lt;\/i&gt;\. Undo: \*Stop Using the Folder\*/);
    assert.match(text, /was fetched \(410 MB\)\. Undo: \*Remove What Was Fetched\*/);
    for (const line of text.split('\n').filter((l) => l.startsWith('| ')))
      assert.equal(line.match(/(?<!\\)\|/g)?.length, 4, line);
  });
});
