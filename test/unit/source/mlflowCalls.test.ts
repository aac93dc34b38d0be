import assert from 'node:assert/strict';
import fc from 'fast-check';
import { mlflowCalls, subjectKey } from '../../../src/source/lens/mlflowCalls';

const subjects = (content: string) => mlflowCalls(content).map(({ line, from, to, ...subject }) => [line, subject]);

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
      [5, { kind: 'model', name: 'iris' }],
      [7, { kind: 'experiment', name: 'named' }],
    ]);
    const [, second] = mlflowCalls(code);
    assert.equal(code.split('\n')[2]?.slice(second?.from, second?.to), "set_experiment('sweep/a b'");
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
  });
});
