export interface Candidate {
  readonly commit: string;
  /** The metric of a run at this commit. */
  readonly value?: number;
  readonly runId?: string;
  /** A run was launched here and gave no value, none can be launched, or a person passed it over. */
  readonly failed?: boolean;
}

export interface Bisection {
  /** Of the good run and of the bad one. */
  readonly good: number;
  readonly bad: number;
  /** The commits after the good one up to the bad one, the oldest first. The last has the bad value. */
  readonly candidates: readonly Candidate[];
}

export type Step =
  /** A run is needed at this place; so many commits are still open. */
  | { readonly kind: 'launch'; readonly at: number; readonly open: number }
  | { readonly kind: 'found'; readonly at: number }
  /** Only commits whose runs gave no value are left: it is one of these. */
  | { readonly kind: 'stuck'; readonly from: number; readonly to: number };

/** Nearer to the value of the good run than to that of the bad one. */
export const isGood = ({ good, bad }: Pick<Bisection, 'good' | 'bad'>, value: number): boolean =>
  Math.abs(value - good) < Math.abs(value - bad);

/** What to do next: halve what lies between the last good value and the first bad one after it. */
export function nextStep(bisection: Bisection): Step {
  const { candidates } = bisection;
  const { low, high } = bounds(bisection);
  const open = high - low - 1;
  if (open === 0) return { kind: 'found', at: high };
  const middle = low + Math.ceil((high - low) / 2);
  const usable = Array.from({ length: open }, (_, at) => low + 1 + at)
    .filter((at) => !candidates[at]?.failed)
    .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
  const [at] = usable;
  return at === undefined ? { kind: 'stuck', from: low + 1, to: high } : { kind: 'launch', at, open };
}

/** -1 stands for the good run's own commit. */
export function bounds(bisection: Bisection): { readonly low: number; readonly high: number } {
  const { candidates } = bisection;
  let low = -1;
  let high = candidates.length - 1;
  // A metric that went to and fro has several such places: the first one that is known to be bad counts.
  for (const [at, { value }] of candidates.entries()) {
    if (value === undefined || at === candidates.length - 1) continue;
    if (isGood(bisection, value)) low = at;
    else {
      high = at;
      break;
    }
  }
  return { low, high };
}

export const withResult = (bisection: Bisection, at: number, result: Omit<Candidate, 'commit'>): Bisection => ({
  ...bisection,
  candidates: bisection.candidates.map((candidate, index) =>
    index === at ? { commit: candidate.commit, ...result } : candidate,
  ),
});

/** What is known of commits and can be kept: no number but a finite one is the same when it is read back. */
export const triedOf = ({ candidates }: Bisection): readonly Candidate[] =>
  candidates.filter(({ value, failed }) => failed || (value !== undefined && Number.isFinite(value)));

/** What was tried before, where nothing newer is known. Commits that are no longer between the two runs are left out. */
export function withTried(bisection: Bisection, tried: readonly Candidate[]): Bisection {
  const known = new Map(tried.map((one) => [one.commit, one]));
  return {
    ...bisection,
    candidates: bisection.candidates.map((one) => (one.value === undefined ? (known.get(one.commit) ?? one) : one)),
  };
}
