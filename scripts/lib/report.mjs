// @ts-check
// Counts what passed and failed, section by section.
import { duration, say } from './steps.mjs';

export class Report {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  failures = [];
  /** @type {string[]} suites that passed only then */
  secondTries = [];

  /**
   * Runs a section. What it throws is one failure; the next section runs all the same.
   * @param {string} name
   * @param {(section: Section) => Promise<void>} work
   */
  async section(name, work) {
    say(`\n── ${name} ──`);
    const started = Date.now();
    const section = new Section();
    try {
      await work(section);
    } catch (error) {
      section.check(name, false, error instanceof Error ? error.message : String(error));
    }
    this.passed += section.passed;
    this.failed += section.failed;
    this.failures.push(...section.failures.map((failure) => `${name}: ${failure}`));
    this.secondTries.push(...section.secondTries);
    say(`── ${name}: ${section.passed} passed, ${section.failed} failed in ${duration(Date.now() - started)}`);
  }

  /**
   * Takes over what another process has counted.
   * @param {{passed: number, failed: number, failures: readonly string[], secondTries?: readonly string[]}} other
   */
  merge({ passed, failed, failures, secondTries = [] }) {
    this.passed += passed;
    this.failed += failed;
    this.failures.push(...failures);
    this.secondTries.push(...secondTries);
  }

  /** Says what failed; the last line is the sum. */
  finish(/** @type {number} */ started) {
    say(`\nall of it took ${duration(Date.now() - started)}`);
    for (const suite of this.secondTries) say(`⚠ passed only at the second try, a race to mend: ${suite}`);
    for (const failure of this.failures) say(`✖ ${failure}`);
    say(`${this.passed} passed, ${this.failed} failed`);
    return this.failed === 0 ? 0 : 1;
  }
}

export class Section {
  passed = 0;
  failed = 0;
  /** @type {string[]} */
  failures = [];
  /** @type {string[]} */
  secondTries = [];

  /**
   * @param {string} name
   * @param {boolean} isGood
   * @param {string} [detail] said when it failed
   */
  check(name, isGood, detail = '') {
    if (isGood) {
      this.passed++;
      say(`  ✔ ${name}`);
      return;
    }
    this.failed++;
    this.failures.push(`${name}${detail ? ` · ${detail.split('\n')[0]}` : ''}`);
    say(`  ✖ ${name}${detail ? `\n${detail}` : ''}`);
  }

  /**
   * One check: it passes when the work does not throw.
   * @param {string} name
   * @param {() => Promise<unknown>} work
   */
  async attempt(name, work) {
    try {
      await work();
      this.check(name, true);
    } catch (error) {
      this.check(name, false, error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Counts that a test runner has written. None at all is a failure: a missing part never passes in silence.
   * @param {string} name
   * @param {{passed: number, failed: number}} counts
   */
  add(name, { passed, failed }) {
    this.passed += passed;
    this.failed += failed;
    if (failed > 0) this.failures.push(`${name}: ${failed} tests failed`);
    if (passed + failed === 0) this.check(name, false, 'no tests were found');
  }
}
