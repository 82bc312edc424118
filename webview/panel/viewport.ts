/** Zoom of the pictures, linked: `x`, `y` are the picture's shift in shares of its box, after scaling about the centre. */
export interface Viewport {
  zoom: number;
  x: number;
  y: number;
}

export const FIT: Viewport = { zoom: 1, x: 0, y: 0 };
const MAX_ZOOM = 16;

/** Zooms by `factor` and keeps the point under the pointer (`px`, `py`, shares of the box, 0..1) where it is. */
export function zoomBy(view: Viewport, factor: number, px = 0.5, py = 0.5): Viewport {
  const zoom = Math.min(MAX_ZOOM, Math.max(1, view.zoom * factor));
  const k = zoom / view.zoom;
  const dx = px - 0.5;
  const dy = py - 0.5;
  return held({ zoom, x: dx - (dx - view.x) * k, y: dy - (dy - view.y) * k });
}

export function panBy(view: Viewport, dx: number, dy: number): Viewport {
  return held({ ...view, x: view.x + dx, y: view.y + dy });
}

/** The picture never leaves its box. */
function held(view: Viewport): Viewport {
  const most = (view.zoom - 1) / 2;
  const clamp = (v: number) => Math.min(most, Math.max(-most, v)) + 0;
  return { zoom: view.zoom, x: clamp(view.x), y: clamp(view.y) };
}
