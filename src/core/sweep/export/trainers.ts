import type { SweepDocument } from '../document';
import { NOT_JUDGED, type Called } from '../table';
import { calledIn, jsonLine } from './cells';
import { csvLine, isFormula } from './lines';
import { decided, judgeSource, preferenceNotes, preferences, type Preference } from './preferences';

/** Files to write and what a person should know of them. No file where the format does not apply. */
export interface Exported {
  files: { name: string; text: Iterable<string> }[];
  notes: string[];
}

const promptOf = (p: Preference) => p.row.prompt ?? '';

/** An iterable that can be read more than once. */
const again = (make: () => Iterator<string>): Iterable<string> => ({ [Symbol.iterator]: make });

function* jsonList(items: Iterable<unknown>): Generator<string> {
  let first = true;
  yield '[';
  for (const item of items) {
    yield `${first ? '' : ','}\n${JSON.stringify(item)}`;
    first = false;
  }
  yield '\n]\n';
}

/** TRL's explicit-prompt preferences: `prompt`, `chosen`, `rejected` (paths, by convention), one object a line. */
export function trl(doc: SweepDocument): Exported {
  const { clips } = doc.grid;
  function* lines() {
    for (const p of decided(doc)) {
      const line = {
        prompt: promptOf(p),
        chosen: clips[p.chosen]!.path,
        rejected: clips[p.rejected]!.path,
        margin: p.strength,
        judge_margin: p.margin === null ? null : p.margin * p.winner,
        source: p.source,
        prompt_id: p.row.id,
        seed: p.seed,
      };
      yield jsonLine(line);
    }
  }
  const notes = [
    ...preferenceNotes(doc, 'left out'),
    "margin is the judge's, and 1 where a person voted; judge_margin is the judge's in any case, negative where it was overruled.",
    'chosen and rejected are paths: TRL has no trainer for video diffusion that would load them.',
  ];
  return { files: [{ name: 'preferences.jsonl', text: again(lines) }], notes };
}

/** VideoDPO: `metadata.json` lists the clips, `pair.json` names winner and loser by index into that list. */
export function videoDpo(doc: SweepDocument): Exported {
  const places = new Map<number, number>();
  let unmeasured = 0;
  for (const { chosen, rejected } of decided(doc)) {
    if (!doc.clips[chosen] || !doc.clips[rejected]) unmeasured++;
    else for (const clip of [chosen, rejected]) if (!places.has(clip)) places.set(clip, places.size);
  }
  const { clips, rows } = doc.grid;
  function* metadata() {
    for (const clip of places.keys()) {
      const caption = rows[clips[clip]!.row]!.prompt ?? '';
      yield {
        basic: { clip_path: clips[clip]!.path, clip_duration: doc.clips[clip]!.duration },
        misc: { frame_caption: [caption] },
      };
    }
  }
  function* pairs() {
    for (const p of decided(doc)) {
      const [video1, video2] = [places.get(p.chosen), places.get(p.rejected)];
      if (video1 === undefined || video2 === undefined || !doc.clips[p.chosen] || !doc.clips[p.rejected])
        continue;
      yield { video1, video2, frame_caption: promptOf(p), score: p.strength, source: p.source };
    }
  }
  const notes = [
    ...preferenceNotes(doc, 'left out'),
    "score is the judge's margin, and 1 where a person voted.",
    "The indices count the clips of this folder's metadata.json: list it first under META, and set the loader's shortest duration below the shortest clip, or the indices shift.",
    ...(unmeasured > 0 ? [`${unmeasured} pairs were left out: the duration of a clip is not known.`] : []),
  ];
  return {
    files: [
      { name: 'metadata.json', text: again(() => jsonList(metadata())) },
      { name: 'pair.json', text: again(() => jsonList(pairs())) },
    ],
    notes,
  };
}

/** The trainer passes over what is "invalid". */
const LETTER: Record<Called, string> = { [-1]: 'A', [0]: 'same', [1]: 'B', [NOT_JUDGED]: 'invalid' };

const VIDEOALIGN_COLUMNS = [
  ...['path_A', 'path_B', 'prompt', 'VQ', 'MQ', 'TA', 'Overall'],
  ...['fps_A', 'num_frames_A', 'fps_B', 'num_frames_B', 'VA', 'VF', 'VP', 'margin', 'source'],
];

