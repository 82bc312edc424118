import type { Grid, TreeFile } from '../grid';
import { WEIGHTS } from './columns';
import { groupBy, type Clip } from './paths';
import { asPrompt, isObject, parsed, promptIn } from './promptTexts';
import type { Match } from './toolRows';

/** What a tool wrote about one clip, where its name cannot tell it. */
export interface ClipRecord {
  prompt: string;
  model?: string;
  seed?: string;
  /** The file that says so, relative to the root. */
  from: string;
}

interface Source {
  /** The file about a clip; undefined where the name is not the tool's. */
  file: (clip: Clip) => string | undefined;
  read: (text: string, clip: Clip) => Omit<ClipRecord, 'from'> | undefined;
}

const within = (folder: string, name: string) => (folder === '' ? name : `${folder}/${name}`);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** By the id of the convention. */
const SOURCES: Readonly<Record<string, Source>> = {
  invokeai: {
    file: ({ dirs, stem }) => (UUID.test(stem) ? [...dirs, 'sidecars', `${stem}.json`].join('/') : undefined),
    read: (text) => {
      const metadata = valueAt(parsed(text), 'invokeai_metadata');
      return fields(typeof metadata === 'string' ? parsed(metadata) : metadata);
    },
  },
  swarmui: {
    file: ({ dirs, stem }) => [...dirs, `${stem}.swarm.json`].join('/'),
    read: (text) => fields(valueAt(parsed(text), 'sui_image_params')),
  },
  // One text for all clips of an iteration, a prompt a line.
  'cogvideo-sat': {
    file: ({ dirs }) => {
      const step = /_gs-(\d+)$/.exec(dirs.at(-1) ?? '')?.[1];
      if (step === undefined || dirs.at(-2) !== 'video') return undefined;
      return within(dirs.slice(0, -2).join('/'), `video_texts/${step.padStart(8, '0')}`);
    },
    read: (text, { stem }) => {
      const prompt = asPrompt(text.split('\n')[Number(stem)] ?? '');
      return prompt === undefined ? undefined : { prompt };
    },
  },
};

/** More of them are not read: names have to do. */
const MOST_FILES = 4000;

/** Files that say of clips what their names do not, as paths relative to the root; empty where they are too many. */
export function recordFiles(clips: readonly Clip[], files: readonly TreeFile[]): string[] {
  const wanted = new Set(recordsOf(clips, files).values());
  return wanted.size > MOST_FILES ? [] : [...wanted];
}

/** The grids, those with clips told to have a record that is not read for their number. */
export function withUnread(
  grids: readonly Grid[],
  clips: readonly Clip[],
  files: readonly TreeFile[],
): Grid[] {
  const records = recordsOf(clips, files);
  const { size } = new Set(records.values());
  if (size <= MOST_FILES) return [...grids];
  const note =
    `${size} files say which prompt, model or seed a clip was made with, more than the ${MOST_FILES} that are read: ` +
    'only names count here. In a smaller folder they are read.';
  return grids.map((grid) =>
    grid.clips.some(({ path }) => records.has(path)) ? { ...grid, notes: [...grid.notes, note] } : grid,
  );
}

/** The record of each clip that has one. */
function recordsOf(clips: readonly Clip[], files: readonly TreeFile[]): Map<string, string> {
  const known = new Set(files.map(({ path }) => path));
  const records = new Map<string, string>();
  for (const clip of clips)
    for (const { file } of Object.values(SOURCES)) {
      const path = file(clip);
      if (path !== undefined && known.has(path)) records.set(clip.file.path, path);
    }
  return records;
}

/**
 * Matches with what their tools wrote about them (texts by path). Where most clips of a convention have a record, those
 * without belong to no cell yet: the record may be still to come.
 */
export function withRecords(matches: readonly Match[], texts: ReadonlyMap<string, string>): Match[] {
  if (texts.size === 0) return [...matches];
  return [...groupBy(matches, ({ convention }) => convention.id)].flatMap(([id, of]) => {
    const source = SOURCES[id];
    const told = source ? of.flatMap((match) => toldOf(match, source, texts) ?? []) : [];
    if (told.length <= of.length / 2) return of;
    const [names, isSeedTold] = [modelNames(told), areSeedsShared(told)];
    return told.map(({ match, record }): Match => {
      const { idx: _, ...groups } = match.groups;
      const { prompt, model, seed } = record;
      return {
        ...match,
        record,
        groups: {
          ...groups,
          text: prompt,
          ...(model === undefined ? {} : { model: names.get(model)! }),
          ...(seed === undefined || !isSeedTold ? {} : { seed }),
        },
      };
    });
  });
}

interface Told {
  match: Match;
  record: ClipRecord;
}

function toldOf(match: Match, { file, read }: Source, texts: ReadonlyMap<string, string>): Told | undefined {
  const from = file(match.clip);
  const text = from === undefined ? undefined : texts.get(from);
  const record = text === undefined ? undefined : read(text, match.clip);
  return record && { match, record: { ...record, from: from! } };
}

/** Prompt, model and seed, whichever way the tools call them. */
function fields(value: unknown): Omit<ClipRecord, 'from'> | undefined {
  const prompt = isObject(value) ? promptIn(value['positive_prompt'] ?? value) : undefined;
  if (prompt === undefined) return undefined;
  const said = valueAt(value, 'model');
  const model = typeof said === 'string' ? said : (valueAt(said, 'name') ?? valueAt(said, 'model_name'));
  const seed = valueAt(value, 'seed');
  return {
    prompt,
    ...(typeof model === 'string' && model !== '' ? { model } : {}),
    ...(typeof seed === 'number' || typeof seed === 'string' ? { seed: String(seed) } : {}),
  };
}

function valueAt(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}

/** Models without folders and extension, where that leaves them apart. */
function modelNames(told: readonly Told[]): Map<string, string> {
  const models = [...new Set(told.flatMap(({ record }) => record.model ?? []))];
  const short = models.map((model) => model.slice(model.lastIndexOf('/') + 1).replace(WEIGHTS, ''));
  const isApart = new Set(short).size === short.length;
  return new Map(models.map((model, i) => [model, isApart ? short[i]! : model]));
}

/** Seeds drawn anew for every clip tell nothing apart: they would leave no two models with a clip to compare. */
function areSeedsShared(told: readonly Told[]): boolean {
  const takes = groupBy(told, ({ record: { prompt, seed } }) => `${seed ?? ''}\n${prompt}`);
  const source = ({ match: { clip }, record }: Told) => `${record.model ?? ''}\n${clip.dirs.join('/')}`;
  const compared = [...takes.values()].filter((of) => of.some((one) => source(one) !== source(of[0]!)));
  return compared.reduce((sum, of) => sum + of.length, 0) > told.length / 2;
}
