import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Filter } from '../../../src/shared/filter/ast';
import { formatFilter } from '../../../src/shared/filter/format';
import { parseFilter } from '../../../src/shared/filter/parse';
import { filterTrees } from '../../support/filterTrees';

const now = Date.UTC(2026, 10, 25, 12);

function parsed(text: string): Filter {
  const result = parseFilter(text, now);
  assert.ok(result.ok, result.ok ? '' : `${text}: ${result.error.message} at ${result.error.from}`);
  return result.filter;
}

function problem(text: string) {
  const result = parseFilter(text, now);
  assert.ok(!result.ok, `${text} parsed as ${result.ok ? formatFilter(result.filter) : ''}`);
  return { ...result.error, at: text.slice(result.error.from, result.error.to) };
}

/** Both texts mean the same. */
const same = (text: string, other: string) => assert.deepEqual(parsed(text), parsed(other), `${text} is ${other}`);

describe('the grammar of filters', () => {
  it('takes all that MLflow takes', () => {
    const metric = { kind: 'compare', field: { kind: 'metric', key: 'loss' }, comparator: '<', value: 1 };
    const param = { kind: 'compare', field: { kind: 'param', key: 'lr' }, comparator: '=', value: '0.1' };
    assert.deepEqual(parsed("metrics.loss < 1 and params.lr = '0.1'"), { kind: 'and', parts: [metric, param] });
    for (const text of [
      'metric.loss<1',
      'metrics.`loss` < 1',
      'metrics."loss" < 1.0',
      '`metrics`.`loss` < 1e0',
      ' metrics.loss\n<\t1 ',
    ])
      assert.deepEqual(parsed(text), metric, text);
    for (const prefix of ['param', 'params', 'parameter', 'parameters'])
      assert.deepEqual(parsed(`${prefix}.lr = "0.1"`), param, prefix);
    same('tag.`mlflow.parentRunId` = "a"', "tags.mlflow.parentRunId = 'a'");
    same("attribute.status = 'FINISHED'", "attr.status = 'FINISHED'");
    same("run.status = 'FINISHED'", "status = 'FINISHED'");
    same("attributes.`Run name` LIKE '%a'", "run_name like '%a'");
    same("`run name` != 'a'", "run_name != 'a'");
    same('created >= 1700000000003', 'attributes.start_time >= 1700000000003');
    same("dataset.name = 'a'", "datasets.name = 'a'");
    same("run_id NOT IN ('a','b',)", 'attributes.run_id not in ("a", "b")');
    same('tags.x is null AND params.y IS NOT NULL', 'tags.x IS NULL params.y IS NOT  NULL');
    for (const number of ['-1', '1e-3', '.5', '1.', '-0.5E-2'])
      assert.deepEqual(parsed(`metrics.loss < ${number}`), { ...metric, value: Number(number) }, number);
  });

  it('takes ANDs that join nothing, as MLflow does, and none at all is everything', () => {
    for (const text of ['', '  \n', 'AND', 'and AND']) assert.deepEqual(parsed(text), { kind: 'all' }, text);
    same('AND metrics.a > 1 AND AND metrics.b > 2 AND', 'metrics.a > 1 metrics.b > 2');
    same('metrics.a > 1 OR metrics.b > 2 AND', 'metrics.a > 1 OR metrics.b > 2');
  });

  it('binds NOT before AND before OR', () => {
    same('NOT a AND b OR c', '((NOT a) AND b) OR c');
    same('a OR b AND NOT (c OR d)', 'a OR (b AND (NOT (c OR d)))');
    assert.notDeepEqual(parsed('a OR b AND c'), parsed('(a OR b) AND c'));
  });

  it('takes what is plainly meant', () => {
    same('params.lr = 0.1', "params.lr = '0.1'");
    same('params.lr == 1e-4', "params.lr = '1e-4'");
    same('status = finished', "status = 'FINISHED'");
    same('status in (Failed, killed)', "status IN ('FAILED', 'KILLED')");
    same('lifecycle_stage <> Deleted', "lifecycle_stage != 'deleted'");
    same('Metrics.loss < "1"', 'metrics.loss < 1');
    same('metrics.val/loss > 1', 'metrics.`val/loss` > 1');
    same('metrics.top-5 >= +1', 'metrics."top-5" >= 1');
    same('name = a', 'run_name = a');
    same('metrics.a BETWEEN 1 AND 2 AND b', '(metrics.a >= 1 AND metrics.a <= 2) AND b');
    same('metrics.a NOT BETWEEN -inf AND 2', 'NOT (metrics.a >= -Infinity AND metrics.a <= 2)');
    same('metrics.a IN (1, 2)', 'metrics.a = 1 OR metrics.a = 2');
    same("params.a NOT LIKE 'x%'", "NOT params.a LIKE 'x%'");
    assert.deepEqual(parsed("params.lr > '0.01'"), {
      kind: 'compare',
      field: { kind: 'param', key: 'lr' },
      comparator: '>',
      value: 0.01,
    });
  });

  it('takes words and quoted texts alone as parts of names', () => {
    assert.deepEqual(parsed('resnet'), { kind: 'text', text: 'resnet' });
    assert.deepEqual(parsed(`"a 'b' OR"`), { kind: 'text', text: "a 'b' OR" });
    same('resnet v1.2 metrics.loss < 1', '"resnet" AND "v1.2" AND metrics.loss < 1');
    same("it''s".replace('it', "'it").concat("'"), '"it\'s"');
  });

  it('takes relative and local times', () => {
    const at = (text: string) => {
      const filter = parsed(`start_time >= ${text}`);
      return filter.kind === 'compare' ? filter.value : assert.fail(filter.kind);
    };
    assert.equal(at('now'), now);
    for (const text of ['now-7d', 'now - 7d', 'now -7d', 'NOW-1w', 'now-168h', "'now-7d'"])
      assert.equal(at(text), now - 7 * 86_400_000, text);
    assert.equal(at('now-90m'), at('now-5400s'));
    assert.equal(at("'2026-11-01'"), new Date(2026, 10, 1).getTime());
    assert.equal(at("'2026-11-01 13:05'"), new Date(2026, 10, 1, 13, 5).getTime());
    assert.equal(at('2026-11-01T13:05:06.5'), new Date(2026, 10, 1, 13, 5, 6, 500).getTime());
    assert.equal(at("'2026-11-01T13:05:06Z'"), Date.UTC(2026, 10, 1, 13, 5, 6));
    assert.equal(at("'2026-11-01T13:05+02:30'"), Date.UTC(2026, 10, 1, 10, 35));
    same('duration > 1h30m', 'duration > 5400s');
    same('duration <= 1.5s', 'duration <= 1500ms');
  });

  it('takes a day, minute or second for all of it, whatever the operator', () => {
    const spans = [
      ["'2026-11-30'", new Date(2026, 10, 30).getTime(), new Date(2026, 11, 1).getTime()],
      ["'2026-11-30 13:05'", new Date(2026, 10, 30, 13, 5).getTime(), new Date(2026, 10, 30, 13, 6).getTime()],
      ["'2026-11-30T13:05:06Z'", Date.UTC(2026, 10, 30, 13, 5, 6), Date.UTC(2026, 10, 30, 13, 5, 7)],
      ["'2026-11-30T13:05+02:30'", Date.UTC(2026, 10, 30, 10, 35), Date.UTC(2026, 10, 30, 10, 36)],
      ['2026-11-30T13:05:06.5Z', Date.UTC(2026, 10, 30, 13, 5, 6, 500), Date.UTC(2026, 10, 30, 13, 5, 6, 600)],
    ] as const;
    for (const [text, from, until] of spans) {
      same(`start_time < ${text}`, `start_time < ${from}`);
      same(`start_time <= ${text}`, `start_time < ${until}`);
      same(`start_time > ${text}`, `start_time >= ${until}`);
      same(`start_time >= ${text}`, `start_time >= ${from}`);
      const within = `start_time >= ${from} AND start_time < ${until}`;
      same(`start_time = ${text}`, within);
      same(`start_time != ${text}`, `NOT (${within})`);
      same(`start_time IN (${text}, 5)`, `(${within}) OR start_time = 5`);
      same(`start_time NOT IN (${text})`, `NOT (${within})`);
      same(`start_time BETWEEN 5 AND ${text}`, `start_time >= 5 AND start_time < ${until}`);
      same(`start_time BETWEEN ${text} AND ${text}`, within);
      same(`start_time NOT BETWEEN ${text} AND now`, `NOT (start_time >= ${from} AND start_time <= ${now})`);
    }
    const instant = Date.UTC(2026, 10, 30, 13, 5, 6, 789);
    for (const comparator of ['=', '!=', '<', '<=', '>', '>='])
      same(`end_time ${comparator} 2026-11-30T13:05:06.789Z`, `end_time ${comparator} ${instant}`);
  });

  it('says where it goes wrong and what was expected', () => {
    const cases: readonly (readonly [text: string, at: string, says: RegExp])[] = [
      ['metrics.loss', '', /operator/],
      ['run.1', '', /operator.*quotes/],
      ['tag.x OR resnet', 'OR', /operator.*quotes/],
      ['metrics.loss <', '', /number at the end/],
      ['metrics.loss < abc', 'abc', /number/],
      ['metrics.loss LIKE x', 'LIKE', /holds numbers/],
      ['foo.bar = 1', 'foo.bar', /field.*quotes/],
      ['datasets.size = 1', 'datasets.size', /datasets\.digest/],
      ['run_name > 5', '>', /no numbers/],
      ['params.lr > high', 'high', /number/],
      ['params.lr =< 1', '=<', /operator/],
      ['a AND (b OR', '', /after OR at the end/],
      ['a OR', '', /after OR/],
      ['(a AND) OR b', ')', /after AND/],
      ['()', ')', /after \(/],
      ['(a', '', /AND, OR or \)/],
      ['a)', ')', /opens/],
      ['NOT', '', /after NOT/],
      ["params.a = 'x", "'x", /closing quote/],
      ['params.`a = 1', 'params.`a = 1', /closing quote/],
      ['params.a IN ()', ')', /value/],
      ['params.a IN 5', '5', /list/],
      ['tags.x IS 5', '5', /NULL/],
      ['run_name = my run', 'run', /quotes/],
      ['params.layers = 64,32', ',', /comma/],
      ['params.a = OR', 'OR', /quotes/],
      ['params. = 1', 'params.', /key/],
      ['start_time > yesterday', 'yesterday', /now-7d/],
      ["start_time > '2026-02-30'", "'2026-02-30'", /date/],
      ['start_time > now-7y', 'now-7y', /units/],
      ['duration > 5', '5', /1h30m/],
      ['like', 'like', /before LIKE/],
      ['= 5', '=', /before =/],
    ];
    for (const [text, at, says] of cases) {
      const found = problem(text);
      assert.equal(found.at, at, text);
      assert.match(found.message, says, text);
      if (at === '') assert.equal(found.from, text.length, text);
    }
  });

  it('has limits, and says which', () => {
    assert.match(problem(`${'('.repeat(70)}a${')'.repeat(70)}`).message, /64 levels/);
    assert.match(problem('NOT '.repeat(70).concat('a')).message, /64 levels/);
    assert.match(problem('a '.repeat(600)).message, /500 conditions/);
    assert.match(problem('a'.repeat(200_001)).message, /200000 characters/);
    assert.match(problem('('.repeat(20_000)).message, /10000 words/);
    assert.equal(parseFilter(`run_id IN (${"'ab',".repeat(4000)}'ab')`, now).ok, true);
  });

  it('answers whatever it is given, however long', () => {
    for (const hostile of ["'", '"a', '`', "''''", 'a.`', '<', 'NOT ', '((', 'now-', '1h1h', '.', 'a=', "a IN ('b',"]) {
      const { ok } = parseFilter(hostile.repeat(Math.floor(190_000 / hostile.length)), now);
      assert.equal(typeof ok, 'boolean');
    }
    const piece = fc.constantFrom(
      ...[
        'metrics.',
        'params.a',
        "'",
        '"',
        '`',
        '(',
        ')',
        ',',
        'AND',
        'OR ',
        'NOT',
        ' IN ',
        'IS',
        'NULL',
        '<=',
        '=',
        ' ',
        '5',
      ],
      ...[
        'now-',
        '7d',
        'status',
        'duration',
        'BETWEEN',
        'LIKE',
        'datasets.name',
        'run_id',
        '\0',
        '\ud800',
        '2026-11-01',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (any) => {
        const result = parseFilter(any, now);
        if (result.ok) return assert.deepEqual(parsed(formatFilter(result.filter)), result.filter);
        const { from, to, message } = result.error;
        assert.ok(0 <= from && from <= to && to <= any.length, `${from}…${to}`);
        assert.match(message, /^Expected /);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a filter written out', () => {
  it('parses back to the same tree', () => {
    const any = fc.string({ unit: 'binary', minLength: 1 });
    // Beyond that, a number is infinity to the box.
    const finite = fc.double({ noNaN: true, max: 1e308, min: -1e308 });
    fc.assert(
      fc.property(any, any, finite, finite, fc.integer(), (key, text, number, other, time) => {
        const words = {
          metrics: [key, 'in', 'a/b'],
          params: [key, 'lr', '`"'],
          tags: [key, 'mlflow.user', 'a b', '1'],
          texts: [text, '', "it's", `both ' and "`, 'AND'],
          patterns: [text, '%_'],
          numbers: [number + 0, other + 0],
          times: [time],
          runIds: ['ab', text],
        };
        fc.assert(
          fc.property(filterTrees(words), (tree) => {
            assert.deepEqual(parsed(formatFilter(tree)), tree);
          }),
          { numRuns: 10 },
        );
      }),
      { numRuns: 60 },
    );
  });

  it('reads well', () => {
    const written = (text: string) => formatFilter(parsed(text));
    assert.equal(written('not tags.x is null'), 'tags.x IS NOT NULL');
    assert.equal(written('metrics.val/loss<.5 and(a or "b c")'), "metrics.`val/loss` < 0.5 AND ('a' OR 'b c')");
    assert.equal(written('duration > 90m'), 'duration > 90m');
  });
});
