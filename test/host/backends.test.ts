import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import * as vscode from 'vscode';
import { LaunchedRun } from '../../src/projects/launch/launchedRun';
import { givenParams, splitParams } from '../../src/projects/request/givenParams';
import type { LaunchRequest } from '../../src/projects/request/taskDefinition';
import { toolsPython, withEnvironment, writeProgram } from '../support/launchTools';
import { until, untilGone } from '../support/processTree';
import { generations } from './generations';
import { git, LaunchLab } from './launchLab';

const contained = `name: lab
docker_env: {image: nowhere/image}
entry_points: {main: {command: "python main.py"}}
`;

for (const version of generations)
  describe(`launching elsewhere than here with MLflow ${version}`, function () {
    // Several launches each, on a machine that may be busy with other things.
    this.timeout(240_000);
    let lab: LaunchLab;
    const backendConfig = 'backends/backend.json';

    before(async () => {
      lab = await LaunchLab.open('backends', version, toolsPython(version));
    });
    after(() => lab?.close());

    /** The client of Docker, which may be here or not, and says of its engine what this machine's may not. */
    const withDocker = (answers: boolean) => {
      const programs = path.join(lab.storage, `docker-${answers}`);
      const text = answers ? 'exit 0' : 'echo "Cannot connect to the Docker daemon" >&2\nexit 1';
      writeProgram(path.join(programs, 'docker'), `#!/bin/sh\n${text}\n`);
      return { PATH: `${programs}${path.delimiter}${process.env.PATH ?? ''}` };
    };
    const kubeConfig = (server: string) => {
      const KUBECONFIG = path.join(lab.storage, 'kube.yaml');
      const config = {
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server } }],
        contexts: [{ name: 'here', context: { cluster: 'c', user: 'u' } }],
        users: [{ name: 'u', user: {} }],
        'current-context': 'here',
      };
      fs.writeFileSync(KUBECONFIG, JSON.stringify(config));
      return { KUBECONFIG };
    };
    const onPlugin = (entryPoint: string, config: object, more: Partial<LaunchRequest> = {}): LaunchRequest => {
      lab.write({ 'backend.json': JSON.stringify(config) });
      return lab.request(entryPoint, {}, { backend: 'flowdeck-test', backendConfig, ...more });
    };
    /** Launches what says that it has begun. */
    async function started(request: LaunchRequest) {
      let runId = '';
      const { ended } = await lab.start(request, {
        onRun: (id) => {
          runId = id;
        },
      });
      await until(
        () => runId !== '' && fs.existsSync(path.join(lab.folder, `${runId}.started`)),
        () => `it did not start: ${lab.reported}`,
        90_000,
      );
      return { ended, runId };
    }
    /** Runs that are not ended. */
    const open = async () => (await lab.runs()).filter(({ status }) => status === 'RUNNING').map(({ name }) => name);

    it('launches on a backend that pip has installed, and knows the run from the launcher', async () => {
      lab.write({
        'remote.py': 'import lab, os, sys\nlab.metric("answer", float(os.environ["ANSWER"]))\nprint(sys.argv)\n',
      });
      const request = onPlugin('say', { answer: 42, program: 'remote.py' }, { runName: 'elsewhere' });
      const given = new Map(Object.entries({ text: '$(id)', more: "it's" }));
      const { run, ended } = await lab.run({ ...request, parameters: given });
      assert.deepEqual(
        [ended.result, run.status, run.name, ended.name],
        ['FINISHED', 'FINISHED', 'elsewhere', 'elsewhere'],
      );
      assert.equal(run.metrics.answer?.value, 42);
      // A run that MLflow makes has its params as MLflow quotes them for the command.
      assert.deepEqual({ ...run.params }, { text: "'$(id)'", more: `'it'"'"'s'` });
      assert.deepEqual([...splitParams(run, { parameters: [] }).parameters], [['more', "it's"]]);
      assert.equal(givenParams(run).text, '$(id)');
      assert.equal(run.tags['mlflow.project.backend'], 'flowdeck-test');
      assert.equal(run.tags['mlflow.source.git.branch'], 'main');
      assert.ok(lab.revealed.includes(run.runId));
    });

    it('cancels what a backend runs elsewhere, and calls its run killed', async () => {
      // A job elsewhere does not hear what ends the processes here.
      lab.write({
        'deaf.py': 'import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nimport forever\n',
      });
      const { ended, runId } = await started(onPlugin('forever', { program: 'deaf.py' }));
      lab.terminate(/^forever/);
      const end = await ended;
      assert.deepEqual([end.result, (await lab.get(runId)).status], ['KILLED', 'KILLED']);
      assert.ok(fs.existsSync(path.join(lab.folder, `cancelled-${runId}`)));
      assert.deepEqual(await untilGone(runId, 500), []);
    });

    it('closes the run of a backend that fails once it has made one, and says why it failed', async () => {
      const why = 'no room for you \u001b[31m\u0007 here';
      const ended = await (await lab.start(onPlugin('main', { fails: why }, { runName: 'refused' }))).ended;
      assert.deepEqual([ended.result, ended.name], ['FAILED', 'refused']);
      assert.ok(ended.runId !== undefined && !('counts' in ended));
      assert.equal((await lab.get(ended.runId)).status, 'FAILED');
      assert.equal(ended.reason, 'RuntimeError: no room for you [31m here');
      assert.deepEqual(await open(), []);
    });

    it('closes the run of a backend that is stopped before it has handed the run over', async () => {
      const { ended } = await started(onPlugin('main', { hangs: true }));
      lab.terminate(/^main/);
      assert.equal((await ended).result, 'KILLED');
      assert.deepEqual(await open(), []);
    });

    it('brings no credential of a remote to the server, the log or the terminal', async () => {
      const secret = 'geheim';
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const written: string[] = [];
      const screen = { write: (text: string) => void written.push(text), size: { columns: 80, rows: 24 } };
      const room = await lab.tasks.shared();
      lab.write({ 'remote.py': 'print("elsewhere")\n' });
      const plain = 'https://127.0.0.1:9/lab.git';
      try {
        for (const [address, kept] of [
          [`https://ann:${secret}@127.0.0.1:9/lab.git`, plain],
          [`${plain}?access_token=${secret}`, plain],
          [`ann:${secret}@127.0.0.1:lab.git`, undefined],
        ] as const) {
          git(lab.folder, 'remote', 'add', 'origin', address);
          for (const request of [lab.request('say'), onPlugin('say', { program: 'remote.py' })]) {
            const ended = await new LaunchedRun(room, request, folder, screen).run();
            assert.equal(ended.result, 'FINISHED');
            const { tags } = await lab.get(ended.runId ?? '');
            assert.equal(tags['mlflow.source.git.repoURL'], kept);
          }
          git(lab.folder, 'remote', 'remove', 'origin');
        }
      } finally {
        if (git(lab.folder, 'remote') !== '') git(lab.folder, 'remote', 'remove', 'origin');
      }
      const shown = written.join('');
      assert.match(shown, /elsewhere/);
      // Whatever was there for a moment is there still.
      const stored = fs.readFileSync(path.join(lab.server.folder, 'mlflow.db'), 'latin1');
      assert.ok(stored.includes('127.0.0.1:9/lab.git'));
      for (const place of [stored, shown, lab.lines.join('\n')]) assert.ok(!place.includes(secret));
    });

    it('refuses what cannot be launched before there is a run', async () => {
      const before = (await lab.runs()).length;
      lab.write({ 'backend.json': '{}' });
      lab.write({ 'contained/MLproject': contained });
      for (const [change, complaint] of [
        [{ backend: 'nowhere' }, /knows no project backend nowhere.*flowdeck-test|knows no project backend nowhere/],
        [{ backend: 'kubernetes' }, /needs a configuration file/],
        [{ backend: 'databricks' }, /needs a configuration file/],
        [{ backend: 'flowdeck-test', backendConfig: 'backends/none.json' }, /cannot be read/],
        [{ backend: 'flowdeck-test', backendConfig: 'backends/value.txt' }, /must end in \.json/],
        [{ backend: 'kubernetes', backendConfig }, /kubernetes runs projects with a docker_env/],
      ] as const)
        await assert.rejects((await lab.start(lab.request('main', {}, change))).ended, complaint);
      const inContainer = { ...lab.request('main'), project: 'backends/contained' };
      const onCluster = { ...inContainer, backend: 'kubernetes', backendConfig };
      const refused = async (variables: Record<string, string>, request: LaunchRequest, complaint: RegExp) => {
        const restore = withEnvironment(variables);
        await assert.rejects((await lab.start(request)).ended, complaint).finally(restore);
      };
      for (const request of [inContainer, onCluster]) {
        const nothing = { PATH: path.join(lab.storage, 'nothing') };
        await refused(nothing, request, /docker is not on PATH: the docker_env of the project needs it/);
        await refused(withDocker(false), request, /Docker does not answer: Cannot connect/);
      }
      const configured = async (config: object, complaint: RegExp, variables: Record<string, string> = {}) => {
        lab.write({ 'backend.json': JSON.stringify(config) });
        await refused({ ...withDocker(true), ...variables }, onCluster, complaint);
      };
      await configured({}, /backend\.json does not say kube-job-template-path/);
      const image = { 'kube-job-template-path': 'job.yaml', 'repository-uri': 'nowhere/image' };
      await configured({ ...image, 'repository-uri': undefined }, /does not say repository-uri/);
      const config = { ...image, 'kube-context': 'here' };
      await configured(config, /The job template job\.yaml is not there/);
      lab.write({ 'contained/job.yaml': 'metadata: {}\n' });
      const without = { KUBECONFIG: path.join(lab.storage, 'none.yaml') };
      await configured(config, /The cluster of kube-context here does not answer: .*No configuration found/, without);
      // In a pod there is none to name, and MLflow asks for none.
      await configured(image, /of the current kube-context does not answer: .*No configuration found/, without);
      await configured(
        config,
        /kube-context here does not answer: .*Connection refused/,
        kubeConfig('http://127.0.0.1:9'),
      );
      assert.equal((await lab.runs()).length, before);
    });

    it('fails the run and says why when Docker is gone after it was asked', async () => {
      const version = { major: '1', minor: '30', gitVersion: 'v1', gitCommit: 'x', gitTreeState: 'clean' };
      const others = { buildDate: 'x', goVersion: 'x', compiler: 'x', platform: 'x' };
      const cluster = http.createServer((_request, response) =>
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ ...version, ...others })),
      );
      await new Promise<void>((resolve) => cluster.listen(0, '127.0.0.1', resolve));
      const address = cluster.address();
      const port = typeof address === 'object' ? address?.port : 0;
      lab.write({
        'contained/MLproject': contained,
        'contained/job.yaml': 'metadata: {}\n',
        'backend.json': JSON.stringify({
          'kube-context': 'here',
          'kube-job-template-path': 'job.yaml',
          'repository-uri': 'nowhere/image',
        }),
      });
      // The client says that it answers, and nobody listens where the engine is.
      const gone = { ...withDocker(true), ...kubeConfig(`http://127.0.0.1:${port}`), DOCKER_HOST: 'tcp://127.0.0.1:9' };
      const restore = withEnvironment(gone);
      const request = { ...lab.request('main'), project: 'backends/contained' };
      try {
        const here = await lab.run(request);
        assert.deepEqual([here.ended.result, here.run.status], ['FAILED', 'FAILED']);
        const { run, ended } = await lab.run({ ...request, backend: 'kubernetes', backendConfig });
        assert.deepEqual([ended.result, run.status], ['FAILED', 'FAILED']);
        assert.match('reason' in ended ? (ended.reason ?? '') : '', /^DockerException: .*Connection refused/);
      } finally {
        restore();
        cluster.closeAllConnections();
        cluster.close();
      }
      assert.deepEqual(await open(), []);
    });
  });
