import type * as vscode from 'vscode';
import { keptKeys } from '../launch/keptKeys';
import { isRunsIn, type RunsIn } from '../reproduce/runsIn';
import type { Candidate } from './bisect';

/** What two bisections are told apart by. */
export interface BisectionOf {
  /** Of the server. */
  readonly uri: string;
  /** Ids of runs. */
  readonly good: string;
  readonly bad: string;
  readonly metric: string;
}

/** A bisection that has not ended, as the next window finds it. */
export interface OpenBisection extends BisectionOf {
  /** Of the good run and of the bad one, for people. */
  readonly names: readonly [string, string];
  /** What is known of its commits; of a run that gave no value a server says nothing. */
  readonly tried: readonly Candidate[];
  /** So many commits may still be it; the next one to be tried. */
  readonly open: number;
  readonly next: string;
  /** Absent where nothing was chosen. */
  readonly runsIn?: RunsIn;
  /** What a script is given; absent where nobody was asked. */
  readonly args?: readonly string[];
}

const isSame = (a: BisectionOf, b: BisectionOf) =>
  a.uri === b.uri && a.good === b.good && a.bad === b.bad && a.metric === b.metric;

/** Keeps bisections over the end of the window, until the commit is found or a person stops. */
export class OpenBisections {
  constructor(private readonly state: Pick<vscode.Memento, 'get' | 'update'>) {}

  /** What another version of the extension may have left there is decoded like any input. */
  all(): readonly OpenBisection[] {
    const kept: unknown = this.state.get(keptKeys.bisections);
    return Array.isArray(kept) ? kept.filter(isOpenBisection) : [];
  }

  find(one: BisectionOf): OpenBisection | undefined {
    return this.all().find((other) => isSame(other, one));
  }

  async keep(one: OpenBisection): Promise<void> {
    await this.state.update(keptKeys.bisections, [...this.without(one), one]);
  }

  async forget(one: BisectionOf): Promise<void> {
    await this.state.update(keptKeys.bisections, this.without(one));
  }

  private without(one: BisectionOf): readonly OpenBisection[] {
    return this.all().filter((other) => !isSame(other, one));
  }
}

function isOpenBisection(value: unknown): value is OpenBisection {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, good, bad, metric, names, tried, open, next, runsIn, args = [] } = value as Record<string, unknown>;
  return (
    [uri, good, bad, metric, next].every((text) => typeof text === 'string') &&
    Array.isArray(names) &&
    names.length === 2 &&
    names.every((name) => typeof name === 'string') &&
    typeof open === 'number' &&
    (runsIn === undefined || isRunsIn(runsIn)) &&
    Array.isArray(args) &&
    args.every((arg) => typeof arg === 'string') &&
    Array.isArray(tried) &&
    tried.every(isCandidate)
  );
}

function isCandidate(candidate: unknown): candidate is Candidate {
  if (typeof candidate !== 'object' || candidate === null) return false;
  const { commit, value = 0, runId = '', failed = false } = candidate as Record<string, unknown>;
  return (
    typeof commit === 'string' && typeof value === 'number' && typeof runId === 'string' && typeof failed === 'boolean'
  );
}
