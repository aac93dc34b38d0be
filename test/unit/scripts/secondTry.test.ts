import assert from 'node:assert/strict';
import Mocha from 'mocha';
import { Section } from '../../../scripts/lib/report.mjs';
import { counting, type Result, trySuites } from '../../../scripts/lib/secondTry.mjs';

type Tests = Record<string, readonly (() => void)[]>;

const fine = () => undefined;
const fails = () => assert.fail('on purpose');
/** Fails the first time it is run only. */
const late = () => {
  let runs = 0;
  return () => assert.ok(++runs > 1);
};

/** Runs these tests in a Mocha of their own, as the suites in VS Code are. */
function running(tests: Tests, chosen: (string | undefined)[]): (grep?: string) => Promise<Result> {
  return async (grep) => {
    chosen.push(grep);
    const mocha = new Mocha({
      reporter: class {} as unknown as typeof Mocha.reporters.Base,
      ...(grep ? { grep } : {}),
    });
    for (const [title, all] of Object.entries(tests)) {
      const outer = Mocha.Suite.create(mocha.suite, title);
      const inner = Mocha.Suite.create(outer, 'inside');
      for (const [index, test] of all.entries()) inner.addTest(new Mocha.Test(`test ${index}`, test));
    }
    return await new Promise((resolve) => {
      const runner = mocha.run(() => resolve(result()));
      const result = counting(runner);
    });
  };
}

async function tried(tests: Tests): Promise<{ section: Section; chosen: (string | undefined)[] }> {
  const section = new Section();
  const chosen: (string | undefined)[] = [];
  await trySuites(section, 'ui', running(tests, chosen));
  return { section, chosen };
}

describe('the second try of a suite that failed', () => {
  it('is not made where nothing failed', async () => {
    const { section, chosen } = await tried({ one: [fine, fine], two: [fine] });
    assert.deepEqual([section.passed, section.failed, section.secondTries, chosen], [3, 0, [], [undefined]]);
  });

  it('runs the whole suite and no other, counts each test once, and is named', async () => {
    const { section, chosen } = await tried({ 'a (b) + c': [fine, late()], 'a (b) + c d': [fine], two: [fine] });
    assert.equal(chosen.length, 2);
    assert.deepEqual([section.passed, section.failed, section.failures], [4, 0, []]);
    assert.deepEqual(section.secondTries, ['ui: a (b) + c']);
  });

  it('hides no failure that stays', async () => {
    const { section } = await tried({ one: [fine, fails], two: [late()] });
    assert.deepEqual([section.passed, section.failed, section.secondTries], [1, 2, []]);
  });

  it('is for two suites at most', async () => {
    const { section, chosen } = await tried({ one: [late()], two: [late()], three: [late()] });
    assert.deepEqual([section.failed, chosen.length], [3, 1]);
  });
});
