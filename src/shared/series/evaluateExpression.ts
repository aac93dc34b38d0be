import type { SeriesBlock } from '../protocol/series';
import { type Expression, type FunctionName, metricsOf, type Operator } from './expression';
import { lastPerStep, type StepValues } from './lastPerStep';
import { intersectionOf, unionOf, valuesAt } from './risingSets';

export interface Evaluated {
  /** One value for each step that all metrics have; its time is that of the metric logged last. */
  readonly series: SeriesBlock;
  /** Steps that some of the metrics have and others have not. */
  readonly leftOut: number;
  /** Metrics of the expression that the run does not have; then there is no point. */
  readonly missing: readonly string[];
}

/**
 * An expression over the metrics of one run, joined by step; of several values of a step the last counts. Arithmetic is
 * that of IEEE 754: what is undefined (log(−1), 0/0) is NaN, and with a NaN everything is. An expression without metrics
 * has no steps.
 */
export function evaluateExpression(expression: Expression, seriesByKey: ReadonlyMap<string, SeriesBlock>): Evaluated {
  const keys = metricsOf(expression);
  const missing = keys.filter((key) => !seriesByKey.has(key));
  const blocks = keys.flatMap((key) => seriesByKey.get(key) ?? []);
  const columns = blocks.map(lastPerStep);
  const all = unionOf(columns.map(({ steps }) => steps));
  const shared =
    missing.length > 0 ? new Float64Array() : columns.reduce((left, { steps }) => intersectionOf(left, steps), all);
  const byKey = new Map(
    keys.flatMap((key, at) => {
      const column = columns[at];
      return column && missing.length === 0 ? [[key, valuesAt(shared, column.steps, column.values)] as const] : [];
    }),
  );
  return {
    series: {
      runId: blocks[0]?.runId ?? '',
      steps: shared,
      timestamps: latest(shared, columns),
      values: valuesOf(expression, byKey, shared.length),
      sampled: blocks.some(({ sampled }) => sampled),
    },
    leftOut: all.length - shared.length,
    missing,
  };
}

function latest(steps: Float64Array, columns: readonly StepValues[]): Float64Array {
  const times = new Float64Array(steps.length).fill(Number.NEGATIVE_INFINITY);
  for (const column of columns) {
    const own = valuesAt(steps, column.steps, column.timestamps);
    for (let at = 0; at < times.length; at++) times[at] = Math.max(times[at] ?? 0, own[at] ?? 0);
  }
  return times;
}

const functions: Readonly<Record<FunctionName, (a: number, b: number) => number>> = {
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  min: Math.min,
  max: Math.max,
};

const operators: Readonly<Record<Operator, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '^': (a, b) => a ** b,
};

/** All steps of one part at a time. The arrays of metrics are never written to. */
function valuesOf(part: Expression, byKey: ReadonlyMap<string, Float64Array>, length: number): Float64Array {
  switch (part.kind) {
    case 'number':
      return new Float64Array(length).fill(part.value);
    case 'metric':
      return byKey.get(part.key) ?? new Float64Array(length).fill(Number.NaN);
    case 'negative':
      return valuesOf(part.of, byKey, length).map((value) => -value);
    case 'binary':
      return combined(
        operators[part.operator],
        valuesOf(part.left, byKey, length),
        valuesOf(part.right, byKey, length),
      );
    case 'call': {
      const compute = functions[part.name];
      const [first = new Float64Array(length), ...others] = part.args.map((arg) => valuesOf(arg, byKey, length));
      if (part.name !== 'min' && part.name !== 'max') return first.map((value) => compute(value, value));
      return others.reduce((left, right) => combined(compute, left, right), first);
    }
  }
}

function combined(compute: (a: number, b: number) => number, a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, at) => compute(value, b[at] ?? Number.NaN));
}
