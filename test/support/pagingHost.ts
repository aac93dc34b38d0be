import assert from 'node:assert/strict';
import { compareRuns } from '../../src/mlflow/runOrder';
import { orderByOf } from '../../src/panels/runs/filteredSearch';
import { packRuns } from '../../src/panels/runs/packRuns';
import type { Run } from '../../src/shared/domain';
import type { RunsPage, RunsQuestion } from '../../src/shared/protocol/runs';
import type { RunsRpc } from '../../webview/runs/runReader';
import { runOf } from './runOf';

export const runsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => runOf(`run ${at}`, { startTime: at, endTime: at }));

/** Answers a page's questions over runs that a test may change: pages of 100, of 1,000 where all are wanted, one at a time. */
export class PagingHost {
  /** Methods in their order. */
  readonly asked: string[] = [];
  /** Of each question for runs. */
  readonly filters: string[] = [];
  /** Of each question by ids. */
  readonly ids: (readonly string[])[] = [];
  private readonly gates = new Map<string, Promise<void>>();
  private found: readonly Run[] = [];
  private given = 0;
  private queryId = 0;
  private isPaging = false;
  /** Runs that are said to have begun to match. */
  begun = 0;
  /** Whether a run that is read again still matches. */
  matches: (run: Run) => boolean = () => true;
  /** Called before each page is given. */
  before: (method: string) => void = () => undefined;

  /** @param first runs of the first answer */
  constructor(
    readonly runs: Run[],
    private readonly first = 100,
  ) {}

  readonly rpc = { call: (method: string, params: unknown) => this.call(method, params) } as unknown as RunsRpc;

  /** @returns lets the answers to this method go */
  hold(method: string): () => void {
    let open = () => {};
    this.gates.set(
      method,
      new Promise((resolve) => {
        open = resolve;
      }),
    );
    return () => {
      this.gates.delete(method);
      open();
    };
  }

  private async call(method: string, params: unknown): Promise<unknown> {
    this.asked.push(method);
    this.before(method);
    switch (method) {
      case 'queryRuns': {
        const { sort, filter } = params as RunsQuestion;
        this.filters.push(filter);
        this.found = this.runs.toSorted(compareRuns(orderByOf(sort)));
        this.given = 0;
        this.queryId++;
        this.isPaging = false;
        return this.page(this.first);
      }
      case 'moreRuns':
        assert.equal((params as { queryId: number }).queryId, this.queryId);
        return this.next((params as { all: boolean }).all);
      case 'hasNewRuns': {
        const known = new Set(this.found.map(({ runId }) => runId));
        const hasNew = this.runs.some(({ runId }) => !known.has(runId));
        assert.equal((params as { queryId: number }).queryId, this.queryId);
        await this.gates.get(method);
        return hasNew;
      }
      case 'begunToMatch':
        return this.begun;
      case 'countRuns':
        return { total: this.found.length };
      case 'runsById': {
        const { runIds } = params as { runIds: readonly string[] };
        this.ids.push(runIds);
        const found = this.runs.filter(({ runId }) => runIds.includes(runId));
        return packRuns(found, (run) => (this.matches(run) ? {} : { unmatched: true }));
      }
      default:
        throw new Error(`${method} is not answered here`);
    }
  }

  /** As the real one, which loses its place when two pages are asked for at once. */
  private async next(all: boolean): Promise<RunsPage> {
    if (this.isPaging) throw new Error('one page at a time');
    const { queryId } = this;
    this.isPaging = true;
    await this.gates.get('moreRuns');
    if (this.queryId !== queryId) throw new Error('these runs were asked for anew');
    this.isPaging = false;
    return this.page(all ? 1_000 : Math.max(100 - this.given, 0) || 100);
  }

  private async page(size: number): Promise<RunsPage> {
    const { queryId } = this;
    const batch = await packRuns(this.found.slice(this.given, this.given + size));
    this.given += size;
    const more = this.given < this.found.length;
    return { queryId, batch, more, begun: more && this.given < 100 };
  }
}
