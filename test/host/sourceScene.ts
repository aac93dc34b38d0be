import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { commit, git, makeRepository } from '../live/gitFixture';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';
import { type Asked, type Harness, Person, sourceHarness, workspaceFolder } from './sourceHarness';

/** A server, and a clone in the open folder of a repository beside it; as each test finds it, clean and on `main`. */
export class SourceScene {
  readonly folder: string;
  readonly upstream: string;
  /** Of the clone its first and its last commit, and one that only the other repository has. */
  readonly ids = { first: '', head: '', unfetched: '' };
  server!: MlflowServer;
  harness!: Harness;
  person!: Person;

  /** For the beginning of a `describe`. */
  constructor(
    version: MlflowVersion,
    readonly name: string,
  ) {
    const open = workspaceFolder();
    this.folder = path.join(open, name);
    this.upstream = path.join(path.dirname(open), `${path.basename(open)}-${name}-upstream`);
    before(async () => {
      this.server = await startMlflowServer(version);
      this.harness = await sourceHarness(this.server.uri);
      this.fill();
    });
    after(async () => {
      this.harness?.dispose();
      await this.server?.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const made of [this.folder, this.upstream]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      this.person = new Person();
      this.person.answer = this.chooseRepository;
      this.harness.readOnly = false;
      git(this.folder, 'remote', 'set-url', 'origin', pathToFileURL(this.upstream).href);
    });
    afterEach(async () => {
      this.person.restore();
      git(this.folder, 'checkout', '-q', '-f', 'main');
      git(this.folder, 'clean', '-fdq');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });
  }

  readonly chooseRepository = ({ kind, choices }: Asked) =>
    kind === 'pick' ? choices.find((choice) => choice.includes(`$(repo) ${this.name} `)) : undefined;

  /** Takes this repository where one is asked for, and answers the rest by a rule. */
  readonly answering = (rule: (asked: Asked) => string | undefined) => (asked: Asked) =>
    this.chooseRepository(asked) ?? rule(asked);

  /** Makes a run of `train.py` and gives its id. */
  readonly run = async (tags: Record<string, string> = {}) => {
    const all = { 'mlflow.source.name': 'train.py', ...tags };
    return (await this.harness.store.createRun({ experimentId: '0', tags: all })).runId;
  };

  readonly tagsOf = async (runId: string) => ({ ...(await this.harness.store.getRun(runId)).tags });

  private fill(): void {
    const { folder, upstream, ids } = this;
    makeRepository(upstream);
    ids.first = commit(upstream, 'First steps', { 'train.py': 'print("first")\n', 'gone.py': 'print("gone")\n' });
    commit(upstream, 'Second thoughts', { 'train.py': 'print("second")\n' });
    git(path.dirname(folder), 'clone', '-q', pathToFileURL(upstream).href, this.name);
    fs.rmSync(path.join(folder, 'gone.py'));
    ids.head = commit(folder, 'Drop a file', {});
    ids.unfetched = commit(upstream, 'Only upstream', { 'train.py': 'print("upstream")\n' });
  }
}
