import assert from 'node:assert/strict';
import { type RunBackend, requestIn, waysOf } from '../../../src/projects/reproduce/runsIn';
import { backendOf, givenOf, givenTags } from '../../../src/projects/request/givenTags';

const [here, elsewhere, contained] = [
  { backend: false, docker: false },
  { backend: true, docker: false },
  { backend: false, docker: true },
];

describe('what MLflow does not record of a launch', () => {
  it('is tagged where it matters, and read back as it was given', () => {
    assert.deepEqual(givenTags({ backendConfig: 'x.json', dockerArguments: ['t'] }, here), {});
    const on = givenTags({ backendConfig: 'jobs/big one.json' }, elsewhere);
    assert.deepEqual(givenOf(on), { backendConfig: 'jobs/big one.json' });
    assert.deepEqual(givenOf(givenTags({}, elsewhere)), { backendConfig: '' });
    const docker = ['gpus=all', 't', 'v=/data:/data', 'name=it’s'];
    assert.deepEqual(givenOf(givenTags({ dockerArguments: docker }, contained)), { dockerArguments: docker });
    assert.deepEqual(givenOf(givenTags({}, contained)), { dockerArguments: [] });
  });

  it('holds no value of a variable, which may be a secret', () => {
    const given = ['e=TOKEN=geheim=1', 'env=B=geheim', 'e=PLAIN', 'env-file=.env', 'gpus=all'];
    const tags = givenTags({ dockerArguments: given }, contained);
    assert.doesNotMatch(JSON.stringify(tags), /geheim/);
    assert.deepEqual(givenOf(tags).dockerArguments, ['e=TOKEN', 'env=B', 'e=PLAIN', 'env-file=.env', 'gpus=all']);
  });

  it('is left out where a server would refuse the run for its length', () => {
    assert.deepEqual(givenTags({ backendConfig: 'x'.repeat(5_000) }, elsewhere), {});
  });

  it('is nothing where somebody else wrote something else there', () => {
    for (const docker of ['', 'no JSON', '{}', '"t"', '[1]', '[""]', JSON.stringify(['a\0']), 'null'])
      assert.deepEqual(givenOf({ 'flowdeck.docker.arguments': docker }), {}, docker);
    assert.deepEqual(givenOf({ 'flowdeck.backend.config': 'a\0b' }), {});
    for (const name of [undefined, '', ' ', 'local', 'a\0'])
      assert.equal(backendOf(name === undefined ? {} : { 'mlflow.project.backend': name }), undefined);
    assert.equal(backendOf({ 'mlflow.project.backend': 'kubernetes' }), 'kubernetes');
  });
});

describe('what a run is launched again in', () => {
  const slurm: RunBackend = { name: 'slurm', config: 'slurm.json' };
  const managers = ['local', 'uv'] as const;

  it('is the backend that it was made on before all else, unless nothing can be launched on it', () => {
    assert.deepEqual(waysOf({ managers }), ['local', 'uv']);
    assert.deepEqual(waysOf({ managers, backend: slurm }), ['backend', 'local', 'uv']);
    assert.deepEqual(waysOf({ managers, backend: { ...slurm, problem: 'gone' } }), ['local', 'uv']);
  });

  it('has the configuration and what docker was given, and here the manager that was chosen', () => {
    const plan = { managers, backend: slurm, dockerArguments: ['gpus=all'] };
    assert.deepEqual(requestIn(plan, 'backend'), {
      backend: 'slurm',
      backendConfig: 'slurm.json',
      dockerArguments: ['gpus=all'],
    });
    assert.deepEqual(requestIn(plan, 'uv'), { environmentManager: 'uv', dockerArguments: ['gpus=all'] });
    assert.deepEqual(requestIn({ managers, backend: { ...slurm, config: '' } }, 'backend'), { backend: 'slurm' });
  });
});
