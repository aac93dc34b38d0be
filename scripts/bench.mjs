// @ts-check
// npm run bench: figures that are promised to users, measured where users have them.
//   sizes: of the package and its parts, each with its budget
//   activation: the time VS Code waits in `activate()` of the installed VSIX, median of 5 fresh starts, budget 25 ms
//   charts: 20 runs × 10 metrics × 1,000 points: time to the curves, frames while the pointer moves and the page scrolls
//   scale: promises at sizes that hurt, many of them beside MLflow's own web UI; each has a bar
// --json FILE keeps the figures; --write-docs writes docs/performance.md; --only NAME runs one of these sections or one
// row of the last (its id: table-10k, charts-10, …); --runs N fresh starts; --repetitions N of each row; --from FILE
// measures nothing and takes the figures of an earlier run.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { activationTime } from './bench/activation.mjs';
import { machine, writeDocs } from './bench/docs.mjs';
import { chartsFluency } from './bench/fluency.mjs';
import { scaleRows } from './bench/scale.mjs';
import { promises } from './bench/verdict.mjs';
import { installChromium } from './lib/chromium.mjs';
import { installDependencies, root } from './lib/npm.mjs';
import { Report } from './lib/report.mjs';
import { endGroupsOnSignals, run } from './lib/run.mjs';
import { say, step } from './lib/steps.mjs';
import { checkSizes, packageExtension } from './lib/vsix.mjs';
import { hostVersions } from './vscode.mjs';

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
    repetitions: { type: 'string', default: '3' },
    runs: { type: 'string', default: '5' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const sections = ['sizes', 'activation', 'charts', 'scale'];
const row = promises.find(({ id }) => id === values.only)?.id;
const isWanted = (/** @type {string} */ section) =>
  values.only === undefined || values.only === section || (section === 'scale' && row !== undefined);

/** @param {string} name */
function wholeNumber(name) {
  const number = Number(Reflect.get(values, name));
  if (!Number.isInteger(number) || number < 1) throw new Error(`--${name}: a whole number is wanted`);
  return number;
}

function checkArguments() {
  const names = [...sections, ...promises.map(({ id }) => id)];
  if (values.only !== undefined && !names.includes(values.only))
    throw new Error(`--only ${values.only}: there are ${names.join(', ')}`);
  if (values.only !== undefined && values['write-docs'])
    throw new Error('--write-docs wants all figures, so there is no --only beside it');
  return { starts: wholeNumber('runs'), repetitions: wholeNumber('repetitions') };
}

/**
 * @param {Report} report
 * @param {string} folder a throw-away one
 * @returns {Promise<import('./bench/docs.mjs').Report>}
 */
async function measure(report, folder) {
  const { starts, repetitions } = checkArguments();
  await installDependencies();
  const chromium = (await run(await installChromium(), ['--version'])).match(/[\d.]+/)?.[0] ?? 'unknown';
  const versions = { 'VS Code': hostVersions[0], MLflow: '3.17.2', Chromium: chromium };
  /** @type {import('./bench/docs.mjs').Report & {measured?: unknown}} */
  const figures = { machine: machine(versions), repetitions };
  /** @type {Record<string, (section: import('./lib/report.mjs').Section) => Promise<void>>} */
  const work = {
    sizes: checkSizes,
    activation: async (section) => {
      figures.activation = await activationTime(section, folder, starts);
    },
    charts: async (section) => {
      figures.charts = await chartsFluency(section, folder);
    },
    scale: async (section) => {
      const { rows, measured } = await scaleRows(section, folder, { repetitions, only: row });
      Object.assign(figures, { rows, measured });
    },
  };
  if (figures.machine.load > os.cpus().length)
    say(`This machine is busy (load ${figures.machine.load}): what is measured now says little.`);
  await step('packaging', () => packageExtension({ show: false }));
  for (const name of sections) if (isWanted(name)) await report.section(name, work[name]);
  return figures;
}

const started = Date.now();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-bench-'));
const tidy = () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
endGroupsOnSignals(tidy);
try {
  const report = new Report();
  const figures = values.from ? JSON.parse(fs.readFileSync(values.from, 'utf8')) : await measure(report, folder);
  if (values.json) fs.writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
  if (values['write-docs']) writeDocs(path.join(root, 'docs', 'performance.md'), figures);
  if (!values.from) process.exitCode = report.finish(started);
} finally {
  tidy();
}
