import type { Run, ViewType } from '../shared/domain';
import { mapLimited } from '../shared/mapLimited';
import type { RunQuestions } from './trackingStore';

export interface UnionSearch {
  readonly experimentIds: readonly string[];
  /** The branches of an OR, as of `serverQueriesOf`; none finds nothing. */
  readonly filters: readonly string[];
  readonly orderBy: readonly string[];
  readonly viewType: ViewType;
  /** Runs of one page, at least 1. */
  readonly pageSize: number;
  /** Judges each run that a branch finds; all are kept without it. */
  readonly keep?: (run: Run) => boolean;
  /** The server's order, as of `compareRuns(orderBy)`. */
  readonly compare: (a: Run, b: Run) => number;
}

export interface UnionPage {
  readonly runs: readonly Run[];
  /** Nothing comes after this page. */
  readonly done: boolean;
}

export interface UnionPages {
  /**
   * The next page. It is short, or even empty, before the end when few runs are kept: after some rounds of questions in
   * vain it gives what there is. Asking again after a failure loses nothing. One at a time. `pageSize` is this page's own.
   */
  next(signal?: AbortSignal, pageSize?: number): Promise<UnionPage>;
}

const mostAtOnce = 4;
/** After so many rounds of questions without a run to give, a page gives what there is. */
const mostRounds = 10;
/** Pages grow up to this while most runs are not kept: about 1.5 MB of an answer. */
const largestPage = 400;

/**
 * Pages through the union of several searches as through one: their pages are merged in the server's order, and a run
 * that several find comes once. With one filter this is the paging of the server, in its own order.
 */
export function unionSearch(store: Pick<RunQuestions, 'searchRuns'>, search: UnionSearch): UnionPages {
  const branches = search.filters.map((filter) => new Branch(store, search, filter));
  const given = new Set<string>();
  let page: Run[] = [];
  let asking = false;

  /** Has no run to compare with those of the others, but goes on: its next run may come first. */
  const isHungry = (branch: Branch) => branch.head(given) === undefined && !branch.ended;
  const fill = async (pageSize: number, signal: AbortSignal | undefined) => {
    for (let fruitless = 0; page.length < pageSize && fruitless < mostRounds; ) {
      await mapLimited(branches.filter(isHungry), mostAtOnce, (branch) => branch.ask(pageSize, signal));
      const before = page.length;
      while (page.length < pageSize && !branches.some(isHungry)) {
        const first = earliest(branches, given, search.compare);
        if (!first) return;
        page.push(first);
        given.add(first.runId);
      }
      if (page.length === before) fruitless++;
    }
  };

  return {
    async next(signal, pageSize = search.pageSize) {
      if (asking) throw new Error('one page at a time');
      asking = true;
      try {
        await fill(pageSize, signal);
      } finally {
        asking = false;
      }
      const runs = page;
      page = [];
      return { runs, done: branches.every((branch) => branch.ended && branch.head(given) === undefined) };
    },
  };
}

function earliest(
  branches: readonly Branch[],
  given: ReadonlySet<string>,
  compare: UnionSearch['compare'],
): Run | undefined {
  let first: Run | undefined;
  for (const branch of branches) {
    const head = branch.head(given);
    if (head && (!first || compare(head, first) < 0)) first = head;
  }
  return first;
}

/** The pages of one filter. */
class Branch {
  private runs: readonly Run[] = [];
  private at = 0;
  private token: string | undefined;
  private pageSize: number;
  ended = false;

  constructor(
    private readonly store: Pick<RunQuestions, 'searchRuns'>,
    private readonly search: UnionSearch,
    private readonly filter: string,
  ) {
    this.pageSize = search.pageSize;
  }

  /** The next run that has not been given yet, of those that are here. */
  head(given: ReadonlySet<string>): Run | undefined {
    for (let run = this.runs[this.at]; run; run = this.runs[++this.at]) if (!given.has(run.runId)) return run;
    return undefined;
  }

  async ask(atLeast: number, signal: AbortSignal | undefined): Promise<void> {
    const { experimentIds, orderBy, viewType, keep = () => true } = this.search;
    const { items, nextPageToken } = await this.store.searchRuns(
      {
        experimentIds,
        filter: this.filter,
        orderBy,
        viewType,
        maxResults: Math.max(this.pageSize, atLeast),
        ...(this.token ? { pageToken: this.token } : {}),
      },
      signal,
    );
    this.runs = items.filter(keep);
    this.at = 0;
    // An empty page with a token would be asked for again and again by a server that keeps giving one.
    this.ended = !nextPageToken || items.length === 0;
    this.token = nextPageToken;
    if (this.runs.length * 2 < items.length)
      this.pageSize = Math.max(this.pageSize, Math.min(this.pageSize * 2, largestPage));
  }
}
