import { CHAIN_MODES, type ChainOptions } from './chain/options';
import framePlan from './framePlan.json';
import { CRITERION_IDS, isCriterionId, type CriterionId } from './rubric';
import { DecodeError, obj, str, num, arr, oneOf, optional } from './decode';

/** One file of a model: `path` is relative to the manifest's folder and may not leave it. */
export interface ModelFile {
  path: string;
  /** Lower-case hex SHA-256 of the whole file. */
  sha256: string;
  bytes: number;
}

/** A benchmark of somebody's own, on a file of labelled pairs. */
export interface Measuring {
  /** The file's name. */
  file: string;
  /** ISO 8601. */
  at: string;
  /** How the model was asked. */
  mode: ChainOptions['mode'];
}

/** Measured agreement of a judge with one set of labels; intervals are 95%. */
export interface Agreement {
  set: string;
  /** `degradation`, `human_rating_3_annotators`, `human_pairwise`, `method_claim`: never merged. */
  labelKind: string;
  aspect?: string;
  pairs: number;
  accuracy: number;
  ci?: [number, number];
  /** Absent of what a model came with. */
  measured?: Measuring;
}

/** A concept with named values: the encoding holds one probability for each, in this order; they sum to 1. */
export interface ConceptClass {
  id: string;
  values: string[];
  /** Share of clips with known values that were named rightly; absent where nobody measured it. */
  accuracy?: number;
  /** The share that always naming the commonest value would have got. */
  chance?: number;
  /** How many clips that was measured on. */
  pairs?: number;
}

/** A concept that is an amount: the encoding holds one number. */
export interface ConceptLevel {
  id: string;
  /** Rank correlation with known amounts; absent where nobody measured it. */
  rho?: number;
  /** An amount of this or less is remarkably little, of `high` or more remarkably much. */
  low: number;
  high: number;
}

/** What the end of an encoding says in words: from index `from` the classes' probabilities, then the levels. */
export interface ModelConcepts {
  from: number;
  classes: ConceptClass[];
  levels: ConceptLevel[];
}

/**
 * `aesrm.model/1`: an encoder (one clip -> one encoding) and a judge (two encodings -> a verdict), as ONNX.
 *
 * Encoder: input uint8 `[samples * burst, H, W, 3]` (RGB, full range), output float32 `[1, encodingSize]`.
 * Judge: inputs `a`, `b` float32 `[N, encodingSize]`; outputs float32 probabilities in the order A, tie, B:
 * `criteria` `[N, 15, 3]`, `dimensions` `[N, 3, 3]` (VA, VF, VP), `overall` `[N, 3]`.
 */
export interface ModelManifest {
  format: 'aesrm.model/1';
  id: string;
  name: string;
  version: string;
  kind: 'encoder-judge';
  licence: string;
  /** Id of the frame plan the weights were trained with. */
  plan: string;
  encodingSize: number;
  files: { encoder: ModelFile; judge: ModelFile };
  input: {
    encoder: string;
    a: string;
    b: string;
    dtype: 'uint8';
    layout: 'FHWC';
    colourMatrix: string;
    colourRange: string;
    resizeFilter: string;
    /** Applied inside the graph, to values in 0..1. */
    mean: number[];
    std: number[];
  };
  output: { encoding: string; criteria: string; dimensions: string; overall: string };
  criteria: CriterionId[];
  /** The criteria this judge has eyes for; the others are `notSeen`. */
  claimed: CriterionId[];
  agreement: Agreement[];
  /** What its card says in short, a sentence each: what it was made of, what it cannot see, where it is wrong. */
  short: string[];
  /** Absent: the encoding is numbers without names. The judge's graph ignores this part of it. */
  concepts?: ModelConcepts;
}

