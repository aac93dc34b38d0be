import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import type { Run } from '../../src/shared/domain';
import { offlineEnvironment, pythonVersion, toolsPython, withEnvironment } from '../support/launchTools';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { generations } from './generations';
import { LaunchLab } from './launchLab';

/** Logs a model that requires what only an environment made from the model has. */
const train = `import mlflow
try:
    import flowdeck_test_lab
    prefix = flowdeck_test_lab.where()
except ImportError:
    prefix = "here"
class Model(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input
with mlflow.start_run():
    mlflow.log_metric("score", 1)
    mlflow.set_tag("prefix", prefix)
    if prefix == "here":
        mlflow.pyfunc.log_model("model", python_model=Model(), pip_requirements=["flowdeck-test-lab==1.0"])
`;

for (const version of generations)
  describe(`reproducing with the environment of a logged model, MLflow ${version}`, function () {
    // Environments are made, on a machine that may be busy with other things.
    this.timeout(300_000);
    let lab: LaunchLab;
    let original: Run;
    let restore = () => {};

    before(async () => {
      lab = await LaunchLab.open('modelled', version, toolsPython(version));
      restore = withEnvironment(offlineEnvironment(version, lab.storage));
      lab.write({
        MLproject: 'name: modelled\nentry_points: {train: {command: "python train.py"}}\n',
        'train.py': train,
        // The project's own, of which MLflow must not make the environment.
        'requirements.txt': 'flowdeck-no-such-thing==1.0\n',
      });
      lab.commit('a model');
      ({ run: original } = await lab.run(lab.request('train')));
      assert.deepEqual([original.status, original.tags.prefix], ['FINISHED', 'here']);
    });
    after(async () => {
      restore();
      await lab?.close();
    });

    /** Gives the new run, and what was said before it was launched. */
    async function reproduce(run: Run, button: string) {
      lab.reported.length = 0;
      lab.picked.splice(0, lab.picked.length, run.runId);
      const script = new Script(({ choices }) => choices.find((choice) => choice === button));
      try {
        await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
        await until(
          () => script.shown.some(({ message }) => /ended as/.test(message)) || lab.reported.length > 0,
          () => `it did not end: ${JSON.stringify(script.shown)}`,
          200_000,
        );
      } finally {
        script.restore();
      }
      assert.deepEqual(lab.reported, []);
      const again = (await lab.runs()).at(-1);
      assert.ok(again);
      const choices = script.shown.flatMap((shown) => shown.choices).filter((choice) => /^Reproduce/.test(choice));
      const facts = script.shown.find(({ detail }) => detail !== '')?.detail ?? '';
      return { again, facts, choices };
    }

    /** It ran in what was made, and nothing of that stays in the project. */
    function assertMade({ again }: { again: Run }, from: Run, manager: string): void {
      assert.equal(again.status, 'FINISHED');
      assert.equal(again.tags['flowdeck.reproduces'], from.runId);
      assert.equal(again.tags['mlflow.project.env'], manager);
      const made = fs.realpathSync(path.join(lab.storage, 'environments'));
      assert.ok(again.tags.prefix?.startsWith(made), `${again.tags.prefix} is not in ${made}`);
      fs.rmSync(made, { recursive: true });
      assert.deepEqual(lab.worktrees(), []);
    }

    const newest = version === '2.15.1' ? 'virtualenv' : 'uv';
    it(`makes it with ${newest} from what the model requires`, async () => {
      const done = await reproduce(original, `Reproduce with ${newest}`);
      assertMade(done, original, newest);
      assert.match(done.facts, /Environment: \S+\/requirements\.txt/);
      const uv = version === '2.15.1' ? [] : ['Reproduce with uv'];
      assert.deepEqual(done.choices, [...uv, 'Reproduce with virtualenv', 'Reproduce with This Python']);
      assert.match(
        done.facts,
        /virtualenv: MLflow makes this environment anew, .*\nThis Python: what is installed here/,
      );
    });

    it('makes it from what conda would read where a model has nothing else', async () => {
      const { store } = await lab.connections.require();
      const { experimentId, tags } = original;
      const { 'mlflow.log-model.history': _history, ...rest } = tags;
      const history = JSON.stringify([{ artifact_path: 'old', run_id: 'x' }]);
      const old = await store.createRun({
        experimentId,
        tags: { ...rest, 'mlflow.log-model.history': history },
      });
      const pip = ['flowdeck-test-lab==1.0', `mlflow==${version}`].map((line) => `    - ${line}\n`).join('');
      const conda = `dependencies:\n  - python=${pythonVersion(version)}\n  - pip:\n${pip}`;
      await store.uploadArtifact(old.runId, 'old/conda.yaml', Buffer.from(conda));
      await store.updateRun(old.runId, { status: 'FINISHED', endTime: Date.now() });
      const run = await lab.get(old.runId);
      const done = await reproduce(run, 'Reproduce with virtualenv');
      assert.match(done.facts, /Environment: old\/conda\.yaml/);
      assertMade(done, run, 'virtualenv');
    });
  });
