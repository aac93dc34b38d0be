import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { launchFolders } from '../../src/projects/launch/launchFolders';
import { planReproduction } from '../../src/projects/reproduce/plan';
import { factsText } from '../../src/projects/reproduce/reproduceRun';
import { waysOf } from '../../src/projects/reproduce/runsIn';
import type { Run } from '../../src/shared/domain';
import { toolsPython } from '../support/launchTools';
import { generations, isOldestHost } from './generations';
import { LaunchLab } from './launchLab';
import { reproduce, withThisPython } from './reproduceHarness';

const [version] = generations;
const onIt = 'Reproduce on flowdeck-test';

describe('reproducing a run that was made on a backend', function () {
  if (isOldestHost) return;
  this.timeout(240_000);
  if (version === undefined) return;
  let lab: LaunchLab;
  let original: Run;
  const config = 'elsewhere/backend.json';

  before(async () => {
    lab = await LaunchLab.open('elsewhere', version, toolsPython(version));
    lab.write({
      'backend.json': JSON.stringify({ answer: 42, program: 'remote.py' }),
      'remote.py': 'import lab, os\nlab.metric("answer", float(os.environ["ANSWER"]))\n',
    });
    lab.commit('remote');
    const request = lab.request('say', { text: 'plain' }, { backend: 'flowdeck-test', backendConfig: config });
    ({ run: original } = await lab.run(request));
    assert.equal(original.tags['mlflow.project.backend'], 'flowdeck-test');
  });
  after(() => lab?.close());

  const planOf = async (tags: Readonly<Record<string, string>> = {}) => {
    const { store } = await lab.connections.require();
    const made = await store.createRun({
      experimentId: original.experimentId,
      tags: { 'mlflow.source.name': `file://${lab.folder}`, 'mlflow.project.entryPoint': 'say', ...tags },
    });
    const { checkouts } = await lab.tasks.shared();
    return planReproduction(await lab.get(made.runId), store, checkouts, launchFolders(), new AbortController().signal);
  };
  const commit = () => original.tags['mlflow.source.git.commit'] ?? '';

  it('offers the backend first, with the configuration that it had, and runs on it', async () => {
    assert.equal(original.tags['flowdeck.backend.config'], config);
    const { facts, choices, told } = await reproduce(lab, original.runId, onIt);
    assert.deepEqual(choices, [onIt, withThisPython]);
    assert.ok(facts.includes(`\nBackend: flowdeck-test, ${config}\n`), facts);
    assert.doesNotMatch(facts, /made on the backend/);
    assert.match(told, /ended as FINISHED: \d values are the same .*, 0 differ, 0 are unknown/);
    const again = (await lab.runs()).findLast(({ tags }) => 'flowdeck.reproduces' in tags);
    assert.ok(again);
    assert.deepEqual(
      [again.tags['mlflow.project.backend'], again.tags['flowdeck.reproduces'], again.metrics.answer?.value],
      ['flowdeck-test', original.runId, 42],
    );
    assert.equal(again.tags['mlflow.source.git.commit'], commit());
    assert.deepEqual(lab.worktrees(), []);
  });

  it('runs here where a person says so', async () => {
    await reproduce(lab, original.runId, withThisPython);
    const again = (await lab.runs()).findLast(({ tags }) => 'flowdeck.reproduces' in tags);
    assert.deepEqual([again?.tags['mlflow.project.backend'], again?.metrics.answer], ['local', undefined]);
    fs.rmSync(path.join(lab.folder, 'said.json'), { force: true });
  });

  it('says why it is launched here where the backend, or what it was given, is not known', async () => {
    const at = { 'mlflow.source.git.commit': commit() };
    for (const [tags, said] of [
      [
        { 'mlflow.project.backend': 'slurm', 'flowdeck.backend.config': '' },
        /• It was made on the backend slurm, which .* does not know: it is launched here\.$/m,
      ],
      [
        { 'mlflow.project.backend': 'flowdeck-test' },
        /• It was made on the backend flowdeck-test, and nobody recorded with which configuration: it is launched here\.$/m,
      ],
      [
        { 'mlflow.project.backend': 'flowdeck-test', 'flowdeck.backend.config': 'gone.json' },
        /• It was made on the backend flowdeck-test, whose configuration gone\.json is not here: it is launched here\.$/m,
      ],
    ] as const) {
      const plan = await planOf({ ...at, ...tags });
      assert.match(factsText(plan), said);
      assert.deepEqual(waysOf(plan), ['local']);
    }
    const bare = await planOf({ ...at, 'mlflow.project.backend': 'flowdeck-test', 'flowdeck.backend.config': '' });
    assert.deepEqual(waysOf(bare), ['backend', 'local']);
    assert.deepEqual(waysOf(await planOf({ ...at, 'mlflow.project.backend': 'local' })), ['local']);
  });

  it('says what docker was given, and what of it nobody recorded', async () => {
    lab.write({ MLproject: 'name: lab\ndocker_env: {image: x}\nentry_points: {say: {command: "python say.py"}}\n' });
    const at = { 'mlflow.source.git.commit': lab.commit('a container') };
    const unknown = factsText(await planOf(at));
    assert.match(unknown, /^Environment: docker_env$/m);
    assert.match(unknown, /• Nobody recorded the arguments of docker \(-A\): none are given\.$/m);
    const known = await planOf({ ...at, 'flowdeck.docker.arguments': '["gpus=all","e=TOKEN"]' });
    assert.match(factsText(known), /^Arguments of docker: gpus=all, e=TOKEN$/m);
    assert.match(factsText(known), /• Values of variables for docker, taken from this window: TOKEN\.$/m);
    assert.doesNotMatch(factsText(known), /Nobody recorded the arguments/);
  });

  it('asks a question that fits the window, however much a run has', async () => {
    const plan = await planOf({ 'mlflow.source.git.commit': commit() });
    const many = Array.from({ length: 300 }, (_, at) => `name${at}`);
    const parameters = new Map(many.map((name) => [name, `a\nlong ${'value '.repeat(100)}`]));
    const datasets = many.map((name) => ({ name, digest: 'abc', sourceType: 'local', source: '{}' }));
    const facts = factsText({ ...plan, parameters, loggedByProgram: many, run: { ...plan.run, datasets } });
    assert.match(facts, /^Parameters: name0=a long value .*, and 288 more$/m);
    assert.match(facts, /^Datasets: name0 abc, .*, name11 abc, and 288 more$/m);
    assert.match(facts, /• Not passed on, .*: name0, .*, name9, and 290 more\.$/m);
    assert.ok(facts.split('\n').length < 20 && facts.length < 3_000, facts);
  });
});
