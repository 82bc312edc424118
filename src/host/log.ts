import type { LogOutputChannel } from 'vscode';
import type { Log } from '../engine/supervisor';

/** A log that tags its lines with the part that speaks. */
export function tagged(channel: LogOutputChannel, tag: string): Log {
  return (level, text) => channel[level](`[${tag}] ${text}`);
}
