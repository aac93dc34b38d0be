// @ts-check
// Charts as a person has them: time to the curves, frames while the pointer moves and the page scrolls.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../lib/cache.mjs';
import { root } from '../lib/npm.mjs';
import { run } from '../lib/run.mjs';
import { step } from '../lib/steps.mjs';
import { vsixFile } from '../lib/vsix.mjs';
import { installMlflow } from '../mlflow.mjs';

/** ms between frames for 95 of 100: a browser without a graphics card gives 60 a second at best. */
const fluid = 34;

/**
 * @param {import('../lib/report.mjs').Section} section
 * @param {string} folder a throw-away one
 */
export async function chartsFluency(section, folder) {
  await run(process.execPath, ['esbuild.js', '--tests'], { cwd: root });
  const result = path.join(folder, 'charts.json');
  const environment = {
    FLOWDECK_CACHE: cacheFolder(),
    FLOWDECK_MLFLOW_3: await installMlflow('3.17.2'),
    FLOWDECK_RESULT: result,
    FLOWDECK_ROOT: root,
    FLOWDECK_VSIX: vsixFile,
  };
  const file = path.join('out', 'test', 'bench', 'charts.bench.js');
  await step('charting 20 runs × 10 metrics × 1,000 points', () =>
    run(process.execPath, ['--enable-source-maps', file], { cwd: root, env: { ...process.env, ...environment } }),
  );
  const charts = JSON.parse(fs.readFileSync(result, 'utf8'));
  const ms = (/** @type {number | undefined} */ value) => (value === undefined ? 'never' : `${value.toFixed(1)} ms`);
  const { firstChart, visibleCharts, webUiFirstChart } = charts;
  const ratio = webUiFirstChart ? `, ${(webUiFirstChart / firstChart).toFixed(1)} times as fast` : '';
  section.check(`first curves after ${ms(firstChart)} (MLflow's web UI: ${ms(webUiFirstChart)}${ratio})`, true, '');
  section.check(`every chart in sight after ${ms(visibleCharts)}`, true, '');
  for (const [name, frames] of /** @type {const} */ (['hover', 'scroll']).map((name) => [name, charts[name]])) {
    const text = `${name}: frames of ${ms(frames.median)}, 95 % within ${ms(frames.p95)}, worst ${ms(frames.worst)}`;
    section.check(text, frames.p95 <= fluid, `over ${fluid} ms`);
  }
  return charts;
}
