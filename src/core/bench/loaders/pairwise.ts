import { numberOf, stemOf, type Cell, type Collector, type Label, type Opinion } from './collector';
import { cellOf, eachRow, type Layout, type Row } from './layout';

type Labels = Readonly<Record<string, Label>>;

const VOTES: Labels = { leftvote: 'A', rightvote: 'B', tievote: 'tie', bothbad_vote: 'bothBad' };

function genAiBench(a: string, b: string): Layout {
  return {
    source: 'GenAI-Bench',
    needs: [a, b, 'vote_type'],
    reads: ['prompt', 'left_model', 'right_model'],
    read: eachRow((row, at, out) =>
      out.pair(at, {
        ...{ a: cellOf(row, a), b: cellOf(row, b), prompt: row.prompt },
        models: [row.left_model, row.right_model],
        opinions: [{ aspect: 'overall', cell: cellOf(row, 'vote_type'), labels: VOTES }],
      }),
    ),
  };
}

/** As the set itself has it (Parquet, URLs). */
export const GENAI_BENCH = genAiBench('left_video', 'right_video');
/** As UnifiedReward gives it out again (JSON). */
export const GENAI_BENCH_UNIFIED = genAiBench('video_left', 'video_right');

const PREFERENCES: Labels = {
  'A is better': 'A',
  'B is better': 'B',
  'same good': 'tie',
  'same bad': 'bothBad',
};

/** An object of annotations by name, of which one row is one. The first folder of a clip is its generator. */
export const UVE_BENCH: Layout = {
  source: 'UVE-Bench',
  needs: ['video_a', 'video_b', 'preference', 'aspect', 'dataset'],
  reads: ['prompt'],
  read: eachRow((row, at, out) => {
    const { dataset, aspect } = row;
    if (typeof aspect !== 'string' || aspect === '') return out.leaveOut(at, 'aspect is missing');
    if (typeof dataset !== 'string' || dataset === '') return out.leaveOut(at, 'dataset is missing');
    const clip = ({ column, value }: Cell): Cell => ({
      column,
      value: value && `${dataset}/${String(value)}`,
    });
    const [a, b] = [cellOf(row, 'video_a'), cellOf(row, 'video_b')];
    const number = promptNumber(a.value, b.value);
    out.pair(at, {
      ...{ a: clip(a), b: clip(b), prompt: row.prompt },
      models: [firstFolder(a.value), firstFolder(b.value)],
      ...(number === undefined ? {} : { group: `${dataset}/${number}` }),
      opinions: [{ aspect, cell: cellOf(row, 'preference'), labels: PREFERENCES }],
    });
  }),
};

/** `mochi_00017` and `Cog5B_00017` answer the same prompt, whose text only some rows have: the number is the group. */
function promptNumber(a: unknown, b: unknown): string | undefined {
  const [one, other] = [a, b].map((path) => /\d+$/.exec(stemOf(String(path)))?.[0]);
  return one === other ? one : undefined;
}

const firstFolder = (path: unknown) => /^([^/]+)\//.exec(String(path))?.[1];

const ANSWERS: Labels = { video1: 'A', video2: 'B', tie: 'tie' };

/** The pairs (`test`, `regression`). */
export const VISIONREWARD_PAIRS: Layout = {
  source: 'VisionRewardDB-Video',
  needs: ['video1_path', 'video2_path', 'standard_answer'],
  reads: ['prompt'],
  read: eachRow((row, at, out) =>
    out.pair(at, {
      ...{ a: cellOf(row, 'video1_path'), b: cellOf(row, 'video2_path'), prompt: row.prompt },
      opinions: [{ aspect: 'overall', cell: cellOf(row, 'standard_answer'), labels: ANSWERS }],
    }),
  ),
};

/** The labels count from one, the paths from zero. */
const BETTER: Labels = { 'Video 1 better': 'A', 'Video 2 better': 'B', Same: 'tie' };

