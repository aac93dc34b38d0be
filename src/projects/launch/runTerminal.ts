import * as vscode from 'vscode';
import type { LaunchRequest } from '../request/taskDefinition';
import { LaunchedRun, red } from './launchedRun';
import type { EndedRun, LaunchRoom, RunExtras } from './launchTypes';

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
  private isClosed = false;
  private readonly launched: LaunchedRun;

  constructor(
    private readonly request: LaunchRequest,
    folder: vscode.WorkspaceFolder,
    private readonly room: LaunchRoom,
    private readonly onEnd: (ended: EndedRun) => void,
    private readonly extras: RunExtras = {},
  ) {
    const terminal = this;
    const screen = {
      write: (text: string) => this.output.fire(text),
      get size() {
        return terminal.size;
      },
    };
    this.launched = new LaunchedRun(room, request, folder, screen, extras);
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size) this.size = size;
    this.launched.run().then(
      (ended) => {
        this.onEnd(ended);
        this.end(ended.exitCode);
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        this.output.fire(`${red(message)}\r\n`);
        this.room.platform.commands.report(vscode.l10n.t('run {0}', this.request.entryPoint), error);
        this.extras.onRefused?.();
        this.end(1);
      },
    );
  }

  /** The task is terminated, or its terminal killed. */
  close(): void {
    this.isClosed = true;
    this.launched.stop();
  }

  handleInput(text: string): void {
    this.launched.input(text);
  }

  setDimensions(size: vscode.TerminalDimensions): void {
    this.size = size;
    this.launched.resize(size);
  }

  private end(code: number): void {
    if (!this.isClosed) this.closed.fire(code);
    this.output.dispose();
    this.closed.dispose();
  }
}
