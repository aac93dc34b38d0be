import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { commit, git, makeRepository } from '../live/gitFixture';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';
import {
  type Asked,
  CommandWatch,
  type Harness,
  key,
  Person,
  type ShownFile,
  sourceHarness,
  until,
  workspaceFolder,
} from './sourceHarness';

export const at = (id: string) => ({ [key('commit')]: id });
/** What `train.py` of a code scene holds. */
export const train = (value: string) => `import helpers\nfrom lib.net import Net\nprint("${value}")\n`;
/** Answers with the choice that holds these words. */
export const picking = (part: string) => (asked: Asked) =>
  asked.kind === 'pick' ? asked.choices.find((choice) => choice.includes(part)) : undefined;
export const names = (files: readonly ShownFile[]) => files.map((file) => file.name);
export const text = async (uri: vscode.Uri | undefined) =>
  uri === undefined ? undefined : Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();

/** A tab by its title: which differences are in it VS Code tells nobody. */
export const tab = (title: string) =>
  until(`the tab ${title}`, () => {
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    return activeTab?.label.startsWith(title) ? activeTab : undefined;
  });

/** A server, and a repository in the open folder with a rename, a merge and a remote; as each test finds it, clean and on `main`. */
export class CodeScene {
  readonly folder: string;
  /** A folder beside the open one. */
  readonly outside: string;
  readonly ids = { first: '', second: '', merge: '' };
  private started: { readonly server: MlflowServer; readonly harness: Harness } | undefined;
  private doubles: { readonly person: Person; watch: CommandWatch } | undefined;

  /** For the beginning of a `describe`. */
  constructor(
    version: MlflowVersion,
    readonly name: string,
  ) {
    const open = workspaceFolder();
    this.folder = path.join(open, name);
    this.outside = path.join(path.dirname(open), `${path.basename(open)}-${name}`);
    before(async () => {
      const server = await startMlflowServer(version);
      this.started = { server, harness: await sourceHarness(server.uri) };
      fs.mkdirSync(this.outside, { recursive: true });
      this.fill();
    });
    after(async () => {
      this.started?.harness.dispose();
      await this.started?.server.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const made of [this.folder, this.outside]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      this.doubles = { person: new Person(), watch: new CommandWatch('vscode.openFolder') };
    });
    afterEach(async () => {
      this.doubles?.person.restore();
      this.doubles?.watch.restore();
      git(this.folder, 'checkout', '-q', '-f', 'main');
      git(this.folder, 'clean', '-fdq');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });
  }

  get server(): MlflowServer {
    return known(this.started).server;
  }

  get harness(): Harness {
    return known(this.started).harness;
  }

  get person(): Person {
    return known(this.doubles).person;
  }

  get watch(): CommandWatch {
    return known(this.doubles).watch;
  }

  /** Holds other commands back than the opening of a folder. */
  hold(...commands: readonly string[]): void {
    this.watch.restore();
    known(this.doubles).watch = new CommandWatch(...commands);
  }

  /** Makes a run of `train.py` and gives its id. */
  async run(
    tags: Record<string, string>,
    startTime = Date.now(),
    params: Record<string, string> = {},
  ): Promise<string> {
    const { runId } = await this.harness.store.createRun({
      experimentId: '0',
      startTime,
      tags: { 'mlflow.source.name': 'train.py', [key('repoURL')]: 'https://u:s3cret@github.com/ada/code', ...tags },
    });
    for (const [param, value] of Object.entries(params)) await this.harness.store.logParam(runId, param, value);
    return runId;
  }

  fileNamed(wanted: string): ShownFile | undefined {
    return this.watch.changes().files.find((file) => file.name === wanted);
  }

  /** The patch of what `change` does to the folder, which is as before then. */
  patchOf(change: () => void): string {
    change();
    git(this.folder, 'add', '-A');
    const patch = `${git(this.folder, 'diff', '--binary', '--cached')}\n`;
    git(this.folder, 'reset', '-q', '--hard');
    return patch;
  }

  private fill(): void {
    const { folder, ids } = this;
    makeRepository(folder);
    git(folder, 'remote', 'add', 'origin', 'git@github.com:ada/code.git');
    ids.first = commit(folder, 'First steps\n\nWith a body.', {
      'train.py': train('first'),
      'helpers.py': 'one = 1\n',
      'lib/__init__.py': '',
      'lib/net.py': 'class Net: pass\n',
      'README.md': 'one\n',
      'old name.py': 'a long enough file\nto be found again\nwhen it moves\n',
    });
    git(folder, 'mv', 'old name.py', 'new name.py');
    ids.second = commit(folder, 'Second thoughts', {
      'train.py': train('second'),
      'lib/net.py': 'class Net:\n  deep = True\n',
      'README.md': 'two\n',
    });
    git(folder, 'checkout', '-q', '-b', 'side', ids.first);
    commit(folder, 'On the side', { 'side.py': '1\n' });
    git(folder, 'checkout', '-q', 'main');
    git(folder, 'merge', '-q', '-m', 'Merge the side', 'side');
    ids.merge = git(folder, 'rev-parse', 'HEAD');
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the scene has not begun');
  return value;
}
