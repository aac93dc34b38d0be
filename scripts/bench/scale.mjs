// @ts-check
// Flowdeck beside MLflow's web UI at sizes that hurt: runs test/bench/scale.bench.ts and judges what it measured.
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { cacheFolder } from '../lib/cache.mjs';
import { installChromium } from '../lib/chromium.mjs';
import { root } from '../lib/npm.mjs';
import { run } from '../lib/run.mjs';
import { say, step } from '../lib/steps.mjs';
import { vsixFile } from '../lib/vsix.mjs';
import { scaleStore } from '../scaleStore.mjs';
import { hostVersions, installHost } from '../vscode.mjs';
import { judge, promises, tableText } from './verdict.mjs';

/**
 * @param {import('../lib/report.mjs').Section} section
 * @param {string} folder a throw-away one
 * @param {{repetitions: number, only?: string}} options `only`: the id of one row
 * @returns {Promise<{rows: import('./verdict.mjs').Row[], measured: Record<string, import('./verdict.mjs').Figures>}>}
 */
export async function scaleRows(section, folder, { repetitions, only }) {
  const wanted = promises.filter(({ id }) => !only || id === only);
  await installChromium();
  await installHost(hostVersions[0]);
  const store = await scaleStore();
  await run(process.execPath, ['esbuild.js', '--tests'], { cwd: root });
  const result = path.join(folder, 'scale.json');
  const groups = [...new Set(wanted.map(({ group }) => group))];
  const env = {
    ...process.env,
    FLOWDECK_CACHE: cacheFolder(),
    FLOWDECK_GROUPS: groups.join(),
    FLOWDECK_MLFLOW_3: store.python,
    FLOWDECK_REPETITIONS: String(repetitions),
    FLOWDECK_RESULT: result,
    FLOWDECK_ROOT: root,
    FLOWDECK_SCALE: store.folder,
    FLOWDECK_VSIX: vsixFile,
  };
  const file = path.join('out', 'test', 'bench', 'scale.bench.js');
  // What was measured before something broke is still worth a table.
  const broken = await step(`measuring ${groups.join(', ')}, ${repetitions} times each`, () =>
    run(process.execPath, ['--enable-source-maps', file], { cwd: root, env }).then(
      () => undefined,
      (error) => /** @type {Error} */ (error),
    ),
  );
  const measured = fs.existsSync(result) ? JSON.parse(fs.readFileSync(result, 'utf8')) : {};
  const rows = wanted.map((promised) => judge(promised, measured[promised.group], repetitions));
  say(`\n${tableText(rows)}\n`);
  for (const row of rows) section.check(row.work, row.ok, row.problems?.join('; ') ?? `the bar is ${row.bar}`);
  if (broken) section.check('the measuring itself', false, broken.message);
  return { rows, measured };
}
