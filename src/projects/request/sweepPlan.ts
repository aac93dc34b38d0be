import { mostSweepRuns, type SweepProblem, type SweepSpec } from './sweepSpec';

export type Axis =
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      readonly whole: boolean;
      readonly log: boolean;
      /** Of a parameter that takes integers alone: what lies between them is rounded. */
      readonly integers: boolean;
      readonly step?: number;
      readonly count?: number;
    };

const number = String.raw`[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?`;
const rangeForm = new RegExp(
  String.raw`^\s*(${number})\s*\.\.\s*(${number})(?:\s+(?:step\s+(${number})|count\s+(\d+)|(log)(?:\s+(\d+))?))?\s*$`,
  'i',
);

/** Reads the values of one parameter; `integers` are all that it takes. */
export function parseAxis(text: string, integers = false): Axis | SweepProblem['kind'] {
  if (text.trim() === '') return 'empty';
  const range = rangeForm.exec(text);
  if (range) return rangeOf(range, integers);
  const values = listOf(text);
  return values === undefined ? 'badQuotes' : { kind: 'list', values };
}

function rangeOf(
  [, from = '', to = '', step, count, log, logCount]: RegExpExecArray,
  integers: boolean,
): Axis | SweepProblem['kind'] {
  const [low, high] = [Number(from), Number(to)];
  const points = count ?? logCount;
  const stepSize = step === undefined ? undefined : Number(step);
  if (!Number.isFinite(low) || !Number.isFinite(high) || high < low || (stepSize !== undefined && !(stepSize > 0)))
    return 'badRange';
  if (points !== undefined && Number(points) < 1) return 'badRange';
  if (log && low <= 0) return 'logRange';
  if (integers && ![low, high, stepSize ?? 1].every(Number.isInteger)) return 'wholeRange';
  const whole = [from, to, step ?? '1'].every((text) => /^[-+]?\d+$/.test(text)) && count === undefined && !log;
  return {
    kind: 'range',
    from: low,
    to: high,
    whole,
    log: log !== undefined,
    integers,
    ...(stepSize === undefined ? {} : { step: stepSize }),
    ...(points === undefined ? {} : { count: Number(points) }),
  };
}

/** Commas part values; one that holds a comma, or begins or ends with a space, stands in double quotes as in JSON. */
function listOf(text: string): readonly string[] | undefined {
  const values: string[] = [];
  let rest = text;
  for (;;) {
    const quoted = /^\s*("(?:[^"\\]|\\.)*")\s*(,|$)/s.exec(rest);
    const plain = quoted ? null : /^([^",][^,]*|)(,|$)/s.exec(rest.trimStart());
    const found = quoted ?? plain;
    if (!found) return undefined;
    const value = quoted ? unquote(quoted[1] ?? '') : (plain?.[1] ?? '').trim();
    if (value === undefined) return undefined;
    values.push(value);
    if (found[2] !== ',') return values;
    rest = (quoted ? rest : rest.trimStart()).slice(found[0].length);
  }
}

function unquote(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Twelve digits: 0.1 + 0.2 is 0.3 to a person. */
const written = (value: number) => String(Number(value.toPrecision(12)));

/** Every value of an axis, in order; undefined where a range does not say how many there are. */
export function gridValues(axis: Axis): readonly string[] | undefined {
  if (axis.kind === 'list') return axis.values;
  const { from, to, whole, log, count } = axis;
  const step = axis.step ?? (whole ? 1 : undefined);
  if (step !== undefined) {
    const steps = Math.floor((to - from) / step + 1e-9);
    if (steps >= mostSweepRuns) return Array.from({ length: mostSweepRuns + 1 }, () => '');
    return Array.from({ length: steps + 1 }, (_, at) => written(from + at * step));
  }
  if (count === undefined) return undefined;
  if (count > mostSweepRuns) return Array.from({ length: mostSweepRuns + 1 }, () => '');
  const at = (share: number) => (log ? from * (to / from) ** share : from + (to - from) * share);
  const values = Array.from({ length: count }, (_, index) => inAxis(axis, at(count === 1 ? 0 : index / (count - 1))));
  return axis.integers ? [...new Set(values)] : values;
}

const inAxis = ({ integers }: { readonly integers: boolean }, value: number) =>
  written(integers ? Math.round(value) : value);

/** One value by a number in [0, 1). */
export function randomValue(axis: Axis, random: number): string {
  if (axis.kind === 'list') return axis.values[Math.floor(random * axis.values.length)] ?? '';
  const grid = axis.step !== undefined || axis.count !== undefined || axis.whole ? gridValues(axis) : undefined;
  if (axis.whole && (!grid || grid.length > mostSweepRuns)) {
    const step = axis.step ?? 1;
    return written(axis.from + Math.floor(random * (Math.floor((axis.to - axis.from) / step) + 1)) * step);
  }
  if (grid && grid.length <= mostSweepRuns) return grid[Math.floor(random * grid.length)] ?? '';
  return inAxis(
    axis,
    axis.log ? axis.from * (axis.to / axis.from) ** random : axis.from + (axis.to - axis.from) * random,
  );
}

type Plan = { readonly runs: readonly ReadonlyMap<string, string>[] } | { readonly problem: SweepProblem };

/**
 * The parameters of each run, in the order in which they are launched; `integers` names those that take nothing else. Where
 * nobody knows them yet nothing is refused that rounding may make few enough.
 */
export function planSweep(spec: SweepSpec, integers?: ReadonlySet<string>): Plan {
  if (integers) return planned(spec, integers);
  const plan = planned(spec, new Set());
  const isTooMany = 'problem' in plan && plan.problem.kind === 'tooMany';
  return isTooMany ? planned(spec, new Set([...spec.values].filter(isRounded).map(([name]) => name))) : plan;
}

function isRounded([, text]: readonly [string, string]): boolean {
  const axis = parseAxis(text, true);
  return typeof axis === 'object' && axis.kind === 'range';
}

function planned(spec: SweepSpec, integers: ReadonlySet<string>): Plan {
  const axes = new Map<string, Axis>();
  for (const [name, text] of spec.values) {
    const axis = parseAxis(text, integers.has(name));
    if (typeof axis === 'string') return { problem: { kind: axis, name } };
    axes.set(name, axis);
  }
  if (axes.size === 0) return { problem: { kind: 'nothing', name: '' } };
  return spec.method === 'grid' ? planGrid(axes) : planRandom(axes, spec);
}

function planGrid(axes: ReadonlyMap<string, Axis>): Plan {
  let runs: readonly ReadonlyMap<string, string>[] = [new Map()];
  for (const [name, axis] of axes) {
    const values = gridValues(axis);
    if (!values) return { problem: { kind: 'needsStep', name } };
    if (runs.length * values.length > mostSweepRuns) return { problem: { kind: 'tooMany', name } };
    runs = runs.flatMap((run) => values.map((value) => new Map([...run, [name, value]])));
  }
  return { runs };
}

function planRandom(axes: ReadonlyMap<string, Axis>, { samples, seed }: SweepSpec): Plan {
  if (samples > mostSweepRuns) return { problem: { kind: 'tooMany', name: '' } };
  const random = mulberry32(seed);
  const runs = Array.from(
    { length: samples },
    () => new Map([...axes].map(([name, axis]) => [name, randomValue(axis, random())])),
  );
  return { runs };
}

/** Small and good enough to spread samples: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
