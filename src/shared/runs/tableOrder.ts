import type { RunsView, Sort } from '../view/runsView';
import { historyStates } from './historyCells';
import type { RunTable } from './runTable';
import { type Loaded, type SortedBy, sortedHistories, sortLoaded } from './sortLoaded';

/** What is loaded, and how it changes. */
export interface Arriving extends Loaded {
  /** Another number after every answer. */
  readonly edition: number;
  /** Pages keep coming: sorting with each of them would leave no time for anything else. */
  readonly arriving: boolean;
}

/** How far the histories are read that a sort goes by. */
export interface HistoryProgress {
  /** Runs whose histories the sort waits for, read or not. */
  readonly wanted: number;
  readonly read: number;
  /** Rows of these that are still to be read, those that have gone on since among them. */
  readonly unread: readonly number[];
  /** How many of them have gone on since: they stand where the old values put them. */
  readonly behind: number;
  /** Rows with such a metric whose histories are not known and not waited for: they stand last. */
  readonly left: number;
  /** The rows keep the order they had until the histories are read. */
  readonly waiting: boolean;
}

/** Runs whose histories are read unasked: each costs the server a question. */
export const mostHistories = 2_000;
/** While pages arrive sorting may take one part of so many of the time. */
const busyShare = 5;

/**
 * The order of the table's rows, which charts and exports go by as well. A sort by what is computed from histories is done
 * once, when they are read: rows that move with each of them would do so under the pointer.
 */
export class TableOrder {
  rows: readonly number[] = [];
  sortedBy: SortedBy = 'server';
  /** What the rows are sorted by; the former sort while histories are read for another. */
  applied: readonly Sort[] = [];
  /** Another number after every sorting. */
  settled = 0;
  /** Undefined where the sort goes by no history. */
  histories: HistoryProgress | undefined;
  private of: readonly unknown[] = [];
  private sort: readonly Sort[] = [];
  private stopped = false;
  private most = mostHistories;
  /** Histories that could not be read, as far as they went then. */
  private readonly unreadable = new Set<string>();
  private edition = -1;
  /** What the rows were sorted with while some histories were left out. */
  private settledFor: readonly unknown[] | undefined;
  private mergedEdition = -1;
  private builtAt = Number.NEGATIVE_INFINITY;
  private tookMs = 0;

  constructor(
    private readonly table: RunTable,
    private readonly now: () => number,
  ) {}

  /** Makes the order anew where what it is made of changed. */
  refresh(loaded: Arriving, { better, table: { sort } }: Pick<RunsView, 'better' | 'table'>): void {
    const { edition, order, orderedBy, more, arriving } = loaded;
    const choices = [this.stopped, this.most, this.unreadable.size];
    const of = [this.table.version, edition, order, orderedBy, more, sort, better, ...choices];
    if (of.every((part, at) => Object.is(part, this.of[at]))) return;
    const now = this.now();
    if (arriving && now < this.builtAt + busyShare * this.tookMs) return;
    this.begin(sort, edition);
    this.build(loaded, sort, better);
    this.of = [...of.slice(0, -choices.length), this.stopped, this.most, this.unreadable.size];
    this.builtAt = this.now();
    this.tookMs = this.builtAt - now;
  }

  /** Sorts by what is known, without waiting for the rest. */
  stop(): void {
    this.stopped = true;
  }

  /** Waits for all histories there are. */
  readAll(): void {
    this.stopped = false;
    this.most = Number.POSITIVE_INFINITY;
    this.tryAgain();
  }

  /** What could not be read may be asked for again. */
  tryAgain(): void {
    this.unreadable.clear();
  }

  isUnreadable(key: string, row: number): boolean {
    return this.unreadable.size > 0 && this.unreadable.has(this.historyOf(key, row));
  }

  /** The sort does not wait for it; it is asked for again when the runs are, or when this one has gone on. */
  giveUp(key: string, row: number): void {
    this.unreadable.add(this.historyOf(key, row));
  }

  private historyOf(key: string, row: number): string {
    const { step, time } = this.table.historyPoints(key)(row) ?? {};
    return JSON.stringify([key, row, step, time]);
  }

  private begin(sort: readonly Sort[], edition: number): void {
    if (edition !== this.edition) this.unreadable.clear();
    this.edition = edition;
    if (sort === this.sort) return;
    this.sort = sort;
    this.stopped = false;
    this.most = mostHistories;
    this.settledFor = undefined;
  }

  private build(loaded: Arriving, sort: readonly Sort[], better: RunsView['better']): void {
    const keys = sortedHistories(sort);
    this.histories = keys.length > 0 ? this.progress(loaded.order, keys) : undefined;
    if (this.histories?.waiting) {
      this.settledFor = undefined;
      this.keepOrder(loaded);
      return;
    }
    // Histories that are looked at meanwhile are no reason to move rows, nor is each single one that is read again.
    const { left = 0, behind = 0 } = this.histories ?? {};
    const added = behind > 0 ? this.table.added : undefined;
    const settledFor = left + behind > 0 ? [loaded.order, sort, better, this.most, added] : undefined;
    if (settledFor?.every((part, at) => part === this.settledFor?.[at])) return;
    this.settledFor = settledFor;
    const { order, sortedBy } = sortLoaded(this.table, loaded, sort, better);
    this.rows = order;
    this.sortedBy = sortedBy;
    this.applied = sort;
    this.settled++;
    this.mergedEdition = loaded.edition;
  }

  private progress(order: readonly number[], keys: readonly string[]): HistoryProgress {
    const states = keys.map((key) => ({ key, of: historyStates(this.table, key) }));
    const unread: number[] = [];
    let [wanted, read, behind, left, missing] = [0, 0, 0, 0, 0];
    for (const row of order) {
      const logged = states.flatMap(({ key, of }) => {
        const state = of(row);
        return state ? [{ key, state }] : [];
      });
      if (logged.length === 0) continue;
      const open = logged.filter(({ state }) => state !== 'read');
      const isNew = open.some(({ state }) => state === 'unread');
      const isWanted = wanted < this.most;
      if (isWanted) wanted++;
      const isLeft = !isWanted || this.stopped || open.every(({ key }) => this.isUnreadable(key, row));
      if (isWanted && !isNew) read++;
      if (open.length === 0) continue;
      if (!isLeft) {
        unread.push(row);
        if (isNew) missing++;
        else behind++;
      } else if (isNew) left++;
    }
    return { wanted, read, unread, behind, left, waiting: missing > 0 };
  }

  /** What was shown stays where it is; what is new stands below. */
  private keepOrder({ order, edition }: Arriving): void {
    if (this.mergedEdition === edition && this.rows.length > 0) return;
    this.mergedEdition = edition;
    const listed = new Set(order);
    const kept = this.rows.filter((row) => listed.has(row));
    const shown = new Set(kept);
    this.rows = [...kept, ...order.filter((row) => !shown.has(row))];
  }
}
