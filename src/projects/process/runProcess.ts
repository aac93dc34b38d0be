import { type ChildProcess, spawn } from 'node:child_process';
import type { PythonCommand } from '../../platform/python';

export interface RunStart {
  readonly python: PythonCommand;
  /** dist/supervisor.py */
  readonly supervisor: string;
  /** Arguments of the Python that is run. */
  readonly args: readonly string[];
  /** The project's folder. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The run that is closed when the window is gone before the process; several with commas, none when empty. */
  readonly runId: string;
  readonly size: { readonly columns: number; readonly rows: number };
  /** The label of containers that it starts, which are ended with it. */
  readonly containers?: string;
  /** How long a process may take to end when it is asked; 5 when absent. */
  readonly graceSeconds?: number;
  readonly onOutput: (text: string) => void;
}

/** `mlflow run` with everything it starts, in a terminal of its own. supervisor.py tells how it is kept together. */
export class RunProcess {
  private readonly ending: Promise<number>;

  constructor(start: RunStart) {
    const {
      python,
      supervisor,
      args,
      folder,
      environment,
      runId,
      size,
      containers,
      graceSeconds = 5,
      onOutput,
    } = start;
    this.child = spawn(python.command, [...python.args, supervisor, ...args], {
      cwd: folder,
      env: {
        ...environment,
        FLOWDECK_RUN_ID: runId,
        FLOWDECK_GRACE_SECONDS: String(graceSeconds),
        ...(containers === undefined ? {} : { FLOWDECK_CONTAINERS: containers }),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Not of the window's own group: what is sent to that must not reach the one who ends the tree.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    // Writing to a supervisor that has gone is no fault.
    this.child.stdin?.on('error', () => undefined);
    for (const stream of [this.child.stdout, this.child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
    this.ending = new Promise((resolve) => {
      this.child.on('error', (error) => {
        onOutput(`${error.message}\n`);
        resolve(127);
      });
      this.child.on('close', (code) => resolve(code ?? 1));
    });
    this.resize(size);
  }

  private readonly child: ChildProcess;

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Resolves with the exit code when nothing of the tree is left. */
  get ended(): Promise<number> {
    return this.ending;
  }

  write(text: string): void {
    this.send({ input: text });
  }

  resize({ columns, rows }: { readonly columns: number; readonly rows: number }): void {
    this.send({ size: [columns, rows] });
  }

  /** Ends the tree: asked first, made to after the time of grace. */
  stop(): void {
    this.send({ stop: true });
  }

  /** The window goes: the tree is ended and its run closed without us. */
  release(): void {
    this.child.stdin?.end();
  }

  private send(message: unknown): void {
    if (this.child.stdin?.writable) this.child.stdin.write(`${JSON.stringify(message)}\n`);
  }
}
