import * as vscode from 'vscode';
import { Command } from '../../platform/ids';
import { settings } from '../../platform/settings';
import { mlflowRunText, RunIdReader } from '../process/mlflowRun';
import { type RunResult, resultOf } from '../process/runEnd';
import { RunProcess } from '../process/runProcess';
import { definitionOf, type LaunchRequest, taskName } from '../request/taskDefinition';
import { frameFiles } from '../tracebacks/frameFiles';
import type { LaunchProblems } from '../tracebacks/tracebackProblems';
import { TracebackReader } from '../tracebacks/tracebacks';
import { closeRun } from './closeRun';
import { type Launch, prepareLaunch, requireLaunchable } from './launch';
import { askedAt, isAt, renewed, withStoreOf } from './launchedAt';
import type { LaunchedChanges } from './launchedChanges';
import type { EndedRun, LaunchRoom, RunExtras, Screen } from './launchTypes';
import type { LaunchesUnderWay } from './underWay';

const { platform, pid: hostPid } = process;
const interrupt = '\u0003';
export const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
export const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;

/** One launch from waiting for its turn to the last word of its run. */
export class LaunchedRun {
  private process: RunProcess | undefined;
  /** ms; when somebody stopped it. */
  private stoppedAt: number | undefined;
  private readonly preparing = new AbortController();
  private readonly reader = new RunIdReader();
  private readonly tracebacks = new TracebackReader();
  private name = '';
  private runId: string | undefined;
  private changes: readonly LaunchedChanges[] = [];
  /** What its output has led to and is not done yet. */
  private pending: Promise<void> = Promise.resolve();
  private underWay: ReturnType<LaunchesUnderWay['begin']> | undefined;

  constructor(
    private readonly room: LaunchRoom,
    private request: LaunchRequest,
    private readonly folder: vscode.WorkspaceFolder,
    private readonly screen: Screen,
    private readonly extras: RunExtras = {},
  ) {}

  input(text: string): void {
    // Programs may take an interrupt for a reason to end in order, so it is passed on like any other input.
    if (!text.includes(interrupt)) this.process?.write(text);
    else if (this.process) {
      this.stoppedAt ??= Date.now();
      this.process.write(text);
    } else this.stop();
  }

  resize(size: Screen['size']): void {
    this.process?.resize(size);
  }

  stop(): void {
    this.stoppedAt ??= Date.now();
    this.preparing.abort();
    this.process?.stop();
  }

  /** Throws what kept it from being started. */
  async run(): Promise<EndedRun> {
    requireLaunchable(this.folder);
    const { queue, checkouts, connections, platform: services } = this.room;
    const { signal } = this.preparing;
    // Its turn may come when this window is at another server.
    const asked = this.extras.at ?? (await askedAt(connections));
    this.request = (await this.extras.complete?.(this.request, this.folder)) ?? this.request;
    const leave = await queue.enter(signal, (running) =>
      this.screen.write(
        `${dim(vscode.l10n.t('Waiting: {0} launches run already (flowdeck.projects.maxRunning).', running))}\r\n`,
      ),
    );
    try {
      const launcher = this.distFile('launcher.py');
      const tell = (line: string) => this.screen.write(`${dim(line)}\r\n`);
      const given = { platform: services, checkouts, launcher, tell };
      const extras = { ...this.extras, at: await renewed(connections, asked) };
      const launch = await prepareLaunch(this.request, this.folder, given, signal, extras);
      this.underWay = this.begin(launch);
      return await this.follow(launch).finally(() => this.leaveCheckout(launch));
    } finally {
      leave();
      this.underWay?.end();
    }
  }

  private begin({ at, run, checkout }: Launch) {
    const { again, quiet, untold = quiet } = this.extras;
    return this.room.underWay.begin({
      pids: [hostPid],
      uri: at.connection.uri,
      folder: this.folder.uri.toString(),
      what: taskName(this.request),
      definition: definitionOf(this.request),
      ...(run ? { runId: run.runId } : {}),
      ...(again ? { again } : {}),
      ...(untold ? { quiet: true } : {}),
      // That of a sweep is the sweep's.
      ...(checkout && !quiet ? { checkout: checkout.left() } : {}),
    });
  }

  private async follow(launch: Launch): Promise<EndedRun> {
    const { runs, connections } = this.room;
    const { at } = launch;
    if (launch.run) this.know(launch, launch.run.runId, launch.run.name);
    const elsewhere = isAt(connections, at.connection.uri) ? '' : ` at ${at.connection.uri}`;
    const comment = this.runId === undefined ? '' : `  # run ${this.name} ${this.runId}${elsewhere}`;
    this.screen.write(`${dim(`${mlflowRunText(launch.line)}${comment}`)}\r\n`);
    const problems = this.extras.problems ?? this.room.problems.begin(taskName(this.request));
    try {
      const process = this.spawn(launch, problems);
      this.process = process;
      this.room.running.add(process);
      if (process.pid !== undefined) this.underWay?.change({ pids: [hostPid, process.pid] });
      const following = this.extras.onStart?.(() => this.stop());
      // Stopped while the run was being created.
      if (this.stoppedAt !== undefined) process.stop();
      const exitCode = await process.ended;
      following?.dispose();
      this.room.running.delete(process);
      // What comes of it may lead to more.
      for (let known: unknown; known !== this.pending; await known) known = this.pending;
      const result = await this.settle(launch, exitCode);
      const { request, runId, name } = this;
      const { reason } = this.reader;
      const known = { ...(runId === undefined ? {} : { runId }), ...(reason === undefined ? {} : { reason }) };
      return { request, at, name, result, exitCode, changes: this.changes, ...known };
    } catch (error) {
      // The system refuses to start it, for the length of its arguments say.
      await this.settle(launch, 127);
      throw error;
    } finally {
      if (problems !== this.extras.problems) problems.end();
      if (this.runId !== undefined) runs.markChanged([this.runId]);
    }
  }

