/** Tab goes around in the dialog while it is open. */
export function keepInside(event: KeyboardEvent): void {
  if (event.key !== 'Tab') return;
  const dialog = event.currentTarget as HTMLElement;
  const stops = [...dialog.querySelectorAll<HTMLElement>('button, vscode-button, [tabindex="0"]')];
  const here = stops.indexOf(document.activeElement as HTMLElement);
  const by = event.shiftKey ? -1 : 1;
  // From the dialog itself the first is the next one, and the last the one before.
  const next = here < 0 ? (event.shiftKey ? stops.length - 1 : 0) : here + by;
  stops.at(next % stops.length)?.focus();
  event.preventDefault();
}
