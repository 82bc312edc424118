import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Launcher, type Started } from './launcher';

/** So many programs are started without: a comparison of two clips is over before a launcher would pay. */
const BEFORE = 4;
const PROGRAM = join(__dirname, 'launcher.js');

let starts = 0;
let launcher: Launcher | undefined;

/** Starts a program through a launcher, where there is one and it is ready; undefined where not. */
export function launch(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Started | undefined {
  if (process.platform !== 'linux') return undefined;
  if (++starts === BEFORE && existsSync(PROGRAM)) launcher = new Launcher(PROGRAM, env);
  return launcher?.start(path, args);
}