  /** The run exists: from here on views may show it. */
  private know({ at, patch }: Launch, runId: string, name: string): void {
    const { runs, platform: services, connections } = this.room;
    this.runId = runId;
    this.name = name;
    this.underWay?.change({ runId });
    this.extras.onRun?.(runId);
    this.changes = patch ? [{ runIds: [runId], patch }] : [];
    if (patch) this.after(() => this.store(runId, isAt(connections, at.connection.uri)));
    runs.markChanged([runId]);
    if (this.extras.quiet) return;
    runs.reveal(runId).catch((error: unknown) => services.log.warn(`cannot show run ${runId}: ${String(error)}`));
  }

  private spawn(launch: Launch, problems: LaunchProblems): RunProcess {
    const { containers } = launch.line;
    const closes = [launch.run?.runId, this.extras.parentRunId].filter((id) => id !== undefined);
    return new RunProcess({
      python: launch.python,
      supervisor: this.distFile('supervisor.py'),
      args: launch.args,
      folder: launch.folder,
      environment: launch.environment,
      runId: closes.join(','),
      size: this.screen.size,
      ...(containers === undefined ? {} : { containers }),
      onOutput: (text) => this.hear(launch, problems, text),
    });
  }

  private hear(launch: Launch, problems: LaunchProblems, text: string): void {
    this.screen.write(platform === 'win32' ? text.replaceAll(/\r?\n/g, '\r\n') : text);
    for (const traceback of this.tracebacks.read(text))
      this.after(async () => problems.add(traceback, launch.folder, await frameFiles(traceback, launch)));
    const found = launch.run ? undefined : this.reader.read(text);
    if (found !== undefined) this.after(() => this.adopt(launch, found));
  }

  /**
   * Without a question, where the setting says so; what is better looked at is offered when the run has ended, and kept
   * for the next window should this one go before.
   */
  private async store(runId: string, isHere: boolean): Promise<void> {
    await this.underWay?.keep(this.extras.parentRunId ?? runId, this.changes);
    if (!isHere || settings.storeChanges.get(this.folder.uri) !== 'always') return;
    const given = { changes: this.changes, quiet: true };
    if ((await vscode.commands.executeCommand(Command.source.storeChanges, given)) !== true) return;
    this.changes = [];
    this.underWay?.change({ changes: [] });
  }

  private after(work: () => Promise<void>): void {
    const warn = (error: unknown) => this.room.platform.log.warn(`run ${this.name}: ${String(error)}`);
    this.pending = this.pending.then(work).catch(warn);
  }

  /** A backend has made the run: what it does not know of it is written now. */
  private async adopt(launch: Launch, runId: string): Promise<void> {
    const { platform: services } = this.room;
    try {
      const name = await withStoreOf(services, launch.at, async (store) => {
        const run = await store.getRun(runId);
        await store.logBatch(runId, { tags: launch.laterTags });
        // Its maker may not have named it yet.
        return launch.line.runName ?? run.name;
      });
      services.log.audit('launch run', launch.at.connection.uri, { runId, backend: launch.line.backend ?? 'local' });
      this.know(launch, runId, name);
    } catch (error) {
      this.know(launch, runId, runId);
      services.commands.report(vscode.l10n.t('tag the run {0}', runId), error);
    }
  }

  /** Nothing of the process is left: so the run must not say that it runs. */
  private async settle(launch: Launch, exitCode: number): Promise<RunResult> {
    const end = { exitCode, ...(this.stoppedAt === undefined ? {} : { stoppedAt: this.stoppedAt }) };
    const { platform: services } = this.room;
    if (this.runId === undefined) return resultOf(end);
    try {
      return await closeRun(services, launch.at, this.runId, end);
    } catch (error) {
      services.commands.report(vscode.l10n.t('close the run {0}', this.name), error);
      return resultOf(end);
    }
  }

  private async leaveCheckout({ checkout }: Launch): Promise<void> {
    if (!checkout) return;
    const kept = () =>
      this.screen.write(`${dim(vscode.l10n.t('What the run left in {0} is kept.', checkout.root))}\r\n`);
    try {
      if (!(await checkout.release())) kept();
    } catch (error) {
      this.room.platform.log.warn(`the working tree ${checkout.root} stays: ${String(error)}`);
      kept();
    }
  }

  private distFile(name: string): string {
    return vscode.Uri.joinPath(this.room.platform.context.extensionUri, 'dist', name).fsPath;
  }
}
