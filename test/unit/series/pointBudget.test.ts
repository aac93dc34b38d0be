import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mostWhole, pointBudget } from '../../../src/shared/series/pointBudget';

describe('the point budget', () => {
  it('is what a person has set, within what one question brings', () => {
    assert.deepEqual([1_000, 20_000, 25_000, 1e9, 0, -5, 99.5].map(pointBudget), [
      1_000,
      mostWhole,
      mostWhole,
      mostWhole,
      50,
      50,
      100,
    ]);
  });

  it('has the limits that the setting has', () => {
    const { properties } = JSON.parse(fs.readFileSync('package.json', 'utf8')).contributes.configuration;
    const { minimum, maximum } = properties['flowdeck.charts.pointBudget'];
    assert.deepEqual([pointBudget(minimum), pointBudget(maximum)], [minimum, maximum]);
    assert.deepEqual([pointBudget(minimum - 1), pointBudget(maximum + 1)], [minimum, maximum]);
  });
});
