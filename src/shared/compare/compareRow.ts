/** The parts of a comparison, in their order. */
export const sectionIds = [
  'run',
  'params',
  'metrics',
  'tags',
  'systemTags',
  'datasets',
  'environment',
  'artifacts',
] as const;
export type SectionId = (typeof sectionIds)[number];

export const sectionTitles: Readonly<Record<SectionId, string>> = {
  run: 'Run',
  params: 'Params',
  metrics: 'Metrics',
  tags: 'Tags',
  systemTags: 'System tags',
  datasets: 'Datasets',
  environment: 'Environment',
  artifacts: 'Artifacts',
};

/** Numbers are values of metrics and params, instants (ms), durations (ms) and sizes (bytes); undefined where nothing is. */
export type CompareValue = number | string | undefined;
export type ValueKind = 'text' | 'number' | 'time' | 'duration' | 'status' | 'bytes';

/** One key of all compared runs. */
export interface CompareRow {
  /** `params.lr`: the same for as long as the key is there. */
  readonly id: string;
  readonly section: SectionId;
  readonly label: string;
  readonly kind: ValueKind;
  /** Not all runs have the same here. */
  readonly differs: boolean;
  /** The metric, for which is better. */
  readonly metric?: string;
  /** A file or folder of the artifact tree. */
  readonly artifact?: {
    readonly path: string;
    readonly depth: number;
    readonly isFolder: boolean;
    readonly open: boolean;
  };
  /** What stands in a run's cell; `at` counts the compared runs from 0. */
  value(at: number): CompareValue;
  /** The text as it was logged, where `value` is the number it stands for. */
  verbatim?(at: number): string | undefined;
}

/** NaN is equal to itself, and what is missing differs from what is there. */
export const same = (a: CompareValue, b: CompareValue) => Object.is(a, b) || a === b;

/** Whether not all of the first `count` cells are equal. Stops at the first that is not. */
export function differing(count: number, value: (at: number) => CompareValue): boolean {
  if (count < 2) return false;
  const first = value(0);
  for (let at = 1; at < count; at++) if (!same(value(at), first)) return true;
  return false;
}

/**
 * Where a row's cells stand apart: with a baseline those that are not as it is; without one those that are not as most
 * are. Where no two runs agree there is no "most", and none stands apart. One flag a run.
 */
export function standsApart(
  row: Pick<CompareRow, 'value' | 'differs'>,
  count: number,
  hasBaseline: boolean,
): readonly boolean[] {
  const values = Array.from({ length: count }, (_, at) => row.value(at));
  const none = values.map(() => false);
  if (!row.differs) return none;
  if (hasBaseline) return values.map((value) => !same(value, values[0]));
  const { usual, runs } = mostCommon(values);
  return runs < 2 ? none : values.map((value) => !same(value, usual));
}

/** The first that came, where several are as many. */
function mostCommon(values: readonly CompareValue[]): { readonly usual: CompareValue; readonly runs: number } {
  const counts = new Map<CompareValue, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let most: { usual: CompareValue; runs: number } = { usual: undefined, runs: 0 };
  for (const [usual, runs] of counts) if (runs > most.runs) most = { usual, runs };
  return most;
}
