import { isAbsolute } from 'node:path';
import { arr, bool, DecodeError, num, obj, oneOf, optional, str } from '../../core/decode';
import { decodeJudgeSpec, type JudgeSpec } from '../../core/judgeSpec';
import { decodeVote } from '../../core/vote';
import {
  DEVICES,
  type ClipRequest,
  type CompareParams,
  type Forerunner,
  type GpuConfig,
  type InitParams,
  type VoteParams,
  type VotePlaces,
} from '../../protocol/engine';

/** Parameters of the worker's methods, checked as they come off the wire. */

/** An absolute path. */
export function path(value: unknown, at: string): string {
  const text = str(value, at);
  if (!isAbsolute(text) || text.includes('\0')) throw new DecodeError(`${at} is not an absolute path`);
  return text;
}

function atLeast(least: number, value: unknown, at: string): number {
  const n = num(value, at);
  if (n < least) throw new DecodeError(`${at} is less than ${least}`);
  return n;
}

export function decodeConfig(value: unknown): InitParams {
  const o = obj(value, 'config');
  const forerunner = optional(o.forerunner, decodeForerunner);
  const ffmpegPath = optional(o.ffmpegPath, (v) => str(v, 'ffmpegPath'));
  const lean = optional(o.lean, (v) => Object.entries(obj(v, 'lean')));
  return {
    modelDir: path(o.modelDir, 'modelDir'),
    cacheDir: path(o.cacheDir, 'cacheDir'),
    cacheBytes: atLeast(0, o.cacheBytes, 'cacheBytes'),
    device: oneOf(o.device, DEVICES, 'device'),
    ...(ffmpegPath === undefined ? {} : { ffmpegPath }),
    decodeDeadline: atLeast(1, o.decodeDeadline, 'decodeDeadline'),
    ...(forerunner === undefined ? {} : { forerunner }),
    ...(o.gpu === undefined ? {} : { gpu: decodeGpu(o.gpu) }),
    ...(lean && { lean: Object.fromEntries(lean.map(([name, n]) => [name, num(n, `lean.${name}`)])) }),
  };
}

function decodeGpu(value: unknown): GpuConfig {
  const o = obj(value, 'gpu');
  const libraries = optional(o.libraries, (v) => str(v, 'gpu.libraries'));
  return { dir: path(o.dir, 'gpu.dir'), ...(libraries === undefined ? {} : { libraries }) };
}

function decodeForerunner(value: unknown): Forerunner {
  const o = obj(value, 'forerunner');
  return { pid: num(o.pid, 'forerunner.pid'), killed: bool(o.killed, 'forerunner.killed') };
}

export function decodeClipRequest(value: unknown, at = 'clip'): ClipRequest {
  const o = obj(value, at);
  return { path: path(o.path, `${at}.path`), name: str(o.name, `${at}.name`) };
}

export function decodeCompareParams(value: unknown): CompareParams {
  const o = obj(value, 'compare');
  const prompt = optional(o.prompt, (v) => str(v, 'prompt'));
  const fallback = optional(o.fallbackLogDir, (v) => path(v, 'fallbackLogDir'));
  return {
    a: decodeClipRequest(o.a, 'a'),
    b: decodeClipRequest(o.b, 'b'),
    ...(prompt === undefined ? {} : { prompt }),
    judge: decodeJudge(o.judge),
    logDir: o.logDir === null ? null : path(o.logDir, 'logDir'),
    ...(fallback === undefined ? {} : { fallbackLogDir: fallback }),
    again: bool(o.again, 'again'),
    ...(o.foresee === undefined ? {} : { foresee: bool(o.foresee, 'foresee') }),
  };
}

/** The paths in it have to be absolute. */
export function decodeJudge(value: unknown): JudgeSpec {
  const spec = decodeJudgeSpec(value);
  if (spec.kind === 'local') path(spec.dir, 'judge.dir');
  if (spec.kind !== 'compact' && spec.protocol !== undefined) path(spec.protocol, 'judge.protocol');
  return spec;
}

export function decodeStatusParams(value: unknown): JudgeSpec {
  return decodeJudge(value === null ? undefined : obj(value, 'status').judge);
}

export function decodeVoteParams(value: unknown): VoteParams {
  const o = obj(value, 'appendVote');
  return { ...decodePlaces(o), vote: decodeVote(o.vote) };
}

export function decodeVotesQuery(value: unknown): VotePlaces & { hashes: [string, string] } {
  const o = obj(value, 'votes');
  const hashes = arr(o.hashes, 'hashes').map((v, i) => str(v, `hashes[${i}]`));
  if (hashes.length !== 2) throw new DecodeError('hashes is not a pair');
  return { ...decodePlaces(o), hashes: [hashes[0]!, hashes[1]!] };
}

function decodePlaces(o: Record<string, unknown>): VotePlaces {
  const fallback = optional(o.fallbackLogDir, (v) => path(v, 'fallbackLogDir'));
  return {
    logDir: path(o.logDir, 'logDir'),
    ...(fallback === undefined ? {} : { fallbackLogDir: fallback }),
  };
}

export function decodeProxyParams(value: unknown): { path: string } {
  return { path: path(obj(value, 'proxy').path, 'path') };
}