/** The csv of VideoAlign. A is the earlier column's clip. Prompts stand as they are: a trainer reads them. */
export function videoAlign(doc: SweepDocument): Exported {
  const { clips } = doc.grid;
  function* lines() {
    yield csvLine(VIDEOALIGN_COLUMNS, false);
    for (const p of preferences(doc)) {
      const [a, b] = [doc.clips[p.earlier], doc.clips[p.later]];
      const dimension = (d: 'VA' | 'VF' | 'VP') =>
        p.pair === undefined ? 'invalid' : LETTER[calledIn(doc.pairs, p.pair, d)];
      const fields = [
        ...[clips[p.earlier]!.path, clips[p.later]!.path, promptOf(p), 'invalid', 'invalid', 'invalid'],
        ...[LETTER[p.winner], a?.fps ?? '', a?.frames ?? '', b?.fps ?? '', b?.frames ?? ''],
        ...[dimension('VA'), dimension('VF'), dimension('VP'), p.margin ?? '', p.source],
      ];
      yield csvLine(fields, false);
    }
  }
  const notes = [
    ...preferenceNotes(doc, 'kept'),
    'A is the earlier column, B the later; margin is in favour of B.',
    'VQ, MQ and TA are "invalid", which the trainer passes over: this rubric judges Visual Aesthetics, Fidelity and Plausibility (columns VA, VF, VP, the judge\'s word), which are not Visual Quality, Motion Quality and Text Alignment. Overall is filled. To train on any of the four, name it in eval_dim and describe it in DIMENSION_DESCRIPTIONS.',
    ...(doc.grid.rows.some(({ prompt }) => prompt !== undefined && isFormula(prompt))
      ? [
          'Some prompts begin like formulas and stand as they are: read this file with a program, not a spreadsheet.',
        ]
      : []),
  ];
  return { files: [{ name: 'pairs.csv', text: again(lines) }], notes };
}

const LABEL_STUDIO_CONFIG =
  '<View><Pairwise name="pw" toName="left,right"/><Video name="left" value="$left"/><Video name="right" value="$right"/>' +
  '<Choices name="tie" toName="left"><Choice value="tie"/></Choices></View>';

const TIE = { from_name: 'tie', to_name: 'left', type: 'choices', value: { choices: ['tie'] } };

/** Label Studio tasks: people's votes as annotations, the judge's word as predictions. */
export function labelStudio(doc: SweepDocument): Exported {
  const { clips } = doc.grid;
  function* tasks() {
    let id = 0;
    for (const p of preferences(doc)) {
      const selected = p.winner > 0 ? 'right' : 'left';
      const pairwise = { from_name: 'pw', to_name: 'pw', type: 'pairwise', value: { selected } };
      const result = [p.winner === 0 ? TIE : pairwise];
      const data = {
        left: clips[p.earlier]!.path,
        right: clips[p.later]!.path,
        prompt: promptOf(p),
        prompt_id: p.row.id,
        seed: p.seed,
        margin: p.margin,
        source: p.source,
      };
      const word = p.voted
        ? { annotations: [{ result }] }
        : { annotations: [], predictions: [{ model_version: judgeSource(doc), result }] };
      yield { id: ++id, data, ...word };
    }
  }
  const notes = [
    ...preferenceNotes(doc, 'kept'),
    'Votes are annotations; where only the judge spoke, its word is a prediction, not an annotation.',
    'left and right are paths in the folder of the sweep: put before them where Label Studio finds it (local files: "/data/local-files/?d=…").',
    `left is the earlier column. The labelling configuration that fits: ${LABEL_STUDIO_CONFIG}`,
  ];
  return { files: [{ name: 'tasks.json', text: again(() => jsonList(tasks())) }], notes };
}

/** diffusers' image form, of pairs whose clips are single frames. */
export function diffusersImages(doc: SweepDocument): Exported {
  const single = (clip: number) => doc.clips[clip]?.frames === 1;
  const images = function* () {
    for (const p of decided(doc)) if (single(p.chosen) && single(p.rejected)) yield p;
  };
  if (images().next().done)
    return {
      files: [],
      notes: [
        "Nothing to export: diffusers' preference form holds images, and no decided pair of this sweep is of clips with a single frame.",
      ],
    };
  const { clips } = doc.grid;
  function* lines() {
    for (const p of images()) {
      const line = {
        jpg_0: clips[p.earlier]!.path,
        jpg_1: clips[p.later]!.path,
        label_0: p.winner > 0 ? 0 : 1,
        caption: promptOf(p),
        source: p.source,
      };
      yield jsonLine(line);
    }
  }
  const notes = [
    ...preferenceNotes(doc, 'left out'),
    'Only pairs of single frames are in it. jpg_0 and jpg_1 are paths; the training scripts want the bytes of the images there.',
  ];
  return { files: [{ name: 'images.jsonl', text: again(lines) }], notes };
}
