import type { Webview } from '../ui/support/webview';

/** ms between frames while something was done. */
export interface Frames {
  readonly frames: number;
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

/** Counts the frames of the page, in ms between them, while something is done to it. */
const startFrames = `(() => {
  const frames = (window.benchFrames = []);
  let last = performance.now();
  const tick = (now) => { frames.push(now - last); last = now; if (window.benchFrames === frames) requestAnimationFrame(tick); };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(tick); });
})()`;
const endFrames = `(() => { const frames = window.benchFrames; window.benchFrames = undefined; return frames; })()`;

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** ms, at 60 frames a second. */
export const frameTime = 1000 / 60;

/** ms: Chromium gives a page times in steps of a tenth whose edges it moves at random, so an interval has two such faults. */
const clockFault = 0.2;

/** ms between two frames, without what the page's clock adds: an even 60 frames a second read as 16.5 to 16.8 ms there. */
export function trueInterval(read: number): number {
  const even = Math.max(1, Math.round(read / frameTime)) * frameTime;
  return Math.abs(read - even) <= clockFault ? even : read;
}

export async function framesDuring(webview: Webview, act: () => Promise<void>): Promise<Frames> {
  await webview.evaluate(startFrames);
  await act();
  const frames = (await webview.evaluate<number[]>(endFrames)).map(trueInterval);
  return {
    frames: frames.length,
    median: percentile(frames, 0.5),
    p95: percentile(frames, 0.95),
    worst: Math.max(...frames),
  };
}
