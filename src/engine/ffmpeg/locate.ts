import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';
import { problem } from '../../core/problem';
import type { Ffmpeg, LocateFfmpeg } from '../ports';
import { startFfmpeg } from './child';

const VERSION_DEADLINE = 5;
/** Where package managers put it, for a VS Code that was started from a dock with a bare PATH. */
const USUAL_PLACES = process.platform === 'win32' ? [] : ['/usr/local/bin', '/opt/homebrew/bin'];

interface Candidate {
  origin: Ffmpeg['origin'];
  /** What was looked for, in the words of the problem's sentence. */
  label: string;
  path: string | undefined;
}

const found = new Map<string, Ffmpeg>();

/** The first ffmpeg that answers `-version`: the user's own, ffmpeg-static's, the one on PATH. Remembered while it is there. */
export const locateFfmpeg: LocateFfmpeg = async (settingPath, log) => {
  const key = settingPath?.trim() ?? '';
  const known = found.get(key);
  if (known && (await isFile(known.path))) return known;
  const ffmpeg = await search(settingPath, log);
  found.set(key, ffmpeg);
  return ffmpeg;
};

const search: LocateFfmpeg = async (settingPath, log) => {
  const tried: string[] = [];
  for (const candidate of await candidates(settingPath)) {
    const failure = await check(candidate);
    if (typeof failure === 'object') return failure;
    tried.push(`${candidate.label}: ${failure}`);
    if (candidate.origin === 'setting') log?.('warn', `${candidate.label} was passed over: ${failure}`);
  }
  throw problem(
    'ffmpegMissing',
    `No working ffmpeg was found (${tried.join('; ')}).`,
    'Install ffmpeg 5 or later, or set "aesrm.ffmpegPath" to an ffmpeg executable.',
  );
};

async function candidates(settingPath: string | undefined): Promise<Candidate[]> {
  const own = settingPath?.trim();
  const fromPath = await searchPath('ffmpeg');
  const list: Candidate[] = [
    { origin: 'ffmpeg-static', label: 'the bundled ffmpeg', path: staticPath() },
    { origin: 'PATH', label: 'ffmpeg on PATH', path: fromPath },
  ];
  if (own)
    list.unshift({ origin: 'setting', label: `"${own}" from the settings`, path: await resolveSetting(own) });
  return list;
}

async function resolveSetting(own: string): Promise<string | undefined> {
  if (own.startsWith('~/')) return join(homedir(), own.slice(2));
  return isAbsolute(own) ? own : searchPath(own);
}

/** ffmpeg-static's word for where its binary is; it may be wrong, or the package may be absent. */
function staticPath(): string | undefined {
  try {
    const path: unknown = require('ffmpeg-static');
    return typeof path === 'string' ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Looks the name up in PATH's absolute folders; the working folder is never searched. */
async function searchPath(name: string): Promise<string | undefined> {
  if (/[\\/]/.test(name)) return undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute), ...USUAL_PLACES];
  const names = process.platform === 'win32' ? [`${name}.exe`, name] : [name];
  for (const path of folders.flatMap((folder) => names.map((n) => join(folder, n))))
    if (await isFile(path)) return path;
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (s) => s.isFile(),
    () => false,
  );
}

/** The ffmpeg, or why it is none. */
async function check({ origin, path }: Candidate): Promise<Ffmpeg | string> {
  if (path === undefined || !(await isFile(path))) return 'not there';
  const child = startFfmpeg(path, ['-hide_banner', '-version'], { deadline: VERSION_DEADLINE });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (s: string) => {
    if (text.length < 10_000) text += s;
  });
  const ending = await child.ended;
  if (ending.how === 'deadline') return `did not answer within ${VERSION_DEADLINE} s`;
  if (ending.how === 'notStarted') return `could not be started (${ending.tail.at(-1) ?? 'no reason given'})`;
  const version = /^ffmpeg version (\S+)/m.exec(text)?.[1];
  if (version === undefined || ending.code !== 0) return 'did not answer as ffmpeg does';
  return { path, version, origin };
}

/** Whether the version is at least `major.minor`; a build from git counts as the newest. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const m = /^n?(\d{1,2})\.(\d+)/.exec(version);
  if (!m) return true;
  const [have, haveMinor] = [Number(m[1]), Number(m[2])];
  return have > major || (have === major && haveMinor >= minor);
}