export function decodeModelFile(value: unknown, at: string): ModelFile {
  const o = obj(value, at);
  const path = str(o.path, `${at}.path`);
  if (!isInside(path)) throw new DecodeError(`${at}.path "${path}" leaves the model's folder`);
  const sha256 = str(o.sha256, `${at}.sha256`);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new DecodeError(`${at}.sha256 is not a SHA-256 in hex`);
  return { path, sha256, bytes: num(o.bytes, `${at}.bytes`) };
}

/** Whether a manifest's relative path stays in the manifest's folder (lexically; links are the engine's to resolve). */
export function isInside(path: string): boolean {
  if (path === '' || /^[\\/]|^[A-Za-z]:|[\\:\0]/.test(path)) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

function criterionList(value: unknown, at: string): CriterionId[] {
  return arr(value, at).map((v, i) => {
    if (!isCriterionId(v)) throw new DecodeError(`${at}[${i}] is not a criterion of the rubric`);
    return v;
  });
}

export function decodeAgreement(value: unknown, at: string): Agreement {
  const o = obj(value, at);
  const ci = optional(o.ci, (v) => arr(v, `${at}.ci`).map((x, i) => num(x, `${at}.ci[${i}]`)));
  const measured = optional(o.measured, (v) => decodeMeasuring(v, `${at}.measured`));
  return {
    set: str(o.set, `${at}.set`),
    labelKind: str(o.labelKind, `${at}.labelKind`),
    ...(o.aspect === undefined ? {} : { aspect: str(o.aspect, `${at}.aspect`) }),
    pairs: num(o.pairs, `${at}.pairs`),
    accuracy: num(o.accuracy, `${at}.accuracy`),
    ...(ci?.length === 2 ? { ci: [ci[0]!, ci[1]!] as [number, number] } : {}),
    ...(measured ? { measured } : {}),
  };
}

function decodeMeasuring(value: unknown, at: string): Measuring {
  const o = obj(value, at);
  return {
    file: str(o.file, `${at}.file`),
    at: str(o.at, `${at}.at`),
    mode: oneOf(o.mode, CHAIN_MODES, `${at}.mode`),
  };
}

/** A measured share, from 0 to 1. */
function share(value: unknown, at: string): number {
  const n = num(value, at);
  if (n < 0 || n > 1) throw new DecodeError(`${at} is ${n}, expected a share from 0 to 1`);
  return n;
}

function conceptClass(value: unknown, at: string): ConceptClass {
  const o = obj(value, at);
  const values = arr(o.values, `${at}.values`).map((v, i) => str(v, `${at}.values[${i}]`));
  if (values.length < 2 || new Set(values).size < values.length)
    throw new DecodeError(`${at}.values are not two or more different names`);
  const accuracy = optional(o.accuracy, (v) => share(v, `${at}.accuracy`));
  const chance = optional(o.chance, (v) => share(v, `${at}.chance`));
  const pairs = optional(o.pairs, (v) => num(v, `${at}.pairs`));
  return {
    id: str(o.id, `${at}.id`),
    values,
    ...(accuracy === undefined ? {} : { accuracy }),
    ...(chance === undefined ? {} : { chance }),
    ...(pairs === undefined ? {} : { pairs }),
  };
}

function conceptLevel(value: unknown, at: string): ConceptLevel {
  const o = obj(value, at);
  const [low, high] = [num(o.low, `${at}.low`), num(o.high, `${at}.high`)];
  if (low >= high) throw new DecodeError(`${at}.low is ${low}, which is not below its high, ${high}`);
  const rho = optional(o.rho, (v) => num(v, `${at}.rho`));
  return { id: str(o.id, `${at}.id`), ...(rho === undefined ? {} : { rho }), low, high };
}

/** The numbers that concepts take at the end of an encoding. */
export function conceptNumbers({ classes, levels }: Omit<ModelConcepts, 'from'>): number {
  return classes.reduce((n, c) => n + c.values.length, levels.length);
}

/** Shown beside every verdict: a manifest may not fill a page with it. */
const LONGEST_SENTENCE = 400;

function sentence(value: unknown, at: string): string {
  const text = str(value, at);
  if (text.length > LONGEST_SENTENCE)
    throw new DecodeError(`${at} is longer than ${LONGEST_SENTENCE} characters`);
  return text;
}

function modelConcepts(value: unknown, encodingSize: number): ModelConcepts {
  const o = obj(value, 'concepts');
  const from = num(o.from, 'concepts.from');
  const classes = arr(o.classes, 'concepts.classes').map((v, i) => conceptClass(v, `concepts.classes[${i}]`));
  const levels = arr(o.levels, 'concepts.levels').map((v, i) => conceptLevel(v, `concepts.levels[${i}]`));
  const ids = [...classes, ...levels].map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) throw new DecodeError(`concepts names "${twice}" twice`);
  const numbers = conceptNumbers({ classes, levels });
  if (!Number.isInteger(from) || from < 0 || from + numbers !== encodingSize)
    throw new DecodeError(
      `concepts take ${numbers} numbers from index ${from}, which does not end an encoding of ${encodingSize}`,
    );
  return { from, classes, levels };
}

