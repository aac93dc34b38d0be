// @ts-check
// docs/performance.md, written from the figures of a run.
import fs from 'node:fs';
import os from 'node:os';
import process from 'node:process';
import { flowdeckText, median, millisecondsText, ratioText } from './verdict.mjs';

/**
 * @typedef {{
 *   machine: ReturnType<typeof machine>,
 *   activation?: {median: number, budget: number},
 *   charts?: {firstChart: number, visibleCharts: number, webUiFirstChart?: number, hover: {p95: number}, scroll: {p95: number}},
 *   rows?: import('./verdict.mjs').Row[],
 *   measured?: Record<string, import('./verdict.mjs').Figures>,
 *   repetitions: number,
 * }} Report
 */

/** Where and with what it was measured. `load`: processes that wanted a processor when the measuring began. */
export function machine(/** @type {Record<string, string>} */ versions) {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus.length} × ${cpus[0]?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(os.totalmem() / 2 ** 30)} GB`,
    system: `${os.type()} ${os.release().split('-')[0]}`,
    load: Number((os.loadavg()[0] ?? 0).toFixed(1)),
    versions: { Node: process.versions.node, ...versions },
  };
}

/** @param {string} file @param {Report} report */
export function writeDocs(file, report) {
  fs.writeFileSync(file, docsText(report));
}

/** @param {Report} report */
export function docsText(report) {
  const { date, processor, memory, system, load, versions } = report.machine;
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `# Performance

Written by \`npm run bench -- --write-docs\`; do not edit. Measured on ${date}: ${processor}, ${memory}, ${system}, no
graphics card; ${used.join(', ')}. When it began, ${load} processes wanted a processor.

## What is promised

${rowsText(report)}

${problemsText(report)}## The rest

${restText(report)}

## How it is measured

- One real \`mlflow server\` with its usual four workers on SQLite, and a store that \`scripts/scaleStore.mjs\` seeds once: 10,000 runs × 20 metrics,
  200 runs × 1,000 metrics, curves of up to 100,000 points. The official client reads it back before it is used.
- Flowdeck is the packaged extension in a real VS Code; the web UI is MLflow's. Both are drawn by the same browser in a
  view of the same size, one after the other, and the median of ${report.repetitions} rounds counts.
- Flowdeck's clock starts at the click in the Experiments view. The window has been loaded anew, and has shown another
  experiment before: nothing of this one is cached. The web UI's clock starts when its page is opened at its address in
  a new tab, its scripts in the browser's cache: what somebody does who comes from an editor (\`peer\`). \`in the app\` is
  the navigation in a page that is open already and has shown another experiment, for who has it open all day. The first
  two panels after an installation are not counted: the second one comes two seconds late, once.
- The clocks stop after the frame that shows it was painted: a row with the name of a run of that experiment; coloured
  pixels in a chart, and no change of them afterwards; for the web UI, as many curves in a chart as there are runs. It
  draws ten runs unless it is told otherwise, which is all of them where charts are compared. For a second after the
  click nobody looks at either page from outside, for that takes time from it.
- "After the last byte" begins when the extension host has received all curves. Bytes into the page are counted in the page,
  and how long the extension host stands still by its own event loop, by a small extension beside Flowdeck.
- Frames are counted by the times at which the browser draws them. A page reads these in tenths of a millisecond whose edges
  move at random: intervals that far from whole frames are taken as whole frames (an empty page reads 16.5 to 16.8 ms).
- What is computed (sorting, packing, smoothing …) is measured in plain Node: in processor time, the best of three tries. The
  frames of the table are measured in the page alone, over runs that are made up: 95 % of those of the worst way to move.
`;
}

/** @param {Report} report */
function rowsText({ rows = [] }) {
  const lines = rows.map((row) => {
    const warm = row.peer_warm_ms === undefined ? '–' : millisecondsText(row.peer_warm_ms);
    const cells = [row.work, flowdeckText(row), millisecondsText(row.peer_ms), warm, ratioText(row), row.bar];
    return `| ${[...cells, row.ok ? 'yes' : '**no**'].join(' | ')} |`;
  });
  const head =
    '| work | Flowdeck | peer | in the app | ratio | bar | kept |\n| --- | --- | --- | --- | --- | --- | --- |';
  return [head, ...lines].join('\n');
}

/** @param {Report} report */
function problemsText({ rows = [] }) {
  const lines = rows.flatMap(({ work, problems = [] }) => problems.map((problem) => `- ${work}: ${problem}.`));
  return lines.length > 0 ? `What could not be measured, or not as meant:\n\n${lines.join('\n')}\n\n` : '';
}

/** @param {Report} report */
function restText({ activation, charts, measured }) {
  const lines = [];
  if (activation) lines.push(`- Activation: ${millisecondsText(activation.median)} (at most ${activation.budget} ms).`);
  if (charts)
    lines.push(
      `- Charts of 20 runs × 10 metrics × 1,000 points: first curves after ${millisecondsText(charts.firstChart)}, every`,
      `  chart in sight after ${millisecondsText(charts.visibleCharts)}; 95 % of frames within`,
      `  ${millisecondsText(charts.hover.p95)} while the pointer moves, ${millisecondsText(charts.scroll.p95)} while the page scrolls.`,
    );
  const pan = measured?.pan?.samples;
  const figure = (/** @type {string} */ name) => median(pan?.[name] ?? []);
  if (pan?.workP95)
    lines.push(
      '- Pan and zoom of 100 runs × 10,000 points, by a trace of the browser: the page itself works',
      `  ${millisecondsText(figure('workP95'))} of processor time at most for 95 % of frames, ${millisecondsText(figure('workWorst'))} for the worst;`,
      `  ${figure('missedFrames')} of ${figure('tracedFrames')} frames were missed.`,
    );
  return lines.join('\n');
}
