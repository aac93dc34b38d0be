import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Run } from '../../../src/shared/domain';
import { evaluateFilter, rowOfRun } from '../../../src/shared/filter/evaluate';
import { charactersOf, foldText, likeMatches } from '../../../src/shared/filter/like';
import { parseFilter } from '../../../src/shared/filter/parse';
import { type RowFacts, rowOf } from '../../support/filterTrees';

const now = Date.UTC(2026, 10, 25, 12);

function matches(text: string, facts: RowFacts): boolean {
  const result = parseFilter(text, now);
  assert.ok(result.ok, text);
  return evaluateFilter(result.filter, rowOf(facts));
}

/** Which of the filters match. */
const matching = (facts: RowFacts, ...texts: string[]) => texts.filter((text) => matches(text, facts));
const all = (facts: RowFacts, ...texts: string[]) => assert.deepEqual(matching(facts, ...texts), texts);
const none = (facts: RowFacts, ...texts: string[]) => assert.deepEqual(matching(facts, ...texts), []);

describe('the judgement of filters', () => {
  it('knows nothing of what is missing, nor of the opposite', () => {
    none({}, 'params.a = 1', 'params.a != 1', 'NOT params.a = 1', "params.a LIKE '%'", "params.a NOT LIKE 'x'");
    none({}, "params.a NOT IN ('x')", 'NOT (metrics.a > 1 OR metrics.a <= 1)', 'duration > 5m', 'x', 'NOT x');
    all(
      {},
      'params.a IS NULL',
      'NOT tags.a IS NOT NULL',
      'params.a = 1 OR params.a IS NULL',
      '',
      'datasets.name IS NULL',
    );
    none({}, 'metrics.a IS NOT NULL', 'end_time IS NOT NULL');
    // False decides, whatever is unknown beside it.
    all({ params: { b: 'x' } }, 'NOT (params.a = 1 AND params.b = y)', 'params.a = 1 OR params.b = x');
  });

  it('finds what only an object has as little as what nobody has', () => {
    const run = { params: { a: '1' }, tags: {}, metrics: {}, datasets: [], name: '' } as unknown as Run;
    const row = rowOfRun(run);
    assert.deepEqual(
      [row.param('constructor'), row.tag('toString'), row.metric('valueOf')],
      [undefined, undefined, undefined],
    );
    assert.equal(row.param('a'), '1');
  });

  it('has NaN unequal to every number, and neither smaller nor greater', () => {
    const nan = { metrics: { a: Number.NaN } };
    none(
      nan,
      'metrics.a < 1',
      'metrics.a >= 1',
      'NOT metrics.a < 1',
      'metrics.a = 0',
      'metrics.a BETWEEN -inf AND inf',
    );
    all(nan, 'metrics.a != 1', 'NOT metrics.a = 1', 'metrics.a = NaN', 'metrics.a IS NOT NULL');
    none({ metrics: { a: 1 } }, 'metrics.a = NaN', 'metrics.a < NaN');
  });

  it('has infinity beyond every number, as SQL stores keep it too', () => {
    for (const a of [Number.POSITIVE_INFINITY, Number.MAX_VALUE])
      all(
        { metrics: { a } },
        'metrics.a > 1e308',
        'metrics.a = inf',
        'metrics.a >= 1.7976931348623157e308',
        'metrics.a > -inf',
      );
    none({ metrics: { a: Number.NEGATIVE_INFINITY } }, 'metrics.a > -inf', 'metrics.a >= -1e308');
  });

  it('compares params as typed for equality and as numbers for size', () => {
    const lr = { params: { lr: '0.10', name: 'adam', inf: 'inf' } };
    all(
      lr,
      'params.lr = 0.10',
      'params.lr > 0.01',
      'params.lr <= 1e-1',
      'params.lr BETWEEN 0 AND 1',
      'params.inf > 1e300',
    );
    none(lr, 'params.lr = 0.1', 'params.name > 1', 'params.name <= 1', 'NOT params.name > 1');
  });

  it('judges names, statuses, times and lengths', () => {
    const run = {
      attributes: { run_name: 'Größe-ResNet', status: 'FINISHED', start_time: now - 3_600_000, end_time: now },
    };
    all(run, 'resnet', 'GRÖSSE OR größe', 'status = finished', "run_name ILIKE 'GRÖ%'", 'start_time > now-2h');
    all(
      run,
      'duration = 1h',
      'duration > 59m',
      'end_time <= now',
      "start_time > '2026-11-23'",
      'status IN (failed, finished)',
    );
    none(run, "run_name LIKE 'grö%'", 'duration > 1h', 'start_time > now-30m', 'vgg');
  });

  it('has every time before, in or after a day, minute or second, and no two of these', () => {
    const zones = fc.constantFrom('', 'Z', '+02:30');
    const written = fc.constantFrom(10, 16, 19, 21, 23);
    // Some on the edges: where a second begins one of most of these begins.
    const day = { min: Date.UTC(2026, 9, 24), max: Date.UTC(2026, 9, 27) };
    const instant = fc.oneof(
      fc.integer(day),
      fc
        .tuple(fc.integer({ min: 0, max: 72 * 60 }), fc.constantFrom(-1, 0, 1))
        .map(([at, by]) => day.min + at * 60_000 + by),
    );
    const seen = { before: 0, within: 0, after: 0 };
    fc.assert(
      fc.property(instant, instant, written, zones, (named, start, length, zone) => {
        const iso = new Date(named).toISOString().slice(0, length);
        const text = `'${iso}${length === 10 ? '' : zone}'`;
        const run = { attributes: { start_time: start } };
        const is = (rest: string) => matches(`start_time ${rest}`, run);
        const [before, within, after] = [is(`< ${text}`), is(`= ${text}`), is(`> ${text}`)];
        assert.equal([before, within, after].filter(Boolean).length, 1, text);
        if (before) seen.before++;
        else seen[within ? 'within' : 'after']++;
        assert.equal(is(`<= ${text}`), before || within, text);
        assert.equal(is(`>= ${text}`), within || after, text);
        for (const opposite of [`!= ${text}`, `NOT IN (${text})`, `NOT BETWEEN ${text} AND ${text}`])
          assert.equal(is(opposite), !within, opposite);
        for (const same of [`IN (${text})`, `BETWEEN ${text} AND ${text}`]) assert.equal(is(same), within, same);
        assert.equal(is(`BETWEEN ${text} AND '2026-12-31'`), within || after, text);
      }),
      { numRuns: 3000, seed: 3 },
    );
    assert.ok(seen.before > 100 && seen.within > 100 && seen.after > 100, JSON.stringify(seen));
  });

  it('takes one dataset of several as enough, and of NOT all of them', () => {
    const two = {
      datasets: [
        { name: 'a', digest: '1', context: 'train' },
        { name: 'b', digest: '2' },
      ],
    };
    all(two, "datasets.name = 'a'", "datasets.name != 'a'", "datasets.name NOT IN ('a')", "datasets.context = 'train'");
    none(two, "NOT datasets.name = 'a'", "NOT datasets.name IN ('a', 'c')", "datasets.context != 'train'");
    all(two, "NOT datasets.name = 'c'", 'datasets.context IS NOT NULL', "NOT datasets.name NOT IN ('a', 'b')");
    none({}, "datasets.name != 'a'", "NOT datasets.name = 'a'");
  });
});

describe('LIKE', () => {
  const like = (pattern: string, text: string) => likeMatches(charactersOf(pattern), charactersOf(text));

  it('agrees with the regular expression of the pattern', () => {
    const unit = fc.constantFrom('a', 'b', '%', '_', '😀', '\n', '\\', '.');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 8 }), fc.string({ unit, maxLength: 10 }), (pattern, text) => {
        const source = pattern.replaceAll(/[\\.]/g, '\\$&').replaceAll('%', '.*').replaceAll('_', '.');
        assert.equal(like(pattern, text), new RegExp(`^${source}$`, 'su').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('ends also for many wildcards', () => {
    assert.equal(like(`${'%a'.repeat(500)}b`, 'a'.repeat(10_000)), false);
  });

  it('folds character by character, and nothing into ASCII', () => {
    assert.equal(foldText('ÜNÏ ABC ΣΩ'), 'ünï abc σω');
    assert.equal(foldText('İ\u212a'), 'İ\u212a');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        (text) => charactersOf(foldText(text)).length === charactersOf(text).length,
      ),
    );
  });
});
