import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import { compareRuns } from '../../src/mlflow/runOrder';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { unionSearch } from '../../src/mlflow/unionSearch';
import type { Run } from '../../src/shared/domain';
import type { Filter } from '../../src/shared/filter/ast';
import { evaluateFilter, type FilterRow, rowOfRun } from '../../src/shared/filter/evaluate';
import { formatFilter } from '../../src/shared/filter/format';
import { type Dialect, dialectOf } from '../../src/shared/filter/lowering';
import { parseFilter } from '../../src/shared/filter/parse';
import { serverQueriesOf } from '../../src/shared/filter/serverQueries';
import { filterTrees } from '../support/filterTrees';
import { type MlflowServer, type MlflowVersion, startMlflowServer } from '../support/mlflowServer';

const limits = { headersTimeoutMs: 30_000, retries: 1, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };
const start = 1700000000000;

const metrics = ['loss', 'val/loss', 'top-5', 'in', 'a b', 'x.y'];
const params = ['lr', 'layer sizes', 'opt/name', 'from', 'größe'];
const tags = ['team', 'note', 'mlflow.user', 'a:b'];
const texts = [
  '0.1',
  '1e-3',
  '',
  "it's",
  '"x"',
  `both ' and "`,
  'ends\\',
  '\\%',
  '100%',
  'a_b',
  'Ünï',
  'ſK\u212a',
  'straße',
  'ÜNÏ',
  'ADAM',
  'adam',
  '模型 😀',
  '\uffee',
  '-5',
  'line\nbreak',
  '`tick`',
  'a; b -- c',
  '%s $1$ ?',
];
const patterns = [
  '%',
  'ad%',
  'AD__',
  '%ü%',
  '%_b',
  `%'"%`,
  '%\\%',
  'Ünï',
  '%ï',
  '%型%',
  '_.1',
  '100%',
  '%S $1$ ?',
  '%sk%',
  '%STRASSE',
  'stra_e',
  '%b%',
];
const numbers = [0, 1, -1, 0.5, 1e-3, 1e300, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const values = [0, 1, -1, 0.5, 1e-3, 'nan', 'inf', '-inf', -0.25];

/** Makes the runs with the official client; what it refuses (an empty name of a run, a value too long) is no part. */
const makeRuns = `
import sys, json, random
from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag
experiments, facts = sys.argv[1].split(','), json.loads(sys.argv[2])
client, dice = MlflowClient(), random.Random(7)
pick = lambda items, share: [item for item in items if dice.random() < share]
for at in range(facts['count']):
    texts, start = facts['texts'], facts['start'] + (at % 7) * 1000
    names = [text for text in texts if text]
    tags = {key: dice.choice(texts) for key in pick(facts['tags'], 0.5)}
    if 'mlflow.user' in tags and not tags['mlflow.user']: del tags['mlflow.user']
    run = client.create_run(experiments[at % 2], start_time=start, tags=tags, run_name=dice.choice(names) if at % 5 else None).info.run_id
    for key in pick(facts['params'], 0.6): client.log_param(run, key, dice.choice(texts))
    for key in pick(facts['metrics'], 0.6): client.log_metric(run, key, float(dice.choice(facts['values'])))
    dataset = lambda: Dataset(dice.choice(names), dice.choice(['d1', 'D2', '333']), 'local', '{}')
    inputs = {(d.name, d.digest): d for d in [dataset() for _ in range(dice.choice([0, 0, 1, 2]))]}.values()
    tagged = lambda: [InputTag('mlflow.data.context', dice.choice(['train', 'Eval']))] if dice.random() < 0.7 else []
    if inputs: client.log_inputs(run, [DatasetInput(d, tagged()) for d in inputs])
    status = dice.choice(['FINISHED', 'FAILED', 'KILLED', None, None])
    if status: client.set_terminated(run, status, start + dice.choice([0, 1000, 60_000, 5_400_001]))
    if at % 6 == 5: client.delete_run(run)
print('ok')
`;

/** MLflow's own grammar in all its spellings, for both versions. */
const spellings = [
  "metrics.loss < 1 and params.lr = '0.1'",
  'metric.`val/loss` >= -1 AND metrics."top-5"<=.5 AND',
  'AND metrics.`in` != 1',
  'metrics.x.y > 1e-3',
  "parameters.lr like '%1' aNd param.`opt/name` ILIKE 'ad%'",
  'tag.team != "it\'s"',
  "tags.`mlflow.user` = 'adam'",
  "`tags`.`a:b` LIKE '%'",
  "attributes.status = 'FINISHED'",
  "status != 'FAILED' start_time > 1700000001000",
  'created >= 1700000003000 AND attr.end_time > 0',
  "run.run_name LIKE '%a%'",
  "attributes.`Run name` ILIKE '%A%'",
  "run_name != 'adam'",
  "user_id LIKE '%a%'",
  "params.lr = ''",
  "params.`layer sizes` LIKE '__'",
  '',
];
const ofDatasets = [
  "datasets.name = 'adam'",
  "dataset.digest != 'd1'",
  "datasets.context LIKE 'tr%'",
  "datasets.context ILIKE 'eval'",
];
const ofMlflow3 = [
  'tags.team IS NULL AND params.lr is not null',
  "datasets.context IN ('train', 'Eval') AND metrics.loss < 1",
  "datasets.digest NOT IN ('d1') AND datasets.name LIKE '%a%'",
];

/** What people type, and MLflow does not take. */
const plain = [
  'user_id = adam',
  'NOT user_id IN (adam, "it\'s")',
  'params.lr > 0.01 OR metrics.loss BETWEEN -1 AND 0.5',
  'duration >= 1m AND status IN (finished, failed)',
  "status = running AND NOT (datasets.name = 'adam' OR metrics.loss IS NULL)",
  "adam OR ünï OR tags.note IN ('', '模型 😀')",
  'end_time IS NULL start_time > now-1m',
  'start_time <= 2023-11-14T22:13:22Z',
  'start_time > 2023-11-14T22:13:22Z',
  'start_time BETWEEN 2023-11-14T22:13:21Z AND 2023-11-14T22:13:24Z',
  'start_time NOT IN (2023-11-14T22:13:20Z, 2023-11-14T22:13:25Z)',
  'end_time <= 2023-11-14T22:14Z AND start_time != 2023-11-14T22:13:21Z',
  "start_time <= '2023-11-15' AND start_time >= '2023-11-14'",
];

const orders: readonly (readonly string[])[] = [
  [],
  ['attributes.start_time ASC'],
  ['metrics.`val/loss` DESC'],
  ['metrics.`loss` ASC', 'attributes.start_time DESC'],
  ['params.`lr` DESC'],
  ['tags.`note` ASC', 'metrics.`in` DESC'],
  ['attributes.run_name ASC'],
  ['attributes.status DESC', 'attributes.end_time ASC'],
];

const idsOf = (runs: readonly Run[]) => runs.map((run) => run.runId);

/** A database of MLflow 2 keeps NaN as 0 and compares that. */
function rowOnServer(run: Run, { generation, files }: Dialect): FilterRow {
  const row = rowOfRun(run);
  if (generation === 3 || files) return row;
  return { ...row, metric: (key) => (Number.isNaN(row.metric(key)) ? 0 : row.metric(key)) };
}

function parsed(text: string): Filter {
  const result = parseFilter(text, start);
  assert.ok(result.ok, text);
  return result.filter;
}

/** Random filters, and what they are made from: for a long search, more of them or others. */
const cases = Number(process.env.FLOWDECK_FILTER_CASES ?? 160);
const seed = Number(process.env.FLOWDECK_FILTER_SEED ?? 11);

const stores: readonly (readonly [MlflowVersion, 'database' | 'folder'])[] = [
  ['3.17.2', 'database'],
  ['2.15.1', 'database'],
  ['3.17.2', 'folder'],
  ['2.15.1', 'folder'],
];

for (const [version, kept] of stores) {
  const generation = version.startsWith('3') ? 3 : 2;
  const options =
    kept === 'folder' ? { args: ['--backend-store-uri', './mlruns'], env: { MLFLOW_ALLOW_FILE_STORE: 'true' } } : {};

  // Each question makes such a server read all its files.
  const size = kept === 'folder' ? { runs: 18, filters: Math.min(cases, 40) } : { runs: 40, filters: cases };

  describe(`filters on ${version}, kept in a ${kept}`, () => {
    let server: MlflowServer;
    let store: TrackingStore;
    let experimentIds: readonly string[] = [];
    let runs: readonly Run[] = [];
    /** Made without a user, whom the tag names: servers know the column only, and it cannot be read. */
    let withoutUser = '';
    let filters: readonly Filter[] = [];
    let dialect: Dialect = { generation, files: false };

    const ask = async (filter: string, orderBy: readonly string[] = []) =>
      (await store.searchRuns({ experimentIds, filter, orderBy, maxResults: 1000, viewType: 'ALL' })).items;

    before(async function () {
      this.timeout(180_000);
      server = await startMlflowServer(version, options);
      store = createRestTrackingStore({ ...limits, baseUrl: server.uri });
      experimentIds = [await store.createExperiment('filters'), await store.createExperiment('more filters')];
      dialect = dialectOf(await store.serverInfo());
      assert.deepEqual(dialect, { generation, files: kept === 'folder' });
      // Where a name is a file, it holds no colon.
      const tagsHere = kept === 'folder' ? tags.filter((key) => !key.includes(':')) : tags;
      const facts = { count: size.runs, start, metrics, params, tags: tagsHere, texts, values };
      await server.python(makeRuns, experimentIds.join(), JSON.stringify(facts));
      const [experimentId = ''] = experimentIds;
      const made = { experimentId, name: 'Adam’s', startTime: start, tags: { 'mlflow.user': 'adam' } };
      withoutUser = (await store.createRun(made)).runId;
      await store.deleteRun((await store.createRun({ ...made, tags: {} })).runId);
      runs = await ask('');
      assert.equal(runs.length, size.runs + 2);
      assert.ok(runs.filter((run) => run.lifecycleStage === 'deleted').length > 3);
      const runIds = [...idsOf(runs).slice(0, 6), 'no id', 'AB'];
      const words = {
        metrics,
        params,
        tags,
        texts,
        patterns,
        numbers,
        times: [0, start, start + 3000, start + 0.5],
        runIds,
      };
      filters = [...plain.map(parsed), ...fc.sample(filterTrees(words), { numRuns: size.filters, seed })];
    });

    after(async () => {
      store?.dispose();
      await server?.dispose();
    });

    it('gives runs in the order that is known', async () => {
      for (const orderBy of orders)
        assert.deepEqual(idsOf(await ask('', orderBy)), idsOf(runs.toSorted(compareRuns(orderBy))), orderBy.join());
    });

    // Python's own judgement differs, in LIKE: there the branches are what counts.
    const ofDatabases = kept === 'database' ? it : undefined;
    ofDatabases?.('judges what MLflow judges as MLflow does', async () => {
      const own = [...spellings, ...ofDatasets, ...(generation === 3 ? ofMlflow3 : [])];
      const asked = new Set([...own, ...filters.flatMap((filter) => serverQueriesOf(filter, dialect).filters)]);
      let found = 0;
      for (const text of asked) {
        const judged = runs.filter((run) => evaluateFilter(parsed(text), rowOnServer(run, dialect)));
        const ids = idsOf(await ask(text));
        const wanted = idsOf(judged);
        const known = (id: string) => id !== withoutUser || !/user_id/.test(text);
        assert.deepEqual(ids.filter(known), wanted.filter(known), text);
        found += ids.length > 0 && ids.length < runs.length ? 1 : 0;
      }
      assert.ok(asked.size > 150 && found > 60, `${found} of ${asked.size} filters told runs apart`);
    }).timeout(120_000 + size.filters * 1_500);

    it('finds the same runs in branches as by judging all, in order, for every size of pages', async () => {
      let told = 0;
      let exact = 0;
      for (const [at, filter] of filters.entries()) {
        const orderBy = orders[at % orders.length] ?? [];
        const compare = compareRuns(orderBy);
        const keep = (run: Run) => evaluateFilter(filter, rowOfRun(run));
        const viewType = at % 3 === 0 ? 'ACTIVE_ONLY' : 'ALL';
        const inView = (run: Run) => viewType === 'ALL' || run.lifecycleStage === 'active';
        const wanted = idsOf(runs.filter((run) => inView(run) && keep(run)).toSorted(compare));
        told += wanted.length > 0 && wanted.length < runs.length ? 1 : 0;
        const queries = serverQueriesOf(filter, dialect);
        exact += queries.exact ? 1 : 0;
        const sizes = [100, 3, 1].slice(0, kept === 'folder' ? 1 : at % 6 === 0 ? 3 : at % 2 === 0 ? 2 : 1);
        for (const pageSize of sizes) {
          const pages = unionSearch(store, {
            experimentIds,
            filters: queries.filters,
            orderBy,
            viewType,
            pageSize,
            compare,
            ...(queries.exact ? {} : { keep }),
          });
          const found: string[] = [];
          for (let done = false; !done; ) {
            const page = await pages.next();
            found.push(...idsOf(page.runs));
            done = page.done;
          }
          assert.deepEqual(found, wanted, `${formatFilter(filter)} by ${pageSize} as ${JSON.stringify(queries)}`);
        }
      }
      assert.ok(told > size.filters / 3 && exact > size.filters / 5, `${told} told apart, ${exact} exactly`);
    }).timeout(120_000 + size.filters * 1_500);
  });
}
