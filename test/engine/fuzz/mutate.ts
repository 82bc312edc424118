/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

type Mutation = (data: Buffer, other: Buffer, below: (n: number) => number) => Buffer;

export const MUTATIONS: Record<string, Mutation> = {
  bits(data, _other, below) {
    for (let n = 1 + below(64); n > 0; n--) {
      const at = below(data.length);
      data[at] = data[at]! ^ (1 << below(8));
    }
    return data;
  },
  cut: (data, _other, below) => data.subarray(0, below(data.length)),
  behead: (data, _other, below) => data.subarray(below(Math.min(4096, data.length))),
  header(data, _other, below) {
    const end = Math.min(data.length, 16 + below(512));
    for (let at = below(32); at < end; at++) if (below(3) === 0) data[at] = below(256);
    return data;
  },
  splice(data, other, below) {
    return Buffer.concat([data.subarray(0, below(data.length)), other.subarray(below(other.length))]);
  },
  zeros(data, _other, below) {
    const at = below(data.length);
    return data.fill(0, at, Math.min(data.length, at + 1 + below(2048)));
  },
  /** Sizes, counts and times are whole numbers of 32 bits: large ones, and ones beyond the file. */
  numbers(data, _other, below) {
    const large = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, data.length, 0x00ffffff];
    for (let n = 1 + below(6); n > 0; n--)
      data.writeUInt32BE(large[below(large.length)]!, below(data.length - 4));
    return data;
  },
  repeat(data, _other, below) {
    const [from, to] = [below(data.length), below(data.length)].sort((a, b) => a - b) as [number, number];
    return Buffer.concat([data.subarray(0, to), data.subarray(from, to), data.subarray(to)]);
  },
};

/** One of the mutations, by the dice, applied to a copy. */
export function mutate(
  clips: readonly Buffer[],
  random: () => number,
): { data: Buffer; from: number; how: string } {
  const below = (n: number) => Math.floor(random() * n);
  const from = below(clips.length);
  const names = Object.keys(MUTATIONS);
  const how = names[below(names.length)]!;
  return { data: MUTATIONS[how]!(Buffer.from(clips[from]!), clips[below(clips.length)]!, below), from, how };
}
