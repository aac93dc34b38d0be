import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { makeWorkspace } from '../../../scripts/lib/workspace.mjs';
import { type MlflowServer, type MlflowVersion, mlflowPython, startMlflowServer } from '../../support/mlflowServer';
import { Workbench, type WorkbenchOptions } from './workbench';

/** What is there before VS Code opens. */
export interface Ground {
  readonly server: MlflowServer;
  /** The folder that VS Code opens. */
  readonly folder: string;
  /** Does something when the tests are over, VS Code is closed and the server still runs; the last one named comes first. */
  readonly atEnd: (end: () => unknown) => void;
}

/** Where a user-interface test takes place. */
export interface Scene extends Ground {
  readonly workbench: Workbench;
}

export interface SceneOptions extends Pick<WorkbenchOptions, 'settings' | 'env' | 'workspaceTrust' | 'extensions'> {
  /** Default: MLflow 3.17.2; `none` where no server is known. */
  readonly server?: MlflowVersion | 'none';
  /** `example`, the default, is the example project as a git repository; `empty` is a folder without anything. */
  readonly folder?: 'example' | 'empty';
  /** A `.code-workspace` file of the folder that is opened in its place; `fill` writes it. */
  readonly workspaceFile?: string;
  /** Whether the user's settings name the server; default: yes. */
  readonly connected?: boolean;
  /** `flowdeck.refresh.intervalSeconds`; default 0, so that only what a test does changes what is shown. */
  readonly refreshSeconds?: number;
  /** Fills the server and the folder before VS Code opens. */
  readonly fill?: (ground: Ground) => Promise<unknown>;
}

/**
 * For the beginning of a `describe`: a server, a folder and a VS Code of its own for the tests that follow, ended after
 * them; a picture is kept of each failure.
 * @param opened hears of them before the first test, and may open what all tests work with
 */
export function openScene(options: SceneOptions, opened: (scene: Scene) => unknown): void {
  const stage = new Stage(options);
  before(async () => {
    await stage.prepare();
    await options.fill?.(stage);
    await stage.open();
    await opened(stage);
  });
  after(() => stage.close());
  afterEach(async function () {
    await stage.keepFailure(this.currentTest);
  });
}

class Stage implements Scene {
  private startedServer: MlflowServer | undefined;
  private openedWorkbench: Workbench | undefined;
  private madeFolder = '';
  private readonly ends: (() => unknown)[] = [];

  constructor(private readonly options: SceneOptions) {}

  get server(): MlflowServer {
    if (!this.startedServer) throw new Error('this scene has no server');
    return this.startedServer;
  }

  get workbench(): Workbench {
    if (!this.openedWorkbench) throw new Error('VS Code is not open yet');
    return this.openedWorkbench;
  }

  get folder(): string {
    return this.madeFolder;
  }

  readonly atEnd = (end: () => unknown): void => {
    this.ends.push(end);
  };

  async prepare(): Promise<void> {
    const { server = '3.17.2', folder = 'example' } = this.options;
    const making = folder === 'example' ? makeWorkspace(process.env.FLOWDECK_ROOT ?? process.cwd()) : emptyFolder();
    const starting = server === 'none' ? undefined : startMlflowServer(server);
    // One that fails must not leave the other one behind.
    const [made, started] = await Promise.allSettled([making, starting]);
    if (made.status === 'fulfilled') this.atEnd(() => made.value.dispose());
    if (started.status === 'fulfilled') this.atEnd(() => started.value?.dispose());
    if (made.status === 'rejected') throw made.reason;
    if (started.status === 'rejected') throw started.reason;
    this.madeFolder = made.value.folder;
    this.startedServer = started.value;
  }

  async open(): Promise<void> {
    const {
      connected = this.options.server !== 'none',
      refreshSeconds = 0,
      settings,
      env,
      extensions = [],
      workspaceFile = '',
    } = this.options;
    this.openedWorkbench = await Workbench.start({
      folder: path.join(this.folder, workspaceFile),
      workspaceTrust: this.options.workspaceTrust ?? false,
      // What the shell that runs the tests is connected to is not what they are about.
      env: { MLFLOW_TRACKING_URI: undefined, ...env },
      extensions,
      settings: {
        ...(connected ? { 'flowdeck.trackingUri': this.server.uri } : {}),
        'flowdeck.refresh.intervalSeconds': refreshSeconds,
        ...settings,
      },
    });
  }

  async keepFailure(test: Mocha.Test | undefined): Promise<void> {
    await this.openedWorkbench?.keepFailure(test);
  }

  /** @throws when the extension made errors, once everything is ended */
  async close(): Promise<void> {
    try {
      await this.openedWorkbench?.close();
    } finally {
      for (const end of this.ends.reverse()) await end();
    }
  }
}

/** Which Python launches: a setting of the machine, which a user's settings in the browser do not reach. `more` is set too. */
export function usePython(folder: string, python = mlflowPython('3.17.2'), more: Record<string, unknown> = {}): void {
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  const settings = { 'flowdeck.python.path': python, ...more };
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
}

async function emptyFolder(): Promise<{ folder: string; dispose: () => void }> {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-folder-')));
  return { folder, dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}
