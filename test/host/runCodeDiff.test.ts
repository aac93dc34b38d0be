import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { diffRuns } from '../../src/source/diffRuns';
import { sourceText } from '../../src/source/sourceTexts';
import { commit, git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { at, CodeScene, names, picking, text, train } from './runCodeHarness';
import { key, workspaceFolder } from './sourceHarness';

for (const version of generations)
  describe(`the code of two runs, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new CodeScene(version, `code-diff-${version}`);

    describe('two runs', () => {
      const pair = async () => [
        await scene.run(at(scene.ids.second), 2_000_000_000_000, { lr: '0.2', same: 'x' }),
        await scene.run(at(scene.ids.first), 1_900_000_000_000, { lr: '0.1', same: 'x', 'odd key': 'a: b\n' }),
      ];

      it('are compared by all files, the older on the left, below their params', async () => {
        scene.person.answer = picking('All Files');
        const runIds = await pair();
        await diffRuns(scene.harness, runIds);
        const { title, files } = scene.watch.changes();
        const runNames = await Promise.all(runIds.map(async (id) => (await scene.harness.store.getRun(id)).name));
        assert.equal(
          title,
          `${runNames[1]} (${scene.ids.first.slice(0, 7)}) ↔ ${runNames[0]} (${scene.ids.second.slice(0, 7)})`,
        );
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
          await sourceText(scene.harness, facts.left),
          /^params:\n {2}lr: 0\.1\n {2}odd key: "a: b\\n"\n {2}same: x\n/,
        );
        assert.match(
          await sourceText(scene.harness, facts.right),
          /^params:\n {2}lr: 0\.2\n {2}same: x\nenvironment:\n/,
        );
        assert.equal(await text(scene.fileNamed('train.py')?.right), train('second'));
        assert.match(
          scene.person.asked[0]?.choices.join('\n') ?? '',
          /All Files That Differ files: 4, lines added: 4, removed: 3/,
        );
      });

      it('are compared by what the entry point imports, or by a pattern', async () => {
        const runIds = await pair();
        scene.person.answer = picking('What It Imports');
        await diffRuns(scene.harness, runIds);
        assert.match(scene.person.asked[0]?.choices.join('\n') ?? '', /What It Imports 2 of 4 files/);
        assert.deepEqual(names(scene.watch.changes().files).slice(1), ['net.py', 'train.py']);
        scene.person.answer = (asked) => (asked.kind === 'input' ? '*.md' : picking('Pattern')(asked));
        await diffRuns(scene.harness, runIds);
        assert.deepEqual(names(scene.watch.changes().files).slice(1), ['README.md']);
      });

      it('of one commit differ by their patches; the same in all is said', async () => {
        const patch = scene.patchOf(() => write(scene.folder, 'helpers.py', 'two = 2\n'));
        const plain = await scene.run(at(scene.ids.merge), 1);
        await diffRuns(scene.harness, [plain, await scene.run({ ...at(scene.ids.merge), [key('diff')]: patch }, 2)]);
        assert.match(scene.watch.changes().title, /\([0-9a-f]{7}\) ↔ .* \([0-9a-f]{7} \+ patch\)$/);
        assert.deepEqual(names(scene.watch.changes().files), ['helpers.py']);
        await diffRuns(scene.harness, [plain, await scene.run(at(scene.ids.merge), 3)]);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /have the same code .* params and environment/);
        await diffRuns(scene.harness, [plain]);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /of two runs can be compared\. Chosen are 1/);
      });

      it('of two clones with the same commits are compared, each with its own patch', async () => {
        const clone = path.join(workspaceFolder(), `${scene.name}-clone`);
        git(workspaceFolder(), 'clone', '-q', scene.folder, clone);
        try {
          const runIn = (root: string, change: string, startTime: number) =>
            scene.run(
              {
                ...at(scene.ids.merge),
                'mlflow.source.name': path.join(root, 'train.py'),
                [key('diff')]: scene.patchOf(() => write(scene.folder, 'helpers.py', change)),
              },
              startTime,
            );
          await diffRuns(scene.harness, [
            await runIn(scene.folder, 'two = 2\n', 1),
            await runIn(clone, 'three = 3\n', 2),
          ]);
          const { files } = scene.watch.changes();
          assert.deepEqual(names(files), ['helpers.py']);
          assert.deepEqual([await text(files[0]?.left), await text(files[0]?.right)], ['two = 2\n', 'three = 3\n']);
        } finally {
          fs.rmSync(clone, { recursive: true, force: true, maxRetries: 3 });
        }
      });

      it('of different repositories are told apart', async () => {
        const other = makeRepository(path.join(workspaceFolder(), `${scene.name}-other`));
        const elsewhere = commit(other, 'Elsewhere', { 'x.py': '1\n' });
        try {
          await diffRuns(scene.harness, [await scene.run(at(scene.ids.first), 1), await scene.run(at(elsewhere), 2)]);
          assert.match(
            scene.person.asked.at(-1)?.message ?? '',
            /made in different repositories, .*-other: their code/,
          );
        } finally {
          fs.rmSync(other, { recursive: true, force: true, maxRetries: 3 });
        }
      });
    });
  });
