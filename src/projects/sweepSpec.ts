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
  readonly kind: 'empty' | 'badRange' | 'logRange' | 'needsStep' | 'tooMany' | 'nothing' | 'badQuotes';
  /** The parameter, where it is of one. */
  readonly name: string;
}

/** More are a mistake of typing far more often than a wish. */
export const mostSweepRuns = 1_000;
