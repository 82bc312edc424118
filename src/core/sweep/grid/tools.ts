import type { Grid, TreeFile } from '../grid';
import type { Clip } from './paths';

export function toolGrids(_clips: readonly Clip[], _files: readonly TreeFile[]): Grid[] {
  return [];
}
