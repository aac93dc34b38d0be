import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import type { Platform } from '../../src/platform/services';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { registerProjects } from '../../src/projects/projects';
import { LaunchMemory } from '../../src/projects/tasks/launchMemory';
import { ProjectTasks } from '../../src/projects/tasks/projectTasks';
import { ProjectsStore } from '../../src/projects/view/projectsStore';
import { type ProjectNode, ProjectsTree } from '../../src/projects/view/projectsTree';
import { memento } from '../support/memento';
import { until } from '../support/processTree';
import { CommandTable, newSession, runsOver } from './connectionsHarness';
import { mlproject, root, writeFiles } from './projectsHarness';

const idle: Connections = {
  state: { kind: 'none' },
  onDidChange: () => new vscode.Disposable(() => undefined),
  get: async () => undefined,
  require: () => Promise.reject(new Error('no server')),
  requireWritable: () => Promise.reject(new Error('no server')),
  showHint: () => undefined,
};

const label = (item: vscode.TreeItem) => (typeof item.label === 'string' ? item.label : item.label?.label);

describe('the projects of the workspace', () => {
  let store: ProjectsStore;
  let tree: ProjectsTree;

  before(() => {
    writeFiles();
    store = new ProjectsStore();
    tree = new ProjectsTree(store);
  });
  after(() => {
    tree.dispose();
    store.dispose();
    fs.rmSync(root(), { recursive: true, force: true });
  });

  const rows = async (node?: ProjectNode) =>
    (await tree.getChildren(node)).map((child) => ({ child, item: tree.getTreeItem(child) }));
  const rowOf = async (name: string) => (await rows()).find(({ item }) => label(item) === name);

  it('shows each MLproject, its entry points and their parameters; not those of environments', async () => {
    assert.deepEqual(
      (await rows()).map(({ item }) => [label(item), item.contextValue]),
      [
        ['flowdeck-examples', 'project'],
        ['launching', 'project'],
        ['broken', 'projectError'],
      ],
    );
    const launching = await rows((await rowOf('launching'))?.child);
    assert.deepEqual(
      launching.map(({ item }) => label(item)),
      ['main', 'needy', 'fails', 'forever'],
    );
    assert.ok(launching.every(({ item }) => item.contextValue === 'entryPoint'));
    const parameters = await rows(launching[0]?.child);
    assert.deepEqual(
      parameters.map(({ item }) => [label(item), item.description, item.contextValue]),
      [
        ['text', 'string = nothing', 'parameter'],
        ['rate', 'float = 0.5', 'parameter'],
        ['folder', 'path = .', 'parameter'],
      ],
    );
  });

  it('says what is wrong with a broken file and where, and opens it there', async () => {
    const broken = await rowOf('broken');
    assert.equal(
      broken?.item.description,
      'Parameter a must be a type, or a mapping with type and default (line 3, column 18)',
    );
    const table = new CommandTable(newSession().session.platform);
    const tasks = new ProjectTasks(
      { platform: table.platform, connections: idle, runs: runsOver(idle, [], []) },
      store,
    );
    new ProjectCommands(store, tasks, idle, new LaunchMemory(memento({}))).register(table.platform);
    await table.run('flowdeck.projects.openFile', broken?.child);
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.uri.fsPath, path.join(root(), 'broken', 'mlproject'));
    assert.deepEqual([editor.selection.start.line, editor.selection.start.character], [2, 17]);
    const launching = await rowOf('launching');
    const [, needy] = await rows(launching?.child);
    const [must] = await rows(needy?.child);
    await table.run('flowdeck.projects.openFile', must?.child);
    assert.equal(vscode.window.activeTextEditor?.selection.start.line, 9);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    tasks.dispose();
  });

  it('follows the files by itself', async () => {
    await tree.getChildren();
    let changes = 0;
    const listening = tree.onDidChangeTreeData(() => changes++);
    // Written more than once: the editor's watcher may still be on its way into the new folder. (It never gets into
    // one that came into being in the same moment as its parent, which is why `broken` will not do.)
    const file = path.join(root(), 'MLproject');
    const write = () => fs.writeFileSync(file, `${mlproject}  added: {command: x} # ${Date.now()}\n`);
    write();
    const writing = setInterval(write, 1_000);
    await until(
      () => changes > 0,
      () => 'the tree did not change',
    ).finally(() => clearInterval(writing));
    const launching = await rows((await rowOf('launching'))?.child);
    assert.equal(launching.length, 5);
    listening.dispose();
  });

  it('lists a task for each entry point', async () => {
    const tasks = new ProjectTasks(
      { platform: newSession().session.platform, connections: idle, runs: runsOver(idle, [], []) },
      store,
    );
    const names = (await tasks.provideTasks()).map(({ name, definition }) => [name, definition.project]);
    assert.ok(names.some(([name, project]) => name === 'main' && project === undefined));
    assert.ok(names.some(([name, project]) => name === 'fails (launching)' && project === 'launching'));
    tasks.dispose();
  });

  it('looks for nothing before it is asked, and leaves no listener', async () => {
    const { workspace, tasks, window } = vscode;
    const real = {
      watcher: workspace.createFileSystemWatcher,
      provider: tasks.registerTaskProvider,
      find: workspace.findFiles,
      files: workspace.registerFileSystemProvider,
    };
    const realView = window.createTreeView;
    let searches = 0;
    const open = new Set<string>();
    const counted = <T extends vscode.Disposable>(name: string, made: T): T => {
      open.add(name);
      const dispose = made.dispose.bind(made);
      return Object.assign(made, {
        dispose: () => {
          open.delete(name);
          dispose();
        },
      });
    };
    let provider: vscode.TreeDataProvider<ProjectNode> | undefined;
    let show: (event: vscode.TreeViewVisibilityChangeEvent) => void = () => undefined;
    Object.assign(workspace, {
      // The extension itself has these already, and VS Code takes them once.
      registerFileSystemProvider: () => counted('files', new vscode.Disposable(() => undefined)),
      createFileSystemWatcher: (glob: string) => counted('watcher', real.watcher.call(workspace, glob)),
      findFiles: (...args: Parameters<typeof real.find>) => {
        searches++;
        return real.find.apply(workspace, args);
      },
    });
    Object.assign(tasks, {
      registerTaskProvider: (type: string, given: vscode.TaskProvider) =>
        counted('provider', real.provider.call(tasks, type, given)),
    });
    // The view itself belongs to the extension that runs beside this test.
    Object.assign(window, {
      createTreeView: (_id: string, options: vscode.TreeViewOptions<ProjectNode>) => {
        provider = options.treeDataProvider;
        const onDidChangeVisibility = (listener: (event: vscode.TreeViewVisibilityChangeEvent) => void) => {
          show = listener;
          return counted('visibility', new vscode.Disposable(() => undefined));
        };
        return counted('view', Object.assign(new vscode.Disposable(() => undefined), { onDidChangeVisibility }));
      },
    });
    const { platform } = new CommandTable(newSession().session.platform);
    const context = { ...platform.context, workspaceState: memento({}) } as unknown as Platform['context'];
    const disposeAll = () => {
      for (const item of context.subscriptions.splice(0)) item.dispose();
    };
    try {
      registerProjects({ ...platform, context }, idle, runsOver(idle, [], []));
      show({ visible: true });
      assert.equal(searches, 0);
      assert.deepEqual([...open].sort(), ['files', 'provider', 'view', 'visibility']);
      assert.equal((await provider?.getChildren())?.length, 3);
      assert.deepEqual([searches, open.size], [1, 5]);
      show({ visible: false });
      await provider?.getChildren();
      assert.equal(searches, 1);
      show({ visible: true });
      await provider?.getChildren();
      assert.equal(searches, 2);
      disposeAll();
      assert.deepEqual([...open], []);
    } finally {
      // Whatever failed: who comes after is not to meet a second provider.
      disposeAll();
      Object.assign(workspace, {
        createFileSystemWatcher: real.watcher,
        findFiles: real.find,
        registerFileSystemProvider: real.files,
      });
      Object.assign(tasks, { registerTaskProvider: real.provider });
      Object.assign(window, { createTreeView: realView });
    }
  });
});
