/** The first word to the launcher: where to connect, and the secret that lets it in. No argument: those all may read. */
export interface LauncherBeginning {
  begin: { name: string; secret: string };
}

/** To the launcher: start a program on the pair of sockets `id`, or end what was started on it. */
export type LauncherOrder =
  { id: number; start: { path: string; args: readonly string[] } } | { id: number; kill: true };

/** From the launcher: what became of a program. `pid` comes first, unless it could not be started. */
export type LauncherWord =
  | { id: number; pid: number }
  | { id: number; failed: string }
  | { id: number; ended: { code: number | null; signal: NodeJS.Signals | null } };

export type OutputName = 'stdout' | 'stderr';

/** A name among Linux's abstract sockets: it is no file, and gone with its process. */
export const abstractAddress = (name: string): string => `\0${name}`;

/** What a socket of the launcher says first: the secret that it was told, the pair, and which of the two it is. */
export const GREETING_LENGTH = 32 + 8 + 1;

/** @param secret 32 characters */
export function greeting(secret: string, id: number, output: OutputName): string {
  return `${secret}${String(id).padStart(8, '0')}${output === 'stdout' ? 'o' : 'e'}`;
}

export function readGreeting(secret: string, text: string): { id: number; output: OutputName } | undefined {
  const id = Number(text.slice(32, 40));
  const output = text.endsWith('o') ? 'stdout' : 'stderr';
  return text === greeting(secret, id, output) ? { id, output } : undefined;
}
