import { COMPACT } from '../../core/judgeSpec';
import type { Side } from '../../core/pair';
import { FRAME_PLAN } from '../../core/plan';
import { cancelled, ProblemError, toProblem, type Problem } from '../../core/problem';
import type { Verdict } from '../../core/verdict';
import { swapVerdict } from '../../core/verdictRule';
import type { ClipRequest, CompareParams, CompareProgress, CompareResult } from '../../protocol/engine';
import type { HandlerContext } from '../../protocol/rpc';
import type { LoggedVerdict } from '../log/verdicts';
import { askedJudge, type AskedJudge } from './judging/asked';
import type { Session } from './session';

type Context = HandlerContext<CompareProgress>;

/** One comparison: known from the log, or judged now and put there. */
export async function compare(
  session: Session,
  told: CompareParams,
  context: Context,
): Promise<CompareResult> {
  const { hashes, asked } = await identify(session, told, context);
  const params = asked.isDear ? await withPrompt(session, told, context.signal) : told;
  const known = await lookUp(session, params, hashes, asked);
  noteTrouble(session, params, context);
  if (known) return answerFromLog(session, params, hashes, known, context);
  // A model that takes long, or money, is asked when it is wanted.
  if (params.foresee && asked.isDear) throw cancelled();
  const key = JSON.stringify([hashes, asked.status.hash, params.a.name, params.b.name, params.prompt]);
  const foreseen = params.again ? undefined : session.foreseen.take(key);
  const { verdict, measures } = foreseen ?? (await judge(session, asked, params, context));
  if (params.foresee) {
    session.foreseen.put(key, { verdict, measures });
    return { verdict, fromLog: false, logCreated: false, measures };
  }
  const kept = await keep(session, params, verdict, context.signal);
  return { verdict, fromLog: false, logCreated: false, ...kept, measures };
}

/** Both clips' content and the judge; what is at fault is said of each, and the good clip is shown all the same. */
async function identify(session: Session, { a, b, judge }: CompareParams, context: Context) {
  const { signal, progress } = context;
  const reading = (side: Side) => () => progress({ stage: 'decoding', side, seconds: 0 });
  const [hashA, hashB, asked] = await Promise.allSettled([
    session.hash(a.path, signal, reading('A')),
    session.hash(b.path, signal, reading('B')),
    askedJudge(session, judge ?? COMPACT),
  ]);
  if (hashA.status === 'fulfilled' && hashB.status === 'fulfilled' && asked.status === 'fulfilled') {
    const hashes: [string, string] = [hashA.value, hashB.value];
    return { hashes, asked: asked.value };
  }
  const faults = new Map<Side, Problem>();
  if (hashA.status === 'rejected') faults.set('A', { ...toProblem(hashA.reason), side: 'A' });
  if (hashB.status === 'rejected') faults.set('B', { ...toProblem(hashB.reason), side: 'B' });
  await showSound(session, { a, b }, faults, context);
  const [first] = faults.values();
  throw first ? new ProblemError(first) : (asked as PromiseRejectedResult).reason;
}

/** A judge that reads is told what both clips were made from, where their files say the same of themselves. */
async function withPrompt(
  session: Session,
  params: CompareParams,
  signal: AbortSignal,
): Promise<CompareParams> {
  if (params.prompt !== undefined) return params;
  const read = ({ path }: ClipRequest) => session.taggedPrompt(path, signal);
  const [a, b] = await Promise.all([read(params.a), read(params.b)]).catch((error: unknown) => {
    if (signal.aborted) throw cancelled();
    session.log('warn', toProblem(error).message);
    return [];
  });
  return a && a.prompt === b?.prompt ? { ...params, prompt: a.prompt } : params;
}

async function lookUp(
  session: Session,
  { logDir, fallbackLogDir, again, prompt }: CompareParams,
  hashes: [string, string],
  { status, optionsFor }: AskedJudge,
): Promise<LoggedVerdict | undefined> {
  if (logDir === null || again) return undefined;
  const identity = { hashes, judgeHash: status.hash, plan: FRAME_PLAN.id, options: optionsFor(prompt) };
  const here = await session.logsOf(logDir).verdicts.find(identity);
  return (
    here ??
    (fallbackLogDir === undefined ? undefined : session.logsOf(fallbackLogDir).verdicts.find(identity))
  );
}

