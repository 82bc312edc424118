import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { ProblemError } from '../../../src/core/problem';
import type { Engine } from '../../../src/engine/client';
import { clip } from '../../support/clips';
import { hasEncoder } from '../../support/ffmpeg';
import { CLIPS } from '../../support/paths';
import { cleanUp, engineIn, groupOf, launchersOf, tempDir } from '../outer/support';
import { mutate, randomFrom } from './mutate';

const CASES = Number(process.env.AESRM_FUZZ_CASES || 500);
const SEED = Number(process.env.AESRM_FUZZ_SEED || Date.now() % 1_000_000);
const HANG_MS = 30_000;
const LONG_AGO = new Date('2026-01-01');
const LARGEST_REAL = 400_000;

const TINY = { width: 64, height: 64, fps: 8, seconds: 1 };

function originals(): string[] {
  const encoded = (name: string, ext: string, encode: string[]) =>
    clip(`fuzz-${name}`, { ...TINY, ext, encode });
  return [
    clip('fuzz-h264', TINY),
    clip('fuzz-h264-audio', { ...TINY, audio: true }),
    encoded('mkv', 'mkv', ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']),
    encoded('mpeg4', 'avi', ['-c:v', 'mpeg4']),
    encoded('mjpeg', 'mov', ['-c:v', 'mjpeg', '-pix_fmt', 'yuvj420p']),
    encoded('gif', 'gif', []),
    ...(hasEncoder('libvpx-vp9')
      ? [encoded('vp9', 'webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8'])]
      : []),
    ...(hasEncoder('libwebp_anim') ? [encoded('webp', 'webp', ['-c:v', 'libwebp_anim', '-loop', '0'])] : []),
    ...realClips(),
  ];
}

/** A few small ones of those that people rated, where this machine has them. */
function realClips(): string[] {
  if (CLIPS === undefined) return [];
  const found = readdirSync(CLIPS, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /\.(mp4|gif|webm)$/.test(e.name))
    .map((e) => join(e.parentPath, e.name))
    .filter((path) => statSync(path).size < LARGEST_REAL)
    .sort();
  return [0, 0.33, 0.66].flatMap((part) => found[Math.floor(part * found.length)] ?? []);
}

describe('fuzz', function () {
  this.timeout(300_000);
  afterEach(cleanUp);

  it(`answers to ${CASES} spoilt clips, seed ${SEED}`, async function () {
    const dir = tempDir();
    const engine = engineIn(dir);
    const { pid } = await engine.status();
    const paths = originals();
    const clips = paths.map((path) => readFileSync(path));
    const random = randomFrom(SEED);
    const tally: Record<string, number> = {};
    let next = 0;
    const lane = async () => {
      while (next < CASES) {
        const number = next++;
        const { data, from, how } = mutate(clips, random);
        const path = join(dir, `fuzz-${number}${extname(paths[from]!)}`);
        writeFileSync(path, data);
        // A file that changed just now would be taken for one that is still written.
        utimesSync(path, LONG_AGO, LONG_AGO);
        const outcome = await inspect(engine, path, `case ${number}: ${how} of ${paths[from]}`);
        tally[outcome] = (tally[outcome] ?? 0) + 1;
        rmSync(path);
      }
    };
    const start = Date.now();
    await Promise.all([lane(), lane()]);
    const left = groupOf(pid).filter((p) => !launchersOf(pid).includes(p));
    assert.deepEqual([engine.pid, left], [pid, [pid]], 'the worker died, or left something running');
    const trouble = engine.said.filter((line) => /worker:|engine ended/.test(line));
    assert.deepEqual(trouble, []);
    this.test!.title += `: ${JSON.stringify(tally)} in ${Math.round((Date.now() - start) / 1000)} s`;
  });
});

/** A result, or a problem in one sentence that names the file; within the deadline. */
async function inspect(engine: Engine, path: string, about: string): Promise<string> {
  const name = path.split('/').at(-1)!;
  const hang = AbortSignal.timeout(HANG_MS);
  try {
    const { clip, measures } = await engine.inspect({ path, name }, { signal: hang });
    assert.ok(clip.width > 0 && clip.height > 0 && clip.frames > 0 && clip.duration > 0, about);
    assert.ok(measures.times.length > 0, about);
    const finite = [measures.times, ...Object.values(measures.series)].every((list) =>
      list.every(Number.isFinite),
    );
    assert.ok(finite, `${about}: a measure is not a number`);
    return 'judged';
  } catch (error) {
    assert.ok(error instanceof ProblemError, `${about}: ${String(error)}`);
    assert.ok(!hang.aborted, `${about}: no answer in ${HANG_MS} ms`);
    const { code, message } = error.problem;
    assert.notEqual(code, 'internal', `${about}: ${message}`);
    assert.match(message, /^[^\n]+\.$/, `${about}: ${message}`);
    assert.ok(message.includes(name), `${about}: ${message}`);
    return code;
  }
}
