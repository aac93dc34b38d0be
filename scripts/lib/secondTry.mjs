// @ts-check
// Whole editors beside whole servers on two shared cores: one late frame in an hour would refuse everything. A suite that
// fails is tried once more, from nothing; if it passes then, it counts, and is named at the end, because a race is a
// defect. Three failing suites are no accident and are not tried again.
import { say } from './steps.mjs';

/** @typedef {{passed: number, failed: number}} Counts */
/** @typedef {Counts & {suites?: Record<string, Counts>}} Result counts of a run, and of each of its outermost suites */

const atMost = 2;

/**
 * Counts a run of Mocha, suite by suite.
 * @param {import('mocha').Runner} runner that has not ended yet
 * @returns {() => Result} what was counted so far
 */
export function counting(runner) {
  /** @type {Record<string, Counts>} */
  const suites = {};
  const count = (/** @type {'passed' | 'failed'} */ what) => (/** @type {import('mocha').Runnable} */ test) => {
    const name = outermost(test);
    suites[name] ??= { passed: 0, failed: 0 };
    suites[name][what]++;
  };
  runner.on('pass', count('passed'));
  runner.on('fail', count('failed'));
  return () => ({ ...sum(Object.values(suites)), suites });
}

/**
 * @param {import('./report.mjs').Section} section
 * @param {string} name
 * @param {(grep?: string) => Promise<Result>} run all tests, or those that the expression chooses
 * @param {string} [chosen] by who looks for the reason of a failure: then nothing is tried again
 */
export async function trySuites(section, name, run, chosen) {
  const first = await run(chosen);
  if (chosen) return section.add(name, first);
  const { suites = {} } = first;
  const failed = Object.keys(suites).filter((suite) => suites[suite]?.failed);
  // A hook outside of every suite has failed: nothing can be chosen.
  if (failed.length === 0 || failed.length > atMost || failed.includes('')) return section.add(name, first);
  say(`\n${name}: once more, from nothing: ${failed.join('; ')}`);
  const again = await run(`^(${failed.map(escaped).join('|')})( |$)`);
  // The title of one suite may begin as another's: only what is asked for counts.
  const second = failed.map((suite) => again.suites?.[suite]);
  if (again.failed > 0 || !second.every((counts) => counts)) return section.add(name, first);
  const { passed } = sum(Object.values({ ...suites, ...again.suites }));
  section.add(name, { passed, failed: 0 });
  for (const suite of failed) section.secondTries.push(`${name}: ${suite}`);
}

/** @param {import('mocha').Runnable} test */
function outermost(test) {
  let suite = test.parent;
  while (suite?.parent && !suite.parent.root) suite = suite.parent;
  return suite?.root ? '' : (suite?.title ?? '');
}

/** @param {readonly Counts[]} all */
const sum = (all) => ({
  passed: all.reduce((total, { passed }) => total + passed, 0),
  failed: all.reduce((total, { failed }) => total + failed, 0),
});

/** @param {string} text */
const escaped = (text) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
