import { historyStates } from '../../../src/shared/runs/historyCells';
import { mostHistories } from '../../../src/shared/runs/tableOrder';
import { ExtremesLoader, type Wish } from '../../runs/extremesLoader';
import type { Session } from '../../runs/session';

/** Histories of metrics, one a run and metric, that a chart is drawn from. */
export interface ChartProgress {
  readonly of: number;
  readonly read: number;
  /** Neither read nor being read. */
  readonly left: number;
}

/** Reads what charts are drawn from while they are on screen; what two of them need is read once. */
export class ChartHistories {
  private readonly loader: ExtremesLoader;
  private readonly wishes = new Map<string, readonly Wish[]>();
  /** By chart, where a person said how many. */
  private readonly most = new Map<string, number>();

  constructor(private readonly session: Session) {
    this.loader = new ExtremesLoader(session);
  }

  /**
   * A chart is on screen that is drawn from the histories of these metrics.
   * @returns undefined where there are none
   */
  want(chartId: string, rows: readonly number[], keys: readonly string[]): ChartProgress | undefined {
    if (keys.length === 0) {
      this.release(chartId);
      return undefined;
    }
    const { table, sorted } = this.session;
    const most = this.most.get(chartId) ?? mostHistories;
    let [of, read, left] = [0, 0, 0];
    const wishes = keys.map((key): Wish => {
      const stateOf = historyStates(table, key);
      const wanted = rows.filter((row) => {
        const state = stateOf(row);
        if (state === undefined) return false;
        of++;
        const isLeft = of > most || sorted.isUnreadable(key, row);
        if (state !== 'unread') read++;
        else if (isLeft) left++;
        return state !== 'read' && !isLeft;
      });
      return { rows: wanted, keys: [key] };
    });
    this.wishes.set(chartId, wishes);
    this.loader.want(...[...this.wishes.values()].flat());
    return { of, read, left };
  }

  /** What is asked right now is taken when it comes. */
  release(chartId: string): void {
    if (this.wishes.delete(chartId)) this.loader.want(...[...this.wishes.values()].flat());
  }

  stop(chartId: string): void {
    this.most.set(chartId, 0);
    this.session.changed();
  }

  readAll(chartId: string): void {
    this.most.set(chartId, Number.POSITIVE_INFINITY);
    this.session.sorted.tryAgain();
    this.session.changed();
  }
}
