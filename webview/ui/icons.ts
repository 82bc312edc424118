import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';
import type { Choice } from '../../src/core/pair';

const SHAPES = {
  A: svg`<path d="M11.5 2.6v10.8L3 8z"/>`,
  B: svg`<path d="M4.5 2.6v10.8L13 8z"/>`,
  tie: svg`<path d="M3 5h10v2H3zm0 4h10v2H3z"/>`,
  none: svg`<circle cx="8" cy="8" r="1.6"/>`,
  play: svg`<path d="M4.5 2.5 13 8l-8.5 5.5z"/>`,
  pause: svg`<path d="M4 3h3v10H4zm5 0h3v10H9z"/>`,
  back: svg`<path d="M3 3h1.5v10H3zm9.5 0v10L5.5 8z"/>`,
  forward: svg`<path d="M11.5 3H13v10h-1.5zM3.5 3v10l7-5z"/>`,
  up: svg`<path d="m8 4.6 5 5-1 1-4-4-4 4-1-1z"/>`,
  down: svg`<path d="m8 11.4-5-5 1-1 4 4 4-4 1 1z"/>`,
  left: svg`<path d="m4.6 8 5-5 1 1-4 4 4 4-1 1z"/>`,
  right: svg`<path d="m11.4 8-5 5-1-1 4-4-4-4 1-1z"/>`,
  better: svg`<path d="M8 3.5 13 12H3z"/>`,
  worse: svg`<path d="M8 12.5 3 4h10z"/>`,
  grid: svg`<path d="M2 2h5v5H2zm1.2 1.2v2.6h2.6V3.2zM9 2h5v5H9zm1.2 1.2v2.6h2.6V3.2zM2 9h5v5H2zm1.2 1.2v2.6h2.6v-2.6zM9 9h5v5H9zm1.2 1.2v2.6h2.6v-2.6z"/>`,
  swap: svg`<path d="M11 2.3 14.2 5.5 11 8.7l-.9-.9 1.7-1.7H3V4.9h8.8l-1.7-1.7zM5 7.3l.9.9-1.7 1.7H13v1.2H4.2l1.7 1.7-.9.9-3.2-3.2z"/>`,
  blind: svg`<path d="m2.7 2 11.3 11.3-.7.7-2.3-2.3A7.3 7.3 0 0 1 8 12.3C4.7 12.3 2.2 10.2 1 8c.6-1.1 1.5-2.2 2.7-3L2 3.3zM8 3.7c3.3 0 5.8 2.1 7 4.3a9 9 0 0 1-2.1 2.6L11 8.7A3 3 0 0 0 7.3 5L6 3.9c.6-.1 1.3-.2 2-.2zM5.3 6.7a3 3 0 0 0 4 4z"/>`,
  redo: svg`<path d="M13.5 2v4.5H9V5.3h2.6A4.6 4.6 0 1 0 12.6 8h1.3A5.9 5.9 0 1 1 12.3 4V2z"/>`,
  undo: svg`<path d="M6 2.5 2.2 6.3 6 10.1l.9-.9L4.6 6.9H9a2.9 2.9 0 0 1 0 5.8H6V14h3a4.2 4.2 0 0 0 0-8.4H4.6l2.3-2.2z"/>`,
  copy: svg`<path d="M5 1.5h8.5V11H12V3H5zM2.5 4.5h8V14.5h-8zm1.2 1.2v7.6h5.6V5.7z"/>`,
  close: svg`<path d="m3.9 3 4.1 4.1L12.1 3l.9.9L8.9 8l4.1 4.1-.9.9L8 8.9 3.9 13l-.9-.9L7.1 8 3 3.9z"/>`,
  warning: svg`<path d="M8 1.5 15 14H1zm0 2.6L3.2 12.7h9.6zM7.3 6.5h1.4v3.3H7.3zm0 4h1.4v1.3H7.3z"/>`,
  info: svg`<path d="M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.2a5.3 5.3 0 1 0 0 10.6A5.3 5.3 0 0 0 8 2.7zM7.3 7h1.4v4.2H7.3zm0-2.3h1.4V6H7.3z"/>`,
  muted: svg`<path d="M2 5.5h2.7L8.5 2.5v11L4.7 10.5H2zm8.2.3.8-.8 1.5 1.6L14 5l.8.8L13.3 7.4l1.5 1.6-.8.8-1.5-1.6-1.5 1.6-.8-.8 1.5-1.6z"/>`,
  sound: svg`<path d="M2 5.5h2.7L8.5 2.5v11L4.7 10.5H2zm8.3-.3a4 4 0 0 1 0 5.6l-.8-.8a2.9 2.9 0 0 0 0-4zm1.9-1.9a6.7 6.7 0 0 1 0 9.4l-.8-.8a5.6 5.6 0 0 0 0-7.8z"/>`,
  words: svg`<path d="M2 3h12v1.2H2zm0 3h8v1.2H2zm0 3h12v1.2H2zm0 3h6v1.2H2z"/>`,
  check: svg`<path d="m6.3 12.3-4-4 .9-.9 3.1 3.1 6.9-6.9.9.9z"/>`,
  differs: svg`<path d="M9.6 2.5h1.4L9.9 5H13v1.5H9.3L8.5 9H13v1.5H7.9l-1.3 3H5.2l1.2-3H3V9h4l.8-2.5H3V5h5.5z"/>`,
} satisfies Record<string, SVGTemplateResult>;

export type IconName = keyof typeof SHAPES;

/** A picture beside words that say the same: hidden from assistive technology. */
export function icon(name: IconName, className = ''): TemplateResult {
  return html`<svg class="icon ${className}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    ${SHAPES[name]}
  </svg>`;
}

/** The shape of a side, in its colour: never without its letter or words nearby. */
export function mark(choice: Choice | 'none'): TemplateResult {
  return icon(choice, `mark mark-${choice}`);
}
