import type { Clip } from './paths';

/** Folders of previews and of training data; hidden ones are no place for samples either (`.tmp`, `.thumbs`, `.snapshots`). */
const FOLDERS = new Set(['sanity_check', 'train_sample', 'thumbnails']);
const NAMES = [
  /^control_(?:image|video)-/,
  /\.swarmpreview\.[^.]+$/i,
  /_overlay\.[^.]+$/i,
  /_before_sr\.[^.]+$/i,
  /^\./,
];

/** Control clips, previews and other files that lie beside samples but are none. */
export function isAuxiliary({ dirs, name }: Clip): boolean {
  return (
    dirs.some((dir) => FOLDERS.has(dir) || dir.startsWith('.')) || NAMES.some((pattern) => pattern.test(name))
  );
}

/** What finetrainers leaves of one sample: its inputs, and behind them what was made of them. */
const ARTIFACT = /^((?:validation|final)-\d+-\d+)-(\d+)-([^]{0,40}?)-\d{10}$/;

/** Clips that another clip makes superfluous: a silent twin, a grid of all samples of a step, the input of a sample. */
export function twins(clips: readonly Clip[]): Set<Clip> {
  const last = new Map<string, number>();
  const artifacts = clips.flatMap((clip) => {
    const found = ARTIFACT.exec(clip.stem);
    if (!found) return [];
    const key = [...clip.dirs, found[1], found[3]].join('/');
    const n = Number(found[2]);
    last.set(key, Math.max(n, last.get(key) ?? 0));
    return [{ clip, key, n }];
  });
  const inputs = new Set(artifacts.filter(({ key, n }) => n < last.get(key)!).map(({ clip }) => clip));
  const paths = new Set(clips.map(({ dirs, stem }) => [...dirs, stem].join('/')));
  const folders = new Set(clips.map(({ dirs }) => dirs.join('/')));
  return new Set(
    clips.filter((clip) => {
      const { dirs, stem } = clip;
      const path = [...dirs, stem].join('/');
      if (inputs.has(clip)) return true;
      return paths.has(`${path}-audio`) || (/^sample-\d+$/.test(stem) && folders.has(path));
    }),
  );
}
