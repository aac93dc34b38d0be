import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import type { Platform } from '../platform/services';
import { closeRun } from './closeRun';
import { type Launch, prepareLaunch } from './launch';
import { mlflowRunArguments, mlflowRunText } from './mlflowRun';
import { type RunResult, resultOf } from './runEnd';
import { RunProcess } from './runProcess';
import type { LaunchRequest } from './taskDefinition';

export interface RunServices {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly runs: RunsService;
}

export interface EndedRun {
  readonly request: LaunchRequest;
  readonly runId: string;
  readonly name: string;
  readonly result: RunResult;
  readonly exitCode: number;
}

export interface RunTerminalEvents {
  readonly onStart: (process: RunProcess) => void;
  readonly onEnd: (process: RunProcess, ended: EndedRun) => void;
}

const { platform } = process;
const interrupt = '\u0003';
const red = (text: string) => `\u001b[31m${text}\u001b[0m`;
const dim = (text: string) => `\u001b[2m${text}\u001b[0m`;

/**
 * The terminal of one task. A Pseudoterminal and no ProcessExecution, because the run must come into being when the
 * task starts and not when it is listed, because credentials would stand in the task object that every extension can
 * read, and because the process must end with the extension host. Colours, input and Ctrl-C work all the same: the
 * supervisor at the other end of the pipes gives the process a terminal of its own.
 */
export class RunTerminal implements vscode.Pseudoterminal {
  private readonly output = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.output.event;
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidClose = this.closed.event;
  private size = { columns: 80, rows: 24 };
  private process: RunProcess | undefined;
  /** ms; when somebody stopped it. */
  private stoppedAt: number | undefined;
  private readonly preparing = new AbortController();
  private isClosed = false;

  constructor(
    private readonly request: LaunchRequest,
    private readonly folder: vscode.WorkspaceFolder,
    private readonly services: RunServices,
    private readonly events: RunTerminalEvents,
  ) {}

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.size = size;
    this.run().then(
      (code) => this.end(code),
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.output.fire(`${red(message)}\r\n`);
        this.services.platform.commands.report(vscode.l10n.t('run {0}', this.request.entryPoint), error);
        this.end(1);
      },
    );
  }

  /** The task is terminated, or its terminal killed. */
  close(): void {
    this.isClosed = true;
    this.stop();
  }

  handleInput(text: string): void {
    // Programs may take an interrupt for a reason to end in order, so it is passed on like any other input.
    if (!text.includes(interrupt)) this.process?.write(text);
    else if (this.process) {
      this.stoppedAt ??= Date.now();
      this.process.write(text);
    } else this.stop();
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
    this.process?.resize(size);
  }

  private stop(): void {
    this.stoppedAt ??= Date.now();
    this.preparing.abort();
    this.process?.stop();
  }

  private async run(): Promise<number> {
    const { platform: services, connections, runs } = this.services;
    const launch = await prepareLaunch(this.request, this.folder, connections, services.log, this.preparing.signal);
    const { runId, name } = launch.run;
    runs.markChanged([runId]);
    runs.reveal(runId).catch((error: unknown) => services.log.warn(`cannot show run ${runId}: ${String(error)}`));
    this.output.fire(`${dim(`${mlflowRunText(launch.line)}  # run ${name} ${runId}`)}\r\n`);
    try {
      const process = this.spawn(launch);
      this.process = process;
      this.events.onStart(process);
      // Stopped while the run was being created.
      if (this.stoppedAt !== undefined) process.stop();
      const exitCode = await process.ended;
      const result = await this.settle(launch, exitCode);
      this.events.onEnd(process, { request: this.request, runId, name, result, exitCode });
      return exitCode;
    } catch (error) {
      // The system refuses to start it, for the length of its arguments say.
      await this.settle(launch, 127);
      throw error;
    } finally {
      runs.markChanged([runId]);
    }
  }

  private spawn({ python, line, folder, environment, run }: Launch): RunProcess {
    return new RunProcess({
      python,
      supervisor: vscode.Uri.joinPath(this.services.platform.context.extensionUri, 'dist', 'supervisor.py').fsPath,
      args: mlflowRunArguments(line),
      folder,
      environment,
      runId: run.runId,
      size: this.size,
      onOutput: (text) => this.output.fire(platform === 'win32' ? text.replaceAll(/\r?\n/g, '\r\n') : text),
    });
  }

  /** Nothing of the process is left: so the run must not say that it runs. */
  private async settle(launch: Launch, exitCode: number): Promise<RunResult> {
    const end = { exitCode, ...(this.stoppedAt === undefined ? {} : { stoppedAt: this.stoppedAt }) };
    const { platform: services } = this.services;
    try {
      return await closeRun(services, launch, end);
    } catch (error) {
      services.commands.report(vscode.l10n.t('close the run {0}', launch.run.name), error);
      return resultOf(end);
    }
  }

  private end(code: number): void {
    if (!this.isClosed) this.closed.fire(code);
    this.output.dispose();
    this.closed.dispose();
  }
}
