import { isVideoName } from '../../pair';
import { summaryOf, type Grid, type GridSummary, type TreeFile } from '../grid';
import { isAuxiliary, twins } from './auxiliary';
import { clipOf } from './paths';
import { gridByPattern } from './pattern';

/** What a pattern would make of the videos that a grid knows, and how many would be in no cell. */
export interface PatternPreview extends GridSummary {
  leftovers: number;
}

/** @returns a sentence where the pattern cannot be read or fits none */
export function previewPattern(grid: Grid, pattern: string): PatternPreview | string {
  const others = grid.leftovers.map(({ path }): TreeFile => ({ path, size: 0, mtimeMs: 0 }));
  const videos = [...grid.clips, ...others].filter(({ path }) => isVideoName(path)).map(clipOf);
  const extra = twins(videos);
  const found = gridByPattern(
    pattern,
    videos.filter((clip) => !extra.has(clip) && !isAuxiliary(clip)),
  );
  if (typeof found === 'string') return found;
  return { ...summaryOf(found), leftovers: videos.length - found.clips.length };
}
