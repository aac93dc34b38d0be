import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FilterRow } from '../../../src/shared/filter/evaluate';
import { evaluateFilter } from '../../../src/shared/filter/evaluate';
import { formatFilter } from '../../../src/shared/filter/format';
import type { Dialect } from '../../../src/shared/filter/lowering';
import { parseFilter } from '../../../src/shared/filter/parse';
import { serverQueriesOf } from '../../../src/shared/filter/serverQueries';
import { filterTrees, rowOf } from '../../support/filterTrees';

const now = Date.UTC(2026, 10, 25, 12);

function parsed(text: string) {
  const result = parseFilter(text, now);
  assert.ok(result.ok, text);
  return result.filter;
}

const queries = (text: string, generation: 2 | 3 = 3, files = false) =>
  serverQueriesOf(parsed(text), { generation, files });
const asks = (text: string, filters: readonly string[], exact = true, generation: 2 | 3 = 3, files = false) =>
  assert.deepEqual(queries(text, generation, files), { filters, exact }, text);

const words = {
  metrics: ['loss', 'val/loss', 'in'],
  params: ['lr', 'a b', 'odd`"key'],
  tags: ['team', 'mlflow.user'],
  texts: ['0.1', 'adam', '', "it's", `both ' and "`, 'ends\\', 'Ünï', 'x_y%', 'train'],
  patterns: ['%', 'a%', '%Ü%', '_.1', `%'"%`, '%\\%', 'ADAM'],
  numbers: [0, 0.1, -1, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  times: [0, 1000, 1700000000000],
  runIds: ['ab12', 'ff', '1234', 'none of MLflow'],
};

const text = fc.constantFrom(...words.texts);
const facts = fc.record({
  metrics: fc.dictionary(fc.constantFrom(...words.metrics), fc.constantFrom(...words.numbers, Number.NaN)),
  params: fc.dictionary(fc.constantFrom(...words.params), text),
  tags: fc.dictionary(fc.constantFrom(...words.tags), text),
  user: fc.constantFrom('', 'adam'),
  attributes: fc.record({
    run_id: fc.constantFrom('ab12', 'ff', '1234'),
    run_name: fc.option(text, { nil: undefined }),
    status: fc.constantFrom('FINISHED', 'RUNNING'),
    start_time: fc.constantFrom(...words.times),
    end_time: fc.option(fc.constantFrom(1000, 61_000), { nil: undefined }),
    artifact_uri: text,
    experiment_id: fc.constantFrom('0.1', '7'),
  }),
  datasets: fc.array(fc.record({ name: text, digest: text, context: fc.option(text, { nil: undefined }) }), {
    maxLength: 3,
  }),
});

/** The run as the product sees it, and as a server of that generation judges it. */
function views(
  made: typeof facts extends fc.Arbitrary<infer T> ? T : never,
  { generation, files }: Dialect,
): readonly [FilterRow, FilterRow] {
  const shown = rowOf({
    ...made,
    attributes: { ...made.attributes, user_id: made.user || (made.tags['mlflow.user'] ?? '') },
  });
  const stored = rowOf({ ...made, attributes: { ...made.attributes, user_id: made.user } });
  const metric = (key: string) => {
    const value = stored.metric(key);
    return value !== undefined && generation === 2 && !files && Number.isNaN(value) ? 0 : value;
  };
  return [shown, { ...stored, metric }];
}

describe('the questions for a server', () => {
  const dialects = ([2, 3] as const).flatMap((generation) => [
    { generation, files: false },
    { generation, files: true },
  ]);
  for (const dialect of dialects) {
    const kept = dialect.files ? 'files' : 'a database';
    it(`find every run that matches, and no other when they say so, on MLflow ${dialect.generation} with ${kept}`, () => {
      const seen = { exact: 0, inexact: 0, matched: 0 };
      fc.assert(
        fc.property(filterTrees(words), fc.array(facts, { minLength: 5, maxLength: 5 }), (filter, runs) => {
          const { filters, exact } = serverQueriesOf(filter, dialect);
          const branches = filters.map(parsed);
          seen[exact ? 'exact' : 'inexact']++;
          for (const run of runs) {
            const [shown, stored] = views(run, dialect);
            const wanted = evaluateFilter(filter, shown);
            const found = branches.some((branch) => evaluateFilter(branch, stored));
            if (wanted) seen.matched++;
            const about = () => `${formatFilter(filter)} asked as ${JSON.stringify(filters)} of ${JSON.stringify(run)}`;
            assert.ok(found || !wanted, about());
            if (exact) assert.equal(found, wanted, about());
          }
        }),
        { numRuns: 1500, seed: 7 },
      );
      assert.ok(seen.exact > 100 && seen.inexact > 100 && seen.matched > 500, JSON.stringify(seen));
    });
  }

  it('are one where the server knows the words, and quoted as it reads them', () => {
    asks('', ['']);
    asks('metrics.val/loss < 1 AND params.lr = 0.1', ["metrics.`val/loss` < 1 AND params.`lr` = '0.1'"]);
    asks('params.note = "it\'s" AND tags.x IS NULL', ['params.`note` = "it\'s" AND tags.`x` IS NULL']);
    asks('NOT (metrics.a < 1 OR status = failed)', ["metrics.`a` >= 1 AND attributes.status != 'FAILED'"]);
    asks('resnet', ["attributes.run_name ILIKE '%resnet%'"]);
    asks('metrics.a > 1e300', ['metrics.`a` > 1e300']);
    asks('metrics.a = -inf', ['metrics.`a` = -1.7976931348623157e308']);
    asks("datasets.name IN ('a', 'b')", ["datasets.name IN ('a','b')"]);
    asks('start_time > now', [`attributes.start_time > ${now}`]);
  });

  it('are one for each branch of OR, without those that another one answers', () => {
    asks('params.a = 1 OR params.b = 2', ["params.`a` = '1'", "params.`b` = '2'"]);
    asks('params.a IN (1, 2)', ["params.`a` = '1'", "params.`a` = '2'"]);
    asks('params.a = 1 OR (params.a = 1 AND params.b = 2)', ["params.`a` = '1'"]);
    asks('params.a = 1 OR params.a = 1', ["params.`a` = '1'"]);
    asks('run_id = ab OR run_id IN (cd, ab)', ["attributes.run_id IN ('ab','cd')"]);
    asks('run_id IN (ab, cd) AND run_id IN (cd, ef)', ["attributes.run_id = 'cd'"]);
    asks('run_id = ab AND run_id = cd', []);
    asks('run_id = "no id"', []);
  });

  it('leave to local judgement what the server cannot judge', () => {
    asks('params.lr > 0.01', ["params.`lr` LIKE '%'"], false);
    asks('params.lr > 0.01 AND status = finished', ["params.`lr` LIKE '%' AND attributes.status = 'FINISHED'"], false);
    asks('duration > 5m', ['attributes.end_time >= -9007199254740991'], false);
    asks('experiment_id = 7 OR params.a = 1', [''], false);
    asks('tags.x IS NULL', [''], false, 2);
    asks('tags.x IS NOT NULL', ["tags.`x` LIKE '%'"], true, 2);
    asks('metrics.a < 1', ['metrics.`a` < 1'], false, 2);
    asks('metrics.a > 1', ['metrics.`a` > 1'], true, 2);
    asks('metrics.a != 0', ['metrics.`a` >= -1.7976931348623157e308'], false, 2);
    asks("datasets.name = 'a'", [''], false, 2);
    asks(`params.a = 'it''s "x"'`, [`params.\`a\` LIKE "it's _x_"`], false);
    asks("run_name ILIKE 'ü%'", ["attributes.run_name ILIKE '%%'"], false);
    asks("params.a LIKE '50\\%'", ["params.`a` LIKE '50_%'"], false);
  });

  it('ask stores of files in what Python makes of it', () => {
    const lines = "attributes.run_name LIKE '%\n%'";
    for (const generation of [2, 3] as const) {
      asks('"resnet(2"', ["attributes.run_name ILIKE '%resnet_2%'", lines], false, generation, true);
      asks("run_name LIKE '%'", ["attributes.run_name LIKE '%'"], false, generation, true);
      asks('metrics.a = -inf', ['metrics.`a` = -1e400'], true, generation, true);
      asks('metrics.a >= -inf', ['metrics.`a` >= -1e400'], true, generation, true);
      asks('metrics.a < 1', ['metrics.`a` < 1'], true, generation, true);
      asks('metrics.a IS NOT NULL', ['metrics.`a` = 0', 'metrics.`a` != 0'], true, generation, true);
    }
    asks('tags.x IS NULL', [''], false, 2, true);
    asks('tags.x IS NULL', ['tags.`x` IS NULL'], true, 3, true);
  });

  it('stay few and small', () => {
    const many = (count: number, of: (at: number) => string, by: string) =>
      Array.from({ length: count }, (_, at) => of(at)).join(by);
    const product = queries(many(12, (at) => `(params.a${at} = 1 OR params.b${at} = 2)`, ' AND '));
    assert.equal(product.exact, false);
    assert.ok(product.filters.length > 1 && product.filters.length <= 40, `${product.filters.length}`);
    asks(`status = finished AND params.a IN (${many(100, String, ',')})`, ["attributes.status = 'FINISHED'"], false);
    const joins = queries(many(100, (at) => `params.a${at} = 1`, ' AND '));
    assert.equal(joins.exact, false);
    assert.equal(joins.filters[0]?.split(' AND ').length, 30);
    const ids = Array.from({ length: 1200 }, (_, at) => `a${at.toString(16)}`);
    const known = queries(`run_id IN (${ids.join(',')})`);
    assert.equal(known.exact, true);
    assert.deepEqual(
      known.filters.map((filter) => filter.split(',').length),
      [500, 500, 200],
    );
    // These end: all combinations of the second would be 2 to the power of 240.
    assert.equal(queries(many(490, (at) => `(params.a${at} = 1)`, ' OR ')).exact, false);
    assert.equal(queries(many(240, (at) => `(params.a${at} = 1 OR metrics.b${at} < 2)`, ' AND ')).exact, false);
  });
});
