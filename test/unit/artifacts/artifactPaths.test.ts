import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { localPathFor, windowsName } from '../../../src/artifacts/localPath';
import {
  authorityOf,
  decodeArtifactRef,
  fromUriPath,
  hostOfAuthority,
  toUriParts,
} from '../../../src/mlflow/artifactUri';
import { isSafePath, nameOf, parentOf } from '../../../src/shared/artifactPath';

const runId = '0123456789abcdef0123456789abcdef';
const segment = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => isSafePath(text) && !text.includes('/'));
const artifactPath = fc
  .array(segment, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter(isSafePath);
const bad = ['../../x', 'a/../b', '/etc/passwd', 'a//b', 'C:/x', 'c:x', 'a\\b', '.', 'a/.', 'a/', 'a\u0000b', 'a\nb'];

describe('artifact URIs', () => {
  it('give back the artifact they were made of', () => {
    fc.assert(
      fc.property(artifactPath, (artifact) => {
        const parts = toUriParts('http://127.0.0.1:5000', { runId, path: artifact });
        assert.deepEqual(fromUriPath(parts.path), { runId, path: artifact });
      }),
    );
    assert.deepEqual(fromUriPath(`/${runId}`), { runId, path: '' });
  });

  it('name the server so that people know it and two servers differ', () => {
    const [a, b] = [authorityOf('http://127.0.0.1:5000'), authorityOf('http://127.0.0.1:5000/prefix')];
    assert.notEqual(a, b);
    assert.match(a, /^127\.0\.0\.1-5000-[0-9a-f]{10}$/);
    assert.equal(hostOfAuthority(a), '127.0.0.1-5000');
  });

  it('refuse what is no artifact', () => {
    for (const text of ['', '/', 'x', '//x', '/run id/x', '/../x', `/${runId}/../x`, `/${runId}//x`])
      assert.equal(fromUriPath(text), undefined, text);
  });
});

describe('decodeArtifactRef', () => {
  it('takes a plain pair and a row that holds an artifact', () => {
    assert.deepEqual(decodeArtifactRef({ runId, path: 'a/b' }), { runId, path: 'a/b' });
    const row = { kind: 'artifact', runId, artifact: { path: 'a', isFolder: true } };
    assert.deepEqual(decodeArtifactRef(row), { runId, path: 'a', isFolder: true });
  });

  it('refuses everything unsafe', () => {
    for (const value of [undefined, null, 1, 'x', {}, { runId }, { runId: '../x', path: 'a' }, { runId: 1, path: 'a' }])
      assert.equal(decodeArtifactRef(value), undefined);
    for (const text of bad) assert.equal(decodeArtifactRef({ runId, path: text }), undefined, text);
  });
});

describe('localPathFor', () => {
  it('stays below the root on every system', () => {
    fc.assert(
      fc.property(fc.oneof(artifactPath, fc.string(), fc.constantFrom(...bad)), fc.boolean(), (text, windows) => {
        const [api, root, platform] = windows ? [path.win32, 'C:\\target', 'win32'] : [path.posix, '/target', 'linux'];
        let local: string;
        try {
          local = localPathFor(root, text, platform);
        } catch {
          return;
        }
        const below = api.relative(root, local);
        assert.ok(below !== '' && !below.startsWith('..') && !api.isAbsolute(below), local);
      }),
      { numRuns: 2_000 },
    );
  });

  it('refuses every unsafe path', () => {
    for (const text of bad) assert.throws(() => localPathFor('/target', text, 'linux'), text);
  });

  it('writes names that Windows takes', () => {
    assert.equal(localPathFor('C:\\t', 'a/b.txt', 'win32'), 'C:\\t\\a\\b.txt');
    assert.deepEqual(['con', 'NUL.txt', 'a:b?', 'end. ', 'console'].map(windowsName), [
      '_con',
      '_NUL.txt',
      'a_b_',
      'end__',
      'console',
    ]);
  });
});

describe('parents and names', () => {
  it('split at the last slash', () => {
    assert.deepEqual(['a', 'a/b', 'a/b/c'].map(parentOf), ['', 'a', 'a/b']);
    assert.deepEqual(['a', 'a/b', 'a/b/c'].map(nameOf), ['a', 'b', 'c']);
  });
});
