import assert from 'node:assert/strict';
import { age } from '../../../src/shared/age';
import { formatBytes } from '../../../src/shared/bytes';

describe('age', () => {
  it('counts in the largest unit that fits', () => {
    const now = Date.UTC(2026, 0, 15);
    const ages = [1_000, 61_000, 3 * 3_600_000, 25 * 3_600_000, 45 * 86_400_000, 800 * 86_400_000, -120_000];
    assert.deepEqual(
      ages.map((ms) => age(now - ms, now)),
      ['now', '1 minute ago', '3 hours ago', '1 day ago', '1 month ago', '2 years ago', 'in 2 minutes'],
    );
  });
});

describe('formatBytes', () => {
  it('shows two digits where they matter', () => {
    assert.deepEqual([0, 999, 1_000, 1_549, 9_960, 12_300, 999_600, 52_000_000, 3.2e9].map(formatBytes), [
      '0 B',
      '999 B',
      '1.0 kB',
      '1.5 kB',
      '10 kB',
      '12 kB',
      '1.0 MB',
      '52 MB',
      '3.2 GB',
    ]);
  });
});
