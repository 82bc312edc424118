import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RECEIPT } from './layout';

/** What tells of which ONNX Runtime a provider's file is. */
export interface VersionWord {
  version: string;
  /** In words, for the report. */
  proof: string;
}

/** As the release on GitHub, the wheel for Python and the package for NuGet have it, each in its own place. */
export async function versionByNeighbours(dir: string): Promise<VersionWord | undefined> {
  for (const look of [receipt, release, wheel, nuspec]) {
    const word = await look(dir);
    if (word) return word;
  }
  return undefined;
}

async function receipt(dir: string): Promise<VersionWord | undefined> {
  const version = /"version": "([^"]+)"/.exec(await textOf(join(dir, RECEIPT)))?.[1];
  return version === undefined ? undefined : { version, proof: `fetched as version ${version}` };
}

async function release(dir: string): Promise<VersionWord | undefined> {
  const names = await namesIn(dir);
  const beside = names.map((name) => /^libonnxruntime\.so\.(\d+\.\d+\.\d+)$/.exec(name)?.[1]).find(Boolean);
  if (beside) return { version: beside, proof: `libonnxruntime.so.${beside} lies beside it` };
  const version = (await textOf(join(dirname(dir), 'VERSION_NUMBER'))).trim();
  return /^\d+\.\d+\.\d+$/.test(version)
    ? { version, proof: `VERSION_NUMBER beside its folder says ${version}` }
    : undefined;
}

/** In `site-packages/onnxruntime/capi`. */
async function wheel(dir: string): Promise<VersionWord | undefined> {
  for (const name of await namesIn(dirname(dirname(dir)))) {
    const version = /^onnxruntime_gpu-(\d+\.\d+\.\d+)\.dist-info$/.exec(name)?.[1];
    if (version) return { version, proof: `${name} lies above its folder` };
  }
  return undefined;
}

/** In `runtimes/linux-x64/native` of an unpacked package. */
async function nuspec(dir: string): Promise<VersionWord | undefined> {
  const root = dirname(dirname(dirname(dir)));
  for (const name of await namesIn(root)) {
    if (!/^microsoft\.ml\.onnxruntime.*\.nuspec$/i.test(name)) continue;
    const version = /<version>([^<]+)<\/version>/.exec(await textOf(join(root, name)))?.[1]?.trim();
    if (version) return { version, proof: `${name} above its folder says ${version}` };
  }
  return undefined;
}

/** Whether the file holds this text, ended by a zero as strings of a program are, and not the end of a longer number. */
export async function holdsVersion(path: string, version: string): Promise<boolean> {
  const wanted = Buffer.from(`\0${version}\0`, 'latin1');
  let tail: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 4 << 20 })) {
    const joined = Buffer.concat([tail, chunk as Buffer]);
    if (joined.includes(wanted)) return true;
    tail = joined.subarray(-wanted.length);
  }
  return false;
}

const namesIn = (dir: string) => readdir(dir).catch((): string[] => []);
const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');
