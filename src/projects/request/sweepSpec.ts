/** How a sweep chooses values. Texts as a person wrote them: nothing has been parsed. */
export interface SweepSpec {
  readonly method: SweepMethod;
  /** Runs of a random sweep. */
  readonly samples: number;
  /** The same seed gives the same runs. */
  readonly seed: number;
  /** Runs at a time. */
  readonly parallel: number;
  /** Of each parameter that varies: `0.1, 0.01`, `1..5`, `0..1 step 0.25`, `1e-4..1 log 5`. */
  readonly values: ReadonlyMap<string, string>;
}

export const sweepMethods = ['grid', 'random'] as const;
export type SweepMethod = (typeof sweepMethods)[number];

export const isSweepMethod = (value: unknown): value is SweepMethod => sweepMethods.some((method) => method === value);

export interface SweepProblem {
  readonly kind: 'empty' | 'badRange' | 'wholeRange' | 'logRange' | 'needsStep' | 'tooMany' | 'nothing' | 'badQuotes';
  /** The parameter, where it is of one. */
  readonly name: string;
}

/** More are a mistake of typing far more often than a wish. */
export const mostSweepRuns = 1_000;

/** What one run of a sweep is given of the parameters that vary. */
export type SweepValues = ReadonlyMap<string, string>;

/** Some runs of a sweep once more, under the parent that is there. */
export interface SweepRetry {
  readonly parentRunId: string;
  readonly runs: readonly SweepValues[];
}

/** As it can be kept. */
export const keptRetry = ({ parentRunId, runs }: SweepRetry) => ({
  parentRunId,
  runs: runs.map((values) => [...values]),
});

/** Undefined for what `keptRetry` did not give, and where no run is left. */
export function decodeRetry(kept: unknown): SweepRetry | undefined {
  const { parentRunId, runs }: Record<string, unknown> = Object(kept);
  if (typeof parentRunId !== 'string' || !Array.isArray(runs) || runs.length === 0) return undefined;
  return runs.every(isPairs) ? { parentRunId, runs: runs.map((pairs) => new Map(pairs)) } : undefined;
}

const isPairs = (value: unknown): value is readonly (readonly [string, string])[] =>
  Array.isArray(value) &&
  value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === 'string'));
