/** ms of a frame that may go into drawing; the rest is left to pointer and keys. */
const budget = 10;

const waiting = new Map<object, () => void>();
let scheduled = false;

/** Draws in one of the next frames, as many as fit into one. Who asks again before its turn is drawn once. */
export function drawSoon(owner: object, draw: () => void): void {
  waiting.set(owner, draw);
  schedule();
}

export function cancelDraw(owner: object): void {
  waiting.delete(owner);
}

function schedule(): void {
  if (scheduled || waiting.size === 0) return;
  scheduled = true;
  requestAnimationFrame(() => {
    scheduled = false;
    const end = performance.now() + budget;
    for (const [owner, draw] of waiting) {
      waiting.delete(owner);
      draw();
      if (performance.now() > end) break;
    }
    schedule();
  });
}
