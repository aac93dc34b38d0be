import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import type { Commands } from '../../src/platform/commands';
import { allExperimentIds } from '../../src/source/allExperiments';
import { HeadGroup } from '../../src/source/runsOf/headGroup';
import { RunsOfCommands } from '../../src/source/runsOf/runsOfCommands';
import { commit, git, makeRepository } from '../live/gitFixture';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';
import { type Harness, key, Person, sourceHarness, workspaceFolder } from './sourceHarness';

type Handler = (...args: readonly unknown[]) => unknown;

interface OpenedTable {
  readonly scope: { readonly experimentIds?: readonly string[]; readonly runIds?: readonly string[] };
  readonly filter?: string;
  readonly title: string;
}

/**
 * A server with runs of the commits, branches, files and projects of a repository in the open folder, and of others. The
 * tables that are opened are kept instead of shown.
 */
export class RunsOfScene {
  readonly folder: string;
  /** Another repository with the same branches and files. */
  private readonly other: string;
  readonly ids = { first: '', head: '' };
  readonly runIds: Record<string, string> = {};
  readonly opened: OpenedTable[] = [];
  readonly realExecute = vscode.commands.executeCommand;
  private readonly handlers = new Map<string, Handler>();
  server!: MlflowServer;
  harness!: Harness;
  group!: HeadGroup;
  person!: Person;
  experimentId = '';

  /** For the beginning of a `describe`. */
  constructor(
    version: MlflowVersion,
    readonly name: string,
  ) {
    this.folder = path.join(workspaceFolder(), name);
    this.other = path.join(workspaceFolder(), `${name}-other`);
    before(async () => {
      this.server = await startMlflowServer(version);
      this.harness = await sourceHarness(this.server.uri);
      await this.fill();
      this.group = new HeadGroup(this.harness);
      const commands: Commands = {
        register: (id, _action, handler) => void this.handlers.set(id, handler),
        registerLater: () => undefined,
        report: (_action, error) => assert.fail(String(error)),
      };
      new RunsOfCommands(this.harness, this.group).register(commands);
    });
    after(async () => {
      this.group?.dispose();
      this.harness?.dispose();
      await this.server?.dispose();
      for (const made of [this.folder, this.other]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      this.person = new Person();
      this.opened.length = 0;
      this.harness.repositories.forget();
      Object.assign(vscode.commands, {
        executeCommand: async (id: string, ...args: unknown[]) => {
          if (id === 'flowdeck.runs.openTable') this.opened.push(args[0] as OpenedTable);
          else await this.realExecute(id, ...args);
        },
      });
    });
    afterEach(() => {
      Object.assign(vscode.commands, { executeCommand: this.realExecute });
      this.person.restore();
    });
  }

  /** Runs a command by the last word of its id. */
  readonly run = (id: string, ...args: unknown[]) =>
    Promise.resolve(this.handlers.get(`flowdeck.source.${id}`)?.(...args));

  readonly make = async (label: string, tags: Record<string, string>) => {
    const { experimentId } = this;
    this.runIds[label] = (await this.harness.store.createRun({ experimentId, name: label, tags })).runId;
  };

  /** Takes this repository where one is asked for, else the first choice that reads like this. */
  readonly choosing = (label: RegExp) => (asked: { choices: readonly string[] }) =>
    asked.choices.find((choice) => choice.includes(`$(repo) ${this.name} `)) ??
    asked.choices.find((choice) => label.test(choice));

  /** What the table would show: its filter judged by the server. */
  readonly namesShown = async (): Promise<string[]> => {
    const [panel] = this.opened;
    assert.ok(panel);
    const all = await allExperimentIds(this.harness.store);
    const { items } = await this.harness.store.searchRuns({ experimentIds: all, maxResults: 1_000 });
    if (panel.scope.runIds)
      return items
        .filter(({ runId }) => panel.scope.runIds?.includes(runId))
        .map((run) => run.name)
        .sort();
    const { parseFilter } = await import('../../src/shared/filter/parse');
    const { evaluateFilter, rowOfRun } = await import('../../src/shared/filter/evaluate');
    const parsed = parseFilter(panel.filter ?? '', Date.now());
    assert.ok(parsed.ok);
    assert.deepEqual(panel.scope.experimentIds?.toSorted(), all.toSorted());
    return items
      .filter((item) => evaluateFilter(parsed.filter, rowOfRun(item)))
      .map((item) => item.name)
      .sort();
  };

  private async fill(): Promise<void> {
    const { folder, other, ids, make } = this;
    makeRepository(folder);
    git(folder, 'remote', 'add', 'origin', 'git@example.org:ada/code.git');
    makeRepository(other);
    const foreign = commit(other, 'Foreign', { 'train.py': 'x' });
    git(other, 'checkout', '-q', '-b', 'feature');
    commit(other, 'Foreign head', { 'train.py': 'y' });
    ids.first = commit(folder, 'First', {
      'old.py': 'a\nb\nc\n',
      'proj/MLproject': 'name: p\nentry_points:\n  fit:\n    command: "x"\n',
    });
    git(folder, 'mv', 'old.py', 'train.py');
    commit(folder, 'Rename', {});
    git(folder, 'checkout', '-q', '-b', 'feature');
    ids.head = commit(folder, 'On the branch', { 'other.py': 'x' });
    this.experimentId = await this.harness.store.createExperiment('code');
    await make('first', { [key('commit')]: ids.first });
    await make('head', { [key('commit')]: ids.head, [key('branch')]: 'feature' });
    await make('rebased', { [key('commit')]: 'f'.repeat(40), [key('branch')]: 'feature' });
    await make('by name', { 'mlflow.source.name': `/elsewhere/${'train.py'}` });
    // Of other repositories: one that is not open, as it says itself, and one that is, by its commit.
    const namesake = { [key('branch')]: 'feature', 'mlflow.source.name': '/elsewhere/train.py' };
    await make('named', {
      ...namesake,
      [key('repoURL')]: 'https://example.org/bob/other',
      [key('commit')]: 'b'.repeat(40),
    });
    await make('foreign', { ...namesake, [key('commit')]: foreign });
    await make('beside', { 'mlflow.source.name': path.join(other, 'train.py') });
    const cloned = { ...namesake, [key('repoURL')]: 'https://ci:s3cret@example.org/ada/code' };
    await make('cloned', { ...cloned, [key('commit')]: 'c'.repeat(40) });
    const project = { 'mlflow.source.type': 'PROJECT', 'mlflow.project.entryPoint': 'fit' };
    await make('project', { ...project, 'mlflow.source.name': `${pathToFileURL(folder).href}#proj` });
    // In a working tree of its own that is not open, with a commit that this repository has.
    const beside = `${pathToFileURL(`${folder}.worktrees/topic`).href}#proj`;
    const loose = git(folder, 'commit-tree', '-m', 'On no branch', `${ids.head}^{tree}`);
    await make('project beside', { ...project, 'mlflow.source.name': beside, [key('commit')]: loose });
    await make('other project', { ...project, 'mlflow.source.name': 'file:///elsewhere#proj' });
  }
}
