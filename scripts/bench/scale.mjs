// @ts-check
// What is promised at sizes that hurt: runs the programs of test/bench that measure it, and judges their figures.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { commitStore } from '../commitStore.mjs';
import { cacheFolder } from '../lib/cache.mjs';
import { installChromium } from '../lib/chromium.mjs';
import { root } from '../lib/npm.mjs';
import { run } from '../lib/run.mjs';
import { say, step } from '../lib/steps.mjs';
import { vsixFile } from '../lib/vsix.mjs';
import { scaleStore } from '../scaleStore.mjs';
import { hostVersions, installHost } from '../vscode.mjs';
import { judge, promises, tableText } from './verdict.mjs';

/** @type {Record<string, string>} which program measures a group; all others are measured by scale.bench */
const programs = { grid: 'grid.bench', link: 'link.bench', work: 'work.bench' };

/**
 * @param {import('../lib/report.mjs').Section} section
 * @param {string} folder a throw-away one
 * @param {{repetitions: number, only?: string}} options `only`: the id of one row
 * @returns {Promise<{rows: import('./verdict.mjs').Row[], measured: Record<string, import('./verdict.mjs').Figures>}>}
 */
export async function scaleRows(section, folder, { repetitions, only }) {
  const wanted = promises.filter(({ id }) => !only || id === only);
  await run(process.execPath, ['esbuild.js', '--tests'], { cwd: root });
  /** @type {Record<string, import('./verdict.mjs').Figures>} */
  const measured = {};
  for (const [program, groups] of groupsByProgram(wanted)) {
    const result = path.join(folder, `${program}.json`);
    const env = { ...(await environmentOf(program, groups, repetitions)), FLOWDECK_RESULT: result };
    const file = path.join('out', 'test', 'bench', `${program}.js`);
    // What was measured before something broke is still worth a table.
    const broken = await step(`measuring ${groups.join(', ')}, ${repetitions} times each`, () =>
      run(process.execPath, ['--enable-source-maps', file], { cwd: root, env }).then(
        () => undefined,
        (error) => /** @type {Error} */ (error),
      ),
    );
    if (fs.existsSync(result)) Object.assign(measured, JSON.parse(fs.readFileSync(result, 'utf8')));
    if (broken) section.check(`the measuring of ${groups.join(', ')}`, false, broken.message);
  }
  const rows = wanted.map((promised) => judge(promised, measured[promised.group], repetitions));
  say(`\n${tableText(rows)}\n`);
  for (const row of rows) section.check(row.work, row.ok, row.problems?.join('; ') ?? `the bar is ${row.bar}`);
  return { rows, measured };
}

/** @param {readonly import('./verdict.mjs').Promised[]} wanted */
function groupsByProgram(wanted) {
  /** @type {Map<string, string[]>} */
  const found = new Map();
  for (const group of new Set(wanted.map(({ group }) => group))) {
    const program = programs[group] ?? 'scale.bench';
    found.set(program, [...(found.get(program) ?? []), group]);
  }
  return found;
}

/**
 * What a program is told; what it needs is installed and seeded before its clock runs.
 * @param {string} program
 * @param {readonly string[]} groups
 * @param {number} repetitions
 */
async function environmentOf(program, groups, repetitions) {
  const common = {
    ...process.env,
    FLOWDECK_CACHE: cacheFolder(),
    FLOWDECK_GROUPS: groups.join(),
    FLOWDECK_REPETITIONS: String(repetitions),
    FLOWDECK_ROOT: root,
  };
  if (program === 'link.bench') return { ...common, ...(await commitEnvironment()) };
  if (program !== 'work.bench') await installChromium();
  if (program !== 'scale.bench') return common;
  await installHost(hostVersions[0]);
  const store = await scaleStore();
  return { ...common, FLOWDECK_MLFLOW_3: store.python, FLOWDECK_SCALE: store.folder, FLOWDECK_VSIX: vsixFile };
}

async function commitEnvironment() {
  const { folder, ids } = await commitStore();
  return { FLOWDECK_COMMITS: folder, FLOWDECK_COMMIT_IDS: ids };
}
