// @ts-check
// Runs the bundled test files under a folder in this Node:  node runMocha.mjs <folder> [--reporter dot] [--timeout ms]
// The counts go to the file $FLOWDECK_RESULT. Further arguments `--grep text` choose tests.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import Mocha from 'mocha';
import { endGroupsOnSignals } from './run.mjs';
import { seed } from './sameCases.mjs';
import { counting } from './secondTry.mjs';

endGroupsOnSignals();

// The one that the tests require.
createRequire(import.meta.url)('fast-check').configureGlobal({ seed });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { reporter: { type: 'string' }, timeout: { type: 'string' }, grep: { type: 'string' } },
});
const [folder] = positionals;
const files = fs.existsSync(folder)
  ? fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.js'))
  : [];

const mocha = new Mocha({
  reporter: values.reporter ?? 'spec',
  timeout: Number(values.timeout ?? 5000),
  forbidOnly: true,
  forbidPending: true,
  ...(values.grep ? { grep: values.grep } : {}),
});
for (const file of files.sort()) mocha.addFile(path.resolve(folder, file));
// After each file.
mocha.suite.on('post-require', () => bailAlone(mocha.suite));

/**
 * Mocha's own bail leaves out, without a word, every later suite that bails as well. Here a step that failed ends the
 * steps of its own suite, and says so.
 * @param {Mocha.Suite} suite
 */
function bailAlone(suite) {
  if (suite.bail()) {
    suite.bail(false);
    suite.afterEach('steps follow each other', function () {
      if (this.currentTest?.state === 'failed') throw new Error('The steps after one that failed are not tried.');
    });
  }
  for (const inner of suite.suites) bailAlone(inner);
}

const runner = mocha.run((failed) => {
  if (process.env.FLOWDECK_RESULT) fs.writeFileSync(process.env.FLOWDECK_RESULT, JSON.stringify(result()));
  // A test that left something open must not keep the whole run waiting.
  process.exit(failed > 0 ? 1 : 0);
});
const result = counting(runner);
