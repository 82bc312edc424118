import { counted, numberOf, promptKey, valueText, type Collector, type Label } from './collector';
import { cellOf, type Layout, type Row, type SourceRow } from './layout';

/** What each aspect is scored on, lowest and highest; whole numbers. */
type Scales = Readonly<Record<string, readonly [number, number]>>;

interface Scored {
  at: string;
  path: string;
  prompt: string;
  scores: Map<string, number>;
}

export const HUMAN_POINTWISE = 'human_pointwise';

/** Of a prompt with many clips each is paired with so many that follow it, or their pairs would grow with the square. */
const FOLLOWERS = 10;

const ORDER: Readonly<Record<string, Label>> = { higher: 'A', equal: 'tie', lower: 'B' };

/** Scores of single clips: two clips of one prompt make a pair, the higher score is preferred. */
function pointwise(
  layout: Omit<Layout, 'read'>,
  {
    path,
    prompt,
    scales,
    scoresOf,
  }: { path: string; prompt: string; scales: Scales; scoresOf(row: Row): Row },
): Layout {
  const read = (rows: Iterable<SourceRow>, out: Collector) => {
    const byPrompt = new Map<string, Scored[]>();
    for (const { row, at } of rows) {
      const text = row[prompt];
      if (typeof text !== 'string' || text.trim() === '') {
        out.leaveOut(at, `${prompt} is missing, and only clips of one prompt are compared`);
        continue;
      }
      const place = out.path(at, cellOf(row, path));
      if (place === undefined) continue;
      const clip = { at, path: place, prompt: text, scores: scoresIn(scoresOf(row), scales, at, out) };
      const same = byPrompt.get(promptKey(text));
      if (same) same.push(clip);
      else byPrompt.set(promptKey(text), [clip]);
    }
    pairUp([...byPrompt.values()], out);
  };
  return { ...layout, read };
}

function scoresIn(row: Row, scales: Scales, at: string, out: Collector): Map<string, number> {
  const scores = new Map<string, number>();
  for (const [aspect, [lowest, highest]] of Object.entries(scales)) {
    const value = row[aspect];
    const score = numberOf(value);
    if (value === undefined || value === null || value === '') out.leaveOut(at, `${aspect} is missing`);
    else if (score === undefined || !Number.isInteger(score) || score < lowest || score > highest)
      out.leaveOut(at, `${aspect} is ${valueText(value)}, no whole number from ${lowest} to ${highest}`);
    else scores.set(aspect, score);
  }
  return scores;
}

function pairUp(prompts: readonly (readonly Scored[])[], out: Collector): void {
  out.tell(
    'Pairs were made of single scores: two clips of one prompt, the higher score preferred, equal scores a tie.',
  );
  let made = 0;
  let [single, many] = [0, 0];
  for (const clips of prompts) {
    if (clips.length === 1) single++;
    if (clips.length > FOLLOWERS + 1) many++;
    for (const [i, first] of clips.entries())
      for (const second of clips.slice(i + 1, i + 1 + FOLLOWERS))
        // Every other pair is turned: files are often sorted by quality or generator.
        if (made++ % 2 === 0) pairOf(first, second, out);
        else pairOf(second, first, out);
  }
  if (single > 0) out.tell(`${counted(single, 'prompt')} with a single clip: nothing to compare it with.`);
  if (many > 0)
    out.tell(
      `${counted(many, 'prompt')} with more than ${FOLLOWERS + 1} clips: each clip was paired with the ${FOLLOWERS} that follow it in the file.`,
    );
}

function pairOf(a: Scored, b: Scored, out: Collector): void {
  const opinions = [...a.scores].flatMap(([aspect, score]) => {
    const other = b.scores.get(aspect);
    if (other === undefined) return [];
    const value = score > other ? 'higher' : score < other ? 'lower' : 'equal';
    return [{ aspect, cell: { column: aspect, value }, labels: ORDER, labelKind: HUMAN_POINTWISE }];
  });
  const side = (column: string, clip: Scored) => ({ column, value: clip.path });
  out.pair(`${a.at} with ${b.at}`, { a: side('a', a), b: side('b', b), prompt: a.prompt, opinions });
}

const ONE_TO_FOUR: readonly [number, number] = [1, 4];

const FEEDBACK: Scales = {
  'visual quality': ONE_TO_FOUR,
  'temporal consistency': ONE_TO_FOUR,
  'dynamic degree': ONE_TO_FOUR,
  'text-to-video alignment': ONE_TO_FOUR,
  'factual consistency': ONE_TO_FOUR,
};

export const VIDEOFEEDBACK = pointwise(
  { source: 'VideoFeedback', needs: ['text prompt', 'video link', ...Object.keys(FEEDBACK)] },
  { path: 'video link', prompt: 'text prompt', scales: FEEDBACK, scoresOf: (row) => row },
);

/** As its card lists them; `unsafe type` is a kind, no score. */
export const VISIONREWARD: Scales = {
  alignment: [1, 5],
  composition: [1, 3],
  focus: [1, 3],
  'camera movement': [1, 3],
  color: [1, 5],
  'lighting accurate': [1, 4],
  'lighting aes': [1, 5],
  'shape at beginning': [0, 3],
  'shape throughout': [0, 4],
  'object motion dynamic': [1, 5],
  'camera motion dynamic': [1, 5],
  'movement smoothness': [0, 4],
  'movement reality': [0, 4],
  clear: [1, 5],
  'image quality stability': [1, 5],
  'camera stability': [1, 3],
  'detail refinement': [1, 5],
  letters: [1, 4],
  'physics law': [1, 5],
  safety: [1, 5],
};

/** The rows to train on: one clip each, its scores in an object. */
export const VISIONREWARD_TRAIN = pointwise(
  { source: 'VisionRewardDB-Video', needs: ['video_path', 'prompt', 'annotation'] },
  {
    ...{ path: 'video_path', prompt: 'prompt', scales: VISIONREWARD },
    scoresOf: ({ annotation }) =>
      typeof annotation === 'object' && annotation !== null ? { ...annotation } : {},
  },
);
