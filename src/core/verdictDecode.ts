import { decodePairConcepts } from './concepts';
import { arr, bool, DecodeError, num, obj, oneOf, optional, requireFormat, str } from './decode';
import { MEASURE_IDS } from './measures';
import { CRITERION_IDS, isCriterionId } from './rubric';
import {
  CONFIDENCES,
  VERDICT_FORMAT,
  type Call,
  type DimensionCall,
  type ClipRecord,
  type CriterionVerdict,
  type Evidence,
  type Orders,
  type Probabilities,
  type Usage,
  type Verdict,
} from './verdict';

const choice = (v: unknown, at: string) => oneOf(v, ['A', 'tie', 'B'] as const, at);

function probabilities(value: unknown, at: string): Probabilities {
  const o = obj(value, at);
  return { a: num(o.a, `${at}.a`), tie: num(o.tie, `${at}.tie`), b: num(o.b, `${at}.b`) };
}

function call(value: unknown, at: string): Call {
  const o = obj(value, at);
  return { winner: choice(o.winner, `${at}.winner`), p: probabilities(o.p, `${at}.p`) };
}

function dimensionCall(value: unknown, at: string): DimensionCall {
  const { unjudged } = obj(value, at);
  if (unjudged !== undefined && unjudged !== true) throw new DecodeError(`${at}.unjudged is not true`);
  return { ...call(value, at), ...(unjudged ? { unjudged } : {}) };
}

function evidence(value: unknown, at: string): Evidence {
  const o = obj(value, at);
  const measure = optional(o.measure, (v) => oneOf(v, MEASURE_IDS, `${at}.measure`));
  const a = optional(o.a, (v) => num(v, `${at}.a`));
  const b = optional(o.b, (v) => num(v, `${at}.b`));
  const unit = optional(o.unit, (v) => str(v, `${at}.unit`));
  const whole = optional(o.whole, (v) => bool(v, `${at}.whole`));
  return {
    side: oneOf(o.side, ['A', 'B', 'both'] as const, `${at}.side`),
    start: num(o.start, `${at}.start`),
    end: num(o.end, `${at}.end`),
    ...(measure === undefined ? {} : { measure }),
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
    ...(unit === undefined ? {} : { unit }),
    ...(whole === undefined ? {} : { whole }),
  };
}

function criterionVerdict(value: unknown, at: string): CriterionVerdict {
  const o = obj(value, at);
  if (!isCriterionId(o.id)) throw new DecodeError(`${at}.id is not a criterion of the rubric`);
  const p = optional(o.p, (v) => probabilities(v, `${at}.p`));
  const words = optional(o.words, (v) => str(v, `${at}.words`));
  return {
    id: o.id,
    status: oneOf(o.status, ['judged', 'notSeen', 'missing'] as const, `${at}.status`),
    score: o.score === null ? null : oneOf(o.score, [-1, 0, 1] as const, `${at}.score`),
    ...(p ? { p } : {}),
    reason: str(o.reason, `${at}.reason`),
    ...(words === undefined ? {} : { words }),
    evidence: arr(o.evidence, `${at}.evidence`).map((v, i) => evidence(v, `${at}.evidence[${i}]`)),
  };
}

export function decodeClipRecord(value: unknown, at: string): ClipRecord {
  const o = obj(value, at);
  return {
    path: str(o.path, `${at}.path`),
    hash: str(o.hash, `${at}.hash`),
    duration: num(o.duration, `${at}.duration`),
    fps: num(o.fps, `${at}.fps`),
    width: num(o.width, `${at}.width`),
    height: num(o.height, `${at}.height`),
    frames: num(o.frames, `${at}.frames`),
  };
}

export function decodeJudge(value: unknown): Verdict['judge'] {
  const o = obj(value, 'judge');
  const c = obj(o.capabilities, 'judge.capabilities');
  return {
    id: str(o.id, 'judge.id'),
    name: str(o.name, 'judge.name'),
    version: str(o.version, 'judge.version'),
    hash: str(o.hash, 'judge.hash'),
    kind: oneOf(o.kind, ['compact', 'local-vlm', 'endpoint'] as const, 'judge.kind'),
    capabilities: {
      symmetric: bool(c.symmetric, 'judge.capabilities.symmetric'),
      streaming: bool(c.streaming, 'judge.capabilities.streaming'),
      encodes: bool(c.encodes, 'judge.capabilities.encodes'),
      reasons: bool(c.reasons, 'judge.capabilities.reasons'),
    },
    device: str(o.device, 'judge.device'),
  };
}

