import assert from 'node:assert/strict';
import fs from 'node:fs';
import {
  isRefreshAllowed,
  longestRefresh,
  refreshSeconds,
  shortestRefresh,
} from '../../../src/platform/refreshInterval';

describe('the interval between refreshes', () => {
  it('is 2 s to 10 min, or off, whatever the setting says', () => {
    const cases: readonly (readonly [set: number, used: number])[] = [
      [0, 0],
      [-5, 0],
      [0.2, 2],
      [1, 2],
      [2, 2],
      [30.5, 30.5],
      [600, 600],
      [601, 600],
    ];
    for (const [set, used] of cases) assert.equal(refreshSeconds(set), used, `${set}`);
    assert.deepEqual(
      cases.map(([set]) => set).filter((set) => !isRefreshAllowed(set)),
      [-5, 0.2, 1, 601],
    );
  });

  it('is declared with the same limits', () => {
    const { contributes } = JSON.parse(fs.readFileSync('package.json', 'utf8'));
    const declared = [contributes.configuration]
      .flat()
      .map(({ properties }) => properties['flowdeck.refresh.intervalSeconds'])
      .find(Boolean);
    const { minimum, maximum, not } = declared;
    assert.deepEqual([minimum, maximum], [0, longestRefresh]);
    assert.deepEqual(not, { exclusiveMinimum: 0, exclusiveMaximum: shortestRefresh });
  });
});
