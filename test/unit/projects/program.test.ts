import assert from 'node:assert/strict';
import { isOf } from '../../../src/projects/bisect/program';

const run = (name: string, entryPoint?: string) => ({
  tags: {
    'mlflow.source.name': name,
    'mlflow.source.type': entryPoint === undefined ? 'LOCAL' : 'PROJECT',
    ...(entryPoint === undefined ? {} : { 'mlflow.project.entryPoint': entryPoint }),
  },
});

describe('the program of a run', () => {
  it('is the entry point of a project, in its folder of the repository', () => {
    const program = { root: '/w/lab', inside: 'model', entryPoint: 'main' };
    for (const name of ['file:///w/lab#model', '/w/lab/model', 'https://host/lab.git#model', '/elsewhere/lab/model'])
      assert.ok(isOf(program, run(name, 'main')), name);
    for (const other of [
      run('file:///w/lab#model', 'evaluate'),
      run('file:///w/lab#other', 'main'),
      run('file:///w/lab', 'main'),
      run('/w/lab', 'main'),
      run('/elsewhere/other/model', 'main'),
      run('/w/lab/model/main'),
      run('/w/lab/model/evaluate.py'),
      run('', undefined),
    ])
      assert.ok(!isOf(program, other), JSON.stringify(other));
    assert.ok(isOf({ ...program, inside: '' }, run('file:///w/lab', 'main')));
    assert.ok(isOf({ ...program, inside: '' }, run('/w/lab', 'main')));
    assert.ok(!isOf({ ...program, inside: '' }, run('/w/lab/model', 'main')));
  });

  it('is a script, launched or started by hand', () => {
    const program = { root: '/w/lab', inside: '', entryPoint: 'src/train.py' };
    for (const same of [
      run('/w/lab/src/train.py'),
      run('src/train.py'),
      run('train.py'),
      run('./train.py'),
      run('/home/ada/lab/src/train.py'),
      run('file:///w/lab', 'src/train.py'),
      run('file:///w/lab#src', 'train.py'),
    ])
      assert.ok(isOf(program, same), JSON.stringify(same));
    for (const other of [
      run('/w/lab/src/evaluate.py'),
      run('evaluate.py'),
      run('rain.py'),
      run('/w/lab/old/src/train.py'),
      run('file:///w/lab#old', 'src/train.py'),
      run('file:///w/lab', 'main'),
      run('/w/lab/src/train.ipynb'),
    ])
      assert.ok(!isOf(program, other), JSON.stringify(other));
  });
});