export const MJ_BENCH_VIDEO: Layout = {
  source: 'MJ-Bench-Video',
  needs: ['video_0_path', 'video_1_path', 'overall_preference'],
  reads: ['caption', 'category_preference', 'discard'],
  read: eachRow((row, at, out) => {
    if (row.discard === true) return out.leaveOut(at, 'the file marks it as discarded');
    const categories = Object.entries(objectOf(row.category_preference) ?? {});
    out.pair(at, {
      ...{ a: cellOf(row, 'video_0_path'), b: cellOf(row, 'video_1_path'), prompt: row.caption },
      opinions: [
        { aspect: 'overall', cell: cellOf(row, 'overall_preference'), labels: BETTER },
        ...categories.map(([aspect, value]) => ({ aspect, cell: { column: aspect, value }, labels: BETTER })),
      ],
    });
  }),
};

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

const NUMBERED: Labels = { '1': 'A', '2': 'B', same: 'tie' };

function numbered(source: string, aspects: Readonly<Record<string, string>>): Layout {
  return {
    source,
    needs: ['video1', 'video2', ...Object.keys(aspects)],
    reads: ['prompt'],
    read: eachRow((row, at, out) =>
      out.pair(at, {
        ...{ a: withExtension(row, 'video1', out), b: withExtension(row, 'video2', out), prompt: row.prompt },
        opinions: Object.entries(aspects).map(([column, aspect]): Opinion => {
          const { value } = cellOf(row, column);
          const text = typeof value === 'number' || typeof value === 'bigint' ? String(value) : value;
          return { aspect, cell: { column, value: text }, labels: NUMBERED };
        }),
      }),
    ),
  };
}

/** These files name clips without an extension. */
function withExtension(row: Row, column: string, out: Collector): Cell {
  const { value } = cellOf(row, column);
  if (typeof value !== 'string' || value.trim() === '' || /\.[a-z0-9]{2,4}$/i.test(value.trim()))
    return { column, value };
  out.tell('Names of clips without an extension are taken for .mp4 files.');
  return { column, value: `${value.trim()}.mp4` };
}

/** VideoScore2's conversions of two pointwise sets. */
export const T2VQA_DB = numbered('T2VQA-DB', { preference: 'overall' });
export const TVGE = numbered('TVGE', {
  video_quality_pref: 'video quality',
  text_alignment_pref: 'text alignment',
});

const WEIGHT = /^weighted_results([12])_(.+)$/;
const HEAVIER: Labels = { 'video 1': 'A', 'video 2': 'B', equal: 'tie' };

/** Rapidata's preferences, and others in that layout: each side of each aspect has the weight of those who chose it. */
export const RAPIDATA: Layout = {
  source: 'Rapidata',
  needs: ['video1', 'video2', 'prompt'],
  oneOf: ['Preference', 'Coherence', 'Alignment', 'Aesthetic', 'Prompt_Adherence'].map(
    (aspect) => `weighted_results1_${aspect}`,
  ),
  reads: /^(?:weighted_results[12]_.+|model[12])$/,
  read: eachRow((row, at, out) => {
    out.tell('The side with more weight is the preferred one, however little more it is.');
    const aspects = new Set(Object.keys(row).flatMap((column) => WEIGHT.exec(column)?.[2] ?? []));
    out.pair(at, {
      ...{ a: cellOf(row, 'video1'), b: cellOf(row, 'video2'), prompt: row.prompt },
      models: [row.model1, row.model2],
      opinions: [...aspects].flatMap((aspect) => heavier(row, aspect, at, out)),
    });
  }),
};

function weightOf(value: unknown): number | undefined {
  const weight = numberOf(value);
  return weight !== undefined && weight >= 0 ? weight : undefined;
}

function heavier(row: Row, aspect: string, at: string, out: Collector): Opinion[] {
  const column = (side: number) => `weighted_results${side}_${aspect}`;
  const [one, two] = [weightOf(row[column(1)]), weightOf(row[column(2)])];
  if (one === undefined || two === undefined) {
    out.leaveOut(at, `${column(one === undefined ? 1 : 2)} is no weight`);
    return [];
  }
  const value = one > two ? 'video 1' : one < two ? 'video 2' : 'equal';
  const name = aspect === 'Preference' ? 'overall' : aspect;
  return [{ aspect: name, cell: { column: aspect, value }, labels: HEAVIER }];
}
