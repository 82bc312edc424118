import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Side } from '../../../src/core/pair';
import type { CriterionId } from '../../../src/core/rubric';
import { ffmpeg, fixture } from '../ffmpeg';
import { CLIPS, ROOT } from '../paths';
import { DAMAGES } from './damages';
import type { Damage, Picture } from './filters';
import { SCENE_SIZE, scene, SCENES } from './scenes';

/** A clip that damage is done to: lossless, of a known size. */
export interface Source extends Picture {
  name: string;
  path: string;
  seconds: number;
}

/** Two versions of one clip of which one is damaged, in a known way, on a known side, at a known time. */
export interface KnownPair {
  source: string;
  damage: Damage;
  /** The side that is damaged. */
  side: Side;
  /** Seconds; undefined where the whole clip is damaged. */
  from?: number;
  to?: number;
  a: string;
  b: string;
}

export function drawnSources(): Source[] {
  return SCENES.map((which) => ({ name: `scene ${which.seed}`, path: scene(which), ...SCENE_SIZE }));
}

/** Which half of the held-out clips: one to mend the words on, one to report on. */
export type Half = 'mend' | 'report';

/**
 * Held-out clips: no training saw them. Clips of one prompt stand on one side of the split. Undefined where this
 * machine has none.
 */
export function heldOutSources(half: Half, most: number): Source[] | undefined {
  if (CLIPS === undefined) return undefined;
  const root = CLIPS;
  const listed = readFileSync(join(ROOT, 'training', 'lists', 'heldout.txt'), 'utf8')
    .trim()
    .split('\n');
  const files = listed.flatMap((line) => {
    const [hash = '', file = ''] = line.split(/\s+/);
    const path = join(root, file);
    return existsSync(path) && sha256(path) === hash ? [file] : [];
  });
  const mine = files.filter((file) => halfOf(file) === half);
  // Spread over generators and prompts by the hash of their names, the same every time.
  mine.sort((x, y) => (nameHash(x) < nameHash(y) ? -1 : 1));
  return mine.slice(0, most).map((file) => heldOut(join(root, file), file));
}

const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const nameHash = (name: string) => createHash('sha256').update(name).digest('hex');
/** All generators' clips of one prompt are alike. */
const halfOf = (file: string): Half =>
  parseInt(nameHash(file.replace(/^.*(?=prompt-)/, '')).slice(0, 2), 16) % 2 === 0 ? 'mend' : 'report';

const LONGEST = 2;
const HELD_OUT = { width: 256, fps: 8 };

/** The first seconds of a clip, small, lossless, at one rate. */
function heldOut(path: string, name: string): Source {
  const { width, fps } = HELD_OUT;
  // Square, whatever it was: every damage knows its size beforehand.
  const filter = `fps=${fps},crop='min(iw,ih)':'min(iw,ih)',scale=${width}:${width}:flags=area,format=yuv420p`;
  const args = ['-i', `file:${path}`, '-t', String(LONGEST), '-vf', filter, '-an', '-c:v', 'ffv1'];
  const made = fixture('held-out.mkv', [name, args.slice(2)], (out) => ffmpeg([...args, out]));
  return { name, path: made, width, height: width, fps, seconds: LONGEST };
}

const ENCODE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '16', '-pix_fmt', 'yuv420p'];

function encoded(name: string, { path }: Source, graph: string): string {
  const args = ['-i', path, '-filter_complex', graph, ...ENCODE, '-map_metadata', '-1'];
  return fixture(`${name}.mp4`, args, (out) => ffmpeg([...args, out]));
}

/** Where in a clip damage is done that touches a part of it: early, in the middle or late. */
const PARTS = [
  [0.1, 0.4],
  [0.35, 0.65],
  [0.6, 0.9],
] as const;

function knownPair(source: Source, damage: Damage, index: number, local: boolean): KnownPair {
  const chain = damage.chain(source);
  const whole = encoded('whole', source, 'null');
  const [start, end] = PARTS[index % PARTS.length]!;
  // On whole frames: a filter's "between" holds both ends.
  const [from, to] = [start, end].map((s) => Math.round(s * source.seconds * source.fps) / source.fps) as [
    number,
    number,
  ];
  const graph = local
    ? `split[in0][in1];[in1]${chain},format=yuv420p[in2];` +
      `[in0][in2]overlay=format=yuv420:enable='between(t,${from - 0.01},${to - 0.01})'`
    : `${chain},format=yuv420p`;
  const damaged = encoded(damage.name.replaceAll(' ', '-'), source, graph);
  const side: Side = index % 2 === 0 ? 'B' : 'A';
  const [a, b] = side === 'B' ? [whole, damaged] : [damaged, whole];
  return { source: source.name, damage, side, ...(local ? { from, to } : {}), a, b };
}

/** Every damage to a criterion that is claimed, done to every source: over all of it, over a part of it. */
export function knownPairs(sources: readonly Source[], claimed: readonly CriterionId[]): KnownPair[] {
  const damages = DAMAGES.filter((d) => claimed.includes(d.worse));
  return sources.flatMap((source, i) =>
    damages.flatMap((damage, k) => {
      const kinds = damage.when === 'both' ? [false, true] : [damage.when === 'local'];
      return kinds.map((local, j) => knownPair(source, damage, i + 2 * k + j, local));
    }),
  );
}
