import assert from 'node:assert/strict';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { GitRepository } from '../../src/git/gitRepository';
import type { Located } from '../../src/git/locate';
import { openRepository } from '../../src/git/openRepository';
import { runSource } from '../../src/mlflow/runSource';
import { sourceFile } from '../../src/source/sourceFile';
import { commit, git, makeRepository, temporaryFolder } from './gitFixture';

describe('the source file of a run, in real repositories', function () {
  this.timeout(180_000);
  const base = temporaryFolder();
  const folder = path.join(base, 'project');
  let repository: GitRepository;
  let old = '';
  let now = '';

  const body = Array.from({ length: 40 }, (_, line) => `print(${line})`).join('\n');
  const mlproject = [
    'name: demo',
    'entry_points:',
    '  main:',
    '    parameters: {alpha: {type: float, default: 0.5}}',
    '    command: "python train.py --alpha {alpha}"',
    '  module:',
    '    command: "python -m steps.fit"',
    '  shell:',
    '    command: "echo $(touch pwned)"',
  ].join('\n');

  before(async () => {
    makeRepository(folder);
    old = commit(folder, 'Old', {
      'fit.py': body,
      'other/fit.py': 'x',
      'proj/MLproject': mlproject,
      'proj/train.py': '1',
      'proj/steps/fit.py': '2',
      'proj/extra.py': '3',
      'broken/MLproject': 'entry_points: [',
    });
    git(folder, 'mv', 'fit.py', 'model.py');
    now = commit(folder, 'New', {});
    const opened = await openRepository(folder);
    assert.ok(opened);
    repository = opened;
  });

  async function located(name: string, type: string, entryPoint?: string, at = old): Promise<Located> {
    const tags: Record<string, string> = { 'mlflow.source.name': name, 'mlflow.source.type': type };
    if (entryPoint !== undefined) tags['mlflow.project.entryPoint'] = entryPoint;
    return sourceFile(repository, at, runSource({ tags }), await repository.listFiles(at));
  }
  const one = (file: string): Located => ({ kind: 'one', file });

  it('is the script as typed, by absolute path, or from another machine', async () => {
    assert.deepEqual(await located('fit.py', 'LOCAL'), one('fit.py'));
    assert.deepEqual(await located(path.join(folder, 'other', 'fit.py'), 'LOCAL'), one('other/fit.py'));
    assert.deepEqual(await located('/home/bob/somewhere/other/fit.py', 'LOCAL'), one('other/fit.py'));
    assert.deepEqual(await located('gone.py', 'LOCAL'), { kind: 'none' });
  });

  it('is found by the name it has today', async () => {
    assert.deepEqual(await located('model.py', 'LOCAL'), one('fit.py'));
    assert.deepEqual(await located(path.join(folder, 'model.py'), 'LOCAL'), one('fit.py'));
    assert.deepEqual(await located('model.py', 'LOCAL', undefined, now), one('model.py'));
  });

  it('is what the entry point of a project runs', async () => {
    const project = pathToFileURL(path.join(folder, 'proj')).href;
    assert.deepEqual(await located(project, 'PROJECT', 'main'), one('proj/train.py'));
    assert.deepEqual(
      await located(`${pathToFileURL(folder).href}#proj`, 'PROJECT', 'module'),
      one('proj/steps/fit.py'),
    );
    assert.deepEqual(await located(project, 'PROJECT', 'extra.py'), one('proj/extra.py'));
    assert.deepEqual(await located('https://example.org/a.git#proj', 'PROJECT', 'main'), one('proj/train.py'));
    assert.deepEqual(await located('file:///home/bob/copy/proj', 'PROJECT', 'main'), one('proj/train.py'));
  });

  it('is the MLproject where the command names no file', async () => {
    const project = path.join(folder, 'proj');
    assert.deepEqual(await located(project, 'PROJECT', 'shell'), one('proj/MLproject'));
    assert.deepEqual(await located(project, 'PROJECT', 'missing'), one('proj/MLproject'));
    assert.deepEqual(await located(path.join(folder, 'broken'), 'PROJECT', 'main'), one('broken/MLproject'));
    assert.deepEqual(await located(folder, 'PROJECT', 'main'), { kind: 'none' });
  });
});
