import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { DockerEngine } from '../support/dockerEngine';
import { toolsPython, withEnvironment } from '../support/launchTools';
import { until, untilGone } from '../support/processTree';
import { generations } from './generations';
import { LaunchLab, labFiles } from './launchLab';

for (const version of generations)
  describe(`launching in containers with MLflow ${version}`, function () {
    // Several launches each, on a machine that may be busy with other things.
    this.timeout(240_000);
    let lab: LaunchLab;
    let engine: DockerEngine;
    let restore = () => {};

    before(async () => {
      lab = await LaunchLab.open('contained', version, toolsPython(version));
      engine = await DockerEngine.start(lab.storage, toolsPython(version));
      restore = withEnvironment(engine.environment);
      lab.write({
        MLproject: (labFiles.MLproject ?? '').replace(/^name: lab$/m, 'name: lab\ndocker_env: {image: nowhere/image}'),
      });
      lab.commit('contained');
    });
    after(async () => {
      restore();
      await engine?.close();
      await lab?.close();
    });

    const runs = () => engine.asked.filter(([command]) => command === 'run');

    it('gives docker what a person wrote for it, as it is written', async () => {
      const canary = path.join(lab.storage, 'canary');
      const odd = `a b $(touch ${canary}) "it's"; touch ${canary} #`;
      const dockerArguments = ['gpus=all', 't', 'v=/here:/there', 'label=own=1', `env=ODD=${odd}`];
      const { run, ended } = await lab.run(lab.request('say', { text: `it's "$(id)"` }, { dockerArguments }));
      assert.deepEqual([ended.result, run.status], ['FINISHED', 'FINISHED']);
      const [asked = []] = runs();
      assert.deepEqual(asked.slice(0, asked.indexOf('-e')), [
        ...['run', '--rm', '--gpus', 'all', '-t', '-v', '/here:/there', '--label', 'own=1', '--env', `ODD=${odd}`],
        ...['-l', `flowdeck.run=${run.runId}`],
      ]);
      assert.ok(asked.includes(`MLFLOW_RUN_ID=${run.runId}`));
      assert.deepEqual(JSON.parse(fs.readFileSync(path.join(lab.folder, 'said.json'), 'utf8')), [`it's "$(id)"`]);
      assert.ok(!fs.existsSync(canary));
    });

    it('ends the container of a run that is stopped, and calls the run killed when it is gone', async () => {
      const { ended } = await lab.start(lab.request('forever'));
      await until(
        () => fs.readdirSync(lab.folder).some((name) => name.endsWith('.started')),
        () => `it did not start: ${lab.reported}`,
        90_000,
      );
      const [container] = engine.running();
      assert.ok(container);
      lab.terminate(/^forever/);
      const end = await ended;
      assert.deepEqual(engine.running(), []);
      assert.ok(engine.asked.some((args) => args[0] === 'rm' && args.includes(container)));
      assert.deepEqual([end.result, (await lab.get(end.runId ?? '')).status], ['KILLED', 'KILLED']);
      assert.deepEqual(await untilGone(end.runId ?? ''), []);
    });

    it('ends the container of a run whose window goes', async () => {
      const before = fs.readdirSync(lab.folder).filter((name) => name.endsWith('.started')).length;
      await lab.start(lab.request('forever', { n: '2' }));
      await until(
        () => fs.readdirSync(lab.folder).filter((name) => name.endsWith('.started')).length > before,
        () => `it did not start: ${lab.reported}`,
        90_000,
      );
      assert.equal(engine.running().length, 1);
      lab.tasks.dispose();
      await until(
        () => engine.running().length === 0,
        () => 'the container runs on',
        30_000,
      );
    });
  });

describe('launching with a storage folder', function () {
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('stored');
  });
  after(() => lab?.close());

  it('downloads what a path names into it, under the workspace folder where it is relative', async () => {
    const { store } = await lab.connections.require();
    const { run } = await lab.run(lab.request('say'));
    await store.uploadArtifact(run.runId, 'data/input.txt', Buffer.from('from the server'));
    lab.write({
      MLproject: `${labFiles.MLproject}  fetch:\n    parameters: {data: path}\n    command: "python fetch.py {data}"\n`,
      'fetch.py': 'import json, sys\njson.dump([sys.argv[1], open(sys.argv[1]).read()], open("fetched.json", "w"))\n',
    });
    lab.store.refresh();
    const data = `runs:/${run.runId}/data/input.txt`;
    const storageDir = 'stored/kept here';
    fs.mkdirSync(path.join(lab.folder, 'kept here'));
    const fetched = await lab.run(lab.request('fetch', { data }, { storageDir }));
    assert.equal(fetched.ended.result, 'FINISHED');
    const [place, text] = JSON.parse(fs.readFileSync(path.join(lab.folder, 'fetched.json'), 'utf8'));
    assert.equal(text, 'from the server');
    const folder = fs.realpathSync(path.join(lab.folder, 'kept here'));
    assert.ok(fs.realpathSync(place).startsWith(`${folder}${path.sep}`), `${place} is not in ${folder}`);
  });
});
