import { Judged, type Pair } from './record';

/** A judge as it is compared, and how many of its pairs are left out: it was told other prompts of them. */
export interface HeldJudge {
  judged: Judged;
  otherPrompts: number;
}

/**
 * Judges that read prompts answer another question under another prompt: of each pair, what they said under one prompt
 * counts. Judges that read none are taken as they are.
 */
export function underOnePrompt(judges: readonly Judged[]): HeldJudge[] {
  const prompts = promptsOf(judges);
  return judges.map((judged) => {
    if (!judged.readsPrompts) return { judged, otherPrompts: 0 };
    const held = new Judged(judged.hash);
    held.name = judged.name;
    const asked = new Set(judged.pairs.keys());
    for (const [prompt, { pairs, orders }] of judged.told) {
      for (const [pair, said] of pairs) {
        asked.add(pair);
        if (prompts.get(pair) === prompt) held.pairs.set(pair, said);
      }
      for (const [pair, said] of orders) if (prompts.get(pair) === prompt) held.orders.set(pair, said);
    }
    return { judged: held, otherPrompts: asked.size - held.pairs.size };
  });
}

interface Candidate {
  prompt: string;
  judges: number;
  /** Of the latest word under it. */
  at: number;
}

/** The prompt of each pair: what most judges were told, and of several such any rather than none, then the latest. */
function promptsOf(judges: readonly Judged[]): Map<Pair, string> {
  const candidates = new Map<Pair, Candidate[]>();
  for (const { told } of judges)
    for (const [prompt, { pairs }] of told)
      for (const [pair, { at }] of pairs) {
        const known = candidates.get(pair) ?? [];
        candidates.set(pair, known);
        const same = known.find((candidate) => candidate.prompt === prompt);
        if (!same) known.push({ prompt, judges: 1, at });
        else Object.assign(same, { judges: same.judges + 1, at: Math.max(same.at, at) });
      }
  return new Map([...candidates].map(([pair, known]) => [pair, known.sort(byWeight)[0]!.prompt]));
}

function byWeight(one: Candidate, other: Candidate): number {
  return (
    other.judges - one.judges ||
    Number(one.prompt === '') - Number(other.prompt === '') ||
    other.at - one.at ||
    (one.prompt < other.prompt ? -1 : 1)
  );
}
