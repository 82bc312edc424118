import { decodePairConcepts, mirrorConcepts, type PairConcepts } from './concepts';
import { arr, bool, DecodeError, num, obj, oneOf, optional, str, type Json } from './decode';
import { mirrorWords } from './chain/spoken';
import { mirrorTranscript } from './chain/transcript';
import { MEASURE_IDS, type MeasureId } from './measures';
import { mirrorChoice, otherSide, type Choice } from './pair';
import { CRITERION_IDS, DIMENSION_IDS, isCriterionId, type CriterionId, type Dimension } from './rubric';

export const VERDICT_FORMAT = 'aesrm.verdict/1';

/** Probabilities that A is better, that they tie, that B is better; they sum to 1. */
export interface Probabilities {
  a: number;
  tie: number;
  b: number;
}
export interface Call {
  winner: Choice;
  p: Probabilities;
}

/** A place in the clips that a reason speaks of; `start` and `end` in seconds from the first frame. */
export interface Evidence {
  side: 'A' | 'B' | 'both';
  start: number;
  end: number;
  measure?: MeasureId;
  /** The measure's value on each side over that time. */
  a?: number;
  b?: number;
  unit?: string;
  /** The difference holds throughout: `start` and `end` span all the time that both clips share. */
  whole?: boolean;
}

export interface CriterionVerdict {
  id: CriterionId;
  status: 'judged' | 'notSeen' | 'missing';
  /** 1 where A is better, -1 where B is, 0 for no visible difference; null unless judged. */
  score: -1 | 0 | 1 | null;
  p?: Probabilities;
  reason: string;
  /** The reason as the judge worded it itself, with `{A}` and `{B}` for the clips. */
  words?: string;
  evidence: Evidence[];
}

/** One clip as it was judged. */
export interface ClipRecord {
  /** Relative to the workspace folder where the clip lies in it, with `/`. */
  path: string;
  /** SHA-256 of the file, hex. */
  hash: string;
  /** Seconds. */
  duration: number;
  fps: number;
  /** Displayed size in pixels: rotation and pixel aspect applied. */
  width: number;
  height: number;
  /** Frames decoded; of a long clip, the estimate from duration and fps. */
  frames: number;
}

export interface JudgeInfo {
  id: string;
  name: string;
  version: string;
  /** SHA-256 over the model's file hashes. */
  hash: string;
  kind: 'compact' | 'local-vlm' | 'endpoint';
  capabilities: { symmetric: boolean; streaming: boolean; encodes: boolean; reasons: boolean };
}

export type Orders =
  | { mode: 'symmetric' }
  | {
      mode: 'both';
      ab: Choice;
      ba: Choice;
      consistent: boolean;
      /** The order that got no answer, where one did not: it counts as knowing nothing. */
      unanswered?: 'ab' | 'ba';
    };

/** What a judgement took of a model that answers requests; tokens where it counts them. */
export interface Usage {
  requests: number;
  promptTokens?: number;
  completionTokens?: number;
}

/** What probabilities come from: those of the model's verdict tokens, or how far its answers agree. */
export const CONFIDENCES = ['tokens', 'agreement'] as const;

export interface Verdict {
  format: typeof VERDICT_FORMAT;
  id: string;
  /** ISO 8601. */
  at: string;
  rubric: string;
  judge: JudgeInfo & { device: string };
  plan: string;
  options: Record<string, string | number | boolean>;
  prompt?: string;
  a: ClipRecord;
  b: ClipRecord;
  overall: Call;
  dimensions: Record<Dimension, Call>;
  criteria: CriterionVerdict[];
  /** What the judge says that each clip is like, where its model says so. */
  concepts?: PairConcepts;
  orders: Orders;
  calibration?: string;
  confidence?: (typeof CONFIDENCES)[number];
  /** The model's own words, unchecked. */
  raw?: string;
  usage?: Usage;
  /** What the model was not shown of what it should have been, and why. */
  reduced?: string;
  /** Milliseconds by stage. */
  timings: Record<string, number>;
}

