import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { GitError } from '../../src/git/gitError';
import { GitRepository } from '../../src/git/gitRepository';
import { MlflowError } from '../../src/mlflow/mlflowError';
import type { Run } from '../../src/shared/domain';
import { AutoTag } from '../../src/source/autoTag';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, mlflowPython, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Harness, key, Person, sourceHarness, until, workspaceFolder } from './sourceHarness';

/** MLflow records a commit by itself where GitPython can be had: for whom it cannot, this stands in its place. */
const noGitPython = path.join(os.tmpdir(), `flowdeck-nogit-${process.pid}`);
const noGit = { PYTHONPATH: noGitPython };
const script = "import mlflow\nwith mlflow.start_run(): mlflow.log_metric('a', 1)\n";

/** The extension's own collection cannot be had here: this one is given to the terminals by hand. */
class Collection implements Pick<vscode.EnvironmentVariableCollection, 'replace' | 'delete'> {
  readonly values = new Map<string, string>();
  persistent = true;
  description: string | undefined;
  replace(variable: string, value: string): void {
    this.values.set(variable, value);
  }
  delete(variable: string): void {
    this.values.delete(variable);
  }
}

for (const version of generations)
  describe(`automatic tagging, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `auto-${version}`;
    const folder = path.join(workspaceFolder(), name);
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let auto: AutoTag;
    let collection: Collection;
    let head = '';

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(folder);
      write(noGitPython, 'git.py', "raise ImportError('no GitPython')\n");
      head = commit(folder, 'First', { 'train.py': script });
    });
    after(async () => {
      harness?.dispose();
      await server?.dispose();
      for (const made of [folder, noGitPython]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
      collection = new Collection();
      auto = new AutoTag(harness, collection as unknown as vscode.EnvironmentVariableCollection);
    });
    afterEach(() => {
      auto.dispose();
      person.restore();
    });

    /** Runs the script as a task in a real terminal of this window and gives the run it made. */
    async function runTask(env: Readonly<Record<string, string>>): Promise<string> {
      const before = new Set(
        (await harness.store.searchRuns({ experimentIds: ['0'] })).items.map(({ runId }) => runId),
      );
      const python = mlflowPython(version);
      const options = { cwd: folder, env: { MLFLOW_TRACKING_URI: server.uri, ...env } };
      const execution = new vscode.ProcessExecution(python, ['train.py'], options);
      const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Workspace, name, 'test', execution, []);
      const ended = new Promise<number | undefined>((resolve) => {
        const listening = vscode.tasks.onDidEndTaskProcess(({ execution: done, exitCode }) => {
          if (done.task.name !== name) return;
          listening.dispose();
          resolve(exitCode);
        });
      });
      await vscode.tasks.executeTask(task);
      assert.equal(await ended, 0);
      const runs = (await harness.store.searchRuns({ experimentIds: ['0'] })).items;
      const made = runs.filter(({ runId }) => !before.has(runId));
      assert.equal(made.length, 1);
      return made[0]?.runId ?? '';
    }
    const tagsOf = async (runId: string) => ({ ...(await harness.store.getRun(runId)).tags });

    it('tags what was started in a task of this window, once, and undo brings the tags back exactly', async () => {
      const runId = await runTask({ ...noGit, ...Object.fromEntries(collection.values) });
      await until('the commit', async () => {
        await auto.look();
        return (await tagsOf(runId))[key('commit')];
      });
      const tags = await tagsOf(runId);
      assert.deepEqual([tags[key('commit')], tags[key('branch')], tags[key('dirty')]], [head, 'main', 'false']);
      assert.equal(tags['flowdeck.window'], undefined);
      assert.match(person.asked.at(-1)?.message ?? '', /^Tagged run .* with [0-9a-f]{7} \(main\)\.$/);
      assert.match(harness.audits.at(-1) ?? '', /^tag run automatically/);

      person.answer = ({ choices }) => choices.find((choice) => choice === 'Undo');
      const other = await runTask({ ...noGit, ...Object.fromEntries(collection.values) });
      await until('the tags of before', async () => {
        await auto.look();
        const undone = harness.audits.at(-1)?.startsWith('undo tagging') === true;
        return undone ? (await tagsOf(other))['flowdeck.window'] : undefined;
      });
      await auto.look();
      assert.equal((await tagsOf(other))[key('commit')], undefined, 'what was undone is not tagged again');
    });

    it('tags with what stood there when the task was started, not with what stands there later', async () => {
      write(
        folder,
        'train.py',
        `${script}import os, time\nopen('begun', 'w')\nwhile not os.path.exists('go'): time.sleep(0.05)\n`,
      );
      git(folder, 'commit', '-q', '-am', 'Waits');
      const started = git(folder, 'rev-parse', 'HEAD');
      write(folder, 'other.py', 'not committed yet\n');
      const running = runTask({ ...noGit, ...Object.fromEntries(collection.values) });
      await until('the run', () => (fs.existsSync(path.join(folder, 'begun')) ? true : undefined));
      git(folder, 'add', 'other.py');
      git(folder, 'commit', '-q', '-m', 'Meanwhile');
      write(folder, 'go', '');
      const runId = await running;
      await until('the commit', async () => {
        await auto.look();
        return (await tagsOf(runId))[key('commit')];
      });
      const tags = await tagsOf(runId);
      assert.deepEqual([tags[key('commit')], tags[key('branch')], tags[key('dirty')]], [started, 'main', 'true']);
      for (const file of ['begun', 'go']) fs.rmSync(path.join(folder, file));
      head = git(folder, 'rev-parse', 'HEAD');
    });

    it('tags none whose head moved between the start of the task and the run, and says so', async () => {
      write(
        folder,
        'train.py',
        `import os, time\nopen('begun', 'w')\nwhile not os.path.exists('go'): time.sleep(0.05)\n${script}`,
      );
      git(folder, 'commit', '-q', '-am', 'Waits first');
      const running = runTask({ ...noGit, ...Object.fromEntries(collection.values) });
      await until('the program', () => (fs.existsSync(path.join(folder, 'begun')) ? true : undefined));
      // The log of the head knows seconds.
      await new Promise((resolve) => setTimeout(resolve, 1_100));
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'Between');
      write(folder, 'go', '');
      const runId = await running;
      await auto.look();
      const tags = await tagsOf(runId);
      assert.deepEqual([tags[key('commit')], typeof tags['flowdeck.window']], [undefined, 'string']);
      for (const file of ['begun', 'go']) fs.rmSync(path.join(folder, file));
      write(folder, 'train.py', script);
      git(folder, 'commit', '-q', '-am', 'As before');
      head = git(folder, 'rev-parse', 'HEAD');
    });

    const gate = path.join(noGitPython, 'go');
    /** Begins its run when the gate is open: on a busy machine VS Code may tell late that a command was started. */
    const gated = `import os, time\nwhile not os.path.exists('${gate}'): time.sleep(0.05)\n${script}`;
    const openGate = () => write(noGitPython, 'go', '');

    /** Types a line into a terminal, as a person would, and gives the runs it made once it has ended. */
    async function typeLine(line: string, begun: () => void = openGate): Promise<readonly Run[]> {
      fs.rmSync(gate, { force: true });
      const all = async () => (await harness.store.searchRuns({ experimentIds: ['0'] })).items;
      const before = new Set((await all()).map(({ runId }) => runId));
      const env = { MLFLOW_TRACKING_URI: server.uri, ...noGit, ...Object.fromEntries(collection.values) };
      const terminal = vscode.window.createTerminal({ name, cwd: folder, shellPath: '/bin/bash', env });
      try {
        // Until its first prompt VS Code says another folder.
        const shell = await until('the prompt', () =>
          terminal.shellIntegration?.cwd?.fsPath === folder ? terminal.shellIntegration : undefined,
        );
        const ended = new Promise<void>((resolve) => {
          const listening = vscode.window.onDidEndTerminalShellExecution(({ terminal: which }) => {
            if (which !== terminal) return;
            listening.dispose();
            resolve();
          });
        });
        const starting = vscode.window.onDidStartTerminalShellExecution(({ terminal: which }) => {
          if (which !== terminal) return;
          starting.dispose();
          begun();
        });
        shell.executeCommand(line);
        await ended;
        const made = await until('the run of the line', async () => {
          const fresh = (await all()).filter(({ runId }) => !before.has(runId));
          return fresh.length > 0 && fresh.every(({ status }) => status === 'FINISHED') ? fresh : undefined;
        });
        // The first may be one that was under way before the run was there.
        for (const _ of [1, 2]) await auto.look();
        return Promise.all(made.map(({ runId }) => harness.store.getRun(runId)));
      } finally {
        terminal.dispose();
      }
    }
    const python = () => mlflowPython(version);
    /** git's log knows seconds: what came before must not be in the second of the command. */
    const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1_001));

    it('tags with the commit that the very line checks out, and with what it leaves behind', async () => {
      const older = commit(folder, 'Older', { 'train.py': gated });
      git(folder, 'branch', 'older');
      head = commit(folder, 'Newer', { 'train.py': `${gated}# newer\n` });
      await nextSecond();
      const [run] = await typeLine(`sleep 2; git checkout -q older && ${python()} train.py`);
      assert.deepEqual([run?.tags[key('commit')], run?.tags[key('branch')]], [older, 'older']);
      await nextSecond();
      const [back] = await typeLine(`git checkout -q main; git pull -q; ${python()} train.py; git checkout -q older`);
      assert.equal(back?.tags[key('commit')], head);
      // Known where somebody looked in time; what is checked out by now it is not.
      assert.notEqual(back?.tags[key('branch')], 'older');
      git(folder, 'checkout', '-q', 'main');
    });

    it('follows a line to another folder, where a file of the same name is another one', async () => {
      const elsewhere = `${folder}-elsewhere`;
      try {
        makeRepository(elsewhere);
        const there = commit(elsewhere, 'Elsewhere', { 'train.py': gated });
        harness.repositories.forget();
        const [run] = await typeLine(`cd ../${path.basename(elsewhere)} && ${python()} train.py`);
        assert.deepEqual([run?.tags[key('commit')], run?.tags[key('dirty')]], [there, 'false']);
        const [unknown] = await typeLine(`WHERE=${elsewhere}; cd "$WHERE" && ${python()} train.py`);
        assert.equal(unknown?.tags[key('commit')], undefined, 'where it went only the shell knows');
      } finally {
        fs.rmSync(elsewhere, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    it('knows the code of a program that goes on in the background while the head moves', async () => {
      const started = commit(folder, 'Waits in the background', { 'train.py': `${gated}# waits\n` });
      await nextSecond();
      let begun = false;
      const typed = typeLine(`${python()} train.py & sleep 1`, () => {
        begun = true;
      });
      await until('the command', () => begun || undefined);
      await nextSecond();
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'Between');
      openGate();
      const [run] = await typed;
      assert.equal(run?.tags[key('commit')], undefined, `made of ${started}, though another commit is here now`);
      commit(folder, 'As before', { 'train.py': script });
      head = git(folder, 'rev-parse', 'HEAD');
    });

    it("leaves other people's runs alone, those with a commit, and those whose head has moved", async () => {
      const foreign = await runTask(noGit);
      const own = await runTask(Object.fromEntries(collection.values));
      const recorded = await tagsOf(own);
      assert.equal(recorded[key('commit')], head, 'MLflow recorded it by itself');
      const create = async (tags: Record<string, string>) =>
        (await harness.store.createRun({ experimentId: '0', tags })).runId;
      const mark: Record<string, string> = JSON.parse(collection.values.get('MLFLOW_RUN_CONTEXT') ?? '{}');
      const otherWindow = await create({ 'flowdeck.window': 'another', 'mlflow.source.name': 'train.py' });
      const elsewhere = await create({ ...mark, 'mlflow.source.name': '/somewhere/else/train.py' });
      const nothing = await create({ ...mark, 'mlflow.source.name': '-c' });
      const early = await create({ ...mark, 'mlflow.source.name': path.join(folder, 'train.py') });
      git(folder, 'commit', '-q', '--allow-empty', '-m', 'Later');
      await auto.look();
      for (const runId of [foreign, otherWindow, elsewhere, nothing, early])
        assert.equal((await tagsOf(runId))[key('commit')], undefined);
      assert.deepEqual(await tagsOf(own), recorded);
      head = git(folder, 'rev-parse', 'HEAD');
      const late = await create({ ...mark, 'mlflow.source.name': path.join(folder, 'train.py') });
      await auto.look();
      assert.deepEqual([(await tagsOf(late))[key('commit')], (await tagsOf(late))[key('dirty')]], [head, undefined]);
    });

    it('tags with the worktree that a run was started in, hidden or not, and never with the repository around another', async () => {
      const [tree, clone] = [path.join(folder, '.worktrees', 'feat'), path.join(folder, '.clones', 'mine')];
      try {
        git(folder, 'worktree', 'add', '-q', '-b', 'feat', tree);
        const there = commit(tree, 'In the worktree', { 'train.py': `${script}# feat\n` });
        commit(makeRepository(clone), 'Another repository', { 'train.py': script });
        const mark: Record<string, string> = JSON.parse(collection.values.get('MLFLOW_RUN_CONTEXT') ?? '{}');
        const startedIn = async (place: string) => {
          const tags = { ...mark, 'mlflow.source.name': path.join(place, 'train.py') };
          return (await harness.store.createRun({ experimentId: '0', tags })).runId;
        };
        const [ofTree, ofClone] = [await startedIn(tree), await startedIn(clone)];
        await auto.look();
        const tags = await tagsOf(ofTree);
        assert.deepEqual([tags[key('commit')], tags[key('branch')]], [there, 'feat']);
        assert.equal((await tagsOf(ofClone))[key('commit')], undefined);
      } finally {
        git(folder, 'worktree', 'remove', '--force', tree);
        git(folder, 'branch', '-q', '-D', 'feat');
        for (const made of [tree, clone].map(path.dirname))
          fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    it('comes back to what git or the server failed with, and stops where a write is refused', async () => {
      const mark: Record<string, string> = JSON.parse(collection.values.get('MLFLOW_RUN_CONTEXT') ?? '{}');
      const tags = { ...mark, 'mlflow.source.name': path.join(folder, 'train.py') };
      const create = async () => (await harness.store.createRun({ experimentId: '0', tags })).runId;
      const { logBatch } = harness.store;
      const { state } = GitRepository.prototype;
      const failing = (kind: 'unreachable' | 'forbidden') => {
        const fail = () => Promise.reject(new MlflowError(kind, `The server is ${kind}.`));
        Object.assign(harness.store, { logBatch: fail });
      };
      const reported: string[] = [];
      const report = (_action: string, error: unknown) => void reported.push(String(error));
      const { commands } = harness.platform;
      Object.assign(commands, { report });
      try {
        const runId = await create();
        GitRepository.prototype.state = () => Promise.reject(new GitError('timeout', 'git waits for a lock.'));
        await assert.rejects(auto.look(), /lock/);
        GitRepository.prototype.state = state;
        failing('unreachable');
        await assert.rejects(auto.look(), /unreachable/);
        Object.assign(harness.store, { logBatch });
        await auto.look();
        assert.equal((await tagsOf(runId))[key('commit')], head);
        assert.deepEqual(reported, []);
        const audits = harness.audits.length;
        await auto.look();
        assert.equal(harness.audits.length, audits, 'what is tagged is not tagged again');

        failing('forbidden');
        await create();
        await auto.look();
        assert.match(reported.join(), /^MlflowError: The server is forbidden\.$/);
        Object.assign(harness.store, { logBatch });
        const after = await create();
        await auto.look();
        assert.equal((await tagsOf(after))[key('commit')], undefined, 'it is not asked again');
        const { connections } = harness;
        const { get } = connections;
        const anew = { ...(await connections.require()) };
        Object.assign(connections, { get: async () => anew });
        await auto.look().finally(() => Object.assign(connections, { get }));
        assert.equal((await tagsOf(after))[key('commit')], head, 'but where somebody signed in anew');
      } finally {
        GitRepository.prototype.state = state;
        Object.assign(harness.store, { logBatch });
        Reflect.deleteProperty(commands, 'report');
      }
    });

    const memory = () => harness.platform.context.workspaceState;
    /** What a reload of the window leaves: its memory, its terminals and their variables. */
    const reload = () => {
      auto.dispose();
      auto = new AutoTag(harness, collection as unknown as vscode.EnvironmentVariableCollection);
    };

    it('goes on when the window is loaded anew, with the mark that its terminals carry and what is decided', async () => {
      const value = collection.values.get('MLFLOW_RUN_CONTEXT') ?? '';
      assert.equal(collection.persistent, true);
      const tags = { ...JSON.parse(value), 'mlflow.source.name': path.join(folder, 'train.py') };
      const create = async () => (await harness.store.createRun({ experimentId: '0', tags })).runId;
      const undone = await create();
      person.answer = ({ choices }) => choices.find((choice) => choice === 'Undo');
      await auto.look();
      await until('the undo', async () => (await tagsOf(undone))['flowdeck.window']);
      person.answer = () => undefined;
      const before = await create();
      reload();
      assert.deepEqual([...collection.values.values()], [value]);
      await auto.look();
      assert.equal((await tagsOf(before))[key('commit')], head);
      assert.equal((await tagsOf(undone))[key('commit')], undefined, 'what was undone stays so');
    });

    it('knows no code of a command that goes on over a reload, where the head moved since it began', async () => {
      commit(folder, 'Gated over a reload', { 'train.py': `${gated}# over a reload\n` });
      head = git(folder, 'rev-parse', 'HEAD');
      const over = async (change: () => void) => {
        const since = Date.now();
        // By its whole name: where the terminal stood is forgotten with the window.
        const typed = typeLine(`${python()} ${path.join(folder, 'train.py')}`, () => undefined);
        await until(
          'the command',
          () =>
            memory()
              .get<{ at: number }[]>('flowdeck.autoTag.running', [])
              .some(({ at }) => at >= since) || undefined,
        );
        reload();
        change();
        openGate();
        return (await typed)[0];
      };
      const still = await over(() => undefined);
      assert.deepEqual([still?.tags[key('commit')], still?.tags[key('dirty')]], [head, undefined]);
      const moved = await over(() => git(folder, 'commit', '-q', '--allow-empty', '-m', 'Meanwhile'));
      assert.equal(moved?.tags[key('commit')], undefined);
      commit(folder, 'As before the reload', { 'train.py': script });
      head = git(folder, 'rev-parse', 'HEAD');
    });
  });
