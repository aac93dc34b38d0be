import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { MlflowError } from '../../mlflow/mlflowError';
import type { PythonCommand } from '../../platform/python';
import { lastLine, serverEnvironment } from './runPython';

export interface ServerStart {
  readonly python: PythonCommand;
  /** Holds the store; relative paths of old runs are read from here. */
  readonly folder: string;
  /** `sqlite:///mlflow.db` or `./mlruns` */
  readonly backendStore: string;
  /** dist/watchdog.js */
  readonly watchdog: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onOutput: (text: string) => void;
}

const pollMs = 250;

/** An official `mlflow server` on loopback whose whole process group ends with this process. */
export class ServerProcess {
  private ended = false;
  private output = '';

  private constructor(
    readonly uri: string,
    private readonly child: ChildProcess,
    onOutput: (text: string) => void,
  ) {
    child.on('exit', () => {
      this.ended = true;
    });
    child.on('error', (error) => {
      this.ended = true;
      this.collect(`${error.message}\n`, onOutput);
    });
    // Writing to a watchdog that has gone is no fault.
    child.stdin?.on('error', () => undefined);
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => this.collect(text, onOutput));
  }

  /** Starts it; `waitUntilHealthy` tells when it answers. */
  static async start({
    python,
    folder,
    backendStore,
    watchdog,
    environment,
    onOutput,
  }: ServerStart): Promise<ServerProcess> {
    const port = await freePort();
    const server = ['-m', 'mlflow', 'server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
    const args = [...python.args, ...server, '--backend-store-uri', backendStore];
    onOutput(`${python.label} ${server.join(' ')} --backend-store-uri ${backendStore}\n`);
    const child = spawn(process.execPath, [watchdog, python.command, ...args], {
      cwd: folder,
      // On the desktop this program is VS Code itself, which is Node when told so.
      env: { ...serverEnvironment(python, environment), ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    return new ServerProcess(`http://127.0.0.1:${port}`, child, onOutput);
  }

  get isRunning(): boolean {
    return !this.ended;
  }

  onDidEnd(listener: () => void): void {
    this.child.on('exit', listener);
  }

  /**
   * Resolves once `isHealthy` says so while the process runs. MLflow 3 that finds its port taken ends with code 0, and
   * then another server answers: a process that ended is never healthy.
   */
  async waitUntilHealthy(isHealthy: (uri: string) => Promise<boolean>, signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) throw new MlflowError('cancelled', 'Cancelled.');
      if (this.ended) throw this.startFailure();
      if ((await isHealthy(this.uri)) && !this.ended) return;
      await delay(pollMs);
    }
  }

  /** Ends the group; resolves when nothing of it is left. */
  async stop(): Promise<void> {
    if (this.ended) return;
    const closed = once(this.child, 'exit');
    this.release();
    await closed;
  }

  /** Lets the watchdog end the group without waiting for it. */
  release(): void {
    this.child.stdin?.end();
  }

  private collect(text: string, onOutput: (text: string) => void): void {
    this.output = (this.output + text).slice(-8_000);
    onOutput(text);
  }

  private startFailure(): MlflowError {
    return new MlflowError(
      'server',
      `The MLflow server ended before it answered: ${lastLine(this.output) || 'it printed nothing'}`,
      {
        advice: 'Its terminal shows all it said.',
      },
    );
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('There is no free port.')),
      );
    });
  });
}
