import assert from 'node:assert/strict';
import fc from 'fast-check';
import { completeFilter, type FilterVocabulary } from '../../../src/shared/filter/complete';
import { parseFilter } from '../../../src/shared/filter/parse';

const vocabulary: FilterVocabulary = {
  metrics: ['loss', 'val/loss', 'in', 'train_loss', 'floss'],
  params: ['lr', 'batch size', 'odd`key'],
  tags: ['team', 'mlflow.user'],
  valuesOf: (field) => (field.kind === 'param' && field.key === 'lr' ? ['0.1', '0.01', "it's"] : []),
};

/** `|` is where the cursor is. */
function at(marked: string) {
  const text = marked.replace('|', '');
  const items = completeFilter(text, marked.indexOf('|'), vocabulary);
  return {
    labels: items.map((item) => item.label),
    inserts: items.map((item) => item.insert),
    /** The text with the first item of that label taken. */
    take(label: string) {
      const item = items.find((candidate) => candidate.label === label);
      assert.ok(item, `${label} of ${items.map((candidate) => candidate.label).join(' ')}`);
      return text.slice(0, item.from) + item.insert + text.slice(item.to);
    },
  };
}

describe('completion of filters', () => {
  it('offers fields where a condition begins', () => {
    for (const text of ['|', 'params.lr = 1 AND |', '(|', 'NOT |', 'a OR (b AND |', 'metrics.loss < 1 OR |'])
      assert.ok(at(text).labels.includes('metrics.val/loss') && at(text).labels.includes('status'), text);
    assert.equal(at('lo|').take('metrics.loss'), 'metrics.loss');
    assert.equal(at('param.l|').take('params.lr'), 'params.lr');
    assert.equal(at('a AND stat| AND b').take('status'), 'a AND status AND b');
  });

  it('quotes the keys that need it, and keeps the quotes that are open', () => {
    assert.equal(at('val|').take('metrics.val/loss'), 'metrics.`val/loss`');
    assert.equal(at('metrics.i|').take('metrics.in'), 'metrics.`in`');
    assert.equal(at('params.|').take('params.odd`key'), 'params."odd`key"');
    assert.equal(at('params.`ba|').take('params.batch size'), 'params.`batch size`');
    assert.equal(at('params.`ba|` = 1').take('params.batch size'), 'params.`batch size` = 1');
    assert.equal(at('params."batch s|').take('params.batch size'), 'params.`batch size`');
  });

  it('ranks what begins so before what contains it', () => {
    assert.deepEqual(at('loss|').labels, ['metrics.loss', 'metrics.val/loss', 'metrics.train_loss', 'metrics.floss']);
    assert.deepEqual(at('metrics.loss|').labels, [
      'metrics.loss',
      'metrics.val/loss',
      'metrics.train_loss',
      'metrics.floss',
    ]);
  });

  it('offers operators after a field, and values after an operator', () => {
    assert.deepEqual(at('metrics.loss <|').labels, ['<', '<=']);
    assert.ok(at('params.lr |').labels.includes('NOT IN') && !at('status |').labels.includes('<'));
    assert.equal(at('params.lr = |').take("it's"), 'params.lr = "it\'s"');
    assert.deepEqual(at('params.lr = 0.0|').inserts, ["'0.01'"]);
    assert.equal(at("params.lr = '0.0|' AND b").take('0.01'), "params.lr = '0.01' AND b");
    assert.deepEqual(at("params.lr IN ('0.1', |").inserts.slice(0, 2), ["'0.1'", "'0.01'"]);
    assert.deepEqual(at('status = fin|').inserts, ["'FINISHED'"]);
    assert.deepEqual(at('start_time > |').labels.slice(0, 2), ['now-1h', 'now-1d']);
    assert.deepEqual(at('tags.team IS |').labels, ['NULL', 'NOT NULL']);
    assert.deepEqual(at('tags.team IS NOT |').labels, ['NULL']);
    assert.deepEqual(at('params.lr IN |').labels, ['(']);
    assert.ok(at('params.lr BETWEEN 1 AND |').labels.includes('0.1'));
  });

  it('offers AND and OR after a condition', () => {
    assert.deepEqual(at('params.lr = 1 |').labels, ['AND', 'OR']);
    assert.deepEqual(at('(params.lr IN (1, 2) |').labels, ['AND', 'OR', ')']);
    assert.deepEqual(at('tags.team IS NULL A|').labels, ['AND']);
  });

  it('quotes any key and any value so that it is read back as it is', () => {
    const unit = fc.oneof(
      fc.constantFrom(...'a1 ./_-:`"\'\\()=,%é模😀\n'.split('')),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
    );
    const text = fc.string({ unit, minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(text, text, fc.constantFrom('metrics', 'params', 'tags'), (key, value, kind) => {
        const known = { metrics: [], params: [], tags: [], valuesOf: () => [value], [kind]: [key] };
        const typed = `NOT ${kind}.`;
        const field = completeFilter(typed, typed.length, known).find(({ label }) => label === `${kind}.${key}`);
        assert.ok(field, key);
        const isNull = `${typed.slice(0, field.from)}${field.insert} IS NULL`;
        assert.deepEqual(parseFilter(isNull, 0), {
          ok: true,
          filter: { kind: 'not', part: { kind: 'null', field: { kind: kind.slice(0, -1), key } } },
        });
        const equal = 'tags.x = ';
        const item = completeFilter(equal, equal.length, known).find(({ label }) => label === value);
        const parsed = parseFilter(`${equal}${item?.insert}`, 0);
        assert.deepEqual(parsed.ok && 'value' in parsed.filter && parsed.filter.value, value, item?.insert);
      }),
      { numRuns: 5_000 },
    );
  });

  it('offers numbers alone where params compare by size, and nothing where the operator is refused', () => {
    assert.deepEqual(at('params.lr > |').inserts, ['0.1', '0.01']);
    assert.deepEqual(at('params.lr BETWEEN |').labels, ['0.1', '0.01']);
    assert.deepEqual(at('params.lr = |').labels, ['0.1', '0.01', "it's"]);
    for (const text of ['status > |', 'start_time LIKE |', 'run_name BETWEEN |', 'params.lr =< |'])
      assert.deepEqual(at(text).labels, [], text);
    assert.deepEqual(at('params.lr NOT |').labels, ['LIKE', 'ILIKE', 'IN', 'BETWEEN']);
    assert.deepEqual(at('params.lr IN (1 |').labels, [',', ')']);
    assert.deepEqual(at('start_time BETWEEN now - 7d |').labels, ['AND']);
    assert.deepEqual(at('start_time BETWEEN now-7d AND now |').labels, ['AND', 'OR']);
  });

  it('offers nothing that the parser refuses then: every field, every operator, wherever one stands', function () {
    // Some 50,000 texts are parsed.
    this.timeout(120_000);
    const values = ['adam', '0.1', '-3', '1e-4', 'inf', 'nan', '', 'AND', 'it\'s "so"', ' 7 ', '+5', '(', 'now', '1d'];
    const known = { ...vocabulary, valuesOf: () => values };
    // What is taken goes on until a condition is whole; each item that is offered is tried at each place.
    const walk = (text: string, steps: number, tried: Set<string>): void => {
      for (const { insert, from, to, kind } of completeFilter(text, text.length, known)) {
        const next = `${text.slice(0, from)}${insert}${text.slice(to)}`;
        const parsed = parseFilter(next, 0);
        // What is not whole yet lacks something at its end, and nowhere before.
        if (!parsed.ok) assert.equal(parsed.error.from, next.length, `${next}: ${parsed.error.message}`);
        tried.add(next);
        // Of many values one goes on, of fields all do.
        const goesOn =
          kind !== 'value' || insert === "'0.1'" || insert === '0.1' || insert === 'now-1h' || insert === '1h';
        if (steps > 0 && goesOn) walk(`${next} `, steps - 1, tried);
      }
    };
    const tried = new Set<string>();
    walk('', 2, tried);
    const fields = completeFilter('', 0, known).filter(({ kind }) => kind !== 'keyword');
    for (const { insert } of fields)
      for (const operator of [
        'NOT',
        'IN (',
        'NOT IN (',
        'BETWEEN',
        'NOT BETWEEN',
        'IS',
        'IS NOT',
        '=',
        '<',
        '>=',
        'LIKE',
      ])
        for (const head of ['', '(', 'NOT (a OR ']) walk(`${head}${insert} ${operator} `, 2, tried);
    assert.ok(tried.size > 10_000, String(tried.size));
  });

  it('gives at most 100 of many keys', () => {
    const metrics = Array.from({ length: 12_000 }, (_, key) => `layer/${key}/loss`);
    const items = completeFilter('metrics.loss', 12, { ...vocabulary, metrics });
    assert.equal(items.length, 100);
    assert.equal(completeFilter('11999', 5, { ...vocabulary, metrics })[0]?.insert, 'metrics.`layer/11999/loss`');
  });

  it('answers wherever the cursor is in whatever text, and fields it inserts are fields', () => {
    const piece = fc.constantFrom(
      'metrics.',
      'lr',
      "'",
      '`',
      '(',
      ')',
      ',',
      'AND ',
      ' NOT ',
      'IN',
      'IS ',
      '<',
      '=',
      ' ',
      'BETWEEN ',
      '\ud800',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), fc.integer({ min: -2, max: 60 }), (pieces, offset) => {
        const text = pieces.join('');
        for (const { from, to, insert, kind } of completeFilter(text, offset, vocabulary)) {
          assert.ok(0 <= from && from <= to && to <= text.length);
          if (kind === 'metric' || kind === 'param' || kind === 'tag')
            assert.ok(parseFilter(`${insert} IS NULL`, 0).ok, insert);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
