import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { isCancelled } from '../../src/mlflow/mlflowError';
import { commitLenses, commitLinks } from '../../src/source/commitPage';
import { compareWithWorkingTree } from '../../src/source/compareWithWorkingTree';
import { diffRuns } from '../../src/source/diffRuns';
import { openAtCommit } from '../../src/source/openAtCommit';
import { openOnRemote } from '../../src/source/openOnRemote';
import { showCommit } from '../../src/source/showCommit';
import { tagRuns } from '../../src/source/tagRuns';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { at, CodeScene, names, tab, text, train } from './runCodeHarness';
import { activeDiff, key, until, workspaceFolder } from './sourceHarness';

const commitPage = () =>
  until('the commit', () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === 'flowdeck-source' ? document : undefined;
  });

/** As a click does: the link is a command with its arguments. */
async function follow(link: vscode.DocumentLink | undefined): Promise<void> {
  assert.equal(link?.target?.scheme, 'command');
  const args: readonly unknown[] = JSON.parse(link?.target?.query ?? '[]');
  const revived = args.map((arg) =>
    typeof arg === 'object' && arg !== null && 'scheme' in arg ? vscode.Uri.from(arg as vscode.Uri) : arg,
  );
  await vscode.commands.executeCommand(link?.target?.path ?? '', ...revived);
}

