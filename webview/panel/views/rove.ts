/** Arrow keys within a group of buttons that is one stop for Tab. */
export function roveWithin(event: KeyboardEvent): void {
  const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
  if (by === undefined || event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) return;
  const buttons = [
    ...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('button:not(:disabled)'),
  ];
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  const next = buttons[(here + by + buttons.length) % buttons.length];
  if (!next) return;
  next.focus();
  event.preventDefault();
  event.stopPropagation();
}
