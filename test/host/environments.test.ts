import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { EnvironmentManager } from '../../src/projects/request/taskDefinition';
import {
  offlineEnvironment,
  pathWithout,
  pythonVersion,
  toolsPython,
  withEnvironment,
  writeProgram,
} from '../support/launchTools';
import { mlflowPython } from '../support/mlflowServer';
import { configure } from './connectionsHarness';
import { generations } from './generations';
import { LaunchLab } from './launchLab';

/** What the lab's own package can tell is known in an environment of its own alone. */
const main = `import sys
import flowdeck_test_lab as lab
lab.post("log-parameter", key="prefix", value=lab.where())
lab.post("log-parameter", key="said", value=sys.argv[1])
`;
const project = (environment: string) => `name: made
${environment}
entry_points:
  main:
    parameters: {text: {type: string, default: none}}
    command: "python main.py {text}"
`;
/** Answers as conda does, and keeps what it was asked and by whom. */
const conda = (log: string) => `#!/bin/sh
printf '%s\\n' "$*" >> '${log}'
[ "$1" = env ] && [ "$2" = list ] && echo '{"envs": []}'
[ "$1" = env ] && [ "$2" = create ] && printf 'run:%s experiment:%s\\n' "$MLFLOW_RUN_ID" "$MLFLOW_EXPERIMENT_ID" >> '${log}'
exit 0
`;

