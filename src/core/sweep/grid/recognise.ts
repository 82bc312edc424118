import { isVideoName } from '../../pair';
import type { Grid, Leftover, Recognised, TreeFile } from '../grid';
import type { SweepLayout } from '../layout';
import { isAuxiliary, twins } from './auxiliary';
import { generalGrids } from './general';
import { clipOf, type Clip } from './paths';
import { gridByPattern, patternOf } from './pattern';
import { recordFiles, withUnread } from './records';
import { toolGrids } from './tools';

/** More grids than these are no choice any more. */
const MOST_GRIDS = 12;

/** Files whose texts {@link recognise} can use, as paths relative to the root: few tools need any. */
export function filesToRead(files: readonly TreeFile[]): string[] {
  return recordFiles(files.filter(({ path }) => isVideoName(path)).map(clipOf), files);
}

/**
 * The grids that the files' names make, likeliest first. A pattern takes the place of the recognisers; one that fits
 * nothing or cannot be read is told in `message`, and the recognisers answer.
 *
 * @param texts of {@link filesToRead}, by path
 */
export function recognise(
  files: readonly TreeFile[],
  layout: SweepLayout = {},
  texts: ReadonlyMap<string, string> = new Map(),
): Recognised & { message?: string } {
  const all = files.filter(({ path }) => isVideoName(path)).map(clipOf);
  const extra = twins(all);
  const clips = all.filter((clip) => !extra.has(clip) && !isAuxiliary(clip));
  const paths = all.map(({ file }) => file.path);
  const samples = new Set(clips.map(({ file }) => file.path));
  let message: string | undefined;
  if (layout.pattern !== undefined) {
    const found = gridByPattern(layout.pattern, clips);
    if (typeof found !== 'string') return { grids: withLeftovers([found], paths, samples) };
    message = found;
  }
  const tools = toolGrids(clips, files, texts);
  const taken = new Set(tools.flatMap((grid) => [...grid.clips, ...grid.leftovers].map(({ path }) => path)));
  const general = generalGrids(clips.filter(({ file }) => !taken.has(file.path)));
  const likeliest = byLikelihood([...tools, ...general]).slice(0, MOST_GRIDS);
  const grids = withUnread(likeliest, all, files).map((grid) => withPattern(grid, clips));
  return { grids: withLeftovers(grids, paths, samples), ...(message === undefined ? {} : { message }) };
}

function withPattern(grid: Grid, clips: readonly Clip[]): Grid {
  const own = new Set(grid.clips.map(({ path }) => path));
  const pattern = patternOf(
    grid,
    clips.filter(({ file }) => own.has(file.path)),
  );
  return pattern === undefined ? grid : { ...grid, pattern };
}

/** By the clips that can be compared; a single column compares nothing. Equals stay in the order they came in. */
function byLikelihood(grids: readonly Grid[]): Grid[] {
  const worth = ({ clips, columns }: Grid) => (columns.length > 1 ? clips.length : clips.length / 100);
  return [...grids].sort((a, b) => worth(b) - worth(a));
}

/** Every video of the tree that is in no cell of a grid, with the reason. */
function withLeftovers(grids: Grid[], paths: readonly string[], samples: ReadonlySet<string>): Grid[] {
  const elsewhere = new Set(grids.flatMap(({ clips }) => clips.map(({ path }) => path)));
  return grids.map((grid) => {
    const own = new Set([...grid.clips, ...grid.leftovers].map(({ path }) => path));
    const others = paths
      .filter((path) => !own.has(path))
      .map((path): Leftover => {
        const why = !samples.has(path) ? 'auxiliary' : elsewhere.has(path) ? 'otherLayout' : 'unmatched';
        return { path, why };
      });
    return { ...grid, leftovers: [...grid.leftovers, ...others] };
  });
}
