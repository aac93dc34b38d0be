import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ExperimentEntry, foldersAbove, inFolders } from '../../../src/experiments/experimentFolders';
import type { Experiment } from '../../../src/shared/domain';

const experiment = (name: string, creationTime: number): Experiment => ({
  experimentId: `${name}#${creationTime}`,
  name,
  artifactLocation: '',
  lifecycleStage: 'active',
  creationTime,
  tags: {},
});

const shape = (entries: readonly ExperimentEntry[]): unknown[] =>
  entries.map((entry) =>
    entry.kind === 'folder' ? { [`${entry.label}/${entry.count}`]: shape(entry.entries) } : entry.label,
  );

const some = ['digits', 'team/a/net 10', 'team/a/net 9', 'team/b', 'Default'].map(experiment);

describe('experiments in folders', () => {
  it('stand newest first, a folder where its newest experiment would', () => {
    assert.deepEqual(shape(inFolders(some, '/', 'newest')), [
      'Default',
      { 'team/3': ['b', { 'a/2': ['net 9', 'net 10'] }] },
      'digits',
    ]);
  });

  it('stand by name with numbers by value and folders first', () => {
    assert.deepEqual(shape(inFolders(some, '/', 'name')), [
      { 'team/3': [{ 'a/2': ['net 9', 'net 10'] }, 'b'] },
      'Default',
      'digits',
    ]);
  });

  it('are flat without a separator, and empty parts make no folders', () => {
    assert.equal(inFolders(some, '', 'name').length, 5);
    assert.deepEqual(shape(inFolders([experiment('//a//b/', 1), experiment('/', 0)], '/', 'newest')), [
      { 'a/1': ['b'] },
      '/',
    ]);
  });

  it('lose none, and each is found under its folders', () => {
    const name = fc.stringMatching(/^[ab/_]{1,8}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), fc.constantFrom('/', '_', ''), (names, separator) => {
        const entries = inFolders(names.map(experiment), separator, 'newest');
        const all = (inside: readonly ExperimentEntry[]): ExperimentEntry[] =>
          inside.flatMap((entry) => (entry.kind === 'folder' ? all(entry.entries) : [entry]));
        assert.equal(all(entries).length, names.length);
        for (const [at, text] of names.entries()) {
          const depth = separator === '' ? 0 : Math.max(0, text.split(separator).filter(Boolean).length - 1);
          assert.equal(foldersAbove(entries, `${text}#${at}`).length, depth, text);
        }
      }),
    );
  });
});
