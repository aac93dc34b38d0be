import assert from 'node:assert/strict';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { recordedOrigin } from '../../../src/mlflow/recordedOrigin';
import type { LoggedModel } from '../../../src/shared/domain';
import { runOf } from '../../support/runOf';

const [own, ofModel] = ['a'.repeat(40), 'b'.repeat(40)];
const model = (modelId: string, tags: Readonly<Record<string, string>>): LoggedModel => ({
  modelId,
  experimentId: '1',
  name: modelId,
  status: 'READY',
  artifactUri: '',
  tags,
  params: {},
  metrics: [],
});

describe('where the code of a run is', () => {
  const models = [model('plain', {}), model('versioned', { 'mlflow.git.commit': ofModel, 'mlflow.git.dirty': 'True' })];
  const store = {
    getLoggedModel: async (modelId: string) => {
      if (modelId === 'broken') throw new MlflowError('server', 'The server failed.');
      const found = models.find((one) => one.modelId === modelId);
      if (!found) throw new MlflowError('notFound', 'No such model.');
      return found;
    },
    searchLoggedModels: async ({ filter, pageToken }: { readonly filter?: string; readonly pageToken?: string }) => {
      assert.equal(filter, "source_run_id = 'a'");
      const at = Number(pageToken ?? 0);
      const items = many.slice(at, at + 100);
      return { items, ...(at + 100 < many.length ? { nextPageToken: String(at + 100) } : {}) };
    },
  };
  /** As of a training that logs one at each epoch, and names the commit on the last alone. */
  const many = Array.from({ length: 250 }, (_, at) =>
    model(`epoch ${at}`, at === 249 ? { 'mlflow.git.commit': ofModel } : {}),
  );
  const run = (tags: Readonly<Record<string, string>>, ...modelIds: string[]) =>
    runOf('a', { tags: { 'mlflow.source.name': 'train.py', ...tags }, modelIds });

  it('stands on the first model that says it where the run does not, but for the file', async () => {
    const { origin, tags } = await recordedOrigin(store, run({}, 'gone', 'plain', 'versioned'));
    assert.deepEqual(origin, { source: { kind: 'file', path: 'train.py' }, commit: ofModel, dirty: true });
    assert.equal(tags, models[1]?.tags);
  });

  it('stands on one of many models just as well', async () => {
    models.push(...many.slice(0, 5));
    const ids = many.map(({ modelId }) => modelId);
    assert.equal((await recordedOrigin(store, run({}, ...ids))).origin.commit, ofModel);
    assert.equal((await recordedOrigin(store, run({}, ...ids.slice(0, 249)))).origin.commit, undefined);
  });

  it('is what the run says itself, be it no commit at all', async () => {
    for (const said of [own, 'none']) {
      const of = run({ 'mlflow.source.git.commit': said }, 'broken');
      const { origin, tags } = await recordedOrigin(store, of);
      assert.deepEqual([origin.commit ?? origin.strangeCommit, tags], [said, of.tags]);
    }
  });

  it('is unknown where nobody says it, and not where the server failed', async () => {
    assert.equal((await recordedOrigin(store, run({}, 'gone', 'plain'))).origin.commit, undefined);
    await assert.rejects(recordedOrigin(store, run({}, 'broken')), /failed/);
  });
});
