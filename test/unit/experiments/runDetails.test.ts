import assert from 'node:assert/strict';
import { RunDetails } from '../../../src/experiments/run/runDetails';
import { loadVersions } from '../../../src/experiments/run/runModels';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import type { TrackingStore } from '../../../src/mlflow/trackingStore';
import type { Metric, ModelVersion, Run } from '../../../src/shared/domain';

const loss = (step: number): Metric => ({ key: 'loss', value: step, timestamp: step, step });
const run = (change: Partial<Run> = {}): Run => ({
  runId: 'r',
  experimentId: '0',
  name: 'r',
  status: 'RUNNING',
  userId: '',
  startTime: 0,
  artifactUri: '',
  lifecycleStage: 'active',
  metrics: { loss: loss(1) },
  params: {},
  tags: {},
  datasets: [],
  modelIds: [],
  ...change,
});

/** Details over a store that answers what `answers` says and counts what is asked. */
function detailsOver(answers: Partial<Record<keyof TrackingStore, (...args: never[]) => unknown>>, cached?: Run) {
  const asked: string[] = [];
  const ask =
    (name: keyof TrackingStore) =>
    async (...args: never[]) => {
      asked.push(name);
      return answers[name]?.(...args);
    };
  // `then` would make it a promise.
  const get = (_: TrackingStore, name: keyof TrackingStore | 'then') => (name === 'then' ? undefined : ask(name));
  const store: TrackingStore = new Proxy({} as TrackingStore, { get });
  return { details: new RunDetails('r', async () => store, cached), asked };
}

const down = new MlflowError('unreachable', 'down');
const series = {
  runId: 'r',
  key: 'loss',
  steps: new Float64Array(2),
  timestamps: new Float64Array(2),
  values: new Float64Array(2),
};

describe('details of a run', () => {
  it('show what is known before anybody asks, and ask once for two at the same time', async () => {
    const { details, asked } = detailsOver({ getRun: () => run({ name: 'new' }) }, run({ name: 'old' }));
    assert.deepEqual([details.run?.name, details.isStale, asked], ['old', true, []]);
    await Promise.all([details.refresh(), details.refresh()]);
    assert.deepEqual([details.run?.name, details.isStale, asked], ['new', false, ['getRun']]);
  });

  it('ask the models of a run for its commit once, and again when it logged another', async () => {
    let models = ['a'];
    const answers = {
      getRun: () => run({ modelIds: models }),
      getLoggedModel: (modelId: string) => ({ tags: modelId === 'b' ? { 'mlflow.git.commit': 'a1b2c3d' } : {} }),
    };
    const { details, asked } = detailsOver(answers);
    await details.refresh();
    assert.deepEqual([(await details.origin()).commit, (await details.origin()).commit], [undefined, undefined]);
    models = ['a', 'b'];
    await details.refresh();
    assert.equal((await details.origin()).commit, 'a1b2c3d');
    await details.origin();
    const questions = asked.filter((name) => name === 'getLoggedModel').length;
    assert.equal(questions, 3);
    details.markStale();
    await details.origin();
    assert.equal(asked.filter((name) => name === 'getLoggedModel').length, questions + 2);
  });

  it('keep what was read through a failure, say so, and ask again after it', async () => {
    let answer = (): Run => run();
    const { details } = detailsOver({ getRun: () => answer() });
    await details.refresh();
    answer = () => {
      throw down;
    };
    await assert.rejects(details.refresh(), down);
    assert.equal(details.run?.name, 'r');
    assert.equal(details.problem?.error, down);
    assert.ok(details.problem?.readAt);
    assert.equal(details.contact?.ok, false);
    assert.equal(details.follow(undefined), true);
    assert.equal(details.isStale, true);
    answer = () => run();
    await details.refresh();
    assert.equal(details.problem, undefined);
  });

  it('take what others loaded, and nothing when it is the same', () => {
    const cached = run();
    const { details } = detailsOver({}, cached);
    assert.equal(details.follow(cached), false);
    const newer = run({ name: 'newer' });
    assert.equal(details.follow(newer), true);
    assert.deepEqual([details.run, details.isStale], [newer, false]);
  });

  it('read a history once for the same last point and status', async () => {
    const { details, asked } = detailsOver({ metricHistory: () => series }, run());
    await details.stats(loss(1));
    await details.stats(loss(1));
    assert.equal(asked.length, 1);
    await details.stats(loss(2));
    assert.equal(asked.length, 2);
    details.follow(run({ status: 'FINISHED' }));
    assert.equal((await details.stats(loss(2))).points, 2);
    assert.equal(asked.length, 3);
    details.follow(run({ status: 'FINISHED', name: 'renamed' }));
    await details.stats(loss(2));
    assert.equal(asked.length, 3);
  });

  it('ask for a folder again after a failure, and when the run was read anew', async () => {
    const answers = [
      () => Promise.reject(down),
      () => ({ rootUri: '', files: [], refused: [] }),
      () => ({ rootUri: '', files: [], refused: [] }),
    ];
    const { details, asked } = detailsOver({ listArtifacts: () => answers.shift()?.(), getRun: () => run() });
    await assert.rejects(details.listings.get('a'));
    await details.listings.get('a');
    await details.listings.get('a');
    assert.equal(asked.length, 2);
    await details.refresh();
    await details.listings.get('a');
    assert.equal(asked.filter((name) => name === 'listArtifacts').length, 3);
  });

  it('give up what is under way when they are left', async () => {
    const signals: AbortSignal[] = [];
    const never = (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new MlflowError('cancelled', 'gone')));
      });
    };
    const { details } = detailsOver({
      getRun: (_: string, signal: AbortSignal) => never(signal),
      metricHistory: (_: string, __: string, signal: AbortSignal) => never(signal),
    });
    const pending = [details.refresh(), details.stats(loss(1))];
    await new Promise((done) => setImmediate(done));
    details.dispose();
    for (const result of await Promise.allSettled(pending)) assert.equal(result.status, 'rejected');
    assert.deepEqual([signals.length, signals.every(({ aborted }) => aborted)], [2, true]);
    assert.equal(details.problem, undefined);
  });

  it('leave out models the server no longer has', async () => {
    const getLoggedModel = (id: string) => {
      if (id === 'gone') throw new MlflowError('notFound', 'gone');
      return { modelId: id };
    };
    const { details } = detailsOver({ getLoggedModel }, run({ modelIds: ['a', 'gone', 'a', 'b'] }));
    assert.deepEqual([...(await details.loggedModels()).keys()], ['a', 'b']);
  });
});

describe('versions registered from a run', () => {
  it('come by name, newest first, with their aliases', async () => {
    const version = (name: string, number: string) =>
      ({ name, version: number, aliases: [] }) as unknown as ModelVersion;
    const asked: string[] = [];
    const found = await loadVersions(
      {
        searchModelVersions: async ({ filter }) => {
          asked.push(filter ?? '');
          return { items: [version('b', '1'), version('a', '9'), version('a', '10')], nextPageToken: 'more' };
        },
        getRegisteredModel: async (name) =>
          ({ name, aliases: name === 'a' ? [{ alias: 'best', version: '10' }] : [] }) as never,
      },
      'r',
      new AbortController().signal,
    );
    assert.deepEqual(asked, ["run_id = 'r'"]);
    assert.deepEqual(
      found.versions.map((item) => [item.name, item.version, ...item.aliases]),
      [
        ['a', '10', 'best'],
        ['a', '9'],
        ['b', '1'],
      ],
    );
    assert.equal(found.more, true);
  });
});