for (const version of generations)
  describe(`environments that MLflow ${version} makes for projects`, function () {
    // An environment is made for each, on a machine that may be busy with other things.
    this.timeout(240_000);
    let lab: LaunchLab;
    let restore = () => {};

    before(async () => {
      lab = await LaunchLab.open('made', version, toolsPython(version));
      restore = withEnvironment(offlineEnvironment(version, lab.storage));
      lab.write({
        'python_env.yaml': `python: "${pythonVersion(version)}"\ndependencies:\n  - flowdeck-test-lab==1.0\n`,
        'conda.yaml': 'name: x\ndependencies:\n  - pip:\n    - flowdeck-test-lab==1.0\n',
        MLproject: project('python_env: python_env.yaml'),
        'main.py': main,
        'of conda/MLproject': project('conda_env: conda.yaml'),
        'of conda/conda.yaml': `dependencies:\n  - python=${pythonVersion(version)}\n  - pip:\n    - flowdeck-test-lab==1.0\n`,
        'of conda/main.py': main,
        'unbuildable/MLproject': project('python_env: python_env.yaml'),
        'unbuildable/python_env.yaml': `python: "${pythonVersion(version)}"\ndependencies:\n  - flowdeck-no-such-thing==1.0\n`,
        'unbuildable/main.py': main,
      });
      lab.commit('an environment');
    });
    after(async () => {
      restore();
      await lab?.close();
    });

    const text = `it's "$(id)"`;
    const launch = (environmentManager: EnvironmentManager, inside = '', runName = 'made') =>
      lab.run({
        ...lab.request('main', { text }, { environmentManager, runName }),
        project: `made${inside === '' ? '' : `/${inside}`}`,
      });
    const managers = version === '2.15.1' ? (['virtualenv'] as const) : (['virtualenv', 'uv'] as const);

    for (const manager of managers)
      for (const inside of ['', 'of conda'])
        it(`runs in what ${manager} has made from the file of ${inside || 'python_env'}, which nothing else has`, async () => {
          const { run, ended } = await launch(manager, inside);
          assert.equal(ended.result, 'FINISHED');
          const made = fs.realpathSync(path.join(lab.storage, 'environments'));
          assert.ok(run.params.prefix?.startsWith(made), `${run.params.prefix} is not in ${made}`);
          assert.deepEqual([run.params.said, run.params.text], [text, text]);
          assert.equal(run.tags['mlflow.project.env'], manager);
          fs.rmSync(made, { recursive: true });
        });

    it('fails the run when the environment cannot be made', async () => {
      const { run, ended } = await launch('virtualenv', 'unbuildable');
      assert.deepEqual([ended.result, ended.exitCode, run.status], ['FAILED', 1, 'FAILED']);
    });

    it('runs in what virtualenv has made where there is no pyenv but what the set-up brings', async () => {
      const off = withEnvironment({ PATH: pathWithout('pyenv') });
      const own = withEnvironment(offlineEnvironment(version, path.join(lab.storage, 'no-pyenv')));
      try {
        const { run, ended } = await launch('virtualenv');
        assert.equal(ended.result, 'FINISHED');
        const made = fs.realpathSync(path.join(lab.storage, 'no-pyenv', 'environments'));
        assert.ok(run.params.prefix?.startsWith(made), `${run.params.prefix} is not in ${made}`);
      } finally {
        own();
        off();
      }
    });

    /** Where conda is found. What MLflow itself is in has an `activate` too, which is not conda's. */
    for (const [where, variables] of [
      ['MLFLOW_CONDA_HOME', (home: string) => ({ MLFLOW_CONDA_HOME: home, CONDA_EXE: undefined })],
      ['CONDA_EXE', (home: string) => ({ MLFLOW_CONDA_HOME: undefined, CONDA_EXE: path.join(home, 'bin', 'conda') })],
      [
        'PATH',
        (home: string) => ({
          MLFLOW_CONDA_HOME: undefined,
          CONDA_EXE: undefined,
          PATH: `${path.join(home, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`,
        }),
      ],
    ] as const)
      it(`gives conda of ${where} the file and the run, and waits for what it makes`, async () => {
        const home = path.join(lab.storage, `conda of ${where}`.replaceAll(' ', '-'));
        const log = path.join(home, 'conda.log');
        writeProgram(path.join(home, 'bin', 'conda'), conda(log));
        writeProgram(path.join(home, 'etc', 'profile.d', 'conda.sh'), 'conda() { "$CONDA_OF_TEST" "$@"; }\n');
        const off = withEnvironment({ ...variables(home), CONDA_OF_TEST: path.join(home, 'bin', 'conda') });
        lab.write({ 'of conda/main.py': 'import sys, json\njson.dump(sys.argv[1:], open("said.json", "w"))\n' });
        try {
          const { run, ended } = await launch('conda', 'of conda');
          assert.equal(ended.result, 'FINISHED');
          assert.equal(run.tags['mlflow.project.env'], 'conda');
          const file = path.join(fs.realpathSync(lab.folder), 'of conda', 'conda.yaml');
          const name = `mlflow-${createHash('sha1').update(fs.readFileSync(file)).digest('hex')}`;
          const asked = fs.readFileSync(log, 'utf8').trim().split('\n');
          assert.deepEqual(
            asked.filter((line) => !line.startsWith('--help')),
            [
              'env list --json',
              `env create -n ${name} --file ${file}${version === '2.15.1' ? ' --quiet' : ''}`,
              `run: experiment:${run.experimentId}`,
              `activate ${name}`,
            ],
          );
          const said = fs.readFileSync(path.join(lab.folder, 'of conda', 'said.json'), 'utf8');
          assert.deepEqual(JSON.parse(said), [text]);
        } finally {
          off();
        }
      });

    it('refuses conda where MLflow would fail with it, before there is a run', async () => {
      await assert.rejects(launch('conda'), /conda cannot make the environment of a python_env/);
      const before = (await lab.runs()).length;
      const home = path.join(lab.storage, 'half a conda');
      const bin = path.join(home, 'bin');
      writeProgram(path.join(bin, 'conda'), '#!/bin/sh\nexit 0\n');
      const nowhere = { MLFLOW_CONDA_HOME: undefined, CONDA_EXE: undefined };
      const PATH = `${bin}${path.delimiter}${process.env.PATH ?? ''}`;
      for (const [variables, complaint] of [
        // MLflow looks nowhere else, although it is on PATH.
        [
          { PATH, MLFLOW_CONDA_HOME: path.join(lab.storage, 'none') },
          /none.bin.conda is not there: conda environments/,
        ],
        [{ PATH, ...nowhere, CONDA_EXE: path.join(lab.storage, 'none', 'conda') }, /none.conda is not there/],
        [{ MLFLOW_CONDA_HOME: home }, /etc.profile\.d.conda\.sh is not there/],
        [{ ...nowhere, PATH }, /etc.profile\.d.conda\.sh is not there/],
        [{ MLFLOW_CONDA_HOME: home, MLFLOW_CONDA_CREATE_ENV_CMD: 'mamba' }, /bin.mamba is not there/],
      ] as const) {
        const off = withEnvironment(variables);
        await assert.rejects(launch('conda', 'of conda'), complaint).finally(off);
      }
      assert.equal((await lab.runs()).length, before);
    });

    it('says what is not there before there is a run', async () => {
      const before = (await lab.runs()).length;
      const off = withEnvironment({
        PATH: path.join(lab.storage, 'nothing'),
        CONDA_EXE: undefined,
        MLFLOW_CONDA_HOME: undefined,
      });
      const refused = (manager: EnvironmentManager, complaint: RegExp, inside?: string, runName?: string) =>
        assert.rejects(launch(manager, inside, runName), complaint);
      try {
        await refused('conda', /conda is not on PATH: conda environments need it/, 'of conda');
        await refused('virtualenv', /pyenv is not on PATH: virtualenv environments need it/);
        await configure('python.path', mlflowPython(version));
        if (version === '2.15.1') await refused('uv', /cannot make uv environments/);
        else await refused('uv', /uv is not on PATH: uv environments need it/);
      } finally {
        off();
      }
      // The first one again, right after another one.
      if (version === '2.15.1') await refused('virtualenv', /has no virtualenv/);
      assert.equal((await lab.runs()).length, before);
    });
  });
