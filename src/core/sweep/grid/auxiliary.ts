import type { Clip } from './paths';

/** Folders of previews and of training data. */
const FOLDERS = new Set(['sanity_check', 'train_sample', '.tmp', '.thumbs', 'thumbnails', '.thumbnails']);
const NAMES = [
  /^control_(?:image|video)-/,
  /\.swarmpreview\.[^.]+$/i,
  /_overlay\.[^.]+$/i,
  /_before_sr\.[^.]+$/i,
  /^\./,
];

/** Control clips, previews and other files that lie beside samples but are none. */
export function isAuxiliary({ dirs, name }: Clip): boolean {
  return dirs.some((dir) => FOLDERS.has(dir)) || NAMES.some((pattern) => pattern.test(name));
}

/** Clips that another clip makes superfluous: a silent twin, a grid of all samples of a step. */
export function twins(clips: readonly Clip[]): Set<Clip> {
  const paths = new Set(clips.map(({ dirs, stem }) => [...dirs, stem].join('/')));
  const folders = new Set(clips.map(({ dirs }) => dirs.join('/')));
  return new Set(
    clips.filter(({ dirs, stem }) => {
      const path = [...dirs, stem].join('/');
      return paths.has(`${path}-audio`) || (/^sample-\d+$/.test(stem) && folders.has(path));
    }),
  );
}
