import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DecodeError } from '../core/decode';
import { byModel, decodeEndpoints, endpointSetting, type EndpointConfig } from '../core/endpoint/config';
import { COMPACT, type Asked, type JudgeSpec } from '../core/judgeSpec';
import { problem, toProblem } from '../core/problem';
import type { Engine } from '../engine/client';
import { machineDir } from '../engine/log/machine';
import type { EndpointAccess } from '../protocol/engine';
import type { FetchProgress } from '../protocol/models';
import { UsageError } from './usage';

/** `--judge` and what goes with it, as given. */
export interface JudgeOption {
  judge: string;
  /** File of endpoints. */
  endpoints: string | undefined;
  /** Hosts that frames may be sent to. */
  allowed: readonly string[];
  protocol: string | undefined;
  asked: Asked;
}

const LOCAL = 'local:';
const KEY = 'AESRM_ENDPOINT_KEY';

/** The judge that was asked for, and what the engine may do for it. */
export interface ChosenJudge {
  /** Takes up a local model's folder, which reads all of it the first time. */
  spec(engine: Engine, signal: AbortSignal, onProgress: (p: FetchProgress) => void): Promise<JudgeSpec>;
  access(origin: string): Promise<EndpointAccess>;
  /** Pairs that it works on at once. */
  width: number;
}

/** Says what is wrong with the options before an engine is started. */
export function chooseJudge(option: JudgeOption, env: NodeJS.ProcessEnv = process.env): ChosenJudge {
  if (option.judge === 'compact') return compact(option);
  return option.judge.startsWith(LOCAL) ? local(option) : served(option, env);
}

const noAccess = () => Promise.resolve({ allowed: false });

function compact({ endpoints, allowed, protocol, asked }: JudgeOption): ChosenJudge {
  if (
    endpoints !== undefined ||
    allowed.length > 0 ||
    protocol !== undefined ||
    Object.keys(asked).length > 0
  )
    throw new UsageError(
      '--endpoints, --allow-host, --protocol, --verdict-only, --overall-only, --samples and --frames go with another --judge',
    );
  return { spec: () => Promise.resolve(COMPACT), access: noAccess, width: 1 };
}

const how = ({ asked, protocol }: JudgeOption) => ({
  asked,
  ...(protocol === undefined ? {} : { protocol: resolve(protocol) }),
});

function local(option: JudgeOption): ChosenJudge {
  const folder = resolve(option.judge.slice(LOCAL.length));
  const dir = join(machineDir(), 'models');
  return {
    async spec(engine, signal, onProgress) {
      const { models } = await engine.models('models', { dir }, { signal });
      const known = models.find((model) => model.folder === folder);
      const { key } = known ?? (await engine.models('modelAdd', { dir, folder }, { signal, onProgress }));
      return { kind: 'local', dir, key, ...how(option) };
    },
    access: noAccess,
    width: 1,
  };
}

function served(option: JudgeOption, env: NodeJS.ProcessEnv): ChosenJudge {
  const all = byModel(readEndpoints(option));
  const endpoints = all.get(option.judge);
  if (!endpoints)
    throw new UsageError(
      `there is no judge "${option.judge}"; there are: ${['compact', ...all.keys()].join(', ')}, ${LOCAL}FOLDER`,
    );
  const origins = new Set(endpoints.map(({ address }) => address.origin));
  const key = env[KEY];
  if (key && origins.size > 1)
    throw new UsageError(`${KEY} would be sent to ${origins.size} hosts; ask them one at a time`);
  for (const { address } of endpoints)
    if (!address.isLoopback && !option.allowed.includes(address.host))
      throw new UsageError(
        `frames of the clips would be sent to ${address.host}; say --allow-host ${address.host} if they may`,
      );
  return {
    spec: () =>
      Promise.resolve({ kind: 'endpoint', endpoints: endpoints.map(endpointSetting), ...how(option) }),
    access: (origin) =>
      Promise.resolve(origins.has(origin) ? { allowed: true, ...(key ? { key } : {}) } : { allowed: false }),
    width: endpoints.reduce((sum, { concurrency }) => sum + concurrency, 0),
  };
}

function readEndpoints({ judge, endpoints: path }: JudgeOption): EndpointConfig[] {
  if (path === undefined)
    throw new UsageError(
      `there is no judge "${judge}"; there are: compact, ${LOCAL}FOLDER, and with --endpoints FILE the models in it`,
    );
  try {
    return decodeEndpoints(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    const why =
      error instanceof DecodeError
        ? error.message.replaceAll('aesrm.endpoints', 'its list')
        : toProblem(error).message;
    throw problem(
      'endpointInvalid',
      `The file of endpoints ${path} cannot be used: ${why}.`,
      'It is a list as in the setting "aesrm.endpoints".',
    );
  }
}
