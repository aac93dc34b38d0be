import type { RunsPage } from '../../src/shared/protocol/runs';
import { isInPlace, type RunHead } from '../../src/shared/runs/runBatch';
import type { RunTable } from '../../src/shared/runs/runTable';
import { serverSort } from '../../src/shared/runs/serverSort';
import type { RunsView, Sort } from '../../src/shared/view/runsView';

/** What decides which runs match. */
type Matching = Pick<RunsView, 'filter' | 'showDeleted'>;

/** The rows of a page's answer by what they are in it. */
interface PageRows {
  readonly matching: readonly number[];
  readonly parents: readonly number[];
  readonly early: readonly number[];
}

/** What of the answer to a question is here. */
export class LoadedRuns {
  /** Rows that match, as the server gave them. */
  order: readonly number[] = [];
  /** What the server sorted them by; undefined where newer runs were put above them. */
  orderedBy: readonly Sort[] | undefined;
  /** Parents that came for their children's sake, in the order they came. */
  parents: readonly number[] = [];
  /** Those of them that match: their place in the order is on a later page. */
  early: readonly number[] = [];
  more = false;
  total: number | undefined;
  /** How many there are is being found out. */
  counting = false;
  /** How many were loaded before they were asked for anew, where not as many were read again. */
  cutFrom: number | undefined;
  /** Counts answers: another order each time. */
  edition = 0;
  /** Runs that are not here and match by now: those found since the question, and before newer runs were put above. */
  protected arrivals = { now: 0, before: 0 };
  protected queryId: number | undefined;
  /** The page that came last was only begun. */
  protected begun = false;
  private stale: { readonly of: readonly number[]; readonly rows: number } | undefined;
  /** What the rows are the answer to. */
  private asked: Matching | undefined;

  constructor(protected readonly table: RunTable) {}

  /** Runs that begin to match, as far as was looked. */
  get begunToMatch(): number {
    return this.arrivals.before + this.arrivals.now;
  }

  /** Rows of the order that match no more, as they were read again. */
  get unmatched(): number {
    const of = [this.table.version, this.edition];
    if (!this.stale?.of.every((part, at) => part === of[at])) {
      const isGone = (row: number) => this.table.head(row).unmatched === true;
      this.stale = { of, rows: this.asked?.filter.trim() ? this.order.filter(isGone).length : 0 };
    }
    return this.stale?.rows ?? 0;
  }

  /** Whether the rows are the runs that this asks for. */
  protected answers({ filter, showDeleted }: Matching): boolean {
    return this.asked?.filter === filter && this.asked.showDeleted === showDeleted;
  }

  /** The answer to this takes the place of what was here. */
  protected replace(view: RunsView, rows: readonly PageRows[], last: RunsPage): void {
    this.order = [];
    this.parents = [];
    this.early = [];
    this.total = undefined;
    this.cutFrom = undefined;
    this.arrivals = { now: 0, before: 0 };
    this.asked = view;
    this.orderedBy = serverSort(view.table.sort);
    this.append(rows, last);
  }

  protected append(rows: readonly PageRows[], { queryId, more, begun }: RunsPage): void {
    const known = new Set(this.order);
    const fresh = rows.flatMap(({ matching }) => matching).filter((row) => !known.has(row) && known.add(row));
    this.order = [...this.order, ...fresh];
    this.addParents(rows);
    this.queryId = queryId;
    this.more = more;
    this.begun = begun;
    this.edition++;
  }

  /** Above all that is here, whatever that is sorted by. */
  protected prepend(found: readonly number[], rows: readonly PageRows[]): void {
    this.order = [...found, ...this.order];
    this.arrivals = { now: 0, before: this.begunToMatch };
    this.addParents(rows);
    this.orderedBy = undefined;
    this.edition++;
  }

  /** Runs come into the table before it is said where they stand. */
  protected put({ batch }: RunsPage): PageRows {
    const rows = this.table.add(batch);
    const those = (wanted: (head: RunHead) => boolean) => rows.filter((row) => wanted(this.table.head(row)));
    return {
      matching: those(isInPlace),
      parents: those((head) => !isInPlace(head)),
      early: those(({ early }) => early === true),
    };
  }

  private addParents(rows: readonly PageRows[]): void {
    this.parents = [...new Set([...this.parents, ...rows.flatMap(({ parents }) => parents)])];
    this.early = [...new Set([...this.early, ...rows.flatMap(({ early }) => early)])];
  }
}
