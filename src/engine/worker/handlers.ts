import { problem } from '../../core/problem';
import type { CompareProgress, EngineMethods } from '../../protocol/engine';
import type { HandlerContext, Handlers } from '../../protocol/rpc';
import type { Log } from '../ports';
import { decodeBenchParams } from './bench/params';
import { benchCost, BenchRun } from './bench/run';
import { compare } from './compare';
import type { EndpointPorts } from './endpoint';
import { createGpuHandlers } from './gpu/handlers';
import { decodeJudgesParams, judgesOf } from './judges';
import {
  decodeClipRequest,
  decodeCompareParams,
  decodeConfig,
  decodeProxyParams,
  decodeStatusParams,
  decodeVoteParams,
  decodeVotesQuery,
} from './params';
import { Session } from './session';
import { createModelHandlers } from './modelHandlers';
import { createSweepHandlers } from './sweepHandlers';
import { keepVote, votesOfPair } from './votes';

type Ask<K extends keyof EngineMethods> = Handlers<EngineMethods>[K];

/** The worker's methods. What is asked before `init` was heard is refused; nothing waits for its answer. */
export function createHandlers(log: Log, access: EndpointPorts['access']): Handlers<EngineMethods> {
  let session: Session | undefined;
  let refusal: unknown = problem('internal', 'The engine was asked before it was told its settings.');
  const ready = () => {
    if (!session) throw refusal;
    return session;
  };

  const init: Ask<'init'> = (params) => {
    try {
      session = new Session(decodeConfig(params), log, access);
    } catch (error) {
      refusal = error;
      throw error;
    }
    // Asking for the devices loads the runtime: not before it is needed.
    return session.status(false);
  };

  const inspect: Ask<'inspect'> = async (params, context) => {
    const clip = decodeClipRequest(params);
    const { signal } = context;
    const onProgress = decoding(context);
    return ready().gate.run(1, signal, () => ready().inspect(clip, { signal, onProgress }));
  };

  const proxy: Ask<'proxy'> = async (params, { signal, progress }) => {
    const { path } = decodeProxyParams(params);
    return ready().gate.run(1, signal, async () => ({
      path: await ready().proxy(path, { signal, onProgress: progress }),
    }));
  };

  const appendVote: Ask<'appendVote'> = (params) => keepVote(ready(), decodeVoteParams(params));

  const votes: Ask<'votes'> = (params) => votesOfPair(ready(), decodeVotesQuery(params));

  return {
    init,
    inspect,
    proxy,
    appendVote,
    votes,
    compare: async (params, context) => compare(ready(), decodeCompareParams(params), context),
    status: async (params) => ready().status(true, decodeStatusParams(params)),
    clearCache: async () => ready().clearCache(),
    ...createSweepHandlers(ready),
    ...createGpuHandlers(ready),
    ...createModelHandlers(ready),
    benchCost: async (params) => benchCost(ready(), decodeBenchParams(params)),
    bench: async (params, context) => new BenchRun(ready(), decodeBenchParams(params), context).run(),
    judges: async (params, context) => judgesOf(ready(), decodeJudgesParams(params), context),
  };
}

/** A single clip is shown as side A's. */
function decoding({ progress }: HandlerContext<CompareProgress>) {
  return ({ seconds, of }: { seconds: number; of?: number }) =>
    progress({ stage: 'decoding', side: 'A', seconds, ...(of === undefined ? {} : { of }) });
}
