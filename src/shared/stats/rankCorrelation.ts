/** What the runs have of one param or attribute; undefined where a run does not have it. In the order of the runs. */
export interface Column {
  readonly key: string;
  readonly values: readonly (string | number | undefined)[];
}

export interface Association {
  readonly key: string;
  readonly kind: 'numeric' | 'categorical';
  /** Numeric: Spearman's rho, −1 … 1. Categorical: 0 … 1, without direction. */
  readonly coefficient: number;
  /** Runs that have both. */
  readonly n: number;
  /** Different values among these. */
  readonly distinct: number;
}

/**
 * Why there is no coefficient: fewer than three runs have both; all of them have the same value, or the same metric; or
 * every run has a category of its own, as with names, which would explain anything.
 */
export type LeftOutReason = 'tooFew' | 'constant' | 'constantMetric' | 'everyRunAnother';

export interface Associations {
  /** Strongest first. */
  readonly rows: readonly Association[];
  readonly leftOut: readonly { readonly key: string; readonly reason: LeftOutReason }[];
}

const fewestRuns = 3;

/**
 * How params and attributes go with a metric, each by itself, over the runs that have both. By ranks, so that a learning
 * rate needs no logarithm and an outlier counts little. A column is numeric when each of its values is a number as Python
 * writes them. NaN is no value; ±Infinity is the least or greatest.
 * @param metric of each run; undefined or NaN where it has none
 */
export function associationsWith(metric: readonly (number | undefined)[], columns: readonly Column[]): Associations {
  const rows: Association[] = [];
  const leftOut: { key: string; reason: LeftOutReason }[] = [];
  for (const column of columns) {
    const found = associationOf(metric, column);
    if (typeof found === 'string') leftOut.push({ key: column.key, reason: found });
    else rows.push(found);
  }
  rows.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient) || b.n - a.n);
  return { rows, leftOut };
}

function associationOf(metric: readonly (number | undefined)[], { key, values }: Column): Association | LeftOutReason {
  const numbers = values.map((value) => (value === undefined ? undefined : numberOf(value)));
  const isNumeric = values.every((value, at) => value === undefined || numbers[at] !== undefined);
  const cells: readonly (string | number | undefined)[] = isNumeric ? numbers : values;
  const pairs = cells.flatMap((value, at) => {
    const outcome = metric[at];
    return isMissing(value) || isMissing(outcome) ? [] : [{ value, outcome }];
  });
  const n = pairs.length;
  const distinct = new Set(pairs.map(({ value }) => value)).size;
  if (n < fewestRuns) return 'tooFew';
  if (distinct < 2) return 'constant';
  if (new Set(pairs.map(({ outcome }) => outcome)).size < 2) return 'constantMetric';
  const outcomes = ranks(Float64Array.from(pairs, ({ outcome }) => outcome));
  if (isNumeric) {
    const coefficient = pearson(ranks(Float64Array.from(pairs, ({ value }) => Number(value))), outcomes);
    return { key, kind: 'numeric', coefficient, n, distinct };
  }
  if (distinct === n) return 'everyRunAnother';
  const coefficient = rankedRatio(
    pairs.map(({ value }) => value),
    outcomes,
  );
  return { key, kind: 'categorical', coefficient, n, distinct };
}

const isMissing = (value: string | number | undefined): value is undefined =>
  value === undefined || (typeof value === 'number' && Number.isNaN(value));

const pythonNumber = /^\s*[-+]?(?:(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[-+]?\d+)?|inf|infinity)\s*$/i;

function numberOf(value: string | number): number | undefined {
  if (typeof value === 'number') return value;
  if (!pythonNumber.test(value)) return undefined;
  const text = value
    .trim()
    .toLowerCase()
    .replaceAll('_', '')
    .replace(/inf(inity)?/, 'Infinity');
  return Number(text);
}

/**
 * Ranks from 1; equal values share the mean of theirs. What Spearman's rho and the Kruskal–Wallis test are made of.
 * @param values without NaN
 */
export function ranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => {
    const [x, y] = [values[a] ?? 0, values[b] ?? 0];
    return x < y ? -1 : x > y ? 1 : 0;
  });
  const found = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let end = from + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[from] ?? 0]) end++;
    for (let at = from; at < end; at++) found[order[at] ?? 0] = (from + end + 1) / 2;
    from = end;
  }
  return found;
}

/** Of ranks this is Spearman's rho, ties and all. Both have the same length and are not constant. */
function pearson(x: Float64Array, y: Float64Array): number {
  const mean = (x.length + 1) / 2;
  let [products, squaresX, squaresY] = [0, 0, 0];
  for (let at = 0; at < x.length; at++) {
    const [dx, dy] = [(x[at] ?? 0) - mean, (y[at] ?? 0) - mean];
    products += dx * dy;
    squaresX += dx * dx;
    squaresY += dy * dy;
  }
  return Math.min(1, Math.max(-1, products / Math.sqrt(squaresX * squaresY)));
}

/**
 * √((H − k + 1) / (n − k)) with H of Kruskal and Wallis, corrected for ties: the correlation ratio of ranks less what k
 * categories explain by chance (Kelley's ε²; Tomczak & Tomczak 2014 call it η²_H). Its square root is comparable with
 * |rho|. Below what chance explains it is 0.
 */
function rankedRatio(categories: readonly (string | number)[], outcomes: Float64Array): number {
  const groups = new Map<string | number, { sum: number; size: number }>();
  for (const [at, category] of categories.entries()) {
    const group = groups.get(category) ?? { sum: 0, size: 0 };
    group.sum += outcomes[at] ?? 0;
    group.size++;
    groups.set(category, group);
  }
  const [n, k] = [outcomes.length, groups.size];
  const mean = (n + 1) / 2;
  const between = [...groups.values()].reduce(
    (sum, group) => sum + group.size * (group.sum / group.size - mean) ** 2,
    0,
  );
  const total = outcomes.reduce((sum, rank) => sum + (rank - mean) ** 2, 0);
  const h = (n - 1) * (between / total);
  return Math.sqrt(Math.min(1, Math.max(0, (h - k + 1) / (n - k))));
}
