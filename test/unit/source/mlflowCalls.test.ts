import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mlflowCalls, subjectKey } from '../../../src/source/lens/mlflowCalls';

/** With the number of the line that each begins in. */
const subjects = (content: string) =>
  mlflowCalls(content).map(({ from, to, ...subject }) => [content.slice(0, from).split('\n').length - 1, subject]);

describe('calls of MLflow in code', () => {
  it('are found in Python, with the experiment that was set before a run', () => {
    const code = [
      'import mlflow',
      'with mlflow.start_run():',
      "mlflow.set_experiment('sweep/a b')",
      'with mlflow.start_run(run_name="x") as run:',
      '    mlflow.sklearn.log_model(m, "model", registered_model_name="iris model")',
      "m = mlflow.pyfunc.load_model('models:/iris@champion') or load('models:/iris/3') or load('models:/iris/Production')",
      '# mlflow.set_experiment("in a comment")',
      'mlflow.set_experiment(experiment_name = "named")',
      'mlflow.set_experiment(name_from_elsewhere)',
    ].join('\n');
    assert.deepEqual(subjects(code), [
      [1, { kind: 'startRun' }],
      [2, { kind: 'experiment', name: 'sweep/a b' }],
      [3, { kind: 'startRun', experiment: 'sweep/a b' }],
      [4, { kind: 'model', name: 'iris model' }],
      [5, { kind: 'alias', name: 'iris', alias: 'champion' }],
      [5, { kind: 'version', name: 'iris', version: '3' }],
      [5, { kind: 'stage', name: 'iris', stage: 'Production' }],
      [7, { kind: 'experiment', name: 'named' }],
    ]);
    const [, second] = mlflowCalls(code);
    assert.equal(code.slice(second?.from, second?.to), "set_experiment('sweep/a b'");
  });

  it('say nothing of an experiment that only the program knows, nor of the runs in it', () => {
    const python = (...lines: readonly string[]) => subjects(['import mlflow', ...lines].join('\n'));
    for (const set of [
      'mlflow.set_experiment(NAME)',
      'mlflow.set_experiment(f"sweep {n}")',
      'mlflow.set_experiment("sweep " + suffix)',
      'mlflow.set_experiment("sweep %d" % n)',
      'mlflow.set_experiment(experiment_id="7")',
      'os.environ["MLFLOW_EXPERIMENT_NAME"] = name',
    ]) {
      const literal = 'mlflow.set_experiment("known")';
      assert.deepEqual(python(set, 'mlflow.start_run()'), [], set);
      const between = python(literal, 'mlflow.start_run()', set, 'mlflow.start_run()', literal, 'mlflow.start_run()');
      assert.deepEqual(
        between.map(([line]) => line),
        [1, 2, 5, 6],
        set,
      );
    }
    assert.deepEqual(subjects('library(mlflow)\nmlflow_set_experiment(experiment_id = "1")\nmlflow_start_run()'), []);
    for (const id of ['id', '"5"'])
      assert.deepEqual(subjects(`mlflow.setExperimentId(${id});\nmlflow.startRun("x");`), [], id);
  });

  it('say nothing of a run that goes on, or that names its experiment itself', () => {
    for (const call of [
      'mlflow.start_run(run_id)',
      'mlflow.start_run(run_id=known)',
      'mlflow.start_run(**options)',
      'mlflow.start_run(run_name=name(1), experiment_id="3")',
      'mlflow.start_run(\n    run_name="x",\n    experiment_id=other,\n)',
    ])
      assert.deepEqual(subjects(`import mlflow\n${call}`), [], call);
    for (const call of ['mlflow.start_run()', 'mlflow.start_run(run_name=f(2), nested=True)', 'mlflow.start_run(\n)'])
      assert.deepEqual(subjects(`import mlflow\n${call}`), [[1, { kind: 'startRun' }]], call);
  });

  it('are found where the text stands on a line of its own', () => {
    const code = 'import mlflow\r\nmlflow.set_experiment(\r\n    "long name",\r\n)\r\nwith mlflow.start_run():';
    assert.deepEqual(subjects(code), [
      [1, { kind: 'experiment', name: 'long name' }],
      [4, { kind: 'startRun', experiment: 'long name' }],
    ]);
  });

  it('tell a stage of a model from its newest version', () => {
    assert.deepEqual(subjects('mlflow\n"models:/m/latest" "models:/m/staging" "models:/m/12"'), [
      [1, { kind: 'model', name: 'm' }],
      [1, { kind: 'stage', name: 'm', stage: 'staging' }],
      [1, { kind: 'version', name: 'm', version: '12' }],
    ]);
  });

  it('are found in R, Java and JavaScript', () => {
    assert.deepEqual(subjects('library(mlflow)\nmlflow_set_experiment("r")\nmlflow_start_run()'), [
      [1, { kind: 'experiment', name: 'r' }],
      [2, { kind: 'startRun', experiment: 'r' }],
    ]);
    const java =
      'MlflowContext mlflow = new MlflowContext().setExperimentName("j");\nActiveRun run = mlflow.startRun("x");';
    assert.deepEqual(subjects(java), [
      [0, { kind: 'experiment', name: 'j' }],
      [1, { kind: 'startRun', experiment: 'j' }],
    ]);
    assert.deepEqual(subjects('import * as mlflow from "mlflow";\nconst uri = `models:/m@a`;'), [
      [1, { kind: 'alias', name: 'm', alias: 'a' }],
    ]);
  });

  it('are none in files that do not speak of MLflow, and any text is borne, quickly', () => {
    assert.deepEqual(mlflowCalls('client.startRun()\nset_experiment("x")'), []);
    fc.assert(fc.property(fc.string(), (text) => void mlflowCalls(`mlflow ${text}`)));
    const started = Date.now();
    for (const piece of ['models:/', 'set_experiment(', 'registered_model_name=', 'mlflow.start_run(', '"'])
      mlflowCalls(`mlflow\n${piece.repeat(100_000)}\n${`${piece.repeat(20)}\n`.repeat(2_000)}`);
    assert.ok(Date.now() - started < 3_000, `${Date.now() - started} ms`);
  });

  it('are one question where they ask the same', () => {
    const keys = mlflowCalls('mlflow\nset_experiment("a")\nmlflow.start_run()\n').map(subjectKey);
    assert.equal(new Set(keys).size, 1);
    // Where no experiment is set, none is guessed: what is asked about is the file.
    const ofFile = subjectKey({ kind: 'startRun', file: '/a.py' });
    assert.notEqual(ofFile, subjectKey({ kind: 'startRun', experiment: 'Default' }));
    assert.notEqual(ofFile, subjectKey({ kind: 'startRun', file: '/b.py' }));
  });
});
