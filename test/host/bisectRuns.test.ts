import assert from 'node:assert/strict';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments } from '../../src/projects/bisect/leftBisections';
import { OpenBisections } from '../../src/projects/bisect/openBisections';
import { mapLimited } from '../../src/shared/mapLimited';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { LaunchLab } from './launchLab';

/** As MLflow's git versioning of models does: the run itself names no commit. */
const nameOnModel = `
import sys
from mlflow import MlflowClient
from mlflow.entities import LoggedModelOutput
client = MlflowClient()
_, run_id, commit, dirty = sys.argv
tags = {'mlflow.source.git.commit': commit, 'mlflow.source.git.dirty': dirty}
model = client.create_logged_model(client.get_run(run_id).info.experiment_id, name='net', source_run_id=run_id, tags=tags)
client.log_outputs(run_id, [LoggedModelOutput(model.model_id, 0)])
`;

describe('what bisecting takes runs for', function () {
  this.timeout(120_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('models');
  });
  after(() => lab?.close());

  it('counts runs whose commit a logged model names, unless there were uncommitted changes', async () => {
    const { store } = await lab.connections.require();
    const experimentId = await store.createExperiment('lab');
    const commits: string[] = [];
    for (const value of ['3', '4', '9', '10']) {
      lab.write({ 'value.txt': value, 'other.txt': value });
      commits.push(lab.commit(`step ${value}`));
    }
    const ofMain = { 'mlflow.source.name': `file://${lab.folder}`, 'mlflow.project.entryPoint': 'main' };
    const make = async (score: number, tags: Readonly<Record<string, string>>) => {
      const { runId } = await store.createRun({
        experimentId,
        tags: 'mlflow.source.name' in tags ? tags : { ...ofMain, ...tags },
      });
      await store.logBatch(runId, {
        params: { factor: '1' },
        metrics: [{ key: 'score', value: score, timestamp: 1, step: 0 }],
      });
      await store.updateRun(runId, { status: 'FINISHED' });
      return runId;
    };
    const at = (commit: string | undefined) => ({ 'mlflow.source.git.commit': commit ?? '' });
    const [good, bad] = [await make(3, at(commits[0])), await make(10, at(commits[3]))];
    for (const [score, commit, dirty] of [
      [4, commits[1], 'false'],
      // Newer than that of the commit itself: it would count in its place.
      [9, commits[1], 'true'],
      [9, commits[2]?.slice(0, 9), 'false'],
    ] as const)
      await lab.server.python(nameOnModel, await make(score, {}), commit ?? '', dirty);
    // Of another program, and newer.
    await make(9, {
      ...at(commits[1]),
      'mlflow.source.name': `${lab.folder}/evaluate.py`,
      'mlflow.source.type': 'LOCAL',
    });
    await make(9, { ...at(commits[1]), ...ofMain, 'mlflow.source.name': `file://${lab.folder}#other` });
    const changed = await make(11, { ...at(commits[3]), 'mlflow.source.git.dirty': 'true' });
    const kept = new OpenBisections(lab.platform.context.workspaceState);
    lab.picked.splice(0, lab.picked.length, good, bad);
    const name = (await lab.get(good)).name;
    const script = new Script(({ kind, message }) =>
      kind === 'quickPick' ? (/good one/.test(message) ? name : 'score') : undefined,
    );
    try {
      await bisectMetric(await lab.tasks.shared(), lab.tasks, []);
      const moved = () => script.texts('information').find((text) => /score moved/.test(text));
      await until(
        () => moved() !== undefined,
        () => `it asks for a launch: ${JSON.stringify(script.shown)}`,
      );
      assert.match(moved() ?? '', new RegExp(`^score moved to 9 at ${commits[2]?.slice(0, 7)} "step 9" \\(Ada\\)\\.$`));
    } finally {
      script.restore();
    }
    assert.deepEqual(kept.all(), []);
    // What is not committed may have moved the metric: nothing is begun before a person says so.
    lab.picked.splice(0, lab.picked.length, good, changed);
    const doubtful = new Script(({ kind, message }) =>
      kind === 'quickPick' ? (/good one/.test(message) ? name : 'score') : undefined,
    );
    await bisectMetric(await lab.tasks.shared(), lab.tasks, []).finally(() => doubtful.restore());
    assert.deepEqual(doubtful.texts('warning'), [`Made with uncommitted changes: ${(await lab.get(changed)).name}.`]);
    assert.deepEqual([doubtful.texts('information'), kept.all()], [[], []]);
  });

  it('leaves out parts of a launch, and says where it did not look at all runs', async () => {
    const { store, uri } = await lab.connections.require();
    const { experimentId = '' } = (await store.getExperimentByName('lab')) ?? {};
    const commits = ['1', '2', '3'].map((value) => {
      lab.write({ 'value.txt': value });
      return lab.commit(`part ${value}`);
    });
    const make = async (score: number, commit: string | undefined, more: Readonly<Record<string, string>> = {}) => {
      const ofMain = { 'mlflow.source.name': `file://${lab.folder}`, 'mlflow.project.entryPoint': 'main' };
      const tags = { ...ofMain, 'mlflow.source.git.commit': commit ?? '', ...more };
      const { runId } = await store.createRun({ experimentId, tags });
      const metrics = [{ key: 'score', value: score, timestamp: 1, step: 0 }];
      await store.logBatch(runId, { params: { factor: '1' }, metrics });
      await store.updateRun(runId, { status: 'FINISHED' });
      return runId;
    };
    const [good, bad] = [await make(1, commits[0]), await make(3, commits[2])];
    await make(1, commits[1], { 'flowdeck.sweep': 'grid of 2' });
    const next = async () => {
      lab.picked.splice(0, lab.picked.length, good, bad);
      const script = new Script(() => undefined);
      const of = { uri, good, bad, metric: 'score' };
      await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of)).finally(() => script.restore());
      return script.texts('information').at(-1);
    };
    const open = `Bisecting score: one commit is still open, ${commits[1]?.slice(0, 7)} "part 2" (Ada).`;
    assert.equal(await next(), open);
    const more = Array.from({ length: 1_000 }, () => ({ experimentId, tags: {} }));
    await mapLimited(more, 16, (run) => store.createRun(run));
    assert.equal(await next(), `${open} Of the runs of lab only the newest 1000 were looked at.`);
  });
});