/** Winner of three probabilities: the largest; an exact draw that involves both sides is a tie. */
export function winnerOf(p: Probabilities): Choice {
  if (p.a > p.b && p.a > p.tie) return 'A';
  if (p.b > p.a && p.b > p.tie) return 'B';
  return 'tie';
}

export function mirrorProbabilities(p: Probabilities): Probabilities {
  return { a: p.b, tie: p.tie, b: p.a };
}

function mirrorCall(call: Call): Call {
  return { winner: mirrorChoice(call.winner), p: mirrorProbabilities(call.p) };
}

function mirrorEvidence(e: Evidence): Evidence {
  const { a, b, ...rest } = e;
  return {
    ...rest,
    side: e.side === 'both' ? 'both' : otherSide(e.side),
    ...(b === undefined ? {} : { a: b }),
    ...(a === undefined ? {} : { b: a }),
  };
}

function mirrorOrders(orders: Orders): Orders {
  if (orders.mode === 'symmetric') return orders;
  const { ab, ba, unanswered } = orders;
  const swapped = { ...orders, ab: mirrorChoice(ba), ba: mirrorChoice(ab) };
  return unanswered ? { ...swapped, unanswered: unanswered === 'ab' ? 'ba' : 'ab' } : swapped;
}

/** Words a criterion's reason anew: reasons name the sides. */
export type Reword = (criterion: CriterionVerdict, concepts: PairConcepts | undefined) => string;

/** The same criterion with the sides swapped. */
export function mirrorCriterion(
  c: CriterionVerdict,
  reword: Reword,
  concepts?: PairConcepts,
): CriterionVerdict {
  const mirrored: CriterionVerdict = {
    ...c,
    score: c.score === null ? null : ((0 - c.score) as -1 | 0 | 1),
    ...(c.p ? { p: mirrorProbabilities(c.p) } : {}),
    ...(c.words === undefined ? {} : { words: mirrorWords(c.words) }),
    evidence: c.evidence.map(mirrorEvidence),
  };
  return { ...mirrored, reason: reword(mirrored, concepts) };
}

/**
 * The same verdict with the sides swapped. Reasons name sides in words, so they are made again by `reword`.
 */
export function mirrorVerdict(v: Verdict, reword: Reword): Verdict {
  const concepts = v.concepts && mirrorConcepts(v.concepts);
  const dimensions = Object.fromEntries(DIMENSION_IDS.map((d) => [d, mirrorCall(v.dimensions[d])]));
  return {
    ...v,
    a: v.b,
    b: v.a,
    overall: mirrorCall(v.overall),
    dimensions: dimensions as Record<Dimension, Call>,
    criteria: v.criteria.map((c) => mirrorCriterion(c, reword, concepts)),
    ...(concepts ? { concepts } : {}),
    orders: mirrorOrders(v.orders),
    ...(v.raw === undefined ? {} : { raw: mirrorTranscript(v.raw) }),
  };
}

const choice = (v: unknown, at: string) => oneOf(v, ['A', 'tie', 'B'] as const, at);

function probabilities(value: unknown, at: string): Probabilities {
  const o = obj(value, at);
  return { a: num(o.a, `${at}.a`), tie: num(o.tie, `${at}.tie`), b: num(o.b, `${at}.b`) };
}

function call(value: unknown, at: string): Call {
  const o = obj(value, at);
  return { winner: choice(o.winner, `${at}.winner`), p: probabilities(o.p, `${at}.p`) };
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

/** Checks the version first, so that a file of a later version is refused with a sentence. */
export function requireFormat(o: Json, format: string): void {
  if (o.format !== format)
    throw new DecodeError(
      `this is ${JSON.stringify(o.format)}, and this version of AesRM Review reads ${format}`,
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
      VA: call(d.VA, 'dimensions.VA'),
      VF: call(d.VF, 'dimensions.VF'),
      VP: call(d.VP, 'dimensions.VP'),
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