/** Decodes a model manifest; throws {@link DecodeError} with one sentence on anything it does not know. */
export function decodeModelManifest(value: unknown): ModelManifest {
  const o = obj(value, 'manifest');
  const files = obj(o.files, 'files');
  const input = obj(o.input, 'input');
  const output = obj(o.output, 'output');
  const numbers = (v: unknown, at: string) => arr(v, at).map((x, i) => num(x, `${at}[${i}]`));
  const plan = str(o.plan, 'plan');
  if (plan !== framePlan.id)
    throw new DecodeError(`the model wants frame plan "${plan}", this version knows "${framePlan.id}"`);
  const criteria = criterionList(o.criteria, 'criteria');
  if (criteria.join() !== CRITERION_IDS.join())
    throw new DecodeError("the model's criteria are not the rubric's, in the rubric's order");
  const encodingSize = num(o.encodingSize, 'encodingSize');
  const concepts = optional(o.concepts, (v) => modelConcepts(v, encodingSize));
  return {
    format: oneOf(o.format, ['aesrm.model/1'] as const, 'format'),
    id: str(o.id, 'id'),
    name: str(o.name, 'name'),
    version: str(o.version, 'version'),
    kind: oneOf(o.kind, ['encoder-judge'] as const, 'kind'),
    licence: str(o.licence, 'licence'),
    plan,
    encodingSize,
    files: {
      encoder: decodeModelFile(files.encoder, 'files.encoder'),
      judge: decodeModelFile(files.judge, 'files.judge'),
    },
    input: {
      encoder: str(input.encoder, 'input.encoder'),
      a: str(input.a, 'input.a'),
      b: str(input.b, 'input.b'),
      dtype: oneOf(input.dtype, ['uint8'] as const, 'input.dtype'),
      layout: oneOf(input.layout, ['FHWC'] as const, 'input.layout'),
      colourMatrix: str(input.colourMatrix, 'input.colourMatrix'),
      colourRange: str(input.colourRange, 'input.colourRange'),
      resizeFilter: str(input.resizeFilter, 'input.resizeFilter'),
      mean: numbers(input.mean, 'input.mean'),
      std: numbers(input.std, 'input.std'),
    },
    output: {
      encoding: str(output.encoding, 'output.encoding'),
      criteria: str(output.criteria, 'output.criteria'),
      dimensions: str(output.dimensions, 'output.dimensions'),
      overall: str(output.overall, 'output.overall'),
    },
    criteria,
    claimed: criterionList(o.claimed, 'claimed'),
    agreement: arr(o.agreement, 'agreement').map((v, i) => decodeAgreement(v, `agreement[${i}]`)),
    short: (optional(o.short, (v) => arr(v, 'short')) ?? []).map((v, i) => sentence(v, `short[${i}]`)),
    ...(concepts ? { concepts } : {}),
  };
}
