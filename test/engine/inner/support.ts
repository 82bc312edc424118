import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProblemError, type ProblemCode } from '../../../src/core/problem';
import { locateFfmpeg } from '../../../src/engine/ffmpeg/locate';
import type { Ffmpeg } from '../../../src/engine/ports';
import type { DecodedClip, DecodeRequest } from '../../../src/engine/sample/clip';
import { decodeClip } from '../../../src/engine/sample/decode';
import { ROOT } from '../../support/paths';

export const MODEL = join(ROOT, 'models', 'compact');
export const hasModel = () => existsSync(join(MODEL, 'manifest.json'));

const folders: string[] = [];

export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'aesrm-inner-'));
  folders.push(dir);
  return dir;
}

export function removeTempDirs(): void {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
}

export const ffmpeg = (): Promise<Ffmpeg> => locateFfmpeg(process.env['FFMPEG_BIN']);

export async function decode(path: string, more: Partial<DecodeRequest> = {}): Promise<DecodedClip> {
  const name = path.split('/').at(-1) ?? path;
  return decodeClip({ ffmpeg: await ffmpeg(), path, name, deadline: 20, ...more });
}

/** The problem that the promise ends with: of this code, one sentence, naming the file where one is given. */
export async function refusal(work: Promise<unknown>, code: ProblemCode, names?: string): Promise<string> {
  const error = await work.then(
    () => assert.fail(`expected the problem "${code}"`),
    (e: unknown) => e,
  );
  assert.ok(ProblemError.is(error), String(error));
  const { message } = error.problem;
  assert.equal(error.problem.code, code, message);
  assert.match(message, /^\S.*\.$/s, 'one sentence');
  assert.doesNotMatch(message, /\.\.$|undefined|\[object/);
  if (names !== undefined) assert.ok(message.includes(names), message);
  return message;
}

/** A program that passes for ffmpeg until it is asked to decode; then it runs `script`. */
export function fakeFfmpeg(script: string, version = 'ffmpeg version 6.0 Copyright'): Ffmpeg {
  const path = join(tempDir(), 'ffmpeg');
  writeFileSync(path, `#!/bin/sh\ncase "$*" in *-version*) echo "${version}"; exit 0;; esac\n${script}\n`);
  chmodSync(path, 0o755);
  return { path, version: '6.0', origin: 'setting' };
}

/** Command names of this process's living children. */
export function children(): string[] {
  if (!existsSync('/proc/self/stat')) return [];
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => {
      try {
        const [, name = '', state, parent] =
          /\((.*)\) (\S) (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return Number(parent) === process.pid && state !== 'Z' ? [name] : [];
      } catch {
        return [];
      }
    });
}

/** No decoder is left, or none is in the end. */
export async function assertNoChildren(): Promise<void> {
  await waitFor(() => children().length === 0).catch(() => undefined);
  assert.deepEqual(children(), []);
}

/** Waits long, as a loaded machine needs it: a condition that comes true costs no more for that. */
export async function waitFor(condition: () => boolean): Promise<void> {
  const end = Date.now() + 15_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'waited in vain');
    await sleep(5);
  }
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
