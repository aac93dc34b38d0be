import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { type Run, TagKey } from '../../shared/domain';
import type { Checkout } from '../checkouts/checkouts';
import { OutputLines } from '../process/outputLines';
import type { RunResult } from '../process/runEnd';
import { sweepProblemText } from '../request/launchTexts';
import { integersOf } from '../request/parameters';
import { planSweep } from '../request/sweepPlan';
import { keptRetry, type SweepRetry, type SweepSpec, type SweepValues } from '../request/sweepSpec';
import { definitionOf, type LaunchRequest, taskName } from '../request/taskDefinition';
import type { LaunchProblems } from '../tracebacks/tracebackProblems';
import { requireLaunchable, requireOnce } from './launch';
import { askedAt, type LaunchedAt, renewed, withStoreOf } from './launchedAt';
import { type LaunchedChanges, together } from './launchedChanges';
import { dim, LaunchedRun, red } from './launchedRun';
import type { EndedRun, LaunchRoom } from './launchTypes';
import { createParent, reopenParent } from './sweepParent';
import { checkoutFor } from './versionCheckout';
import { planOf, whatToRun } from './whatToRun';

export interface EndedSweep extends EndedRun {
  readonly counts: Readonly<Record<RunResult, number>>;
  readonly total: number;
  /** What those were given that did not finish, or never began. */
  readonly unfinished: readonly SweepValues[];
}

interface Child {
  readonly values: SweepValues;
  readonly request: LaunchRequest;
}

interface Parent {
  readonly run: Run;
  readonly at: LaunchedAt;
}

/** The terminal of a sweep: one task for all its runs, each line of output with the number of its run before it. */
export class SweepTerminal implements vscode.Pseudoterminal {
  private readonly output = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.output.event;
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidClose = this.closed.event;
  private size = { columns: 80, rows: 24 };
  private isClosed = false;
  private readonly stopping = new AbortController();
  private readonly active = new Set<LaunchedRun>();
  private readonly counts = { FINISHED: 0, FAILED: 0, KILLED: 0 };
  private readonly unfinished = new Set<SweepValues>();
  private changes: readonly LaunchedChanges[] = [];
  private readonly problems: LaunchProblems;

  constructor(
    private readonly request: LaunchRequest & { readonly sweep: SweepSpec },
    private readonly folder: vscode.WorkspaceFolder,
    private readonly room: LaunchRoom,
    private readonly onEnd: (ended: EndedSweep) => void,
    private readonly own: { readonly retry?: SweepRetry; readonly at?: LaunchedAt } = {},
  ) {
    this.problems = room.problems.begin(taskName(request));
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.size = size;
    this.run().then(
      (code) => this.end(code),
      (error: unknown) => {
        this.output.fire(`${red(error instanceof Error ? error.message : String(error))}\r\n`);
        this.room.platform.commands.report(vscode.l10n.t('run the sweep of {0}', this.request.entryPoint), error);
        this.end(1);
      },
    );
  }

  close(): void {
    this.isClosed = true;
    this.stop();
  }

  /** Ctrl-C stops all; other input would not know for which of the runs it is. */
  handleInput(text: string): void {
    if (text.includes('\u0003')) this.stop();
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
    for (const launched of this.active) launched.resize(size);
  }

  private stop(): void {
    this.stopping.abort();
    for (const launched of this.active) launched.stop();
  }

  private async run(): Promise<number> {
    requireLaunchable(this.folder);
    const { connections } = this.room;
    const at = await (this.own.at ? renewed(connections, this.own.at) : askedAt(connections));
    requireOnce(this.request);
    const planned = this.planned();
    const checkout = await this.checkout(planned);
    try {
      const children = await this.checked(planned, checkout);
      for (const { values } of children) this.unfinished.add(values);
      const parent = { at, run: await this.parent(at, children.length, checkout) };
      const underWay = this.begin(parent, checkout);
      await this.launchAll(children, parent, checkout, () => {
        underWay.change({ retry: this.left(parent.run) });
        underWay.keep(parent.run.runId, this.changes).catch((error: unknown) => this.warn(error));
      });
      return await this.finish(parent, children.length).finally(underWay.end);
    } finally {
      if (checkout && !(await checkout.release()))
        this.line('', dim(vscode.l10n.t('What the runs left in {0} is kept.', checkout.root)));
    }
  }

  /** Which parameters take integers alone is known when the project is there. */
  private planned(integers?: ReadonlySet<string>): readonly SweepValues[] {
    const planned = this.own.retry ?? planSweep(this.request.sweep, integers);
    if ('problem' in planned) throw new MlflowError('invalid', sweepProblemText(planned.problem));
    return planned.runs;
  }

  private warn(error: unknown): void {
    this.room.platform.log.warn(`the sweep of ${this.request.entryPoint}: ${String(error)}`);
  }

  private begin({ run, at }: Parent, checkout: Checkout | undefined) {
    return this.room.underWay.begin({
      pids: [process.pid],
      uri: at.connection.uri,
      folder: this.folder.uri.toString(),
      what: taskName(this.request),
      definition: definitionOf(this.request),
      runId: run.runId,
      retry: this.left(run),
      ...(checkout ? { checkout: checkout.left() } : {}),
    });
  }

  /** What the next window goes on with when this one goes. */
  private left({ runId }: Run) {
    return keptRetry({ parentRunId: runId, runs: [...this.unfinished] });
  }

