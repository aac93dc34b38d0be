import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { SeriesBlock } from '../../../src/shared/protocol/series';
import { evaluateExpression } from '../../../src/shared/series/evaluateExpression';
import { type Expression, functionNames, metricsOf, parseExpression } from '../../../src/shared/series/expression';

/** `[a] + 2` is written for `${a} + 2`. */
const parsed = (text: string) => parseExpression(text.replaceAll(/\[([^\]]*)\]/g, `\${$1}`));

function expressionOf(text: string): Expression {
  const found = parsed(text);
  assert.ok(found.ok, found.ok ? '' : `${text}: ${found.problem.message}`);
  return found.expression;
}

function block(steps: readonly number[], values: readonly number[], startTime = 0): SeriesBlock {
  return {
    runId: 'r',
    steps: Float64Array.from(steps),
    timestamps: Float64Array.from(steps, (step) => startTime + step),
    values: Float64Array.from(values),
    sampled: false,
  };
}

/** The value at the one step of metrics a = 2, b = 3. */
function resultOf(text: string): number {
  const one = new Map([
    ['a', block([0], [2])],
    ['b', block([0], [3])],
  ]);
  return evaluateExpression(expressionOf(`[a] * 0 + (${text})`), one).series.values[0] ?? Number.NaN;
}

