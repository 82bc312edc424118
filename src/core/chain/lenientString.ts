/** Of one string, so much is kept (UTF-16 units). */
const MOST_KEPT = 4000;
/** Of the space after a quote that may be the last, so much. */
const MOST_SPACE = 200;

const CLOSERS: Readonly<Record<string, string>> = { '"': '"”', '“': '”"', "'": "'", '‘': "’'" };
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: ' ', f: ' ' };

export const isSpace = (c: string) => c === ' ' || c === '\n' || c === '\t' || c === '\r' || c === '\u00a0';
export const isQuote = (c: string) => c in CLOSERS;

/**
 * One string, from after its opening quote. Models forget to escape the quotes inside: a quote ends the string only
 * where what follows it can follow a string.
 */
export class LenientString {
  text = '';
  private state: 'inside' | 'escape' | 'unicode' | 'quote' | 'comma' = 'inside';
  private closer = '';
  /** What stands between a quote that may be the last and what will tell; or the digits of an escape. */
  private pending = '';

  constructor(
    private readonly quote: string,
    /** Where the string begins, in the text. */
    readonly at: number,
    readonly isKey: boolean,
    private readonly inList: boolean,
    /** Keys stand without quotes here: a letter after a comma begins one. */
    private readonly bareKeys: boolean,
  ) {}

  /** Whether the string is whole, if the text ends here. */
  get whole(): boolean {
    return this.state === 'quote' || this.state === 'comma';
  }

  /** The comma after the string was taken with it. */
  get withComma(): boolean {
    return this.state === 'comma';
  }

  /** False where the string had ended before this character. */
  take(c: string): boolean {
    switch (this.state) {
      case 'inside':
        this.inside(c);
        return true;
      case 'escape':
        this.escape(c);
        return true;
      case 'unicode':
        this.unicode(c);
        return true;
      default:
        return this.afterQuote(c);
    }
  }

  private inside(c: string): void {
    if (c === '\\') this.state = 'escape';
    else if (CLOSERS[this.quote]!.includes(c)) {
      this.closer = c;
      this.pending = '';
      this.state = 'quote';
    } else this.append(c);
  }

  private append(text: string): void {
    if (this.text.length < MOST_KEPT) this.text += text;
    this.state = 'inside';
  }

  private escape(c: string): void {
    if (c !== 'u') return this.append(ESCAPES[c] ?? c);
    this.pending = '';
    this.state = 'unicode';
  }

  private unicode(c: string): void {
    if (!/[0-9a-fA-F]/.test(c)) {
      this.state = 'inside';
      return this.inside(c);
    }
    this.pending += c;
    if (this.pending.length === 4) this.append(String.fromCharCode(parseInt(this.pending, 16)));
  }

  private afterQuote(c: string): boolean {
    const isFirstComma = c === ',' && this.state === 'quote' && !this.isKey;
    if (isSpace(c) || isFirstComma) {
      if (isFirstComma) this.state = 'comma';
      if (this.pending.length < MOST_SPACE) this.pending += c;
      return true;
    }
    if (this.state === 'quote' ? this.endsBefore(c) : this.endsAtComma(c)) return false;
    this.append(this.closer + this.pending);
    this.inside(c);
    return true;
  }

  private endsBefore(c: string): boolean {
    if (c === '}' || c === ']' || this.pending.includes('\n')) return true;
    if (c === ':') return this.isKey || this.inList;
    if (c === ',') return this.isKey;
    return isQuote(c) && this.pending !== '';
  }

  private endsAtComma(c: string): boolean {
    if (isQuote(c) || '{}]/`'.includes(c) || this.pending.includes('\n')) return true;
    return this.inList ? /[[\d-]/.test(c) : this.bareKeys && /[A-Za-z_]/.test(c);
  }
}
