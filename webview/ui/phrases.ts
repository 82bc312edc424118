/** The words of a page: English, and the host's translations over it. */
export interface Phrases<Key extends string> {
  /** `{0}`, `{1}` are filled in. */
  say(key: Key, ...values: (string | number)[]): string;
  /** Takes translations; unknown keys are ignored, missing ones stay English. */
  use(overrides?: Readonly<Record<string, string>>): void;
}

export function phrases<Key extends string>(english: Readonly<Record<Key, string>>): Phrases<Key> {
  let current: Record<Key, string> = english;
  return {
    say: (key, ...values) =>
      current[key].replace(/\{(\d)\}/g, (_, n: string) => String(values[Number(n)] ?? '')),
    use(overrides = {}) {
      current = { ...english };
      for (const key of Object.keys(english) as Key[])
        if (overrides[key] !== undefined) current[key] = overrides[key];
    },
  };
}
