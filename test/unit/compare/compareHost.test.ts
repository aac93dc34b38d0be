import assert from 'node:assert/strict';
import { environments } from '../../../src/experiments/run/environments';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import type { ArtifactListing, ArtifactQuestions } from '../../../src/mlflow/trackingStore';
import { artifactHashes, artifactLevel } from '../../../src/panels/compare/artifacts';
import { compareParams } from '../../../src/panels/compare/compareParams';
import { artifactRows } from '../../../src/shared/compare/artifactRows';
import { TagKey } from '../../../src/shared/domain';
import { runOf } from '../../support/runOf';

const { signal } = new AbortController();
type Files = Readonly<Record<string, string | Uint8Array>>;

/** Artifacts in memory: `run/path` or `model/path` to content. Counts what is asked at once. */
function storeOf(files: Files) {
  const seen = { asked: [] as string[], atOnce: 0, most: 0, read: 0 };
  const list = async (owner: string, path = ''): Promise<ArtifactListing> => {
    seen.asked.push(`list ${owner}/${path}`);
    seen.most = Math.max(seen.most, ++seen.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.atOnce--;
    if (owner === 'broken') throw new MlflowError('server', 'The server failed.');
    const prefix = path ? `${owner}/${path}/` : `${owner}/`;
    const found = new Map<string, { path: string; isFolder: boolean; size?: number }>();
    for (const [name, content] of Object.entries(files)) {
      if (!name.startsWith(prefix)) continue;
      const [first = '', ...rest] = name.slice(prefix.length).split('/');
      const full = path ? `${path}/${first}` : first;
      found.set(
        full,
        rest.length > 0 ? { path: full, isFolder: true } : { path: full, isFolder: false, size: content.length },
      );
    }
    return { rootUri: '', files: [...found.values()], refused: [] };
  };
  const download = async (owner: string, path: string) => {
    seen.asked.push(`get ${owner}/${path}`);
    const content = files[`${owner}/${path}`];
    if (content === undefined) throw new MlflowError('notFound', `There is no artifact ${path}.`);
    async function* body() {
      const bytes = Buffer.from(content ?? '');
      for (let at = 0; at < bytes.length; at += 1_000_000) {
        seen.read += Math.min(1_000_000, bytes.length - at);
        yield bytes.subarray(at, at + 1_000_000);
      }
    }
    return { body: body() };
  };
  const store = {
    listArtifacts: list,
    listModelArtifacts: list,
    downloadArtifact: download,
    downloadModelArtifact: download,
  } satisfies Pick<
    ArtifactQuestions,
    'listArtifacts' | 'listModelArtifacts' | 'downloadArtifact' | 'downloadModelArtifact'
  >;
  return { store, seen };
}

describe('environments of runs', () => {
  it('are read from logged models, from models in the run’s artifacts, and from the run’s own root', async () => {
    const { store } = storeOf({
      'm-1/requirements.txt': 'mlflow==3.17.2\nnumpy==2.1.0',
      'm-1/python_env.yaml': 'python: 3.11.9',
      'two/model/requirements.txt': 'mlflow==2.15.1',
      'two/conda.yaml': 'dependencies: [python=3.10.1, {pip: [numpy==1.26.0]}]',
    });
    const history = JSON.stringify([{ artifact_path: 'model' }, { artifact_path: '../../etc' }]);
    const found = await environments(
      store,
      [runOf('one', { modelIds: ['m-1'] }), runOf('two', { tags: { [TagKey.loggedModels]: history } })],
      signal,
    );
    assert.deepEqual(found, [
      {
        runId: 'one',
        python: '3.11.9',
        packages: [
          { name: 'mlflow', version: '3.17.2' },
          { name: 'numpy', version: '2.1.0' },
        ],
        files: ['m-1/requirements.txt', 'm-1/python_env.yaml'],
      },
      {
        runId: 'two',
        python: '3.10.1',
        packages: [
          { name: 'mlflow', version: '2.15.1' },
          { name: 'numpy', version: '1.26.0' },
        ],
        files: ['model/requirements.txt', 'conda.yaml'],
      },
    ]);
  });

  it('that cannot be read say why, and keep no other from being read', async () => {
    const { store } = storeOf({
      'big/requirements.txt': 'a'.repeat(1_000_001),
      'odd/conda.yaml': 'a: [',
      'ok/requirements.txt': 'numpy==1',
    });
    const runs = ['broken', 'none', 'big', 'odd', 'ok'].map((runId) => runOf(runId));
    const found = await environments(store, runs, signal);
    assert.deepEqual(
      found.map(({ problem }) => problem?.slice(0, 30)),
      [
        'artifacts: The server failed.',
        'no requirements.txt, python_en',
        'requirements.txt is over 1 MB',
        'no YAML: Flow sequence in bloc',
        undefined,
      ],
    );
  });

  it('are asked for four runs at once', async () => {
    const { store, seen } = storeOf({});
    const runs = Array.from({ length: 12 }, (_, at) => runOf(`r${at}`));
    await environments(store, runs, signal);
    assert.equal(seen.most, 4);
  });

  it('of two models that disagree have both versions', async () => {
    const { store } = storeOf({ 'm-1/requirements.txt': 'a==1\nb==1', 'm-2/requirements.txt': 'a==2\nb==1' });
    const [found] = await environments(store, [runOf('r', { modelIds: ['m-1', 'm-2'] })], signal);
    assert.deepEqual(found?.packages, [
      { name: 'a', version: '1, 2' },
      { name: 'b', version: '1' },
    ]);
  });
});

describe('artifacts of runs', () => {
  const files = {
    'a/plots/x.png': 'png',
    'a/z_10.txt': 'one',
    'a/z_9.txt': '',
    'b/z_10.txt': 'two',
    'b/only.txt': 'x',
    'b/plots': 'a file',
  };

  it('are one tree with the sizes of each run; a name that is a file here and a folder there stands twice', async () => {
    const { store } = storeOf(files);
    assert.deepEqual(await artifactLevel(store, ['a', 'b', 'broken'], '', signal), {
      path: '',
      entries: [
        { path: 'plots', isFolder: true, sizes: [0, null, null] },
        { path: 'only.txt', isFolder: false, sizes: [null, 1, null] },
        { path: 'plots', isFolder: false, sizes: [null, 6, null] },
        { path: 'z_9.txt', isFolder: false, sizes: [0, null, null] },
        { path: 'z_10.txt', isFolder: false, sizes: [3, 3, null] },
      ],
      left: 0,
      problems: [null, null, 'The server failed.'],
    });
    const inner = await artifactLevel(store, ['a', 'b'], 'plots', signal);
    assert.deepEqual(inner.entries, [{ path: 'plots/x.png', isFolder: false, sizes: [3, null] }]);
  });

  it('of a folder with very many are not all compared, and how many are left out is said', async () => {
    const many = Array.from({ length: 5_001 }, (_, at) => [`a/${at}.txt`, ''] as const);
    const { store } = storeOf({ ...Object.fromEntries(many), 'b/0.txt': '', 'b/other.txt': '', 'b/5000.txt': '' });
    const { entries, left } = await artifactLevel(store, ['a', 'b'], '', signal);
    assert.deepEqual([entries.length, left], [5_000, 2]);
    const rows = artifactRows({
      levels: new Map([['', { path: '', entries, left, problems: [] }]]),
      open: new Set(),
      hashes: new Map(),
    });
    assert.deepEqual([rows.length, rows.at(-1)?.label, rows.at(-1)?.differs], [5_001, '2 more, not compared', true]);
  });

  it('are told apart by their content', async () => {
    const { store } = storeOf(files);
    const [one, two, missing] = await artifactHashes(store, ['a', 'b', 'c'], 'z_10.txt', signal);
    // echo -n one | sha256sum
    assert.deepEqual(one, { hash: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed' });
    assert.ok(two && 'hash' in two && one && 'hash' in one && two.hash !== one.hash);
    assert.deepEqual(missing, { missing: true });
  });
});

describe('what the comparison may ask', () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1]);

  it('is read field by field', () => {
    assert.deepEqual(compareParams.artifactLevel({ runIds: ['r'], path: '', more: 1 }), { runIds: ['r'], path: '' });
    const report = { name: 'n', markdown: '# x', images: [{ name: 'a', title: 't', bytes: png }] };
    assert.deepEqual(compareParams.saveReport({ ...report, more: 1 }), report);
  });

  it('is refused when it is something else', () => {
    const image = { name: 'a', title: 't', bytes: png };
    const wrong: (() => unknown)[] = [
      () => compareParams.environments({ runIds: 'r' }),
      () => compareParams.environments({ runIds: Array.from({ length: 201 }, () => 'r') }),
      () => compareParams.environments({ runIds: ['../r'] }),
      () => compareParams.artifactLevel({ runIds: ['r'], path: '../..' }),
      () => compareParams.artifactLevel({ runIds: ['r'] }),
      () => compareParams.artifactHashes({ runIds: ['r'], path: '' }),
      () => compareParams.diffArtifacts({ a: 'r', others: ['r?x'], path: 'a' }),
      () => compareParams.diffArtifacts({ a: 'r', others: 'r', path: 'a' }),
      () => compareParams.saveReport({ name: '', markdown: '', images: [] }),
      () => compareParams.saveReport({ name: 'n', markdown: '', images: [{ ...image, bytes: [1] }] }),
      () => compareParams.saveReport({ name: 'n', markdown: '', images: [{ ...image, bytes: new Uint8Array(9) }] }),
      () => compareParams.saveReport({ name: 'n', markdown: '', images: Array.from({ length: 51 }, () => image) }),
    ];
    for (const decode of wrong) assert.throws(decode, /sent something else/);
  });
});
