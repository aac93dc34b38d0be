/** What a drag does on its way. */
export interface PointerDrag {
  move(event: PointerEvent): void;
  /** The pointer lets go. */
  end(event: PointerEvent): void;
  /** Escape, or the system took the pointer away: all is as it was before. */
  cancel(): void;
}

/** Follows a pointer that is pressed, wherever it goes. */
export function followPointer({ move, end, cancel }: PointerDrag): void {
  const over = new AbortController();
  const { signal } = over;
  const callOff = () => {
    over.abort();
    cancel();
  };
  window.addEventListener('pointermove', move, { signal });
  window.addEventListener(
    'pointerup',
    (event) => {
      over.abort();
      end(event);
    },
    { signal },
  );
  window.addEventListener('pointercancel', callOff, { signal });
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return;
      // It means the drag, and closes nothing else.
      event.preventDefault();
      event.stopPropagation();
      callOff();
    },
    { signal, capture: true },
  );
}
