import type { Choice } from '../pair';
import { CRITERIA, DIMENSIONS, type CriterionId } from '../rubric';
import type { Evidence } from '../verdict';
import { LenientReader, type Dict, type Node } from './lenientJson';
import type { Order } from './names';
import { entry, placesOf, type Durations } from './places';
import { choiceOf } from './said';
import { sidedWords } from './words';
import type { CallId, Wanted } from './wanted';

/** One criterion as one answer judged it, for the real sides. */
export interface SaidCriterion {
  id: CriterionId;
  choice: Choice;
  /** With `{A}` and `{B}` for the clips; '' where there was no reason. */
  words: string;
  evidence: Evidence[];
  /** Where the score stands in the answer. */
  at: number;
}

export interface SaidCall {
  id: CallId;
  choice: Choice;
  at: number;
}

const REASON_KEYS = ['reason', 'reasoning', 'rationale', 'explanation', 'why', 'comment', 'justification'];
const SCORE_KEYS = ['score', 'rating', 'value'];
const CHOICE_KEYS = ['winner', 'better', 'verdict', 'choice', 'preference', 'result', 'answer'];
const EVIDENCE_KEYS = ['evidence', 'places', 'timestamps', 'frames'];
const ID_KEYS = ['id', 'criterion', 'criterion_id', 'name', 'key'];
const CALL_NAME_KEYS = ['dimension', 'id', 'name', 'key'];

/** "VA.Colour (harmony)" and "1. va_color" alike. */
function normal(key: string): string {
  return key
    .slice(0, 80)
    .toLowerCase()
    .replace(/colour/g, 'color')
    .replace(/\(.*$/, '')
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^[\d.]+|\.+$/g, '');
}

const CRITERION_KEYS = new Map<string, CriterionId>(
  CRITERIA.flatMap(({ id, name }) => [[normal(id), id] as const, [normal(name), id] as const]),
);
/** "color" alone: only of something that holds a score of its own. */
const SHORT_KEYS = new Map<string, CriterionId>(CRITERIA.map(({ id }) => [id.split('.')[1]!, id]));
const CALL_KEYS = new Map<string, CallId>([
  ...DIMENSIONS.flatMap(({ id, name }) => [[normal(id), id] as const, [normal(name), id] as const]),
  ['overall', 'overall'],
  ['overall.verdict', 'overall'],
  ['overall.winner', 'overall'],
]);
/** Names of the overall verdict where they stand outermost. */
const OUTER_KEYS = new Set(['verdict', 'winner', 'final', 'final.verdict', 'preference']);

const stringOf = (node: Node | undefined) =>
  node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;

function shown(node: Node | undefined): string {
  if (!node) return 'missing';
  return node.kind === 'scalar' ? JSON.stringify(node.value).slice(0, 40) : `a ${node.kind}`;
}

/** Reads one answer as it is written. What it keeps is whole and makes sense; what does not is in `faults`. */
export class AnswerReader {
  private reader: LenientReader;
  /** What was understood so far. */
  readonly criteria = new Map<CriterionId, SaidCriterion>();
  readonly calls = new Map<CallId, SaidCall>();
  private readonly wrong = new Map<CriterionId | CallId, string>();

  constructor(
    private readonly order: Order,
    private readonly durations: Durations,
    private readonly onCriterion?: (criterion: SaidCriterion) => void,
  ) {
    this.reader = this.newReader();
  }

  feed(text: string): void {
    this.reader.feed(text);
  }

  end(): void {
    this.reader.end();
  }

  /** The answer is begun anew: nothing that was read counts. */
  restart(): void {
    this.forget();
    this.reader = this.newReader();
  }

  /** What is lacking of what was wanted. */
  lacking({ criteria, calls }: Wanted): Wanted {
    return {
      criteria: criteria.filter((id) => !this.criteria.has(id)),
      calls: calls.filter((id) => !this.calls.has(id)),
    };
  }

