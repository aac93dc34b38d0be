import assert from 'node:assert/strict';
import {
  backupName,
  databaseVerdict,
  decodeStoreReport,
  refusesFileStore,
  type StoreReport,
} from '../../../src/connections/local/storeReport';

const report = (changes: Partial<StoreReport>): StoreReport => ({
  mlflow: '3.17.2',
  head: 'c',
  known: ['a', 'b', 'c'],
  file: 'ok',
  ...changes,
});

describe('databaseVerdict', () => {
  it('tells files that are ready from those that are older, newer or broken', () => {
    assert.equal(databaseVerdict(report({ revision: 'c' })), 'ready');
    assert.equal(databaseVerdict(report({ revision: 'a' })), 'older');
    assert.equal(databaseVerdict(report({ revision: 'z' })), 'newer');
    assert.equal(databaseVerdict(report({ file: 'broken' })), 'broken');
    assert.equal(databaseVerdict(report({ file: 'missing' })), 'ready');
    assert.equal(databaseVerdict(report({ file: 'empty' })), 'ready');
  });
});

describe('refusesFileStore', () => {
  it('begins with 3.13', () => {
    const answers = ['2.15.1', '3.12.9', '3.13.0', '3.17.2rc1', '4.0.0'].map(refusesFileStore);
    assert.deepEqual(answers, [false, false, true, true, true]);
  });
});

describe('decodeStoreReport', () => {
  it('takes what the script prints and refuses anything else', () => {
    assert.deepEqual(decodeStoreReport('{"known": ["a", 1], "file": "ok", "revision": "a"}'), {
      known: ['a'],
      file: 'ok',
      revision: 'a',
    });
    for (const text of ['', 'null', '{}', '{"known": [], "file": "what"}', '{"known": 1, "file": "ok"}'])
      assert.throws(() => decodeStoreReport(text), text);
  });
});

describe('backupName', () => {
  it('names the instant', () => {
    assert.equal(
      backupName('/x/mlflow.db', new Date(Date.UTC(2026, 10, 24, 9, 5, 7))),
      '/x/mlflow.db.20261124-090507.bak',
    );
  });
});
