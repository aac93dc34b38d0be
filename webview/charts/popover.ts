/** Puts a popover below its button, inside the window. Call when it has been opened. */
export function placePopover(popover: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(8, Math.min(from.right - width, window.innerWidth - width - 8));
  const below = from.bottom + 4;
  const top = below + height <= window.innerHeight - 8 ? below : Math.max(8, from.top - 4 - height);
  popover.style.left = `${Math.round(left)}px`;
  popover.style.top = `${Math.round(top)}px`;
}
