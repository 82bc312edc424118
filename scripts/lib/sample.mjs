// A synthetic sweep of checkpoints, drawn by ffmpeg: three "prompts" at four steps, worse at the early ones.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findFfmpeg } from './tools.mjs';

const STEPS = [100, 200, 300, 400];

/** ffmpeg's own pictures; nothing here was made by a video generator. */
const PROMPTS = {
  'zoom-into-a-fractal-coast': (size, rate) => `mandelbrot=s=${size}:r=${rate}:end_scale=0.03:maxiter=400`,
  'ribbons-of-colour': (size, rate) => `gradients=s=${size}:r=${rate}:speed=0.02:nb_colors=5:seed=11`,
  'a-garden-of-cells': (size, rate) =>
    `life=s=160x90:r=${rate}:mold=12:ratio=0.12:seed=5:life_color=#ffd38a:death_color=#1b4a6b:mold_color=#0c1f2e,` +
    `scale=${size.replace('x', ':')}:flags=bicubic`,
};

const README = `The clips in this folder are synthetic: patterns drawn by ffmpeg, with blur, noise, flicker and
coarse compression added at the early "steps". No video generator made them, and they say nothing about any.
They show what the extension does: compare step-0100 with step-0400 of the same name.
`;

/**
 * @param {string} dir
 * @param {{width?: number, height?: number, fps?: number, seconds?: number, steps?: number[], force?: boolean}} [how]
 * @returns {string[]} the clips, early steps first
 */
export function makeSampleSweep(
  dir,
  { width = 640, height = 360, fps = 16, seconds = 3, steps = STEPS, force } = {},
) {
  if (force) rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'README.txt'), README);
  const clips = [];
  for (const step of steps) {
    const folder = join(dir, `step-${String(step).padStart(4, '0')}`);
    mkdirSync(folder, { recursive: true });
    for (const [prompt, source] of Object.entries(PROMPTS)) {
      const path = join(folder, `${prompt}.mp4`);
      if (!existsSync(path))
        draw(path, source(`${width}x${height}`, fps), seconds, 1 - step / Math.max(...STEPS));
      clips.push(path);
    }
  }
  return clips;
}

/** @param {number} harm 0 clean .. 1 */
function draw(path, source, seconds, harm) {
  const worse = [
    `gblur=sigma=${(6 * harm).toFixed(2)}`,
    `noise=alls=${Math.round(40 * harm)}:allf=t:all_seed=3`,
    `eq=eval=frame:brightness='${(0.12 * harm).toFixed(3)}*sin(n*2.1)'`,
  ];
  const filter = harm > 0 ? ['-vf', worse.join(',')] : [];
  const encode = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', String(Math.round(18 + 22 * harm))];
  const input = ['-f', 'lavfi', '-i', source, '-t', String(seconds), '-map_metadata', '-1'];
  const output = ['-pix_fmt', 'yuv420p', '-movflags', '+faststart', `file:${path.replaceAll('%', '%%')}`];
  const args = [
    '-hide_banner',
    '-nostdin',
    '-loglevel',
    'error',
    '-y',
    ...input,
    ...filter,
    ...encode,
    ...output,
  ];
  const { status, stderr, error } = spawnSync(findFfmpeg() ?? 'ffmpeg', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ffmpeg could not draw ${path}: ${error?.message ?? stderr}`);
}