  /** One working tree for all of them. */
  private async checkout(runs: readonly SweepValues[]): Promise<Checkout | undefined> {
    const parameters = runs.map((values) => new Map([...this.request.parameters, ...values]));
    const tell = (line: string) => this.line('', dim(line));
    return checkoutFor(this.request, parameters, this.folder, this.room.checkouts, tell, this.stopping.signal);
  }

  private place(checkout: Checkout | undefined): vscode.Uri {
    return checkout ? vscode.Uri.file(checkout.folder) : vscode.Uri.joinPath(this.folder.uri, this.request.project);
  }

  /** Every run of the sweep, looked at before the first one is launched. */
  private async checked(runs: readonly SweepValues[], checkout: Checkout | undefined): Promise<readonly Child[]> {
    const { sweep: _sweep, id: _id, ...base } = this.request;
    const [first] = runs;
    if (!first) throw new MlflowError('invalid', sweepProblemText({ kind: 'nothing', name: '' }));
    const place = this.place(checkout);
    const given = (values: SweepValues) => new Map([...base.parameters, ...values]);
    const { entryPoint } = await whatToRun({ ...base, parameters: given(first) }, place, this.folder);
    const children: Child[] = [];
    for (const values of this.planned(integersOf(entryPoint))) {
      this.stopping.signal.throwIfAborted();
      const parameters = given(values);
      await planOf(entryPoint, parameters, place);
      const runName = [...values].map(([name, value]) => `${name}=${value}`).join(', ');
      children.push({ values, request: { ...base, parameters, runName: [...runName].slice(0, 200).join('') } });
    }
    return children;
  }

  private async parent(at: LaunchedAt, total: number, checkout: Checkout | undefined): Promise<Run> {
    const { platform, runs } = this.room;
    const { request, stopping } = this;
    const { retry } = this.own;
    const run = await withStoreOf(platform, at, async (store) =>
      retry
        ? reopenParent(store, retry.parentRunId)
        : createParent(
            store,
            request,
            { total, folder: this.place(checkout).fsPath, checkout },
            platform.log,
            stopping.signal,
          ),
    );
    const { runId, experimentId } = run;
    platform.log.audit('launch sweep', at.connection.uri, { runId, experimentId, runs: String(total) });
    runs.markChanged([runId]);
    runs.reveal(runId).catch((error: unknown) => platform.log.warn(`cannot show the sweep: ${String(error)}`));
    const { parallel } = request.sweep;
    this.line('', dim(vscode.l10n.t('{0} runs, {1} at a time, under run {2}', total, parallel, run.name)));
    return run;
  }

  private async launchAll(
    children: readonly Child[],
    parent: Parent,
    checkout: Checkout | undefined,
    onEach: () => void,
  ): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next < children.length && !this.stopping.signal.aborted) {
        const at = next++;
        const child = children[at];
        if (child) await this.launchOne(child, `[${at + 1}/${children.length}] `, parent, checkout);
        onEach();
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.request.sweep.parallel, children.length) }, worker));
  }

  private async launchOne(
    { request, values }: Child,
    prefix: string,
    { run, at }: Parent,
    checkout: Checkout | undefined,
  ): Promise<void> {
    const shown = new OutputLines((line) => this.line(prefix, line));
    const screen = { write: (text: string) => shown.add(text), size: this.size };
    const launched = new LaunchedRun(this.room, request, this.folder, screen, {
      at,
      tags: { [TagKey.parentRunId]: run.runId },
      parentRunId: run.runId,
      problems: this.problems,
      quiet: true,
      ...(checkout ? { checkout: async () => ({ ...checkout, release: async () => true }) } : {}),
    });
    this.active.add(launched);
    try {
      const { result, exitCode, changes } = await launched.run();
      this.changes = together(this.changes, changes);
      this.count(result, values);
      shown.end();
      this.line(prefix, dim(`${request.runName}: ${result}${result === 'FAILED' ? ` (${exitCode})` : ''}`));
    } catch (error) {
      this.count(this.stopping.signal.aborted ? 'KILLED' : 'FAILED', values);
      if (!this.stopping.signal.aborted) this.line(prefix, red(error instanceof Error ? error.message : String(error)));
    } finally {
      this.active.delete(launched);
    }
  }

  private count(result: RunResult, values: SweepValues): void {
    this.counts[result]++;
    if (result === 'FINISHED') this.unfinished.delete(values);
  }

  private async finish({ run, at }: Parent, total: number): Promise<number> {
    const unfinished = [...this.unfinished];
    const result = unfinished.length === 0 ? 'FINISHED' : this.stopping.signal.aborted ? 'KILLED' : 'FAILED';
    const { platform, runs } = this.room;
    await withStoreOf(platform, at, (store) =>
      store.updateRun(run.runId, { status: result, endTime: Date.now() }),
    ).catch((error: unknown) => platform.commands.report(vscode.l10n.t('close the run {0}', run.name), error));
    runs.markChanged([run.runId]);
    const exitCode = result === 'FINISHED' ? 0 : 1;
    const { request, counts, changes } = this;
    const { runId, name } = run;
    this.onEnd({ request, at, runId, name, result, exitCode, changes, counts, total, unfinished });
    return exitCode;
  }

  private line(prefix: string, text: string): void {
    this.output.fire(`${prefix === '' ? '' : dim(prefix)}${text}\r\n`);
  }

  private end(code: number): void {
    this.problems.end();
    if (!this.isClosed) this.closed.fire(code);
    this.output.dispose();
    this.closed.dispose();
  }
}