describe('expressions over metrics', () => {
  it('bind as in mathematics and Python', () => {
    const cases: readonly (readonly [string, number])[] = [
      ['1 + 2 * 3', 7],
      ['(1 + 2) * 3', 9],
      ['10 - 4 - 3', 3],
      ['24 / 4 / 2', 3],
      ['-2 ^ 2', -4],
      ['(-2) ^ 2', 4],
      ['2 ^ 3 ^ 2', 512],
      ['2 ^ -1', 0.5],
      ['2 * -3', -6],
      ['--2', 2],
      ['+3 - +2', 1],
      ['[a] ^ [b] - [b]', 5],
      ['.5 + 1. + 1.5e1 + 2E-1', 16.7],
      ['log10(1000) + log2(8) + log(exp(1))', 7],
      ['abs(-[a]) + sqrt(16)', 6],
      ['min([a], [b], 1) + max([a], [b]) + max(7)', 11],
    ];
    for (const [text, expected] of cases) assert.ok(Math.abs(resultOf(text) - expected) < 1e-12, text);
  });

  it('name their metrics, with whatever stands in their names', () => {
    assert.deepEqual(metricsOf(expressionOf('[val/loss] - min([loss], [val/loss], [a b-c.d:e])')), [
      'val/loss',
      'loss',
      'a b-c.d:e',
    ]);
    assert.deepEqual(metricsOf(expressionOf('1 + 2')), []);
  });

  it('say what is wrong and where', () => {
    const problem = (text: string) => {
      const found = parseExpression(text);
      assert.ok(!found.ok, text);
      return [found.problem.message, text.slice(found.problem.start, found.problem.end), found.problem.start];
    };
    const a = '${'.concat('a}');
    assert.deepEqual(problem(`${a} + `), [
      'The expression ends where a number, metric or function should follow.',
      '',
      7,
    ]);
    assert.deepEqual(problem(`${a} * ) 2`), ['“)” stands where a number, metric or function should.', ')', 7]);
    assert.deepEqual(problem(`(${a}`), ['The expression ends where “)” should follow.', '', 5]);
    assert.deepEqual(problem(`${a} ${a}`), [`“${a}” stands where an operator should.`, a, 5]);
    assert.deepEqual(problem('1 + loss')[1], 'loss');
    assert.match(String(problem('1 + loss')[0]), /no function “loss”.*\$\{loss\}/);
    assert.match(String(problem('constructor(1)')[0]), /no function/);
    assert.deepEqual(problem('abs(1, 2)').slice(0, 2), ['abs takes one argument.', 'abs(1, 2)']);
    assert.deepEqual(problem('min()')[1], ')');
    assert.deepEqual(problem('sqrt 4')[1], '4');
    assert.deepEqual(problem('1 + ${'.concat('a')), ['This metric is not closed with }.', '${'.concat('a'), 4]);
    assert.deepEqual(problem('${'.concat(' }'))[2], 0);
    assert.deepEqual(problem('1 % 2')[1], '%');
    assert.deepEqual(problem('1 + 😀')[1], '😀');
    assert.deepEqual(problem('')[2], 0);
    assert.deepEqual(problem(`${'('.repeat(500)}1`)[0], 'This is nested too deeply.');
    assert.equal(problem('1+'.repeat(1500))[2], 2000);
  });

  it('answer any text, with positions inside it', () => {
    const piece = fc.constantFrom(
      '${',
      '}',
      'a',
      '(',
      ')',
      ',',
      '+',
      '-',
      '*',
      '/',
      '^',
      'min',
      'log10',
      '1',
      '.',
      'e',
      ' ',
      '$',
      '😀',
    );
    const texts = fc.oneof(
      fc.array(piece, { maxLength: 30 }).map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const found = parseExpression(text);
        if (found.ok) return;
        const { start, end, message } = found.problem;
        assert.ok(message !== '' && start >= 0 && start <= end && end <= text.length);
      }),
      { numRuns: 2000 },
    );
    for (const deep of ['-'.repeat(2000), '1^'.repeat(1000), 'abs('.repeat(500), `1${'+1'.repeat(999)}`])
      assert.equal(typeof parseExpression(deep).ok, 'boolean');
  });

  interface Sample {
    readonly text: string;
    readonly value: (a: number, b: number) => number;
  }
  const samples = fc.letrec<{ any: Sample; leaf: Sample; binary: Sample; call: Sample; two: Sample; negative: Sample }>(
    (tie) => ({
      leaf: fc.oneof(
        fc.constant({ text: '[a]', value: (a: number) => a }),
        fc.constant({ text: '[b]', value: (_: number, b: number) => b }),
        fc
          .double({ min: 0, noNaN: true, noDefaultInfinity: true })
          .map((value) => ({ text: String(value), value: () => value })),
      ),
      negative: tie('any').map(({ text, value }) => ({
        text: `(-${text})`,
        value: (a: number, b: number) => -value(a, b),
      })),
      binary: fc
        .tuple(tie('any'), fc.constantFrom('+', '-', '*', '/', '^'), tie('any'))
        .map(([left, operator, right]) => ({
          text: `(${left.text} ${operator} ${right.text})`,
          value: (a: number, b: number) => {
            const [x, y] = [left.value(a, b), right.value(a, b)];
            if (operator === '+') return x + y;
            if (operator === '-') return x - y;
            if (operator === '*') return x * y;
            return operator === '/' ? x / y : x ** y;
          },
        })),
      call: fc.tuple(fc.constantFrom('abs', 'sqrt', 'exp', 'log', 'log2', 'log10'), tie('any')).map(([name, of]) => ({
        text: `${name}(${of.text})`,
        value: (a: number, b: number) => {
          const known: Record<string, (x: number) => number> = {
            abs: Math.abs,
            sqrt: Math.sqrt,
            exp: Math.exp,
            log: Math.log,
          };
          return (known[name] ?? (name === 'log2' ? Math.log2 : Math.log10))(of.value(a, b));
        },
      })),
      two: fc.tuple(fc.boolean(), tie('any'), tie('any')).map(([least, left, right]) => ({
        text: `${least ? 'min' : 'max'}(${left.text}, ${right.text})`,
        value: (a: number, b: number) => Math[least ? 'min' : 'max'](left.value(a, b), right.value(a, b)),
      })),
      any: fc.oneof(
        { maxDepth: 6, withCrossShrink: true },
        tie('leaf'),
        tie('binary'),
        tie('call'),
        tie('two'),
        tie('negative'),
      ),
    }),
  );

  it('compute what is written', () => {
    fc.assert(
      fc.property(samples.any, fc.double(), fc.double(), ({ text, value }, a, b) => {
        const one = new Map([
          ['a', block([0], [a])],
          ['b', block([0], [b])],
        ]);
        // Both metrics are named, so that there is a step whatever the sample is.
        const found = evaluateExpression(expressionOf(`min(${text}, ${text}) + 0 * abs(min([a], 0, [b]) ^ 0)`), one);
        assert.deepEqual([...found.series.values], [value(a, b) + 0 * Math.abs(Math.min(a, 0, b) ** 0)]);
      }),
      { numRuns: 500 },
    );
    assert.equal(functionNames.length, 8);
  });

  it('join by step: only what all have, of several values of a step the last; and count what is left out', () => {
    const found = evaluateExpression(
      expressionOf('[a] - [b]'),
      new Map([
        ['a', block([0, 1, 2, 1, 5], [10, 0, 30, 20, 50])],
        ['b', block([1, 2, 3, 5], [1, 2, 3, Number.NaN], 100)],
        ['unused', block([77], [1])],
      ]),
    );
    assert.deepEqual([...found.series.steps], [1, 2, 5]);
    assert.deepEqual([...found.series.values], [19, 28, Number.NaN]);
    assert.deepEqual([...found.series.timestamps], [101, 102, 105]);
    assert.equal(found.leftOut, 2);
    assert.deepEqual(found.missing, []);
  });

  it('say which metrics a run does not have', () => {
    const found = evaluateExpression(expressionOf('[a] + [c] + [d]'), new Map([['a', block([0, 1], [1, 2])]]));
    assert.deepEqual(found.missing, ['c', 'd']);
    assert.equal(found.series.values.length, 0);
    assert.equal(found.leftOut, 2);
    assert.equal(evaluateExpression(expressionOf('1 + 2'), new Map()).series.values.length, 0);
  });

  it('leave the series alone', () => {
    const a = block([0, 1], [1, 2]);
    const { values } = evaluateExpression(expressionOf('[a]'), new Map([['a', a]])).series;
    values[0] = 99;
    assert.deepEqual([...a.values], [1, 2]);
  });
});
