import { isQuote, isSpace, LenientString } from './lenientString';

/** A value as it was read; `at` is where a scalar begins in the text (within its quotes), in UTF-16 units. */
export type Node =
  | { kind: 'scalar'; value: string | number | boolean | null; at: number }
  | { kind: 'list'; items: Node[] }
  | { kind: 'dict'; entries: Map<string, Node> };
export type Dict = Extract<Node, { kind: 'dict' }>;
type Container = Exclude<Node, { kind: 'scalar' }>;

/** Of a text, so much is read (UTF-16 units). */
export const MOST_TEXT = 200_000;
/** Values that are nested deeper are passed over. */
const MOST_DEPTH = 24;
/** Of an unquoted word, so much is kept. */
const MOST_WORD = 400;

type State =
  | 'prose'
  | 'opening'
  | 'openingKey'
  | 'value'
  | 'key'
  | 'bareKey'
  | 'colon'
  | 'after'
  | 'string'
  | 'bare'
  | 'comment'
  | 'lineComment'
  | 'blockComment'
  | 'deep';

interface Frame {
  node: Container;
  /** Its own key in what holds it; '' in a list. */
  name: string;
  /** The key that waits for its value. */
  key: string | undefined;
  /** Its last key had no quotes. */
  bareKeys: boolean;
}

export interface Listener {
  /** A value is whole: every scalar, list and dict below the outermost, and each of these. Path: the keys to it, '' for lists. */
  onValue(path: readonly string[], node: Node): void;
  /** What was read so far was the model thinking aloud. */
  onThought(): void;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const WORDS = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
  ['none', null],
  ['nan', null],
  ['undefined', null],
]);

