import assert from 'node:assert/strict';
import { runLineOf } from '../../../src/projects/language/scriptLines';

describe('the line above which a script is offered to be run', () => {
  const python = (...lines: string[]) => runLineOf('python', lines.join('\n'));

  it('is where a Python program begins', () => {
    assert.equal(python('import mlflow', 'def f(): pass', "if __name__ == '__main__':", '  f()'), 2);
    assert.equal(python('import mlflow', '', 'with mlflow.start_run() as run:', '  pass'), 2);
    assert.equal(python('import mlflow', 'mlflow.sklearn.autolog()', 'mlflow.set_experiment("x")'), 1);
  });

  it('is the first one of other scripts', () => {
    assert.equal(runLineOf('shellscript', '#!/bin/sh\nmlflow run .\n'), 0);
    assert.equal(runLineOf('r', 'library(mlflow)\n'), 0);
  });

  it('is nowhere in what is imported, or has nothing to do with MLflow', () => {
    assert.equal(python('import mlflow', 'def train():', '  with mlflow.start_run():', '    pass'), undefined);
    assert.equal(python('import os', 'if __name__ == "__main__":', '  pass'), undefined);
    assert.equal(python('import mlflow', '# mlflow.start_run()'), undefined);
    assert.equal(runLineOf('shellscript', 'echo\n'), undefined);
  });
});
