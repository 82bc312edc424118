import type { Side } from '../pair';
import type { Evidence } from '../verdict';
import type { Dict, Node } from './lenientJson';
import type { Order } from './names';
import { evidenceSide } from './said';
import { MOST_EVIDENCE } from './wanted';

const SIDE_KEYS = ['side', 'clip', 'video', 'which', 'where'];
const TIME_KEYS = ['time', 'times', 't', 'at', 'timestamp', 'seconds', 'start', 'from', 'start_time'];
const END_KEYS = ['end', 'to', 'until', 'end_time'];

/** Seconds of the clips on each side. */
export type Durations = Readonly<Record<Side, number>>;

/** The first of these keys that a dict has, whatever their case. */
export function entry({ entries }: Dict, keys: readonly string[]): Node | undefined {
  for (const wanted of keys)
    for (const [key, node] of entries) if (key.trim().toLowerCase() === wanted) return node;
  return undefined;
}

/** "1.2", "1.2 s", "t=1.2s", "0:01.2"; undefined for what is no time. */
function seconds(text: string): number | undefined {
  const m = /^(?:t\s*=\s*|at\s+|~)?(?:(\d{1,3}):)?(\d{1,5}(?:[.,]\d+)?)\s*(?:s|sec|secs|seconds?)?$/i.exec(
    text.trim(),
  );
  return m ? Number(m[1] ?? 0) * 60 + Number(m[2]!.replace(',', '.')) : undefined;
}

/** A time, or a span of time. */
function spanOf(node: Node | undefined): [number, number] | undefined {
  if (node?.kind === 'list') {
    const spans = node.items.map(spanOf);
    if (spans.length === 0 || spans.some((span) => span === undefined)) return undefined;
    const times = (spans as [number, number][]).flat();
    return [Math.min(...times), Math.max(...times)];
  }
  if (node?.kind !== 'scalar') return undefined;
  if (typeof node.value === 'number')
    return Number.isFinite(node.value) ? [node.value, node.value] : undefined;
  if (typeof node.value !== 'string') return undefined;
  const times = node.value
    .slice(0, 60)
    .split(/\s*(?:-|–|—|\bto\b|\.\.+)\s*/)
    .map(seconds);
  const [start, end = start, more] = times;
  return start === undefined || end === undefined || more !== undefined || times.length > 2
    ? undefined
    : [start, end];
}

const round = (value: number) => Math.round(value * 1e4) / 1e4;

function placed(
  side: Evidence['side'],
  [from, to]: readonly [number, number],
  durations: Durations,
): Evidence {
  const last = side === 'both' ? Math.min(durations.A, durations.B) : durations[side];
  const clamp = (t: number) => round(Math.min(last, Math.max(0, t)));
  return { side, start: clamp(Math.min(from, to)), end: clamp(Math.max(from, to)) };
}

/** One place; undefined where it names no clip or no time. "P at 1.2 s" counts too. */
function placeOf(node: Node, order: Order, durations: Durations): Evidence | undefined {
  if (node.kind === 'dict') {
    const side = evidenceSide(entry(node, SIDE_KEYS), order);
    const [from, to] = [spanOf(entry(node, TIME_KEYS)), spanOf(entry(node, END_KEYS))];
    return side && from ? placed(side, [from[0], to?.[1] ?? from[1]], durations) : undefined;
  }
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  const m = /^(.{1,20}?)\s*(?:@|\bat\b|[,:])\s*(.+)$/i.exec(node.value.trim());
  if (!m) return undefined;
  const side = evidenceSide({ kind: 'scalar', value: m[1]!, at: 0 }, order);
  const span = spanOf({ kind: 'scalar', value: m[2]!, at: 0 });
  return side && span ? placed(side, span, durations) : undefined;
}

const isSame = (x: Evidence, y: Evidence) => x.side === y.side && x.start === y.start && x.end === y.end;

/** The places that an answer names, inside the clips; what names no clip or no time is left out. */
export function placesOf(node: Node | undefined, order: Order, durations: Durations): Evidence[] {
  const items = node?.kind === 'list' ? node.items : node ? [node] : [];
  const evidence: Evidence[] = [];
  for (const item of items) {
    const place = placeOf(item, order, durations);
    if (place && evidence.length < MOST_EVIDENCE && !evidence.some((e) => isSame(e, place)))
      evidence.push(place);
  }
  return evidence;
}
