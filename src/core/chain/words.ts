import { plainLine } from '../markdown';
import { NAMES, sideAt, type Order, type Place } from './names';

/** Of one reason, so much is kept. */
const LONGEST = 600;

const { first: P, second: Q } = NAMES;
/** Marks around a name; an apostrophe before "s" belongs to the sentence. */
const MARK = `(?:["“”*_\`]|['‘’](?!s\\b))*`;
/** A letter or digit; spelt out, as ignoring case together with Unicode's classes is slow. */
const LETTER = '[\\wÀ-ɏ]';
const START = `(?<!${LETTER})`;
/** After a number that is a time or an amount, "clip 1" was never meant. */
const NO_AMOUNT = `(?!${LETTER}|[.,:]\\d|\\s*(?:s|sec|secs|seconds?|ms|min|minutes?|frames?|fps|%|x|times)(?!${LETTER}))`;
const CLIP = '(?:clips?|videos?|sequences?)';

/** What models call a clip, told its name: "clip P", "Clip 'Q'", a bare P or Q, "the first clip", "video 2". */
const NAMED = new RegExp(
  [
    `${START}[*_\`]*(?:the\\s+)?${CLIP}[\\s_#:-]*${MARK}(?<clip>[${P}${Q}])(?!${LETTER})${MARK}`,
    `(?<![\\wÀ-ɏ&-])${MARK}(?<bare>[${P}${Q}])(?!${LETTER}|&|-[a-zÀ-ɏ])${MARK}`,
    `${START}(?:the\\s+)?(?<ordinal>first|second|1st|2nd)\\s+${CLIP}(?!${LETTER})`,
    `${START}(?:the\\s+)?${CLIP}\\s*#?\\s*(?<number>1|2|one|two)${NO_AMOUNT}`,
  ].join('|'),
  'gi',
);

const SECOND = new Set([Q.toLowerCase(), 'second', '2nd', '2', 'two']);

/** Whether a bare letter is a name: the expression ignores case, names are capitals. */
const isName = (letter: string) => letter === P || letter === Q;

/**
 * A model's sentence with `{A}` and `{B}` where it named the clips: words in which the sides can be swapped. Everything
 * else stays as it was said, on one line and without braces; nothing is guessed.
 */
export function sidedWords(text: string, order: Order): string {
  const line = plainLine(text).replace(/\{/g, '(').replace(/\}/g, ')');
  const cut = line.length > LONGEST ? `${line.slice(0, LONGEST).replace(/\s\S*$/, '')} …` : line;
  return cut.replace(NAMED, (whole: string, ...rest: unknown[]) => {
    const { clip, bare, ordinal, number } = rest.at(-1) as Record<string, string | undefined>;
    if (bare !== undefined && !isName(bare)) return whole;
    const name = clip ?? bare ?? ordinal ?? number ?? '';
    const place: Place = SECOND.has(name.toLowerCase()) ? 'second' : 'first';
    return `{${sideAt(place, order)}}`;
  });
}
