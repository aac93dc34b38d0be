import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments } from '../../src/projects/bisect/leftBisections';
import { type BisectionOf, OpenBisections } from '../../src/projects/bisect/openBisections';
import { offlineEnvironment, pythonVersion, toolsPython, withEnvironment } from '../support/launchTools';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { generations, isOldestHost } from './generations';
import { LaunchLab } from './launchLab';
import { reproduce } from './reproduceHarness';

/** The score is what an environment of the project brings, and this Python does not. */
const main = `import lab, sys
try:
    import flowdeck_test_lab
    score = 1
except ImportError:
    score = 0
lab.metric("score", score)
lab.post("set-tag", key="prefix", value=sys.prefix)
`;
const [version] = generations;

describe('bisecting and reproducing with the environment of the project', function () {
  if (isOldestHost) return;
  // Environments are made, on a machine that may be busy with other things.
  this.timeout(300_000);
  if (version === undefined) return;
  const manager = version === '2.15.1' ? 'virtualenv' : 'uv';
  let lab: LaunchLab;
  let restore = () => {};
  let of: BisectionOf;
  const commits: string[] = [];

  before(async () => {
    lab = await LaunchLab.open('pinned', version, toolsPython(version));
    restore = withEnvironment(offlineEnvironment(version, lab.storage));
    lab.write({
      MLproject: 'name: pinned\npython_env: python_env.yaml\nentry_points: {main: {command: "python main.py"}}\n',
      'main.py': main,
    });
    const pins = ['flowdeck-test-lab==1.0'];
    for (const [at, dependencies] of [pins, pins, [], []].entries()) {
      const text = JSON.stringify({ python: pythonVersion(version), dependencies });
      lab.write({ 'python_env.yaml': text, 'note.txt': String(at) });
      commits.push(lab.commit(`step ${at}`));
    }
    const { store, uri } = await lab.connections.require();
    const experimentId = await store.createExperiment('lab');
    const make = async (commit: string | undefined, score: number) => {
      const tags = {
        'mlflow.source.name': `file://${lab.folder}`,
        'mlflow.source.type': 'PROJECT',
        'mlflow.project.entryPoint': 'main',
        'mlflow.project.env': manager,
        'mlflow.source.git.commit': commit ?? '',
        'mlflow.source.git.dirty': 'false',
      };
      const { runId } = await store.createRun({ experimentId, tags });
      await store.logBatch(runId, { metrics: [{ key: 'score', value: score, timestamp: 1, step: 0 }] });
      await store.updateRun(runId, { status: 'FINISHED' });
      return runId;
    };
    of = { uri, good: await make(commits[0], 1), bad: await make(commits[3], 0), metric: 'score' };
  });
  after(async () => {
    restore();
    await lab?.close();
  });

  const made = () => fs.realpathSync(path.join(lab.storage, 'environments'));
  const question = 'What are the commits to be launched with?';
  const bisected = async (script: Script, done: RegExp) => {
    lab.picked.splice(0, lab.picked.length, of.good, of.bad);
    lab.reported.length = 0;
    try {
      await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of));
      await until(
        () => script.texts('information').some((text) => done.test(text)) || lab.reported.length > 0,
        () => `it did not go on: ${JSON.stringify(script.shown)}`,
        200_000,
      );
    } finally {
      script.restore();
    }
    assert.deepEqual(lab.reported, []);
    return script.texts('information');
  };

  it('asks once with what, keeps it with the bisection, and finds the commit whose environment moved the metric', async () => {
    const kept = new OpenBisections(lab.platform.context.workspaceState);
    lab.picked.splice(0, lab.picked.length, of.good, of.bad);
    const undecided = new Script(() => undefined);
    await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of)).finally(() => undecided.restore());
    const [asked] = undecided.shown;
    assert.deepEqual([asked?.message, undecided.shown.length, kept.all()], [question, 1, []]);
    assert.match(asked?.detail ?? '', /^Environment: python_env\n/);
    const others = version === '2.15.1' ? [] : ['Bisect with virtualenv'];
    assert.deepEqual(asked?.choices, [`Bisect with ${manager}`, ...others, 'Bisect with This Python']);

    // Whoever leaves the next question is not asked again with what.
    const left = new Script(({ choices }) => choices.find((choice) => choice === `Bisect with ${manager}`));
    await bisected(left, /commits are still open/);
    assert.deepEqual(
      kept.all().map(({ runsIn }) => runsIn),
      [manager],
    );
    const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch There'));
    const told = await bisected(script, /score moved/);
    assert.ok(!told.includes(question), JSON.stringify(told));
    assert.equal(told.at(-1), `score moved to 0 at ${commits[2]?.slice(0, 7)} "step 2" (Ada).`);
    const launched = (await lab.runs()).filter(({ tags }) => tags['flowdeck.bisects'] === 'score');
    assert.ok(launched.length > 0);
    for (const { tags } of launched) {
      assert.equal(tags['mlflow.project.env'], manager);
      assert.ok(tags.prefix?.startsWith(made()), `${tags.prefix} is not in ${made()}`);
    }
    assert.deepEqual([kept.all(), lab.worktrees()], [[], []]);
  });

  it('reproduces a run with it', async () => {
    const { facts, told } = await reproduce(lab, of.good, `Reproduce with ${manager}`);
    assert.match(facts, /^Environment: python_env$/m);
    assert.match(told, /ended as FINISHED: 1 values are the same .*, 0 differ/);
    const again = (await lab.runs()).findLast(({ tags }) => 'flowdeck.reproduces' in tags);
    assert.deepEqual([again?.tags['mlflow.project.env'], again?.metrics.score?.value], [manager, 1]);
    assert.ok(again?.tags.prefix?.startsWith(made()), `${again?.tags.prefix} is not in ${made()}`);
    assert.deepEqual(lab.worktrees(), []);
  });
});
