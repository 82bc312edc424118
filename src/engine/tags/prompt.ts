import { extname } from 'node:path';
import { promptFromTags } from '../../core/sweep/grid/prompts';
import type { Ffmpeg } from '../ports';
import { isWebp, webpExif } from '../sample/webp';
import { containerTags, type TagOptions } from './container';
import { exifTexts } from './exif';
import { plainFile, type Tags } from './file';
import { pngTexts } from './png';
import { isUntaggedMp4 } from './untagged';

/** A prompt and the path of the file that says it. */
export interface TaggedPrompt {
  prompt: string;
  path: string;
}

/**
 * The prompt that a generator wrote into a clip, or into the picture that VideoHelperSuite puts beside it. A file
 * that cannot be read says nothing.
 */
export async function taggedPrompt(
  ffmpeg: Ffmpeg,
  path: string,
  options: TagOptions,
): Promise<TaggedPrompt | undefined> {
  for (const picture of picturesBeside(path)) {
    const prompt = promptFromTags(await pngTexts(picture).catch(() => ({})));
    if (prompt !== undefined) return { prompt, path: picture };
  }
  const prompt = promptFromTags(await ownTags(ffmpeg, path, options));
  return prompt === undefined ? undefined : { prompt, path };
}

/** Of a clip with sound it bears the name of the silent one. */
function picturesBeside(path: string): string[] {
  const stem = path.slice(0, path.length - extname(path).length);
  return [...new Set([stem, stem.replace(/-audio$/, '')])].map((name) => `${name}.png`);
}

async function ownTags(ffmpeg: Ffmpeg, path: string, options: TagOptions): Promise<Tags> {
  const file = await plainFile(path);
  if (!file) return {};
  try {
    if (await isWebp(path)) return exifTexts(await webpExif(file));
    if (await isUntaggedMp4(file)) return {};
  } catch {
    return {};
  } finally {
    await file.close();
  }
  return containerTags(ffmpeg, path, options);
}
