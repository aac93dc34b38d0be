import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { tagRuns } from '../../src/source/tagRuns';
import { git, makeRepository, write } from '../live/gitFixture';
import { generations } from './generations';
import { key, until, workspaceFolder } from './sourceHarness';
import { SourceScene } from './sourceScene';

for (const version of generations)
  describe(`tagging with the current commit, against MLflow ${version}`, function () {
    this.timeout(180_000);
    const scene = new SourceScene(version, `tagging-${version}`);
    const { name, folder, ids, chooseRepository, answering, run, tagsOf } = scene;
    /** Starting Python takes a second: what it agrees with is shown once, then the store is asked. */
    const tagsInPython = async (runId: string): Promise<Record<string, string>> =>
      JSON.parse(
        await scene.server.python(
          `import json, sys, mlflow\nprint(json.dumps(mlflow.MlflowClient().get_run(sys.argv[1]).data.tags))`,
          runId,
        ),
      );

    it('is read back by the Python client, without the credentials of the remote, and undone exactly', async () => {
      git(folder, 'remote', 'set-url', 'origin', 'https://ada:s3cret@example.org/a/b.git');
      const runId = await run({ 'mlflow.note.content': 'mine', [key('branch')]: 'left over' });
      const before = await tagsInPython(runId);
      await tagRuns(scene.harness, [runId]);
      const after = await tagsInPython(runId);
      assert.deepEqual(after, {
        ...before,
        [key('commit')]: ids.head,
        [key('branch')]: 'main',
        [key('repoURL')]: 'https://example.org/a/b.git',
        [key('dirty')]: 'false',
      });
      assert.doesNotMatch(scene.harness.audits.join(), /s3cret/);
      assert.match(scene.harness.audits.join(), new RegExp(`tag run with commit ${scene.server.uri}.*${ids.head}`));
      assert.ok(scene.harness.changed.includes(runId));
      const told = scene.person.asked.at(-1);
      assert.match(told?.message ?? '', new RegExp(`with ${ids.head.slice(0, 7)} \\(main\\)`));
      assert.deepEqual(told?.choices, ['Undo']);

      await scene.harness.store.deleteRunTag(runId, key('commit'));
      scene.person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Undo'));
      await tagRuns(scene.harness, [runId]);
      const restored = { ...after };
      delete restored[key('commit')];
      await until('the tags of before', async () => (key('commit') in (await tagsOf(runId)) ? undefined : true));
      assert.deepEqual(await tagsInPython(runId), restored);
    });

    it('marks a dirty tree only when the person says so', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      write(folder, 'new.py', '');
      const runId = await run();
      await tagRuns(scene.harness, [runId]);
      const question = scene.person.asked.find(({ modal }) => modal);
      assert.match(question?.detail ?? '', /1 not staged, 1 untracked[\s\S]*train\.py/);
      assert.deepEqual(question?.choices, ['Tag with Patch…', 'Tag Anyway']);
      assert.equal((await tagsInPython(runId))[key('commit')], undefined);

      scene.person.answer = answering(({ modal }) => (modal ? 'Tag Anyway' : undefined));
      await tagRuns(scene.harness, [runId]);
      assert.equal((await tagsInPython(runId))[key('dirty')], 'true');
    });

    it('shows both commits when another stands there, and replaces it on request', async () => {
      const foreign = 'f'.repeat(40);
      const runIds = [await run({ [key('commit')]: ids.first }), await run({ [key('commit')]: foreign }), await run()];
      await tagRuns(scene.harness, runIds);
      const question = scene.person.asked.find(({ modal }) => modal);
      assert.match(question?.message ?? '', /2 of 3 runs/);
      assert.match(question?.detail ?? '', new RegExp(`${ids.first.slice(0, 7)} First steps`));
      assert.match(question?.detail ?? '', /fffffff \(not in this repository\)/);
      assert.match(question?.detail ?? '', new RegExp(`Current commit: ${ids.head.slice(0, 7)} Drop a file`));
      assert.equal((await tagsOf(runIds[0] ?? ''))[key('commit')], ids.first);

      scene.person.answer = answering(({ modal }) => (modal ? 'Replace Commit' : undefined));
      await tagRuns(scene.harness, runIds);
      for (const runId of runIds) assert.equal((await tagsOf(runId))[key('commit')], ids.head);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /Tagged 3 runs/);
    });

    it('knows another commit in any spelling, and says with which button it is replaced', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      const former = {
        'mlflow.git.commit': 'e'.repeat(40),
        'mlflow.gitBranchName': 'old',
        [key('diff')]: 'diff of old',
      };
      const runId = await run(former);
      await tagRuns(scene.harness, [runId]);
      const question = scene.person.asked.find(({ modal }) => modal);
      assert.deepEqual(question?.choices, ['Replace Commit, with Patch…', 'Replace Commit']);
      assert.match(question?.detail ?? '', /1 not staged[\s\S]*On the run: eeeeeee \(not in this repository\)/);
      const before = await tagsOf(runId);
      scene.person.answer = answering(({ modal }) => (modal ? 'Replace Commit' : undefined));
      await tagRuns(scene.harness, [runId]);
      const after = await tagsOf(runId);
      assert.deepEqual([after[key('commit')], after[key('branch')], after[key('dirty')]], [ids.head, 'main', 'true']);
      assert.deepEqual(
        Object.keys(former).filter((name) => name in after),
        [],
      );
      scene.person.answer = answering(({ modal, choices }) =>
        modal ? 'Tag Anyway' : choices.find((each) => each === 'Undo'),
      );
      await tagRuns(scene.harness, [runId]);
      await until('the undo', () => (scene.harness.audits.at(-1)?.startsWith('undo tagging') ? true : undefined));
      assert.deepEqual(await tagsOf(runId), after);
      assert.notDeepEqual(after, before);
    });

    it('writes over nothing that somebody else wrote while the person was asked, nor does Undo', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      const runIds = [await run(), await run()];
      const [taken = '', free = ''] = runIds;
      const theirs = 'd'.repeat(40);
      scene.person.answer = async (asked) => {
        if (!asked.modal) return chooseRepository(asked);
        await scene.harness.store.setRunTag(taken, key('commit'), theirs);
        return 'Tag Anyway';
      };
      await tagRuns(scene.harness, runIds);
      assert.match(
        scene.person.asked.at(-1)?.message ?? '',
        /^Tagged run .* Not tagged: .* meanwhile, to ddddddd\.\)$/,
      );
      assert.deepEqual([(await tagsOf(taken))[key('commit')], (await tagsOf(free))[key('commit')]], [theirs, ids.head]);
      assert.equal((await tagsOf(taken))[key('dirty')], undefined);

      const other = await run();
      scene.person.answer = async (asked) => {
        if (asked.modal) return 'Tag Anyway';
        if (!asked.choices.includes('Undo')) return chooseRepository(asked);
        await scene.harness.store.setRunTag(other, key('commit'), theirs);
        return 'Undo';
      };
      const reported: string[] = [];
      const report = (_action: string, error: unknown) => void reported.push(String(error));
      Object.assign(scene.harness.platform.commands, { report });
      try {
        await tagRuns(scene.harness, [other]);
        await until('the refusal', () => (/meanwhile, to ddddddd/.test(reported.join()) ? true : undefined));
      } finally {
        Reflect.deleteProperty(scene.harness.platform.commands, 'report');
      }
      const tags = await tagsOf(other);
      assert.deepEqual([tags[key('commit')], tags[key('dirty')]], [theirs, 'true']);
    });

    it('tags the others where one run is no longer there', async () => {
      const runIds = [await run(), await run(), await run()];
      const { getRun } = scene.harness.store;
      const picked = await Promise.all(runIds.map((id) => scene.harness.store.getRun(id)));
      const { pickRuns } = scene.harness.runs;
      const gone = new MlflowError('notFound', 'No such run.');
      Object.assign(scene.harness.runs, { pickRuns: async () => picked });
      Object.assign(scene.harness.store, {
        getRun: (id: string, signal?: AbortSignal) => (id === runIds[1] ? Promise.reject(gone) : getRun(id, signal)),
      });
      try {
        await tagRuns(scene.harness, runIds);
        const told = scene.person.asked.at(-1)?.message ?? '';
        assert.match(told, new RegExp(`^Tagged 2 runs with .* Not tagged: ${picked[1]?.name} \\(No such run\\.\\)$`));
        Object.assign(scene.harness.runs, { pickRuns: async () => picked.slice(1, 2) });
        await assert.rejects(tagRuns(scene.harness, []), /No such run/);
      } finally {
        Object.assign(scene.harness.runs, { pickRuns });
        Object.assign(scene.harness.store, { getRun });
      }
      assert.deepEqual(await Promise.all(runIds.map(async (id) => (await tagsOf(id))[key('commit')])), [
        ids.head,
        undefined,
        ids.head,
      ]);
    });

    it('takes a branch away that a detached head does not have, and undo brings it back', async () => {
      git(folder, 'checkout', '-q', '--detach');
      const runId = await run({ [key('branch')]: 'old', [key('commit')]: ids.head });
      const before = await tagsOf(runId);
      scene.person.answer = answering(({ choices }) => choices.find((choice) => choice === 'Undo'));
      await tagRuns(scene.harness, [runId]);
      await until('the tags of before', async () => {
        const tags = await tagsOf(runId);
        return tags[key('branch')] === 'old' && !(key('dirty') in tags)
          ? (assert.deepEqual(tags, before) ?? true)
          : undefined;
      });
      assert.match(scene.harness.audits.at(-2) ?? '', /"removed":"mlflow.source.git.branch"/);
    });

    it('names the runs that the server refused, and keeps the others', async () => {
      write(folder, 'train.py', 'print("dirty")\n');
      const runIds = [await run(), await run()];
      const [kept, lost] = await Promise.all(runIds.map((id) => scene.harness.store.getRun(id)));
      assert.ok(kept && lost);
      scene.person.answer = async (asked) => {
        if (!asked.modal) return chooseRepository(asked);
        await scene.harness.store.deleteRun(lost.runId);
        return 'Tag Anyway';
      };
      await tagRuns(scene.harness, runIds);
      const told = scene.person.asked.at(-1);
      assert.match(told?.message ?? '', new RegExp(`Tagged run ${kept.name} .*Not tagged: ${lost.name}`));
      assert.equal((await tagsOf(kept.runId))[key('commit')], ids.head);
    });

    it('refuses deleted runs and read-only servers before anything is asked', async () => {
      const runId = await run();
      await scene.harness.store.deleteRun(runId);
      await tagRuns(scene.harness, [runId]);
      assert.match(scene.person.asked.at(-1)?.message ?? '', /is deleted\. Restore it/);
      scene.harness.readOnly = true;
      await assert.rejects(tagRuns(scene.harness, [await run()]), (error: unknown) => error instanceof MlflowError);
    });

    it('says that a repository has no commits yet', async () => {
      const empty = makeRepository(path.join(workspaceFolder(), `${name}-empty`));
      try {
        scene.person.answer = ({ kind, choices }) =>
          kind === 'pick' ? choices.find((choice) => choice.includes(`${name}-empty `)) : undefined;
        await tagRuns(scene.harness, [await run()]);
        assert.match(scene.person.asked.at(-1)?.message ?? '', /has no commits yet/);
      } finally {
        fs.rmSync(empty, { recursive: true, force: true });
      }
    });
  });
