import type { Fault } from './chatServer';

/** The same faults in every run: of a hundred requests ten fail, nine are answered haltingly and one late. */
export function faults(seed: number): (n: number) => Fault | undefined {
  const kinds: Fault[] = [
    { kind: 'status', status: 500 },
    { kind: 'cut' },
    { kind: 'status', status: 429, headers: { 'retry-after': '0' } },
    { kind: 'malformed' },
    { kind: 'reset' },
    { kind: 'wrongLength' },
    { kind: 'errorInside', error: { error: { message: 'worker died', code: 500 } } },
    { kind: 'short' },
  ];
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  return () => {
    const chance = random();
    if (chance < 0.1) return kinds[Math.floor(random() * kinds.length)];
    if (chance < 0.19) return { kind: 'slow', ms: 2 };
    return chance < 0.2 ? { kind: 'late', ms: 300 } : undefined;
  };
}
