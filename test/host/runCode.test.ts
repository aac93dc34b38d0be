import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { checkOut } from '../../src/source/checkOut';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { diffRuns } from '../../src/source/diffRuns';
import { openAtCommit } from '../../src/source/openAtCommit';
import { openOnRemote } from '../../src/source/openOnRemote';
import { removeWorktree } from '../../src/source/removeWorktree';
import { showCommit } from '../../src/source/showCommit';
import { sourceText } from '../../src/source/sourceTexts';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { generations } from './generations';
import {
  type Asked,
  activeDiff,
  CommandWatch,
  type Harness,
  Person,
  type ShownFile,
  sourceHarness,
  until,
  workspaceFolder,
} from './sourceHarness';

const key = (name: string) => `mlflow.source.git.${name}`;
const train = (value: string) => `import helpers\nfrom lib.net import Net\nprint("${value}")\n`;

for (const version of generations)
  describe(`from a run to its code, against MLflow ${version}`, function () {
    this.timeout(120_000);
    const name = `code-${version}`;
    const folder = path.join(workspaceFolder(), name);
    const outside = path.join(path.dirname(workspaceFolder()), `${path.basename(workspaceFolder())}-${version}-code`);
    const ids = { first: '', second: '', merge: '' };
    let server: MlflowServer;
    let harness: Harness;
    let person: Person;
    let watch: CommandWatch;

    before(async () => {
      server = await startMlflowServer(version);
      harness = await sourceHarness(server.uri);
      fs.mkdirSync(outside, { recursive: true });
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
    });
    after(async () => {
      harness?.dispose();
      await server?.dispose();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      for (const made of [folder, outside]) fs.rmSync(made, { recursive: true, force: true, maxRetries: 3 });
    });
    beforeEach(() => {
      person = new Person();
      watch = new CommandWatch('vscode.openFolder');
    });
    afterEach(async () => {
      person.restore();
      watch.restore();
      git(folder, 'checkout', '-q', '-f', 'main');
      git(folder, 'clean', '-fdq');
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    const run = async (tags: Record<string, string>, startTime = Date.now(), params: Record<string, string> = {}) => {
      const made = await harness.store.createRun({
        experimentId: '0',
        startTime,
        tags: { 'mlflow.source.name': 'train.py', [key('repoURL')]: 'https://u:s3cret@github.com/ada/code', ...tags },
      });
      const entries = Object.entries(params).map(([name, value]) => ({ key: name, value }));
      for (const { key: param, value } of entries) await harness.store.logParam(made.runId, param, value);
      return made.runId;
    };
    const at = (id: string) => ({ [key('commit')]: id });
    const text = async (uri: vscode.Uri | undefined) =>
      uri === undefined ? undefined : Buffer.from(await vscode.workspace.fs.readFile(uri)).toString();
    const names = (files: readonly ShownFile[]) => files.map((file) => file.name);
    const fileNamed = (wanted: string) => watch.changes().files.find((file) => file.name === wanted);
    const picking = (part: string) => (asked: Asked) =>
      asked.kind === 'pick' ? asked.choices.find((choice) => choice.includes(part)) : undefined;
    /** A tab by its title: which differences are in it VS Code tells nobody. */
    const tab = (title: string) =>
      until(`the tab ${title}`, () => {
        const { activeTab } = vscode.window.tabGroups.activeTabGroup;
        return activeTab?.label.startsWith(title) ? activeTab : undefined;
      });
    const patchOf = (change: () => void): string => {
      change();
      git(folder, 'add', '-A');
      const patch = `${git(folder, 'diff', '--binary', '--cached')}\n`;
      git(folder, 'reset', '-q', '--hard');
      return patch;
    };

    it('compares every file of the commit with the folder, untracked and renamed ones too', async () => {
      write(folder, 'fresh.py', 'fresh\n');
      fs.rmSync(path.join(folder, 'helpers.py'));
      await compareWithWorkingTree(harness, [await run(at(ids.first))]);
      const { title, files } = watch.changes();
      assert.equal(title, `${name} (${ids.first.slice(0, 7)} ↔ Working Tree)`);
      assert.deepEqual(names(files), [
        'README.md',
        'helpers.py',
        'net.py',
        'new name.py',
        'side.py',
        'train.py',
        'fresh.py',
      ]);
      assert.equal(await text(fileNamed('train.py')?.left), train('first'));
      assert.equal(fileNamed('train.py')?.right?.fsPath, path.join(folder, 'train.py'));
      assert.equal(fileNamed('new name.py')?.left?.fsPath, path.join(folder, 'old name.py'));
      assert.equal(fileNamed('helpers.py')?.right, undefined);
      assert.equal(fileNamed('fresh.py')?.left, undefined);
      await tab(title);
    });

    const modelTest = async () => {
      const patch = patchOf(() => write(folder, 'helpers.py', 'two = 2\n'));
      const script = [
        'import json, sys, mlflow',
        'from mlflow.entities import LoggedModelOutput',
        'client = mlflow.MlflowClient()',
        "run_id = client.create_run('0').info.run_id",
        "model = client.create_logged_model('0', name='m', source_run_id=run_id, tags=json.loads(sys.argv[1]))",
        'client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])',
        'print(run_id)',
      ];
      const tags = {
        [key('commit')]: ids.merge,
        [key('branch')]: 'main',
        [key('dirty')]: 'true',
        [key('diff')]: patch,
      };
      const printed = await server.python(script.join('\n'), JSON.stringify(tags));
      await compareWithWorkingTree(harness, [printed.trim().split('\n').at(-1)]);
      assert.equal(watch.changes().title, `${name} (${ids.merge.slice(0, 7)} + patch ↔ Working Tree)`);
      assert.equal(await text(fileNamed('helpers.py')?.left), 'two = 2\n');
    };
    // MLflow 2 has no logged models.
    if (version.startsWith('3')) it('takes the commit and the changes from a model that the run logged', modelTest);

    it('says that nothing differs', async () => {
      await compareWithWorkingTree(harness, [await run(at(ids.merge))]);
      assert.match(person.asked.at(-1)?.message ?? '', new RegExp(`are the same as at ${ids.merge.slice(0, 7)}`));
    });

    it('shows a commit: who, when, why, and each file against the first parent', async () => {
      await showCommit(harness, [await run(at(ids.second))]);
      const { title, files } = watch.changes();
      assert.equal(title, `${ids.second.slice(0, 7)}: Second thoughts`);
      assert.deepEqual(names(files), [
        `Commit ${ids.second.slice(0, 7)}`,
        'README.md',
        'net.py',
        'new name.py',
        'train.py',
      ]);
      assert.equal(await text(fileNamed('README.md')?.left), 'one\n');
      const [summary] = files;
      assert.ok(summary?.right);
      const said = await sourceText(harness, summary.right);
      assert.match(said, new RegExp(`Commit +${ids.second}\nParent +${ids.first}\nAuthor +Ada <ada@example.org>`));
      assert.match(said, / {4}Second thoughts\n\nFiles changed: 4, lines added: 4, removed: 3/);
      assert.match(said, /R {2}old name\.py → new name\.py {2}\+0 −0/);
      await tab(title);
    });

    it('shows the first commit against nothing, and a merge against its first parent', async () => {
      await showCommit(harness, [await run(at(ids.first))]);
      assert.equal(watch.changes().files.filter(({ left }) => left === undefined).length, 7);
      await showCommit(harness, [await run(at(ids.merge))]);
      const { files } = watch.changes();
      assert.deepEqual(names(files).slice(1), ['side.py']);
      assert.ok(files[0]?.right);
      assert.match(
        await sourceText(harness, files[0].right),
        /Merge of .*\n[\s\S]*Files changed: 1, .*, against the first parent/,
      );
    });

    it('says that a shallow clone does not know what a commit changed', async () => {
      const shallow = path.join(workspaceFolder(), `${name}-shallow`);
      const origin = makeRepository(path.join(outside, 'origin'));
      commit(origin, 'Deep', { 'deep.py': '1\n' });
      const top = commit(origin, 'Top', { 'deep.py': '2\n' });
      git(workspaceFolder(), 'clone', '-q', '--depth=1', pathToFileURL(origin).href, path.basename(shallow));
      try {
        await showCommit(harness, [await run({ ...at(top), [key('repoURL')]: pathToFileURL(origin).href })]);
        const opened = watch.run.findLast(({ command }) => command === 'vscode.open')?.args[0];
        assert.ok(opened instanceof vscode.Uri);
        assert.match(
          await sourceText(harness, opened),
          /not known: the repository is a shallow clone without its parent/,
        );
      } finally {
        fs.rmSync(shallow, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    describe('with uncommitted changes that the run carries', () => {
      it('applies the patch of its artifact and says so, and leaves the folder alone', async () => {
        const patch = patchOf(() => {
          write(folder, 'train.py', train('patched'));
          write(folder, 'added.py', 'added\n');
        });
        const runId = await run({
          ...at(ids.merge),
          'flowdeck.git.patch': 'flowdeck/uncommitted.patch',
          [key('dirty')]: 'true',
        });
        await harness.store.uploadArtifact(runId, 'flowdeck/uncommitted.patch', Buffer.from(patch));
        write(folder, 'train.py', train('work in progress'));
        const label = `${ids.merge.slice(0, 7)} + patch`;
        await compareWithWorkingTree(harness, [runId]);
        assert.equal(watch.changes().title, `${name} (${label} ↔ Working Tree)`);
        assert.deepEqual(names(watch.changes().files), ['added.py', 'train.py']);
        assert.equal(await text(fileNamed('train.py')?.left), train('patched'));
        assert.equal(fs.readFileSync(path.join(folder, 'train.py'), 'utf8'), train('work in progress'));
        assert.equal(git(folder, 'status', '--porcelain'), 'M train.py');

        await openAtCommit(harness, [runId]);
        const diff = await activeDiff();
        assert.equal(diff.left, train('patched'));
        assert.equal(diff.label, `train.py (${label} ↔ Working Tree)`);

        await showCommit(harness, [runId]);
        assert.equal(watch.changes().title, `${label}: Merge the side`);
        assert.deepEqual(names(watch.changes().files).slice(1), ['added.py', 'side.py', 'train.py']);
        const summary = watch.changes().files[0]?.right;
        assert.ok(summary);
        assert.match(await sourceText(harness, summary), /\(\+ patch\):\nFiles changed: 2, lines added: 2, removed: 1/);
      });

      it('applies MLflow’s own diff tag', async () => {
        const patch = patchOf(() => write(folder, 'helpers.py', 'two = 2\n'));
        await compareWithWorkingTree(harness, [await run({ ...at(ids.merge), [key('diff')]: patch.trim() })]);
        assert.equal(await text(fileNamed('helpers.py')?.left), 'two = 2\n');
      });

      it('says that a patch does not fit, and shows the commit alone', async () => {
        const patch = patchOf(() => write(folder, 'helpers.py', 'two = 2\n'));
        const broken = patch.slice(0, -20);
        await compareWithWorkingTree(harness, [await run({ ...at(ids.first), [key('diff')]: broken })]);
        assert.match(person.asked[0]?.message ?? '', /could not be applied to .* shown without them/);
        assert.equal(watch.changes().title, `${name} (${ids.first.slice(0, 7)} ↔ Working Tree)`);
        for (const strange of ['../../etc/passwd', '/etc/passwd', 'missing.patch']) {
          await compareWithWorkingTree(harness, [await run({ ...at(ids.first), 'flowdeck.git.patch': strange })]);
          assert.match(person.asked.at(-1)?.message ?? '', /could not be applied/, strange);
        }
      });
    });

    describe('two runs', () => {
      const pair = async () => [
        await run(at(ids.second), 2_000_000_000_000, { lr: '0.2', same: 'x' }),
        await run(at(ids.first), 1_900_000_000_000, { lr: '0.1', same: 'x', 'odd key': 'a: b\n' }),
      ];

      it('are compared by all files, the older on the left, below their params', async () => {
        person.answer = picking('All Files');
        const runIds = await pair();
        await diffRuns(harness, runIds);
        const { title, files } = watch.changes();
        const runNames = await Promise.all(runIds.map(async (id) => (await harness.store.getRun(id)).name));
        assert.equal(title, `${runNames[1]} (${ids.first.slice(0, 7)}) ↔ ${runNames[0]} (${ids.second.slice(0, 7)})`);
        assert.deepEqual(names(files), [
          'params and environment.yaml',
          'README.md',
          'net.py',
          'new name.py',
          'train.py',
        ]);
        const [facts] = files;
        assert.ok(facts?.left && facts.right);
        assert.match(
          await sourceText(harness, facts.left),
          /^params:\n {2}lr: 0\.1\n {2}odd key: "a: b\\n"\n {2}same: x\n/,
        );
        assert.match(await sourceText(harness, facts.right), /^params:\n {2}lr: 0\.2\n {2}same: x\nenvironment:\n/);
        assert.equal(await text(fileNamed('train.py')?.right), train('second'));
        assert.match(
          person.asked[0]?.choices.join('\n') ?? '',
          /All Files That Differ files: 4, lines added: 4, removed: 3/,
        );
      });

      it('are compared by what the entry point imports, or by a pattern', async () => {
        const runIds = await pair();
        person.answer = picking('What It Imports');
        await diffRuns(harness, runIds);
        assert.match(person.asked[0]?.choices.join('\n') ?? '', /What It Imports 2 of 4 files/);
        assert.deepEqual(names(watch.changes().files).slice(1), ['net.py', 'train.py']);
        person.answer = (asked) => (asked.kind === 'input' ? '*.md' : picking('Pattern')(asked));
        await diffRuns(harness, runIds);
        assert.deepEqual(names(watch.changes().files).slice(1), ['README.md']);
      });

      it('of one commit differ by their patches; the same in all is said', async () => {
        const patch = patchOf(() => write(folder, 'helpers.py', 'two = 2\n'));
        const plain = await run(at(ids.merge), 1);
        await diffRuns(harness, [plain, await run({ ...at(ids.merge), [key('diff')]: patch }, 2)]);
        assert.match(watch.changes().title, /\([0-9a-f]{7}\) ↔ .* \([0-9a-f]{7} \+ patch\)$/);
        assert.deepEqual(names(watch.changes().files), ['helpers.py']);
        await diffRuns(harness, [plain, await run(at(ids.merge), 3)]);
        assert.match(person.asked.at(-1)?.message ?? '', /have the same code .* params and environment/);
        await diffRuns(harness, [plain]);
        assert.match(person.asked.at(-1)?.message ?? '', /of two runs can be compared\. Chosen are 1/);
      });

      it('of different repositories are told apart', async () => {
        const other = makeRepository(path.join(workspaceFolder(), `${name}-other`));
        const elsewhere = commit(other, 'Elsewhere', { 'x.py': '1\n' });
        try {
          await diffRuns(harness, [await run(at(ids.first), 1), await run(at(elsewhere), 2)]);
          assert.match(person.asked.at(-1)?.message ?? '', /made in different repositories, .*-other: their code/);
        } finally {
          fs.rmSync(other, { recursive: true, force: true, maxRetries: 3 });
        }
      });
    });

    it('opens the page of the commit or of the file, without the credentials of the tag', async () => {
      watch.restore();
      watch = new CommandWatch('vscode.open');
      person.answer = picking('train.py at');
      await openOnRemote(harness, [await run(at(ids.first))]);
      assert.deepEqual(watch.run.at(-1)?.args, [`https://github.com/ada/code/blob/${ids.first}/train.py`]);
      const gone = 'e'.repeat(40);
      await openOnRemote(harness, [await run(at(gone))]);
      assert.deepEqual(watch.run.at(-1)?.args, [`https://github.com/ada/code/commit/${gone}`]);
      person.answer = () => undefined;
      await openOnRemote(harness, [await run({ ...at(gone), [key('repoURL')]: 'https://u:s3cret@git.example.org/a' })]);
      assert.match(person.asked.at(-1)?.message ?? '', /does not know the web pages of git\.example\.org\./);
      assert.doesNotMatch(JSON.stringify([watch.run, person.asked]), /s3cret/);
    });

    it('checks the commit out beside, with its patch, opens it, and takes it away on request', async () => {
      const patch = patchOf(() => write(folder, 'train.py', train('patched')));
      const runId = await run({ ...at(ids.first), [key('diff')]: patch.replaceAll('second', 'first') });
      const made = path.join(outside, `${name}-${ids.first.slice(0, 7)}`);
      person.answer = (asked) =>
        asked.kind === 'folder' ? outside : asked.choices.find((c) => c === 'Open in New Window');
      await checkOut(harness, [runId]);
      assert.equal(fs.readFileSync(path.join(made, 'train.py'), 'utf8'), train('patched'));
      assert.equal(git(made, 'rev-parse', 'HEAD'), ids.first);
      const opened = watch.run.findLast(({ command }) => command === 'vscode.openFolder')?.args ?? [];
      assert.ok(opened[0] instanceof vscode.Uri);
      assert.deepEqual([opened[0].fsPath, opened[1]], [made, { forceNewWindow: true }]);
      assert.equal(git(folder, 'status', '--porcelain'), '');

      person.answer = picking(path.basename(made));
      await removeWorktree(harness);
      assert.match(person.asked.at(-1)?.detail ?? '', /changes that are in no commit, which are lost: train\.py/);
      assert.ok(fs.existsSync(made));
      person.answer = (asked) => (asked.modal ? 'Remove Worktree' : picking(path.basename(made))(asked));
      await removeWorktree(harness);
      assert.ok(!fs.existsSync(made));
      assert.equal(git(folder, 'worktree', 'list').split('\n').length, 1);
      await removeWorktree(harness);
      assert.match(person.asked.at(-1)?.message ?? '', /has a worktree that Flowdeck made/);
    });

    it('refuses hostile tags: nothing is executed, nothing is read as an option', async () => {
      const before = fs.readdirSync(folder).sort();
      const hostile = [
        '--output=pwned',
        '$(touch pwned)',
        `${ids.first}; touch pwned`,
        '`touch pwned`',
        '--upload-pack=touch pwned',
      ];
      for (const text of hostile) {
        const tags = {
          [key('commit')]: text,
          [key('branch')]: text,
          [key('repoURL')]: text,
          'mlflow.source.name': text,
        };
        for (const act of [compareWithWorkingTree, showCommit, checkOut, openOnRemote])
          await act(harness, [await run(tags)]);
        const missing = { ...tags, [key('commit')]: 'd'.repeat(40) };
        for (const act of [compareWithWorkingTree, openOnRemote]) await act(harness, [await run(missing)]);
      }
      assert.deepEqual(fs.readdirSync(folder).sort(), before);
      assert.ok(!fs.existsSync(path.resolve('pwned')));
    });
  });