for (const version of generations)
  describe(`the code of a run, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new CodeScene(version, `code-${version}`);

    it('compares every file of the commit with the folder, untracked and renamed ones too', async () => {
      write(scene.folder, 'fresh.py', 'fresh\n');
      fs.rmSync(path.join(scene.folder, 'helpers.py'));
      await compareWithWorkingTree(scene.harness, [await scene.run(at(scene.ids.first))]);
      const { title, files } = scene.watch.changes();
      assert.equal(title, `${scene.name} (${scene.ids.first.slice(0, 7)} ↔ Working Tree)`);
      assert.deepEqual(names(files), [
        'README.md',
        'helpers.py',
        'net.py',
        'new name.py',
        'side.py',
        'train.py',
        'fresh.py',
      ]);
      assert.equal(await text(scene.fileNamed('train.py')?.left), train('first'));
      assert.equal(scene.fileNamed('train.py')?.right?.fsPath, path.join(scene.folder, 'train.py'));
      assert.equal(scene.fileNamed('new name.py')?.left?.fsPath, path.join(scene.folder, 'old name.py'));
      assert.equal(scene.fileNamed('helpers.py')?.right, undefined);
      assert.equal(scene.fileNamed('fresh.py')?.left, undefined);
      await tab(title);
    });

    const modelTest = async () => {
      const patch = scene.patchOf(() => write(scene.folder, 'helpers.py', 'two = 2\n'));
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
        [key('commit')]: scene.ids.merge,
        [key('branch')]: 'main',
        [key('dirty')]: 'true',
        [key('diff')]: patch,
      };
      const printed = await scene.server.python(script.join('\n'), JSON.stringify(tags));
      const runId = printed.trim().split('\n').at(-1);
      await compareWithWorkingTree(scene.harness, [runId]);
      assert.equal(
        scene.watch.changes().title,
        `${scene.name} (${scene.ids.merge.slice(0, 7)} + patch ↔ Working Tree)`,
      );
      assert.equal(await text(scene.fileNamed('helpers.py')?.left), 'two = 2\n');
      scene.hold('vscode.open');
      await openOnRemote(scene.harness, [runId]);
      assert.deepEqual(scene.watch.run.at(-1)?.args, [`https://github.com/ada/code/commit/${scene.ids.merge}`]);
    };
    // MLflow 2 has no logged models.
    if (version.startsWith('3')) it('takes the commit and the changes from a model that the run logged', modelTest);

    it('reads what takes long under a progress with Cancel, which ends it', async () => {
      const { withProgress } = vscode.window;
      const titles: string[] = [];
      const stopped = new vscode.CancellationTokenSource();
      stopped.cancel();
      let cancelled = 'nothing yet';
      Object.assign(vscode.window, {
        withProgress: (options: vscode.ProgressOptions, task: Parameters<typeof withProgress>[1]) => {
          titles.push(`${options.title} ${options.cancellable}`);
          const stops = options.title?.startsWith(cancelled);
          return withProgress.call(vscode.window, options, (report, token) =>
            task(report, stops ? stopped.token : token),
          );
        },
      });
      try {
        const [first, second] = [await scene.run(at(scene.ids.first)), await scene.run(at(scene.ids.second), 1)];
        const acts: readonly (readonly [string, () => Promise<void>])[] = [
          ['Comparing ', () => compareWithWorkingTree(scene.harness, [first])],
          ['Reading commit', () => showCommit(scene.harness, [first])],
          ['Reading commit', () => showCommit(scene.harness, [first, 'changes'])],
          ['Looking for the source', () => openAtCommit(scene.harness, [first])],
          ['Comparing the code', () => diffRuns(scene.harness, [first, second])],
        ];
        for (const [title, act] of acts) {
          cancelled = title;
          titles.length = 0;
          const refused: unknown = await act().catch((error: unknown) => error);
          assert.ok(isCancelled(refused), `${title}: ${refused}`);
          assert.ok(
            titles.some((shown) => shown.startsWith(title) && shown.endsWith(' true')),
            titles.join('\n'),
          );
        }
      } finally {
        stopped.dispose();
        Object.assign(vscode.window, { withProgress });
      }
    });

    it('says that nothing differs', async () => {
      await compareWithWorkingTree(scene.harness, [await scene.run(at(scene.ids.merge))]);
      assert.match(
        scene.person.asked.at(-1)?.message ?? '',
        new RegExp(`are the same as at ${scene.ids.merge.slice(0, 7)}`),
      );
    });

    it('shows a commit: who, when, why, and each file with a link to what changed in it', async () => {
      const runId = await scene.run(at(scene.ids.second));
      await showCommit(scene.harness, [runId]);
      const page = await commitPage();
      assert.match(
        page.getText(),
        new RegExp(`^Commit +${scene.ids.second}\nParent +${scene.ids.first}\nAuthor +Ada <ada@example.org>`),
      );
      assert.match(page.getText(), / {4}Second thoughts\n\nFiles changed: 4, lines added: 4, removed: 3/);
      assert.match(page.getText(), /R {2}old name\.py → new name\.py {2}\+0 −0/);
      assert.equal(vscode.window.tabGroups.activeTabGroup.activeTab?.label, `Commit ${scene.ids.second.slice(0, 7)}`);
      const lenses = await commitLenses(scene.harness, page.uri);
      assert.deepEqual(
        lenses.map(({ command }) => command?.title),
        [
          'Open All Changes',
          'Compare with Working Tree',
          'Runs of This Commit',
          'Open on Remote',
          'Check Out in New Worktree…',
        ],
      );
      assert.deepEqual(lenses[0]?.command?.arguments, [{ runId }, 'changes']);
      const links = await commitLinks(scene.harness, page.uri);
      assert.deepEqual(
        links.map(({ range }) => page.getText(range)),
        [
          'Files changed: 4, lines added: 4, removed: 3',
          'README.md',
          'lib/net.py',
          'old name.py → new name.py',
          'train.py',
        ],
      );
      await follow(links[1]);
      const diff = await activeDiff();
      assert.deepEqual([diff.left, diff.right], ['one\n', 'two\n']);
    });

    it('shows every change of a commit in one editor', async () => {
      await showCommit(scene.harness, [await scene.run(at(scene.ids.second)), 'changes']);
      const { title, files } = scene.watch.changes();
      assert.equal(title, `${scene.ids.second.slice(0, 7)}: Second thoughts`);
      assert.deepEqual(names(files), ['README.md', 'net.py', 'new name.py', 'train.py']);
      assert.equal(await text(scene.fileNamed('README.md')?.left), 'one\n');
      await tab(title);
    });

    it('shows the first commit against nothing, and a merge against its first parent', async () => {
      await showCommit(scene.harness, [await scene.run(at(scene.ids.first)), 'changes']);
      assert.equal(scene.watch.changes().files.filter(({ left }) => left === undefined).length, 6);
      const merge = await scene.run(at(scene.ids.merge));
      await showCommit(scene.harness, [merge, 'changes']);
      assert.deepEqual(names(scene.watch.changes().files), ['side.py']);
      await showCommit(scene.harness, [merge]);
      const page = await commitPage();
      assert.match(page.getText(), /Merge of .*\n[\s\S]*Files changed: 1, .*, against the first parent/);
      const links = await commitLinks(scene.harness, page.uri);
      await follow(links[1]);
      await until('the added file', () => {
        const document = vscode.window.activeTextEditor?.document;
        return document?.uri.scheme === 'flowdeck-git' && document.getText() === '1\n' ? true : undefined;
      });
    });

    it('says that a shallow clone does not know what a commit changed', async () => {
      const shallow = path.join(workspaceFolder(), `${scene.name}-shallow`);
      const origin = makeRepository(path.join(scene.outside, 'origin'));
      commit(origin, 'Deep', { 'deep.py': '1\n' });
      const top = commit(origin, 'Top', { 'deep.py': '2\n' });
      git(workspaceFolder(), 'clone', '-q', '--depth=1', pathToFileURL(origin).href, path.basename(shallow));
      try {
        await showCommit(scene.harness, [
          await scene.run({ ...at(top), [key('repoURL')]: pathToFileURL(origin).href }),
        ]);
        const page = await commitPage();
        assert.match(page.getText(), /not known: the repository is a shallow clone without its parent/);
        assert.ok(
          !(await commitLenses(scene.harness, page.uri)).some(({ command }) => /Changes/.test(command?.title ?? '')),
        );
      } finally {
        fs.rmSync(shallow, { recursive: true, force: true, maxRetries: 3 });
      }
    });

    describe('with uncommitted changes that the run carries', () => {
      it('applies the patch of its artifact and says so, and leaves the folder alone', async () => {
        const patch = scene.patchOf(() => {
          write(scene.folder, 'train.py', train('patched'));
          write(scene.folder, 'added.py', 'added\n');
        });
        const runId = await scene.run({
          ...at(scene.ids.merge),
          'flowdeck.git.patch': 'flowdeck/uncommitted.patch',
          [key('dirty')]: 'true',
        });
        await scene.harness.store.uploadArtifact(runId, 'flowdeck/uncommitted.patch', Buffer.from(patch));
        write(scene.folder, 'train.py', train('work in progress'));
        const label = `${scene.ids.merge.slice(0, 7)} + patch`;
        await compareWithWorkingTree(scene.harness, [runId]);
        assert.equal(scene.watch.changes().title, `${scene.name} (${label} ↔ Working Tree)`);
        assert.deepEqual(names(scene.watch.changes().files), ['added.py', 'train.py']);
        assert.equal(await text(scene.fileNamed('train.py')?.left), train('patched'));
        assert.equal(fs.readFileSync(path.join(scene.folder, 'train.py'), 'utf8'), train('work in progress'));
        assert.equal(git(scene.folder, 'status', '--porcelain'), 'M train.py');

        await openAtCommit(scene.harness, [runId]);
        const diff = await activeDiff();
        assert.equal(diff.left, train('patched'));
        assert.equal(diff.label, `train.py (${label} ↔ Working Tree)`);

        await showCommit(scene.harness, [runId, 'changes']);
        assert.equal(scene.watch.changes().title, `${label}: Merge the side`);
        assert.deepEqual(names(scene.watch.changes().files), ['added.py', 'side.py', 'train.py']);
        await showCommit(scene.harness, [runId]);
        const page = await commitPage();
        assert.match(page.getText(), /\(\+ patch\):\nFiles changed: 2, lines added: 2, removed: 1/);
        const links = await commitLinks(scene.harness, page.uri);
        await follow(links.at(-1));
        const patched = await activeDiff();
        assert.deepEqual([patched.left, patched.right], [train('second'), train('patched')]);
      });

      it('applies a patch over files in another encoding, as the working tree had it', async () => {
        const latin = (words: string) => Buffer.from(words, 'latin1');
        write(scene.folder, 'notes.txt', latin('un caf\xe9\nsans lait\n'));
        commit(scene.folder, 'Notes', {});
        write(scene.folder, 'notes.txt', latin('un caf\xe9\navec cr\xe8me\n'));
        const runId = await scene.run({});
        scene.person.answer = ({ choices }) =>
          choices.find((choice) => choice === 'Tag with Patch…' || choice.startsWith(`$(repo) ${scene.name} `));
        await tagRuns(scene.harness, [runId]);
        git(scene.folder, 'checkout', '-q', '.');
        await compareWithWorkingTree(scene.harness, [runId]);
        assert.match(scene.watch.changes().title, / \+ patch /);
        assert.deepEqual(names(scene.watch.changes().files), ['notes.txt']);
        const left = scene.fileNamed('notes.txt')?.left;
        assert.ok(left);
        assert.deepEqual(Buffer.from(await vscode.workspace.fs.readFile(left)), latin('un caf\xe9\navec cr\xe8me\n'));
        git(scene.folder, 'reset', '-q', '--hard', scene.ids.merge);
      });

      it('applies MLflow’s own diff tag', async () => {
        const patch = scene.patchOf(() => write(scene.folder, 'helpers.py', 'two = 2\n'));
        await compareWithWorkingTree(scene.harness, [
          await scene.run({ ...at(scene.ids.merge), [key('diff')]: patch.trim() }),
        ]);
        assert.equal(await text(scene.fileNamed('helpers.py')?.left), 'two = 2\n');
      });

      it('says that a patch does not fit, and shows the commit alone', async () => {
        const patch = scene.patchOf(() => write(scene.folder, 'helpers.py', 'two = 2\n'));
        const broken = patch.slice(0, -20);
        await compareWithWorkingTree(scene.harness, [
          await scene.run({ ...at(scene.ids.first), [key('diff')]: broken }),
        ]);
        assert.match(scene.person.asked[0]?.message ?? '', /could not be applied to .* shown without them/);
        assert.equal(scene.watch.changes().title, `${scene.name} (${scene.ids.first.slice(0, 7)} ↔ Working Tree)`);
        for (const strange of ['../../etc/passwd', '/etc/passwd', 'flowdeck/missing.patch']) {
          await compareWithWorkingTree(scene.harness, [
            await scene.run({ ...at(scene.ids.first), 'flowdeck.git.patch': strange }),
          ]);
          assert.match(scene.person.asked.at(-1)?.message ?? '', /could not be applied/, strange);
        }
      });
    });
  });