function bareValue(text: string): string | number | boolean | null {
  const word = text
    .replace(/\s*(\/\/|#).*$/s, '')
    .trim()
    .replace(/^[−–]/, '-');
  if (NUMBER.test(word)) return Number(word);
  const known = WORDS.get(word.toLowerCase());
  return known === undefined ? word : known;
}

/**
 * Reads the JSON in a model's words, character by character, so that where the text was cut into pieces changes nothing.
 * Takes what models write: prose and fences around, thoughts before, comments, trailing and missing commas, quotes
 * inside strings, unquoted keys, brackets that were forgotten. It never throws and holds no more than it was given.
 */
export class LenientReader {
  private state: State = 'prose';
  private readonly stack: Frame[] = [];
  private at = 0;
  private buffer = '';
  private begin = 0;
  private word: LenientString | undefined;
  private opener = '{';
  private depth = 0;
  private tail = '';
  private thinking = false;
  private back: State = 'after';
  private star = false;

  constructor(private readonly listener: Listener) {}

  /** Whether the text was longer than what is read. */
  get overlong(): boolean {
    return this.at >= MOST_TEXT;
  }

  feed(text: string): void {
    for (let i = 0; i < text.length && !this.overlong; i++, this.at++) while (!this.take(text[i]!));
  }

  /** The text is over: what stands open is closed; a value that was cut is not kept. */
  end(): void {
    if (this.word?.whole) this.endString();
    this.word = undefined;
    while (this.stack.length > 0) this.pop();
    this.state = 'prose';
  }

  /** Takes one character, or returns false after a change of state in which it is to be looked at again. */
  private take(c: string): boolean {
    switch (this.state) {
      case 'prose':
        return this.prose(c);
      case 'opening':
        return this.opening(c);
      case 'openingKey':
        return this.openingKey(c);
      case 'value':
        return this.value(c);
      case 'key':
        return this.key(c);
      case 'bareKey':
        return this.bareKey(c);
      case 'colon':
        return this.colon(c);
      case 'after':
        return this.after(c);
      case 'bare':
        return this.bare(c);
      case 'deep':
        return this.deep(c);
      case 'string':
        return this.string(c);
      default:
        return this.comment(c);
    }
  }

  private go(state: State, taken = true): boolean {
    this.state = state;
    return taken;
  }

  private prose(c: string): boolean {
    this.tail = (this.tail + c).slice(-12);
    if (c === '>') {
      if (/<think(ing)?>$/i.test(this.tail)) this.thinking = true;
      else if (/<\/think(ing)?>$/i.test(this.tail)) {
        this.thinking = false;
        this.listener.onThought();
      }
    }
    if (this.thinking || (c !== '{' && c !== '[')) return true;
    this.opener = c;
    return this.go('opening');
  }

  /** Brackets stand in prose too: an answer begins with `{"`, `{}`, `{key:` or `[{`. */
  private opening(c: string): boolean {
    if (isSpace(c)) return true;
    if (this.opener === '[') {
      if (c !== '{') return this.go('prose', false);
      this.push({ kind: 'list', items: [] });
      return false;
    }
    if (isQuote(c) || c === '}' || c === '/') {
      this.push({ kind: 'dict', entries: new Map() });
      return false;
    }
    if (!/[A-Za-z_]/.test(c)) return this.go('prose', false);
    this.buffer = '';
    return this.go('openingKey', false);
  }

  private openingKey(c: string): boolean {
    if (/[\w.\- ]/.test(c) && this.buffer.length < 60) {
      this.buffer += c;
      return true;
    }
    if (c !== ':') return this.go('prose', false);
    this.push({ kind: 'dict', entries: new Map() });
    this.nameBare();
    return this.go('value');
  }

  private nameBare(): void {
    this.top!.key = this.buffer.trim();
    this.top!.bareKeys = true;
  }

  private value(c: string): boolean {
    if (isSpace(c) || c === ',' || c === ':' || c === '`') return true;
    if (isQuote(c)) return this.openString(c, false);
    if (c === '{') return this.push({ kind: 'dict', entries: new Map() });
    if (c === '[') return this.push({ kind: 'list', items: [] });
    if (c === '}' || c === ']') return this.close(c);
    if (c === '/' || c === '#') return this.openComment(c);
    this.buffer = '';
    this.begin = this.at;
    return this.go('bare', false);
  }

  private key(c: string): boolean {
    if (isQuote(c)) return this.openString(c, true);
    if (c === '}' || c === ']') return this.close(c);
    if (c === '{' && this.stack.at(-2)?.node.kind === 'list') {
      this.pop();
      return this.go('value', false);
    }
    if (c === '/' || c === '#') return this.openComment(c);
    if (!/[\p{L}_]/u.test(c)) return true;
    this.buffer = '';
    return this.go('bareKey', false);
  }

  private bareKey(c: string): boolean {
    if (c === ':') {
      this.nameBare();
      return this.go('value');
    }
    if (',}]\n{'.includes(c) || isQuote(c)) return this.go('key', false);
    if (this.buffer.length < MOST_WORD) this.buffer += c;
    return true;
  }

  private colon(c: string): boolean {
    if (isSpace(c)) return true;
    if (c === ':' || c === '=') return this.go('value');
    if (',}]'.includes(c)) return this.go('key', false);
    return this.go('value', false);
  }

  private after(c: string): boolean {
    if (isSpace(c) || c === '`') return true;
    const inDict = this.top?.node.kind === 'dict';
    if (c === ',' || c === ';') return this.go(inDict ? 'key' : 'value');
    if (c === '}' || c === ']') return this.close(c);
    if (c === '/' || c === '#') return this.openComment(c);
    if (c === ':') return inDict || this.keyAfterList();
    return this.go(inDict ? 'key' : 'value', false);
  }

  /** `"evidence": [{…}, "score": 1`: the list was not closed, and its last string is the next key. */
  private keyAfterList(): boolean {
    const { node } = this.top!;
    const last = node.kind === 'list' ? node.items.at(-1) : undefined;
    if (last?.kind !== 'scalar' || !this.stack.some((f) => f.node.kind === 'dict')) return true;
    if (node.kind === 'list') node.items.pop();
    while (this.top?.node.kind === 'list') this.pop();
    this.top!.key = String(last.value);
    return this.go('value');
  }

  private bare(c: string): boolean {
    const ends = ',}]\n'.includes(c) || (isQuote(c) && typeof bareValue(this.buffer) !== 'string');
    if (!ends) {
      if (this.buffer.length < MOST_WORD) this.buffer += c;
      return true;
    }
    this.scalar(bareValue(this.buffer), this.begin);
    return this.go('after', false);
  }

  private openString(c: string, isKey: boolean): true {
    const { node, bareKeys } = this.top!;
    this.word = new LenientString(c, this.at + 1, isKey, node.kind === 'list', bareKeys);
    return this.go('string') as true;
  }

  private string(c: string): boolean {
    return this.word!.take(c) || this.endString();
  }

  private endString(): false {
    const { text, at, isKey, withComma } = this.word!;
    this.word = undefined;
    if (isKey) {
      this.top!.key = text;
      return this.go('colon', false) as false;
    }
    this.scalar(text, at);
    const next = this.top?.node.kind === 'dict' ? 'key' : 'value';
    return this.go(withComma ? next : 'after', false) as false;
  }

  private openComment(c: string): true {
    this.back = this.state;
    return this.go(c === '#' ? 'lineComment' : 'comment') as true;
  }

  private comment(c: string): boolean {
    if (this.state === 'comment') {
      this.star = false;
      return c === '/' || c === '*'
        ? this.go(c === '/' ? 'lineComment' : 'blockComment')
        : this.go(this.back, false);
    }
    if (this.state === 'lineComment') return c !== '\n' || this.go(this.back);
    if (this.star && c === '/') return this.go(this.back);
    this.star = c === '*';
    return true;
  }

  private deep(c: string): boolean {
    if (c === '{' || c === '[') this.depth++;
    else if ((c === '}' || c === ']') && --this.depth === 0) this.state = 'after';
    return true;
  }

  private get top(): Frame | undefined {
    return this.stack.at(-1);
  }

  private push(node: Container): true {
    if (this.stack.length >= MOST_DEPTH) {
      this.depth = 1;
      return this.go('deep') as true;
    }
    this.stack.push({ node, name: this.top?.key ?? '', key: undefined, bareKeys: false });
    return this.go(node.kind === 'dict' ? 'key' : 'value') as true;
  }

  /** Closes what the bracket belongs to, and what was left open inside it; a bracket too many is passed over. */
  private close(c: string): true {
    const kind = c === '}' ? 'dict' : 'list';
    const index = this.stack.findLastIndex((f) => f.node.kind === kind);
    if (index < 0) return true;
    while (this.stack.length > index) this.pop();
    return this.go(this.stack.length > 0 ? 'after' : 'prose') as true;
  }

  private pop(): void {
    const frame = this.stack.pop();
    if (!frame) return;
    this.put(frame.node);
    this.listener.onValue([...this.path(), ...(this.stack.length > 0 ? [frame.name] : [])], frame.node);
  }

  private scalar(value: string | number | boolean | null, at: number): void {
    const node: Node = { kind: 'scalar', value, at };
    const name = this.top?.key ?? '';
    this.put(node);
    this.listener.onValue([...this.path(), name], node);
  }

  private put(node: Node): void {
    const top = this.top;
    if (top?.node.kind === 'list') top.node.items.push(node);
    else if (top?.key !== undefined && top.node.kind === 'dict') top.node.entries.set(top.key, node);
    if (top) top.key = undefined;
  }

  /** Keys from the outermost value to the innermost open one. */
  private path(): string[] {
    return this.stack.slice(1).map((f) => f.name);
  }
}