async function answerFromLog(
  session: Session,
  { a, b, prompt }: CompareParams,
  hashes: [string, string],
  { verdict: logged, machine }: LoggedVerdict,
  { progress }: Context,
): Promise<CompareResult> {
  const { prompt: _, ...turned } = logged.a.hash === hashes[0] ? logged : swapVerdict(logged);
  // The same content may lie elsewhere today, and may be asked about with other words.
  const verdict: Verdict = {
    ...turned,
    ...(prompt === undefined ? {} : { prompt }),
    a: { ...turned.a, path: a.name },
    b: { ...turned.b, path: b.name },
  };
  const [A, B, here] = await Promise.all([
    session.clips.getMeasured(hashes[0], FRAME_PLAN.id),
    session.clips.getMeasured(hashes[1], FRAME_PLAN.id),
    session.machine(),
  ]);
  if (machine !== here) progress({ stage: 'note', text: 'This verdict was made on another machine.' });
  const measures = { ...(A ? { A: A.measures } : {}), ...(B ? { B: B.measures } : {}) };
  return { verdict, fromLog: true, logCreated: false, measures };
}

async function judge(session: Session, asked: AskedJudge, params: CompareParams, context: Context) {
  const shown = new Set<Side>();
  const onProgress = (step: CompareProgress) => {
    if (step.stage === 'clip') shown.add(step.side);
    context.progress(step);
  };
  const { a, b, prompt } = params;
  try {
    return await asked.compare({ a, b, prompt }, { signal: context.signal, onProgress });
  } catch (error) {
    const problem = toProblem(error);
    const faults = new Map<Side, Problem>(problem.side ? [[problem.side, problem]] : []);
    await showSound(session, params, faults, context, shown);
    throw error;
  }
}

/** Shows what is at fault, and each clip that is not, unless it was `shown` already. */
async function showSound(
  session: Session,
  { a, b }: Pick<CompareParams, 'a' | 'b'>,
  faults: Map<Side, Problem>,
  { signal, progress }: Context,
  shown: ReadonlySet<Side> = new Set(),
): Promise<void> {
  if (signal.aborted) throw cancelled();
  const show = async (side: Side) => {
    const fault = faults.get(side);
    if (fault) return progress({ stage: 'problem', side, problem: fault });
    if (shown.has(side)) return;
    try {
      const { clip, measures } = await session.inspect(side === 'A' ? a : b, {
        signal,
        onProgress: ({ seconds, of }) =>
          progress({ stage: 'decoding', side, seconds, ...(of === undefined ? {} : { of }) }),
      });
      progress({ stage: 'clip', side, clip, measures });
    } catch (error) {
      const problem = { ...toProblem(error), side };
      faults.set(side, problem);
      progress({ stage: 'problem', side, problem });
    }
  };
  await Promise.all([show('A'), show('B')]);
}

/** The record, if one is wanted; a verdict holds without it. */
async function keep(
  session: Session,
  { logDir }: CompareParams,
  verdict: Verdict,
  signal: AbortSignal,
): Promise<{ logCreated?: boolean; logProblem?: Problem }> {
  if (logDir === null || signal.aborted) return {};
  try {
    const { created } = await session.logsOf(logDir).verdicts.append(verdict, await session.machine());
    return { logCreated: created };
  } catch (error) {
    return { logProblem: toProblem(error) };
  }
}

/** Says once what the log holds that cannot be read. */
function noteTrouble(session: Session, { logDir }: CompareParams, { progress }: Context): void {
  // Of a log that is refused, the attempt to keep the verdict tells.
  if (logDir === null || session.logsOf(logDir).verdicts.refusal) return;
  const { text, isNew } = session.unread(logDir, 'verdicts');
  if (text !== undefined && isNew) progress({ stage: 'note', text });
}
