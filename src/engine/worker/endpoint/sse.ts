import { StringDecoder } from 'node:string_decoder';

/**
 * The data of server-sent events, as the bytes come (https://html.spec.whatwg.org/multipage/server-sent-events.html):
 * any line ending, comments, `data:` with or without a space, characters that are cut by the network. An event that
 * was not ended by an empty line is given at the end nevertheless: some servers leave the last one out.
 */
export class SseParser {
  private readonly decoder = new StringDecoder('utf8');
  private rest = '';
  private data: string[] = [];
  private isFirst = true;

  constructor(private readonly onData: (data: string) => void) {}

  feed(bytes: Buffer): void {
    this.take(this.decoder.write(bytes), false);
  }

  end(): void {
    this.take(this.decoder.end(), true);
    if (this.rest !== '') this.line(this.rest);
    this.rest = '';
    this.line('');
  }

  private take(text: string, isLast: boolean): void {
    if (this.isFirst && text !== '') {
      text = text.replace(/^\uFEFF/, '');
      this.isFirst = false;
    }
    const all = this.rest + text;
    // A carriage return at the end may be the first half of a line ending.
    const held = !isLast && all.endsWith('\r') ? 1 : 0;
    const lines = all.slice(0, all.length - held).split(/\r\n|\n|\r/);
    this.rest = lines.pop()! + all.slice(all.length - held);
    for (const line of lines) this.line(line);
  }

  private line(line: string): void {
    if (line === '') {
      if (this.data.length === 0) return;
      const data = this.data.join('\n');
      this.data = [];
      this.onData(data);
    } else if (line.startsWith('data:')) this.data.push(line.slice(line[5] === ' ' ? 6 : 5));
  }
}
