import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { describeFailure } from '../../src/platform/failure';
import { gitUri } from '../../src/platform/gitUri';
import { openAtCommit } from '../../src/source/openAtCommit';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import { type Asked, activeDiff, type Harness, Person, sourceHarness, until, workspaceFolder } from './sourceHarness';

/** MLflow 3 prints links to the run before what is asked for. */
const lastLine = (output: string) => output.trim().split('\n').at(-1) ?? '';
const key = (name: string) => `mlflow.source.git.${name}`;

for (const version of generations)
  describe(`source, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const name = `source-${version}`;
    const folder = path.join(workspaceFolder(), name);
    const upstream = path.join(
      path.dirname(workspaceFolder()),
      `${path.basename(workspaceFolder())}-${version}-upstream`,
    );
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let first = '';
    let second = '';
    let head = '';
    let unfetched = '';

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      makeRepository(upstream);
      first = commit(upstream, 'First steps', { 'train.py': 'print("first")\n', 'gone.py': 'print("gone")\n' });
      second = commit(upstream, 'Second thoughts', { 'train.py': 'print("second")\n' });
      git(path.dirname(folder), 'clone', '-q', pathToFileURL(upstream).href, name);
      head = second;
      fs.rmSync(path.join(folder, 'gone.py'));
      head = commit(folder, 'Drop a file', {});
      unfetched = commit(upstream, 'Only upstream', { 'train.py': 'print("upstream")\n' });
    });
    after(async () => {
      harness?.dispose();
      await server?.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const made of [folder, upstream]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
      person.answer = chooseRepository;
      harness.readOnly = false;
      git(folder, 'remote', 'set-url', 'origin', pathToFileURL(upstream).href);
    });
    afterEach(async () => {
      person.restore();
      git(folder, 'checkout', '-q', '-f', 'main');
      git(folder, 'clean', '-fdq');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    const chooseRepository = ({ kind, choices }: Asked) =>
      kind === 'pick' ? choices.find((choice) => choice.includes(`$(repo) ${name} `)) : undefined;
    const answering = (rule: (asked: Asked) => string | undefined) => (asked: Asked) =>
      chooseRepository(asked) ?? rule(asked);
    const run = async (tags: Record<string, string> = {}) =>
      (await harness.store.createRun({ experimentId: '0', tags: { 'mlflow.source.name': 'train.py', ...tags } })).runId;
    const tagsInPython = async (runId: string): Promise<Record<string, string>> =>
      JSON.parse(
        await server.python(
          `import json, sys, mlflow\nprint(json.dumps(mlflow.MlflowClient().get_run(sys.argv[1]).data.tags))`,
          runId,
        ),
      );

    /** Starting Python takes a second: what it agrees with is shown once, then the store is asked. */
    const tagsOf = async (runId: string) => ({ ...(await harness.store.getRun(runId)).tags });

    describe('tagging', () => {
      it('is read back by the Python client, without the credentials of the remote, and undone exactly', async () => {
        git(folder, 'remote', 'set-url', 'origin', 'https://ada:s3cret@example.org/a/b.git');
        const runId = await run({ 'mlflow.note.content': 'mine', [key('branch')]: 'left over' });
        const before = await tagsInPython(runId);
        await tagRuns(harness, [runId]);
        const after = await tagsInPython(runId);
        assert.deepEqual(after, {
          ...before,
          [key('commit')]: head,
          [key('branch')]: 'main',
          [key('repoURL')]: 'https://example.org/a/b.git',
          [key('dirty')]: 'false',
        });
        assert.doesNotMatch(harness.audits.join(), /s3cret/);
        assert.match(harness.audits.join(), new RegExp(`tag run with commit ${server.uri}.*${head}`));
        assert.ok(harness.changed.includes(runId));
        const told = person.asked.at(-1);
        assert.match(told?.message ?? '', new RegExp(`with ${head.slice(0, 7)} \\(main\\)`));
        assert.deepEqual(told?.choices, ['Undo']);

        await harness.store.deleteRunTag(runId, key('commit'));
        person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Undo'));
        await tagRuns(harness, [runId]);
        const restored = { ...after };
        delete restored[key('commit')];
        await until('the tags of before', async () => (key('commit') in (await tagsOf(runId)) ? undefined : true));
        assert.deepEqual(await tagsInPython(runId), restored);
      });

      it('marks a dirty tree only when the person says so', async () => {
        write(folder, 'train.py', 'print("dirty")\n');
        write(folder, 'new.py', '');
        const runId = await run();
        await tagRuns(harness, [runId]);
        const question = person.asked.find(({ modal }) => modal);
        assert.match(question?.detail ?? '', /1 not staged, 1 untracked[\s\S]*train\.py/);
        assert.deepEqual(question?.choices, ['Tag with Patch…', 'Tag Anyway']);
        assert.equal((await tagsInPython(runId))[key('commit')], undefined);

        person.answer = answering(({ modal }) => (modal ? 'Tag Anyway' : undefined));
        await tagRuns(harness, [runId]);
        assert.equal((await tagsInPython(runId))[key('dirty')], 'true');
      });

      it('shows both commits when another stands there, and replaces it on request', async () => {
        const foreign = 'f'.repeat(40);
        const runIds = [await run({ [key('commit')]: first }), await run({ [key('commit')]: foreign }), await run()];
        await tagRuns(harness, runIds);
        const question = person.asked.find(({ modal }) => modal);
        assert.match(question?.message ?? '', /2 of 3 runs/);
        assert.match(question?.detail ?? '', new RegExp(`${first.slice(0, 7)} First steps`));
        assert.match(question?.detail ?? '', /fffffff \(not in this repository\)/);
        assert.match(question?.detail ?? '', new RegExp(`Current commit: ${head.slice(0, 7)} Drop a file`));
        assert.equal((await tagsOf(runIds[0] ?? ''))[key('commit')], first);

        person.answer = answering(({ modal }) => (modal ? 'Replace Commit' : undefined));
        await tagRuns(harness, runIds);
        for (const runId of runIds) assert.equal((await tagsOf(runId))[key('commit')], head);
        assert.match(person.asked.at(-1)?.message ?? '', /Tagged 3 runs/);
      });

      it('knows another commit in any spelling, and says with which button it is replaced', async () => {
        write(folder, 'train.py', 'print("dirty")\n');
        const former = {
          'mlflow.git.commit': 'e'.repeat(40),
          'mlflow.gitBranchName': 'old',
          [key('diff')]: 'diff of old',
        };
        const runId = await run(former);
        await tagRuns(harness, [runId]);
        const question = person.asked.find(({ modal }) => modal);
        assert.deepEqual(question?.choices, ['Replace Commit, with Patch…', 'Replace Commit']);
        assert.match(question?.detail ?? '', /1 not staged[\s\S]*On the run: eeeeeee \(not in this repository\)/);
        const before = await tagsOf(runId);
        person.answer = answering(({ modal }) => (modal ? 'Replace Commit' : undefined));
        await tagRuns(harness, [runId]);
        const after = await tagsOf(runId);
        assert.deepEqual([after[key('commit')], after[key('branch')], after[key('dirty')]], [head, 'main', 'true']);
        assert.deepEqual(
          Object.keys(former).filter((name) => name in after),
          [],
        );
        person.answer = answering(({ modal, choices }) =>
          modal ? 'Tag Anyway' : choices.find((each) => each === 'Undo'),
        );
        await tagRuns(harness, [runId]);
        await until('the undo', () => (harness.audits.at(-1)?.startsWith('undo tagging') ? true : undefined));
        assert.deepEqual(await tagsOf(runId), after);
        assert.notDeepEqual(after, before);
      });

      it('writes over nothing that somebody else wrote while the person was asked, nor does Undo', async () => {
        write(folder, 'train.py', 'print("dirty")\n');
        const runIds = [await run(), await run()];
        const [taken = '', free = ''] = runIds;
        const theirs = 'd'.repeat(40);
        person.answer = async (asked) => {
          if (!asked.modal) return chooseRepository(asked);
          await harness.store.setRunTag(taken, key('commit'), theirs);
          return 'Tag Anyway';
        };
        await tagRuns(harness, runIds);
        assert.match(person.asked.at(-1)?.message ?? '', /^Tagged run .* Not tagged: .* meanwhile, to ddddddd\.\)$/);
        assert.deepEqual([(await tagsOf(taken))[key('commit')], (await tagsOf(free))[key('commit')]], [theirs, head]);
        assert.equal((await tagsOf(taken))[key('dirty')], undefined);

        const other = await run();
        person.answer = async (asked) => {
          if (asked.modal) return 'Tag Anyway';
          if (!asked.choices.includes('Undo')) return chooseRepository(asked);
          await harness.store.setRunTag(other, key('commit'), theirs);
          return 'Undo';
        };
        const reported: string[] = [];
        const report = (_action: string, error: unknown) => void reported.push(String(error));
        Object.assign(harness.platform.commands, { report });
        try {
          await tagRuns(harness, [other]);
          await until('the refusal', () => (/meanwhile, to ddddddd/.test(reported.join()) ? true : undefined));
        } finally {
          Reflect.deleteProperty(harness.platform.commands, 'report');
        }
        const tags = await tagsOf(other);
        assert.deepEqual([tags[key('commit')], tags[key('dirty')]], [theirs, 'true']);
      });

      it('tags the others where one run is no longer there', async () => {
        const runIds = [await run(), await run(), await run()];
        const { getRun } = harness.store;
        const picked = await Promise.all(runIds.map((id) => harness.store.getRun(id)));
        const { pickRuns } = harness.runs;
        const gone = new MlflowError('notFound', 'No such run.');
        Object.assign(harness.runs, { pickRuns: async () => picked });
        Object.assign(harness.store, {
          getRun: (id: string, signal?: AbortSignal) => (id === runIds[1] ? Promise.reject(gone) : getRun(id, signal)),
        });
        try {
          await tagRuns(harness, runIds);
          const told = person.asked.at(-1)?.message ?? '';
          assert.match(told, new RegExp(`^Tagged 2 runs with .* Not tagged: ${picked[1]?.name} \\(No such run\\.\\)$`));
          Object.assign(harness.runs, { pickRuns: async () => picked.slice(1, 2) });
          await assert.rejects(tagRuns(harness, []), /No such run/);
        } finally {
          Object.assign(harness.runs, { pickRuns });
          Object.assign(harness.store, { getRun });
        }
        assert.deepEqual(await Promise.all(runIds.map(async (id) => (await tagsOf(id))[key('commit')])), [
          head,
          undefined,
          head,
        ]);
      });

      it('takes a branch away that a detached head does not have, and undo brings it back', async () => {
        git(folder, 'checkout', '-q', '--detach');
        const runId = await run({ [key('branch')]: 'old', [key('commit')]: head });
        const before = await tagsOf(runId);
        person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Undo'));
        await tagRuns(harness, [runId]);
        await until('the tags of before', async () => {
          const tags = await tagsOf(runId);
          return tags[key('branch')] === 'old' && !(key('dirty') in tags)
            ? (assert.deepEqual(tags, before) ?? true)
            : undefined;
        });
        assert.match(harness.audits.at(-2) ?? '', /"removed":"mlflow.source.git.branch"/);
      });

      it('names the runs that the server refused, and keeps the others', async () => {
        write(folder, 'train.py', 'print("dirty")\n');
        const runIds = [await run(), await run()];
        const [kept, lost] = await Promise.all(runIds.map((id) => harness.store.getRun(id)));
        assert.ok(kept && lost);
        person.answer = async (asked) => {
          if (!asked.modal) return chooseRepository(asked);
          await harness.store.deleteRun(lost.runId);
          return 'Tag Anyway';
        };
        await tagRuns(harness, runIds);
        const told = person.asked.at(-1);
        assert.match(told?.message ?? '', new RegExp(`Tagged run ${kept.name} .*Not tagged: ${lost.name}`));
        assert.equal((await tagsOf(kept.runId))[key('commit')], head);
      });

      it('refuses deleted runs and read-only servers before anything is asked', async () => {
        const runId = await run();
        await harness.store.deleteRun(runId);
        await tagRuns(harness, [runId]);
        assert.match(person.asked.at(-1)?.message ?? '', /is deleted\. Restore it/);
        harness.readOnly = true;
        await assert.rejects(tagRuns(harness, [await run()]), (error: unknown) => error instanceof MlflowError);
      });

      it('says that a repository has no commits yet', async () => {
        const empty = makeRepository(path.join(workspaceFolder(), `${name}-empty`));
        try {
          person.answer = ({ kind, choices }) =>
            kind === 'pick' ? choices.find((choice) => choice.includes(`${name}-empty `)) : undefined;
          await tagRuns(harness, [await run()]);
          assert.match(person.asked.at(-1)?.message ?? '', /has no commits yet/);
        } finally {
          fs.rmSync(empty, { recursive: true, force: true });
        }
      });
    });

    describe('in Restricted Mode', () => {
      const trust = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');
      before(() => Object.defineProperty(vscode.workspace, 'isTrusted', { get: () => false, configurable: true }));
      after(() => {
        if (trust) Object.defineProperty(vscode.workspace, 'isTrusted', trust);
      });

      it('runs no git and offers to manage trust', async () => {
        const runId = await run({ [key('commit')]: first });
        for (const act of [tagRuns, openAtCommit]) {
          harness.repositories.forget();
          const refused: unknown = await act(harness, [runId]).catch((error: unknown) => error);
          const { message, buttons } = describeFailure('tag the run', refused);
          assert.match(message, /only in folders you trust.*Trust the workspace first/, act.name);
          assert.deepEqual(buttons, [{ title: 'Manage Workspace Trust', command: 'workbench.trust.manage' }]);
        }
        assert.deepEqual((await harness.repositories.find()).repositories, []);
        assert.equal((await tagsOf(runId))[key('commit')], first);
      });
    });

    describe('opening', () => {
      it('shows the file at its commit beside the working copy', async () => {
        write(folder, 'train.py', 'print("working")\n');
        const runId = await run({ [key('commit')]: first, [key('repoURL')]: pathToFileURL(upstream).href });
        await openAtCommit(harness, [runId]);
        const diff = await activeDiff();
        assert.equal(diff.left, 'print("first")\n');
        assert.equal(diff.right, 'print("working")\n');
        assert.equal(diff.label, `train.py (${first.slice(0, 7)} ↔ Working Tree)`);
        assert.equal((await vscode.workspace.openTextDocument(diff.leftUri)).languageId, 'python');
        await assert.rejects(async () => vscode.workspace.fs.writeFile(diff.leftUri, new Uint8Array()));
      });

      it('shows only the old one of a file that no longer exists', async () => {
        await openAtCommit(harness, [await run({ [key('commit')]: first, 'mlflow.source.name': 'gone.py' })]);
        const label = await until('the file', () => {
          const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
          return tab?.input instanceof vscode.TabInputText ? tab.label : undefined;
        });
        assert.match(label, /gone\.py/);
        assert.equal(vscode.window.activeTextEditor?.document.getText(), 'print("gone")\n');
      });

      it('says that the commit is missing, fetches it and opens it', async () => {
        const runId = await run({ [key('commit')]: unfetched, [key('repoURL')]: pathToFileURL(upstream).href });
        await openAtCommit(harness, [runId]);
        const offer = person.asked.at(-1);
        assert.match(offer?.message ?? '', new RegExp(`${unfetched.slice(0, 7)} of run .* is in none of`));
        assert.deepEqual(offer?.choices, ['Fetch', 'Open Working File']);
        person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Fetch'));
        await openAtCommit(harness, [runId]);
        assert.equal((await activeDiff()).left, 'print("upstream")\n');
      });

      it('says that the remote does not have it either', async () => {
        person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Fetch'));
        const tags = { [key('commit')]: 'e'.repeat(40), [key('repoURL')]: pathToFileURL(upstream).href };
        await assert.rejects(openAtCommit(harness, [await run(tags)]), /does not have commit/);
      });

      it('names the repository the run was made in when it is not open', async () => {
        const tags = { [key('commit')]: 'd'.repeat(40), [key('repoURL')]: 'https://u:s3cret@example.org/far/away.git' };
        await openAtCommit(harness, [await run(tags)]);
        assert.match(
          person.asked.at(-1)?.message ?? '',
          /made in https:\/\/example\.org\/far\/away\.git, which is not open/,
        );
        assert.ok(person.asked.at(-1)?.choices.includes('Clone Repository…'));
      });

      it('offers to tag a run without a commit, and refuses what is no commit id', async () => {
        await openAtCommit(harness, [await run()]);
        assert.deepEqual(person.asked.at(-1)?.choices, ['Tag with Current Commit']);
        await openAtCommit(harness, [await run({ [key('commit')]: '--output=pwned' })]);
        assert.match(person.asked.at(-1)?.message ?? '', /holds no commit id: --output=pwned/);
        assert.ok(!fs.existsSync(path.join(folder, 'pwned')));
      });

      it('finds what MLflow itself recorded of a script and of a project', async () => {
        git(folder, 'checkout', '-q', '-b', 'recorded');
        const script = 'import mlflow\nwith mlflow.start_run() as run: pass\n';
        const at = commit(folder, 'A script and a project', {
          'steps/script.py': script,
          'proj/MLproject': 'name: p\nentry_points:\n  fit:\n    command: "python go.py"\n',
          'proj/go.py': script,
        });
        const runScript = [
          'import os, runpy, sys',
          'os.chdir(sys.argv[1])',
          "sys.argv = ['script.py']",
          "print(runpy.run_path('script.py', run_name='__main__')['run'].info.run_id)",
        ];
        const runProject = [
          'import sys, mlflow',
          "print(mlflow.projects.run(sys.argv[1], entry_point='fit', env_manager='local').run_id)",
        ];
        const scriptRun = lastLine(await server.python(runScript.join('\n'), path.join(folder, 'steps')));
        const projectRun = lastLine(await server.python(runProject.join('\n'), path.join(folder, 'proj')));
        assert.equal((await tagsOf(scriptRun))[key('commit')], at);
        await openAtCommit(harness, [scriptRun]);
        assert.equal((await activeDiff()).left, script);
        assert.equal((await activeDiff()).leftUri.fsPath, path.join(folder, 'steps/script.py'));
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await openAtCommit(harness, [projectRun]);
        assert.equal((await activeDiff()).leftUri.fsPath, path.join(folder, 'proj/go.py'));
      });

      it('lets the person choose when the file is not in the commit', async () => {
        const runId = await run({ [key('commit')]: first, 'mlflow.source.name': 'elsewhere.py' });
        person.answer = answering(({ kind, choices }) =>
          kind === 'pick' ? choices.find((c) => c === 'train.py') : undefined,
        );
        await openAtCommit(harness, [runId]);
        assert.match(person.asked.at(-1)?.message ?? '', /elsewhere\.py is not in commit/);
        assert.deepEqual([...(person.asked.at(-1)?.choices ?? [])].sort(), ['gone.py', 'train.py']);
        assert.equal((await activeDiff()).left, 'print("first")\n');
      });

      it('reads nothing outside the open repositories', async () => {
        const read = async (root: string, id: string, file: string) =>
          vscode.workspace.fs.readFile(gitUri({ repository: { root }, tree: id }, file));
        assert.equal(Buffer.from(await read(folder, first, 'train.py')).toString(), 'print("first")\n');
        await assert.rejects(read(upstream, first, 'train.py'), /not among the open folders/);
        await assert.rejects(read(folder, '--output=x', 'train.py'));
        await assert.rejects(read(folder, first, 'nope.py'));
        await assert.rejects(read(folder, first, '../train.py'));
      });
    });
  });
