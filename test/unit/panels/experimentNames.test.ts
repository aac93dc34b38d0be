import assert from 'node:assert/strict';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { ExperimentNames } from '../../../src/panels/experimentNames';
import type { Experiment } from '../../../src/shared/domain';
import { nameView } from '../../../src/shared/view/namedView';
import { initialRunsView } from '../../../src/shared/view/runsView';

function namesOf(listed: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const server = { isElsewhere: false, name: (id: string) => `name of ${id}` };
  const store = {
    getExperiment: async (experimentId: string) => {
      asked.push(experimentId);
      return { experimentId, name: server.name(experimentId) } as Experiment;
    },
  };
  const names = new ExperimentNames(
    async () => {
      if (server.isElsewhere) throw new MlflowError('invalid', 'connected to another server');
      return store;
    },
    (id) => listed[id],
  );
  return { names, asked, server };
}

describe('names of the experiments of a panel', () => {
  it('are asked of the server where nobody has listed them', async () => {
    const { names, asked } = namesOf({ 2: 'listed' });
    assert.deepEqual(await names.of(['1', '2']), ['name of 1', 'listed']);
    assert.deepEqual(await names.of(['2', '1']), ['listed', 'name of 1']);
    assert.deepEqual([asked, names.all], [['1'], { 1: 'name of 1', 2: 'listed' }]);
  });

  it('are learnt anew when asked to, and known while the window is connected elsewhere', async () => {
    const { names, server } = namesOf();
    await names.learn(['1']);
    server.name = () => 'renamed';
    assert.deepEqual(await names.of(['1']), ['name of 1']);
    assert.deepEqual(await names.learn(['1']), ['renamed']);
    server.isElsewhere = true;
    assert.deepEqual(await names.of(['1']), ['renamed']);
    await assert.rejects(names.of(['1', '2']), { kind: 'invalid' });
  });

  it('stand in a view, or there is no view: an id is nobody’s name', async () => {
    const { names, server } = namesOf();
    const save = (...experimentIds: string[]) =>
      nameView('v', { experimentIds }, initialRunsView, 'http://h:1', (ids) => names.of(ids));
    assert.deepEqual((await save('7')).experiments, [{ id: '7', name: 'name of 7' }]);
    server.isElsewhere = true;
    await assert.rejects(save('8'), { kind: 'invalid' });
  });
});
