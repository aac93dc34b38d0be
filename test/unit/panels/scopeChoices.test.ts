import assert from 'node:assert/strict';
import { plainChoice, scopeChoices, type TreeState } from '../../../src/panels/scopeChoices';

const tree = (change: Partial<TreeState>): TreeState => ({
  checkedRunIds: [],
  selectedRunIds: [],
  selectedExperimentIds: [],
  ...change,
});

/** Kinds that are offered, and what is taken without a question. */
const meant = (change: Partial<TreeState>, experiments = true) => {
  const choices = scopeChoices(tree(change), experiments);
  return [choices.map(({ kind }) => kind).join(), plainChoice(choices, experiments)];
};

describe('what a command without an argument is about', () => {
  it('is an experiment whose row is selected, or several, whatever run is shown besides', () => {
    const experimentIds = ['1', '2'];
    assert.deepEqual(meant({ selectedExperimentIds: experimentIds, selectedRunIds: ['a'] }), [
      'experiments',
      { experimentIds },
    ]);
  });

  it('is what is checked, or several runs that are selected', () => {
    assert.deepEqual(meant({ checkedRunIds: ['a', 'b', 'a'] }), ['checked', { runIds: ['a', 'b'] }]);
    assert.deepEqual(meant({ selectedRunIds: ['a', 'b'] }), ['selected', { runIds: ['a', 'b'] }]);
    assert.deepEqual(meant({ checkedRunIds: ['a', 'b'], selectedRunIds: ['b', 'a'] }), [
      'checked',
      { runIds: ['a', 'b'] },
    ]);
  });

  it('is asked where it may be one thing or another, and where it is one run alone', () => {
    assert.deepEqual(meant({ checkedRunIds: ['a', 'b'], selectedRunIds: ['c'] }), ['checked,selected', undefined]);
    assert.deepEqual(meant({ checkedRunIds: ['a'], selectedExperimentIds: ['1'] }), ['checked,experiments', undefined]);
    assert.deepEqual(meant({ selectedRunIds: ['c'] }), ['selected', undefined]);
    assert.deepEqual(meant({}), ['', undefined]);
  });

  it('is never a whole experiment where runs are compared', () => {
    assert.deepEqual(meant({ selectedExperimentIds: ['1'], selectedRunIds: ['a'] }, false), [
      'selected',
      { runIds: ['a'] },
    ]);
    assert.deepEqual(meant({ selectedExperimentIds: ['1'] }, false), ['', undefined]);
  });
});
