/**
 * What the setting has named, in turn: first what it was found with, then what each step made it name; empty for
 * nothing. Good for as long as the last one is what it names now: who changed it by hand has nothing to go back to.
 */
export type Namings = readonly string[];

const goodFor = (namings: Namings, now: string): Namings => (namings.at(-1) === now ? namings : [now]);

export function named(namings: Namings, now: string, next: string): Namings {
  return now === next ? namings : [...goodFor(namings, now), next];
}

/** What it named before the step that made it name `now`; undefined where no step did. */
export function namedBefore(namings: Namings, now: string): string | undefined {
  return goodFor(namings, now).at(-2);
}

export function steppedBack(namings: Namings, now: string): Namings {
  return goodFor(namings, now).slice(0, -1);
}

/** As if it had never named `dir`, which is no longer there. */
export function namedWithout(namings: Namings, now: string, dir: string): Namings {
  return goodFor(namings, now)
    .map((name, i) => (i === 0 && name === dir ? '' : name))
    .filter((name) => name !== dir)
    .filter((name, i, all) => name !== all[i - 1]);
}
