import type { BrowserContext } from 'playwright-core';
import type { Webview } from '../ui/support/webview';
import { frameTime, percentile } from './frames';

/** What the page itself does for a frame, whoever else wants the processor. */
export interface FrameWork {
  readonly frames: number;
  /** ms of processor time of the page's main thread between one frame and the next: of 95 % of frames, and of the worst. */
  readonly p95: number;
  readonly worst: number;
  /** ms between frames of 95 % of them, by a clock of microseconds; the page's own has tenths of a millisecond. */
  readonly intervalP95: number;
  /** Frames that were missed: the next one came half a frame late or more. */
  readonly missed: number;
}

const mark = 'flowdeck-frame';
const startMarks = `(() => {
  window.benchMarks = true;
  const tick = () => { console.timeStamp('${mark}'); if (window.benchMarks) requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
})()`;
const endMarks = 'window.benchMarks = false';
const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', 'v8.execute'];

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** µs */
  readonly ts: number;
  /** µs of processor time. */
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly message?: string; readonly name?: string } };
}

/** Traces the browser while something is done to the page. @throws where the browser tells no times of its threads */
export async function frameWorkDuring(
  context: BrowserContext,
  webview: Webview,
  act: () => Promise<void>,
): Promise<FrameWork> {
  const browser = context.browser();
  if (!browser) throw new Error('there is no browser to trace');
  await browser.startTracing(undefined, { categories });
  await webview.evaluate(startMarks);
  await act();
  await webview.evaluate(endMarks);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return frameWork(traceEvents);
}

/** Exported for its test. */
export function frameWork(events: readonly TraceEvent[]): FrameWork {
  const isMark = ({ name, args }: TraceEvent) =>
    name === 'TimeStamp' && (args?.data?.message ?? args?.data?.name) === mark;
  const marks = events.filter(isMark).sort((a, b) => a.ts - b.ts);
  const [first] = marks;
  if (!first || marks.length < 10) throw new Error(`${marks.length} frames were traced`);
  const tasks = events
    .filter(
      ({ pid, tid, name, tdur }) => pid === first.pid && tid === first.tid && name === 'RunTask' && tdur !== undefined,
    )
    .sort((a, b) => a.ts - b.ts);
  if (tasks.length === 0) throw new Error('the trace has no tasks of the page');
  const work = new Array<number>(marks.length - 1).fill(0);
  const intervals = work.map((_, at) => ((marks[at + 1]?.ts ?? 0) - (marks[at]?.ts ?? 0)) / 1000);
  let next = 0;
  for (const { ts, tdur = 0 } of tasks) {
    // A frame's mark is made inside of the task that makes it: that task, and what began after the mark before, is its work.
    while (next < marks.length && (marks[next]?.ts ?? 0) < ts) next++;
    if (next > 0 && next < marks.length) work[next - 1] = (work[next - 1] ?? 0) + tdur / 1000;
  }
  return {
    frames: work.length,
    p95: percentile(work, 0.95),
    worst: Math.max(...work),
    intervalP95: percentile(intervals, 0.95),
    missed: intervals.filter((interval) => interval > 1.5 * frameTime).length,
  };
}