function orders(value: unknown): Orders {
  const o = obj(value, 'orders');
  const mode = oneOf(o.mode, ['symmetric', 'both'] as const, 'orders.mode');
  if (mode === 'symmetric') return { mode };
  const unanswered = optional(o.unanswered, (v) => oneOf(v, ['ab', 'ba'] as const, 'orders.unanswered'));
  return {
    mode,
    ab: choice(o.ab, 'orders.ab'),
    ba: choice(o.ba, 'orders.ba'),
    consistent: bool(o.consistent, 'orders.consistent'),
    ...(unanswered === undefined ? {} : { unanswered }),
  };
}

function usage(value: unknown): Usage {
  const o = obj(value, 'usage');
  const promptTokens = optional(o.promptTokens, (v) => num(v, 'usage.promptTokens'));
  const completionTokens = optional(o.completionTokens, (v) => num(v, 'usage.completionTokens'));
  return {
    requests: num(o.requests, 'usage.requests'),
    ...(promptTokens === undefined ? {} : { promptTokens }),
    ...(completionTokens === undefined ? {} : { completionTokens }),
  };
}

function options(value: unknown): Verdict['options'] {
  const entries = Object.entries(obj(value, 'options'));
  for (const [k, v] of entries)
    if (!['string', 'number', 'boolean'].includes(typeof v))
      throw new DecodeError(`options.${k} is not a plain value`);
  return Object.fromEntries(entries) as Verdict['options'];
}

function timings(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(obj(value, 'timings')).map(([k, v]) => [k, num(v, `timings.${k}`)]),
  );
}

export function decodeVerdict(value: unknown): Verdict {
  const o = obj(value, 'verdict');
  requireFormat(o, VERDICT_FORMAT);
  const d = obj(o.dimensions, 'dimensions');
  const criteria = arr(o.criteria, 'criteria').map((v, i) => criterionVerdict(v, `criteria[${i}]`));
  if (criteria.map((c) => c.id).join() !== CRITERION_IDS.join())
    throw new DecodeError("the verdict's criteria are not the rubric's fifteen, in order");
  const prompt = optional(o.prompt, (v) => str(v, 'prompt'));
  const raw = optional(o.raw, (v) => str(v, 'raw'));
  const concepts = optional(o.concepts, (v) => decodePairConcepts(v, 'concepts'));
  const calibration = optional(o.calibration, (v) => str(v, 'calibration'));
  const confidence = optional(o.confidence, (v) => oneOf(v, CONFIDENCES, 'confidence'));
  const used = optional(o.usage, usage);
  const reduced = optional(o.reduced, (v) => str(v, 'reduced'));
  return {
    format: VERDICT_FORMAT,
    id: str(o.id, 'id'),
    at: str(o.at, 'at'),
    rubric: str(o.rubric, 'rubric'),
    judge: decodeJudge(o.judge),
    plan: str(o.plan, 'plan'),
    options: options(o.options),
    ...(prompt === undefined ? {} : { prompt }),
    a: decodeClipRecord(o.a, 'a'),
    b: decodeClipRecord(o.b, 'b'),
    overall: call(o.overall, 'overall'),
    dimensions: {
      VA: dimensionCall(d.VA, 'dimensions.VA'),
      VF: dimensionCall(d.VF, 'dimensions.VF'),
      VP: dimensionCall(d.VP, 'dimensions.VP'),
    },
    criteria,
    ...(concepts ? { concepts } : {}),
    orders: orders(o.orders),
    ...(calibration === undefined ? {} : { calibration }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(raw === undefined ? {} : { raw }),
    ...(used === undefined ? {} : { usage: used }),
    ...(reduced === undefined ? {} : { reduced }),
    timings: timings(o.timings),
  };
}
