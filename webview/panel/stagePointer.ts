import { ref } from 'lit/directives/ref.js';
import type { Context } from './context';

/** A press that moves less than this is a click, pixels. */
const CLICK = 4;

interface Drag {
  x: number;
  y: number;
  far: boolean;
}

let latest: Context | undefined;
let drag: Drag | undefined;
const bound = new WeakSet<Element>();

/** Pointer on the pictures: click plays, drag pans, and in the wipe view the split follows. */
export function stagePointer(context: Context) {
  latest = context;
  return ref(bind);
}

function bind(element: Element | undefined): void {
  if (!(element instanceof HTMLElement) || bound.has(element)) return;
  bound.add(element);
  element.addEventListener('pointerdown', (e) => {
    if (e.button !== 0) return;
    drag = { x: e.clientX, y: e.clientY, far: false };
    element.setPointerCapture(e.pointerId);
  });
  element.addEventListener('pointermove', (e) => move(e, element));
  element.addEventListener('pointerup', () => {
    if (drag && !drag.far) latest?.does.playPause();
    drag = undefined;
  });
  element.addEventListener('pointercancel', () => (drag = undefined));
}

function move(event: PointerEvent, element: HTMLElement): void {
  if (!latest) return;
  const { ui, does } = latest;
  const box = boxUnder(event, element);
  if (drag) {
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.far && Math.hypot(dx, dy) < CLICK) return;
    drag = { x: event.clientX, y: event.clientY, far: true };
    if (ui.view.zoom > 1) return does.pan(dx / box.width, dy / box.height);
  }
  if (ui.mode === 'wipe') does.split((event.clientX - box.left) / box.width);
}

/** The picture's box that the pointer is over; they are alike in size. */
function boxUnder(event: MouseEvent, element: HTMLElement): DOMRect {
  const boxes = [...element.querySelectorAll('.box')].map((b) => b.getBoundingClientRect());
  return boxes.find((b) => event.clientX >= b.left && event.clientX <= b.right) ?? boxes[0]!;
}

export function stageWheel({ does }: Context) {
  return {
    passive: false,
    handleEvent(event: WheelEvent) {
      if (!(event.target as Element).closest('.box, .difference, .wipe')) return;
      const box = boxUnder(event, event.currentTarget as HTMLElement);
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      does.zoom(
        Math.exp(-event.deltaY * lines * 0.002),
        (event.clientX - box.left) / box.width,
        (event.clientY - box.top) / box.height,
      );
      event.preventDefault();
    },
  };
}
