/** What a person, or a source, said of two clips on one aspect. */
export interface LabelledPair {
  /** Paths relative to the benchmark's root, with slashes. */
  a: string;
  b: string;
  preferred: 'A' | 'tie' | 'B';
  /** As the file has it: VA, VF, VP, overall or any other name. */
  aspect: string;
  /** Where the label comes from, as `human_pairwise`; reported apart. */
  labelKind: string;
  source: string;
  /** What belongs together, mostly the prompt: the bootstrap draws groups whole. */
  group: string;
  prompt?: string;
  /** The generators of a and b where the file names them, so that whole generators can be left out. */
  models?: [string, string];
}

/** A file of pairs as read; `notes` say in plain words what was left out and why. */
export interface LabelledPairs {
  pairs: LabelledPair[];
  notes: string[];
}
