const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** A whole number below 100 in English words; a larger one in digits. */
export function numberWord(n: number): string {
  if (n < 20) return SMALL[n]!;
  if (n >= 100) return String(n);
  const tens = TENS[Math.floor(n / 10) - 2]!;
  return n % 10 === 0 ? tens : `${tens}-${SMALL[n % 10]!}`;
}
