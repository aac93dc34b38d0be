import { parseColumnId } from '../../src/shared/runs/column';
import { columnLabel } from '../../src/shared/runs/columns/columnTitle';
import { type TableFacts, tableNews } from '../../src/shared/runs/tableNews';
import type { Session } from '../runs/session';
import { loadedText, sortedWhere, whyCut } from './tableBars';

/** Nothing changes for so long, ms, until it is told. */
const rest = 400;

/** Tells what became of the table once it is settled: not each step on the way there. */
export class NewsTeller {
  private told: TableFacts | undefined;
  private seen: readonly unknown[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly session: Session,
    private readonly tell: (text: string) => void,
  ) {}

  /** To be called whenever something may have changed. */
  look(): void {
    const facts = factsOf(this.session);
    const seen = facts
      ? [facts.asked, facts.count, facts.cut, ...facts.acts.flatMap(({ of, text }) => [of, text])]
      : [];
    if (seen.length === this.seen.length && seen.every((part, at) => part === this.seen[at])) return;
    this.seen = seen;
    clearTimeout(this.timer);
    // The same words once more are heard only where others, or none, stood there before.
    if (!facts) this.tell('');
    else this.timer = setTimeout(() => this.say(), rest);
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private say(): void {
    const facts = factsOf(this.session);
    if (!facts) {
      this.seen = [];
      return;
    }
    const news = tableNews(this.told, facts);
    this.told = facts;
    if (news !== '') this.tell(news);
  }
}

/** Undefined while rows are on their way, are being counted or sorted. */
function factsOf(session: Session): TableFacts | undefined {
  const { loader, sorted, view } = session;
  const { sort, groupBy } = view.table;
  const isOnItsWay = loader.edition === 0 || loader.isReading || loader.arriving || loader.counting;
  if (isOnItsWay || sorted.histories?.waiting) return undefined;
  return {
    asked: JSON.stringify([view.filter.trim(), view.showDeleted]),
    isFiltered: view.filter.trim() !== '',
    loaded: loader.order.length,
    more: loader.more,
    count: loadedText(session),
    cut: whyCut(session),
    acts: [
      { of: sort, text: sortText(session) },
      { of: groupBy, text: groupBy.length > 0 ? `Grouped by ${groupBy.map(labelOf).join(', ')}` : 'Not grouped' },
    ],
  };
}

function sortText({ loader, sorted, view }: Session): string {
  const { sort } = view.table;
  const columns = sort.map(({ column, descending }) => `${labelOf(column)} ${descending ? 'descending' : 'ascending'}`);
  if (columns.length === 0) return 'Newest runs first';
  return `Sorted by ${columns.join(', then ')}, ${sortedWhere(sorted.sortedBy, loader.more)}`;
}

function labelOf(id: string): string {
  const column = parseColumnId(id);
  return column ? columnLabel(column) : id;
}