  /** Why it is lacking, one sentence each, in words for the model. */
  faults({ criteria, calls }: Wanted): string[] {
    const why = (id: CriterionId | CallId) => this.wrong.get(id) ?? `"${id}" is missing`;
    const overlong = this.reader.overlong ? ['the answer is too long and was not read to its end'] : [];
    return [...overlong, ...criteria.map(why), ...calls.map(why)];
  }

  private newReader(): LenientReader {
    return new LenientReader({
      onValue: (path, node) => this.value(path, node),
      onThought: () => this.forget(),
    });
  }

  private forget(): void {
    this.criteria.clear();
    this.calls.clear();
    this.wrong.clear();
  }

  private value(path: readonly string[], node: Node): void {
    const key = normal(path.at(-1) ?? '');
    if (node.kind === 'dict') return this.dict(key, node);
    if (node.kind !== 'scalar' || path.slice(0, -1).some((k) => criterionOf(k) !== undefined)) return;
    const id = CRITERION_KEYS.get(key);
    if (id) return this.keepCriterion(id, node, undefined, undefined);
    const call = CALL_KEYS.get(key) ?? (path.length === 1 && OUTER_KEYS.has(key) ? 'overall' : undefined);
    if (call) this.keepCall(call, node);
  }

  private dict(key: string, dict: Dict): void {
    const score = entry(dict, SCORE_KEYS);
    const choice = entry(dict, CHOICE_KEYS);
    const named = normal(stringOf(entry(dict, ID_KEYS)) ?? key);
    const id = CRITERION_KEYS.get(named) ?? ((score ?? choice) ? SHORT_KEYS.get(named) : undefined);
    if (id) return this.keepDict(id, dict, score, choice);
    const call = CALL_KEYS.get(normal(stringOf(entry(dict, CALL_NAME_KEYS)) ?? key)) ?? CALL_KEYS.get(key);
    const said = choice ?? score;
    if (call && said) this.keepCall(call, said);
  }

  private keepDict(id: CriterionId, dict: Dict, score: Node | undefined, choice: Node | undefined): void {
    const [one, other] = [choiceOf(score, this.order), choiceOf(choice, this.order)];
    if (one && other && one !== other) {
      this.refuse(id, `"${id}" contradicts itself: its score and its verdict name different clips`);
      return;
    }
    this.keepCriterion(id, score ?? choice, stringOf(entry(dict, REASON_KEYS)), entry(dict, EVIDENCE_KEYS));
  }

  private keepCriterion(
    id: CriterionId,
    score: Node | undefined,
    reason: string | undefined,
    places: Node | undefined,
  ): void {
    const choice = choiceOf(score, this.order);
    if (!choice || score?.kind !== 'scalar') {
      this.refuse(id, `the score of "${id}" is ${shown(score)}, and it has to be -1, 0 or 1`);
      return;
    }
    const known = this.criteria.get(id);
    // A list of bare scores after the reasons takes nothing away.
    if (known && reason === undefined && known.choice === choice) return;
    const evidence = placesOf(places, this.order, this.durations);
    const words = reason === undefined ? '' : sidedWords(reason, this.order);
    const said = { id, choice, words, evidence, at: score.at };
    this.wrong.delete(id);
    this.criteria.set(id, said);
    this.onCriterion?.(said);
  }

  private keepCall(id: CallId, node: Node): void {
    const choice = choiceOf(node, this.order);
    if (!choice || node.kind !== 'scalar') {
      this.refuse(id, `"${id}" is ${shown(node)}, which is none of the answers allowed`);
      return;
    }
    this.wrong.delete(id);
    this.calls.set(id, { id, choice, at: node.at });
  }

  private refuse(id: CriterionId | CallId, why: string): void {
    this.wrong.set(id, why);
  }
}

function criterionOf(key: string): CriterionId | undefined {
  const name = normal(key);
  return CRITERION_KEYS.get(name) ?? SHORT_KEYS.get(name);
}
