import * as vscode from 'vscode';
import type { MlProject, ProjectProblem } from '../mlproject/mlproject';

/** An MLproject file of the workspace and what stands in it. */
export interface FoundProject {
  readonly file: vscode.Uri;
  readonly folder: vscode.WorkspaceFolder;
  /** Folder of the file, relative to the workspace folder, `/` between parts; '' is that folder itself. */
  readonly path: string;
  readonly content: { readonly project: MlProject } | { readonly problem: ProjectProblem };
}

/** MLflow finds the file in any letter case. */
const anyCase = '**/[mM][lL][pP][rR][oO][jJ][eE][cC][tT]';
const neverInside = '**/{node_modules,.git,.venv,.tox,.nox,site-packages,__pycache__,mlruns,mlartifacts}/**';
const mostFiles = 500;
const settleMs = 200;

/** The projects of the open folders. Looks and watches from the first question on. */
export class ProjectsStore implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private known: Promise<readonly FoundProject[]> | undefined;
  private watching: vscode.Disposable | undefined;
  private timer: NodeJS.Timeout | undefined;

  /** In the order of the folders, then by path. */
  get(): Promise<readonly FoundProject[]> {
    this.watching ??= this.watch();
    if (!this.known) {
      const asked = findProjects();
      this.known = asked;
      asked.catch(() => {
        if (this.known === asked) this.known = undefined;
      });
    }
    return this.known;
  }

  refresh(): void {
    this.known = undefined;
    this.changed.fire();
  }

  /** For when somebody looks: the editor's watcher misses folders that come into being with all that is in them. */
  lookAgain(): void {
    if (this.known) this.refresh();
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watching?.dispose();
    this.changed.dispose();
  }

  private watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(anyCase);
    // A checkout touches many files at once.
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), settleMs);
    };
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(soon),
      watcher.onDidCreate(soon),
      watcher.onDidDelete(soon),
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
    );
  }
}

async function findProjects(): Promise<readonly FoundProject[]> {
  const files = await vscode.workspace.findFiles(anyCase, neverInside, mostFiles);
  const isEnvironment = environmentTest();
  const found = await Promise.all(
    files.map(async (file) => {
      const folder = vscode.workspace.getWorkspaceFolder(file);
      return folder && !(await isEnvironment(file, folder)) ? readProject(file, folder) : [];
    }),
  );
  const order = ({ folder, path }: FoundProject) => `${String(folder.index).padStart(4, '0')} ${path}`;
  return found.flat().sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** A folder without an MLproject file, which MLflow takes for one whose file is empty: scripts run from it. */
export const bareProject = (place: vscode.Uri, folder: vscode.WorkspaceFolder, path: string): FoundProject => ({
  file: vscode.Uri.joinPath(place, 'MLproject'),
  folder,
  path,
  content: { project: { entryPoints: [] } },
});

/** Reads one file. Never throws for what stands in it. */
export async function readProject(file: vscode.Uri, folder: vscode.WorkspaceFolder): Promise<FoundProject> {
  const { maxProjectBytes } = await import('../mlproject/mlproject');
  const path = file.path.slice(folder.uri.path.length).split('/').filter(Boolean).slice(0, -1).join('/');
  const { size } = await vscode.workspace.fs.stat(file);
  const bytes = size > maxProjectBytes ? new Uint8Array(maxProjectBytes + 1) : await vscode.workspace.fs.readFile(file);
  const content = await projectContent(bytes, (name) => isThere(vscode.Uri.joinPath(file, '..', name)));
  return { file, folder, path, content };
}

/** What stands in a file; `exists` knows the names beside it. */
export async function projectContent(
  bytes: Uint8Array,
  exists: (name: string) => Promise<boolean>,
): Promise<FoundProject['content']> {
  const { missingEnvironment, parseMlproject } = await import('../mlproject/mlproject');
  const parsed = await parseMlproject(bytes);
  if (!parsed.ok) return { problem: parsed.problem };
  const problem = await missingEnvironment(parsed.project, exists);
  return problem ? { problem } : { project: parsed.project };
}

/** Whether a file lies in a virtual environment of any name: these have a `pyvenv.cfg` at their top. */
function environmentTest(): (file: vscode.Uri, folder: vscode.WorkspaceFolder) => Promise<boolean> {
  const asked = new Map<string, Promise<boolean>>();
  return async (file, folder) => {
    for (let at = vscode.Uri.joinPath(file, '..'); at.path.length > folder.uri.path.length; ) {
      const key = at.toString();
      const answer = asked.get(key) ?? isThere(vscode.Uri.joinPath(at, 'pyvenv.cfg'));
      asked.set(key, answer);
      if (await answer) return true;
      at = vscode.Uri.joinPath(at, '..');
    }
    return false;
  };
}

async function isThere(file: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(file);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return false;
    throw error;
  }
}
