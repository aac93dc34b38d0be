import assert from 'node:assert/strict';
import fc from 'fast-check';
import { age } from '../../../src/shared/age';
import { formatBytes } from '../../../src/shared/bytes';
import { count } from '../../../src/shared/series/format';

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

describe('texts that do without Intl', () => {
  it('are those of Intl', () => {
    const words = new Intl.RelativeTimeFormat('en', { numeric: 'always' });
    const units = [
      ['year', 365 * 86_400_000, 3_000],
      ['month', 30 * 86_400_000, 11],
      ['day', 86_400_000, 29],
      ['hour', 3_600_000, 23],
      ['minute', 60_000, 59],
    ] as const;
    for (const [unit, ms, most] of units)
      for (const amount of [1, 2, most])
        for (const sign of [-1, 1]) assert.equal(age(sign * amount * ms, 0), words.format(sign * amount, unit));
    fc.assert(fc.property(fc.maxSafeInteger(), (value) => count(value) === value.toLocaleString('en')));
    for (const value of [0, 999, 1000, -1000, -999, 1234567, 0.12345, 1e21, Number.NaN])
      assert.equal(count(value), value.toLocaleString('en'));
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
