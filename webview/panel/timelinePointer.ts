import { ref } from 'lit/directives/ref.js';
import type { Context } from './context';

let latest: Context | undefined;
const bound = new WeakSet<Element>();

/** Press and drag anywhere on the lanes to seek; hover to read a time. */
export function timelinePointer(context: Context) {
  latest = context;
  return ref(bind);
}

function bind(element: Element | undefined): void {
  if (!(element instanceof HTMLElement) || bound.has(element)) return;
  bound.add(element);
  let scrubbing = false;
  const timeAt = (event: PointerEvent): number | undefined => {
    const track = element.querySelector('.ruler')?.getBoundingClientRect();
    if (!latest || !track || track.width === 0 || (!scrubbing && event.clientX < track.left - 4))
      return undefined;
    return Math.min(1, Math.max(0, (event.clientX - track.left) / track.width)) * latest.clock.total;
  };
  element.addEventListener('pointerdown', (event) => {
    const time = event.button === 0 ? timeAt(event) : undefined;
    if (time === undefined) return;
    scrubbing = true;
    element.setPointerCapture(event.pointerId);
    latest?.does.scrub(time, 'start');
  });
  element.addEventListener('pointermove', (event) => {
    const time = timeAt(event);
    latest?.does.hover(time);
    if (scrubbing && time !== undefined) latest?.does.scrub(time, 'move');
  });
  const end = () => {
    if (scrubbing) latest?.does.scrub(undefined, 'end');
    scrubbing = false;
  };
  element.addEventListener('pointerup', end);
  element.addEventListener('pointercancel', end);
  element.addEventListener('pointerleave', () => latest?.does.hover(undefined));
}
