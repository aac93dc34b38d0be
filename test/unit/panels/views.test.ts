import assert from 'node:assert/strict';
import fs from 'node:fs';
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { MlflowError } from '../../../src/mlflow/mlflowError';
import { decodeSharedView } from '../../../src/mlflow/sharedView';
import { parseWebLink, withShared } from '../../../src/mlflow/webLink';
import { linkPath, longestEverywhere, parseFlowdeckLink } from '../../../src/panels/views/flowdeckLink';
import { attributes, columnId, metricStats, parseColumnId } from '../../../src/shared/runs/column';
import {
  decodeNamedView,
  encodeNamedView,
  fileNameOf,
  type NamedView,
  viewOn,
} from '../../../src/shared/view/namedView';
import { decodeRunsView, initialRunsView } from '../../../src/shared/view/runsView';

const server = 'http://127.0.0.1:5000';
const view: NamedView = {
  name: 'Learning rates',
  server,
  experiments: [{ id: '1', name: 'vision/größe' }],
  view: { ...initialRunsView, filter: "params.lr = '0.1' OR metrics.loss < 1", pinnedRuns: ['a'] },
};
const isInvalid = (error: unknown) => error instanceof MlflowError && error.kind === 'invalid';

describe('a named view', () => {
  it('is the same after it was written and read', () => {
    assert.deepEqual(decodeNamedView(JSON.parse(encodeNamedView(view))), view);
    const ofRuns: NamedView = { name: 'two', runs: ['a', 'b'], colors: { a: 12, b: 1 }, view: initialRunsView };
    assert.deepEqual(decodeNamedView(JSON.parse(encodeNamedView(ofRuns))), ofRuns);
  });

  it('is no matter of how far was scrolled, loaded or looked into, also not where an older file says so', () => {
    const table = {
      ...initialRunsView.table,
      columns: ['metrics.loss'],
      collapsed: ['group:["adam"]', 'a'],
      scroll: { top: 400, left: 20 },
      loaded: 700,
      complete: true,
      details: 'a',
    } as const;
    const { charts, compare } = initialRunsView;
    const moment = {
      ...view.view,
      table,
      charts: { ...charts, scroll: 300, smoothing: 0.5 },
      compare: { ...compare, scroll: 90 },
    };
    const { loaded: _, complete: __, details: ___, ...rest } = table;
    const lasting = {
      ...view.view,
      table: { ...rest, collapsed: ['group:["adam"]'], scroll: { top: 0, left: 0 } },
      charts: { ...charts, smoothing: 0.5 },
    };
    const text = encodeNamedView({ ...view, view: moment });
    assert.doesNotMatch(text, /scroll|loaded|complete|details/);
    assert.deepEqual(decodeNamedView(JSON.parse(text))?.view, lasting);
    assert.deepEqual(decodeNamedView({ ...view, view: moment })?.view, lasting);
  });

  it('says of runs that were chosen one by one on which server they are, where it is opened on another', () => {
    const chosen = { ...view, view: { ...view.view, chosen: { runIds: ['a'] } } };
    assert.deepEqual(viewOn(chosen, server), chosen.view);
    const elsewhere = viewOn(chosen, 'http://other:1');
    assert.deepEqual(elsewhere.chosen, { runIds: ['a'], server });
    assert.deepEqual(decodeRunsView(JSON.parse(JSON.stringify(elsewhere))), elsewhere);
    assert.deepEqual(viewOn(view, 'http://other:1'), view.view);
  });

  it('has the colours of runs that there are, and no others', () => {
    const colorsOf = (colors: unknown) => decodeNamedView({ ...view, colors })?.colors;
    assert.deepEqual(colorsOf({ a: 3, b: 0, c: 13, d: 1.5, e: '2', ['x'.repeat(65)]: 2 }), { a: 3 });
    for (const colors of [undefined, [], 'red', {}, { a: null }]) assert.equal(colorsOf(colors), undefined);
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`r${at}`, 1]));
    assert.equal(Object.keys(colorsOf(many) ?? {}).length, 200);
  });

  it('is refused when it is something else, or of a later format', () => {
    const file = JSON.parse(encodeNamedView(view));
    for (const raw of [undefined, 1, [], {}, { ...file, view: 1 }, { ...file, name: ' ' }, { ...file, version: 2 }])
      assert.equal(decodeNamedView(raw), undefined);
    assert.equal(decodeNamedView({ ...file, experiments: [{ id: 1 }] }), undefined);
  });

  it('reads whatever JSON holds without failing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (raw) => {
        decodeNamedView(raw);
        decodeNamedView({ name: 'x', experiments: [{ id: '1', name: 'x' }], view: raw });
      }),
    );
  });

  it('has a file name that every system takes', () => {
    const cases = {
      'Learning rates': 'learning-rates.json',
      con: 'view-con.json',
      '../../x': 'x.json',
      '…': 'view.json',
    };
    for (const [name, file] of Object.entries(cases)) assert.equal(fileNameOf(name), file);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => assert.match(fileNameOf(name), /^[\p{L}\p{N}-]+\.json$/u)),
    );
  });

  it('has a schema that names every part of it', () => {
    const { properties } = JSON.parse(fs.readFileSync('media/schemas/view.schema.json', 'utf8'));
    const parts = (schema: { properties: object }) => Object.keys(schema.properties).sort();
    assert.deepEqual(parts(properties.view), Object.keys(initialRunsView).sort());
    assert.deepEqual(
      parts(properties.view.properties.table),
      [...Object.keys(initialRunsView.table), 'columns', 'complete', 'details', 'loaded'].sort(),
    );
    const compared = Object.keys(initialRunsView.compare);
    assert.deepEqual(
      parts(properties.view.properties.compare),
      [...compared, 'baseline', 'explained', 'artifactPath'].sort(),
    );
  });

  it('has a schema that takes the columns that are read, and no others', () => {
    const { definitions } = JSON.parse(fs.readFileSync('media/schemas/view.schema.json', 'utf8'));
    const [listed, other] = definitions.column.anyOf;
    const takes = (id: string) => listed.enum.includes(id) || new RegExp(other.pattern).test(id);
    const known = [
      ...attributes.map((key) => columnId({ kind: 'attribute', key })),
      ...metricStats.map((stat) => columnId({ kind: 'metric', key: 'val/loss', stat })),
      'params.a b',
      'tags.mlflow.user',
    ];
    for (const id of [...known, 'attributes.nonsense', 'metrics[mean].loss', 'metrics.', 'loss', 'param.lr', ''])
      assert.equal(takes(id), parseColumnId(id) !== undefined, id);
  });
});

describe('a link of Flowdeck', () => {
  it('opens what it was made of', () => {
    const links = [
      { kind: 'run', server, runId: 'abc123' },
      { kind: 'experiment', server, experimentId: '278653699610862606' },
      { kind: 'view', server, view },
    ] as const;
    for (const link of links) {
      const [path = '', query = ''] = linkPath(link).split('?');
      assert.deepEqual(parseFlowdeckLink(path, query), link);
    }
  });

  it('opens the same where VS Code has decoded it before, whatever the prefix of the server is', () => {
    for (const prefix of ['', '/ml', '/a+b', '/a%20b', '/50%25', '/a&id=c', '/a;b', '/gr%C3%B6%C3%9Fe']) {
      const link = { kind: 'run', server: `https://h.example:8443${prefix}`, runId: 'abc123' } as const;
      const [path = '', query = ''] = linkPath(link).split('?');
      assert.deepEqual(parseFlowdeckLink(path, query), link, query);
      assert.deepEqual(parseFlowdeckLink(path, decodeURIComponent(query)), link, query);
    }
  });

  it('is refused when it is cut, made up, or packed to burst', () => {
    const [path = '', query = ''] = linkPath({ kind: 'view', server, view }).split('?');
    const bomb = deflateRawSync(Buffer.alloc(50_000_000, 32)).toString('base64url');
    const wrong: [string, string][] = [
      [path, query.slice(0, -20)],
      [path, new URLSearchParams({ server, view: bomb }).toString()],
      ['/run', `server=${server}&id=../x`],
      ['/run', 'id=abc'],
      ['/run', 'server=%25E0%25A4%25A&id=abc'],
      ['/run', 'server=file:///etc&id=abc'],
      ['/command', `server=${server}&id=workbench.action.quit`],
    ];
    for (const [place, text] of wrong) assert.throws(() => parseFlowdeckLink(place, text), isInvalid, place + text);
  });

  it('is not made where nobody could open it', () => {
    const columns = Array.from({ length: 60_000 }, (_, at) => `metrics.block ${at}/layer ${at}/gradient norm`);
    const wide = { ...view, view: { ...view.view, table: { ...view.view.table, columns } } };
    assert.throws(() => linkPath({ kind: 'view', server, view: wide }), isInvalid);
    const some = { ...view, view: { ...view.view, table: { ...view.view.table, columns: columns.slice(0, 5_000) } } };
    const [path = '', query = ''] = linkPath({ kind: 'view', server, view: some }).split('?');
    assert.deepEqual(parseFlowdeckLink(path, query), { kind: 'view', server, view: some });
    assert.ok(linkPath({ kind: 'view', server, view }).length < longestEverywhere);
    assert.ok(query.length > longestEverywhere);
  });

  it('carries no credentials', () => {
    const link = parseFlowdeckLink('/run', `server=${encodeURIComponent('http://joe:hunter2@h:1')}&id=abc`);
    assert.deepEqual(link, { kind: 'run', server: 'http://h:1', runId: 'abc' });
  });
});

describe("a link of MLflow's web UI", () => {
  const shows = (hash: string) => parseWebLink(`${server}/#${hash}`).shows;
  const plain = { kind: 'experiments', experimentIds: ['1'], tab: 'table', filter: '', showDeleted: false };

  it('shows the run', () => {
    for (const hash of [
      '/experiments/1/runs/abc',
      '/experiments/1/runs/abc/model-metrics',
      '/experiments/1/runs/abc?x=1',
      '/experiments/1/runs/abc/artifacts/model/MLmodel',
      '/experiments/1/runs/abc/artifactPath/a.txt',
      '/experiments/1/evaluation-runs/abc',
      '/experiments/1/evaluation-runs/abc/overview',
      '/runs/abc',
    ])
      assert.deepEqual(shows(hash), { kind: 'run', runId: 'abc' });
  });

  it('shows the experiment as it was set up there', () => {
    assert.deepEqual(shows('/experiments/1'), plain);
    const deleted = { ...plain, showDeleted: true, filter: "lifecycle_stage = 'deleted'" };
    assert.deepEqual(shows('/experiments/1/runs?lifecycleFilter=Deleted'), deleted);
    assert.deepEqual(shows('/experiments/1/runs?lifecycleFilter=Deleted&searchFilter=metrics.loss%20%3C%201'), {
      ...deleted,
      filter: "metrics.loss < 1 AND lifecycle_stage = 'deleted'",
    });
    const query = new URLSearchParams({
      searchFilter: 'metrics."loss" < 1',
      orderByKey: 'metrics.`val/loss`',
      orderByAsc: 'false',
      compareRunsMode: 'CHART',
    });
    assert.deepEqual(shows(`/experiments/1?${query}`), {
      ...plain,
      tab: 'charts',
      filter: 'metrics."loss" < 1',
      orderBy: { key: 'metrics.`val/loss`', descending: true },
    });
    for (const tab of [
      'runs',
      'models',
      'models/m-1',
      'traces',
      'datasets/d',
      'evaluation-runs',
      'overview/usage',
      's',
    ])
      assert.deepEqual(shows(`/experiments/1/${tab}`), plain, tab);
    const recent = 'start_time > now-7d';
    assert.deepEqual(shows('/experiments/1/runs?startTime=LAST_7_DAYS'), { ...plain, filter: recent });
    const both = new URLSearchParams({ startTime: 'LAST_7_DAYS', searchFilter: 'metrics.loss < 1' });
    assert.deepEqual(shows(`/experiments/1?${both}`), { ...plain, filter: `metrics.loss < 1 AND ${recent}` });
    assert.deepEqual(shows('/experiments/1?startTime=ALL'), plain);
    const several = new URLSearchParams({ experiments: '["1","2"]' });
    assert.deepEqual(shows(`/compare-experiments/s?${several}`), { ...plain, experimentIds: ['1', '2'] });
  });

  it('shows the comparison, the metric, the model', () => {
    const query = new URLSearchParams({ runs: '["a","b", 3, "<x>"]', experiments: '["1"]' });
    assert.deepEqual(shows(`/compare-runs?${query}`), { kind: 'runs', runIds: ['a', 'b'], tab: 'compare' });
    assert.deepEqual(shows(`/metric/loss?${query}`), { kind: 'runs', runIds: ['a', 'b'], tab: 'charts' });
    assert.deepEqual(shows('/models/a%2Fb/versions/3'), { kind: 'model', name: 'a/b', version: '3' });
    for (const hash of ['/models', '/models?searchInput=x', '/compare-model-versions?name=%22m%22&runs=%7B%7D'])
      assert.deepEqual(shows(hash), { kind: 'model' });
    for (const hash of ['', '/', '/runs', '/runs/<x>', '/experiments', '/prompts', '/nothing', '/compare-runs?runs=x'])
      assert.deepEqual(shows(hash), { kind: 'server' });
  });

  it('names what it shares, but where it says more itself', () => {
    assert.deepEqual(shows('/experiments/1?viewStateShareKey=abc&compareRunsMode=CHART'), {
      ...plain,
      tab: 'charts',
      shareKey: 'abc',
    });
    assert.deepEqual(shows('/experiments/1/runs?viewStateShareKey=abc&searchFilter='), plain);
  });

  it('has the datasets that were chosen, and says what it cannot have', () => {
    const chosen = [{ name: "it's", digest: 'd1', context: 'train' }, { name: 'b', digest: 'd1' }, { name: 5 }];
    const query = new URLSearchParams({
      datasetsFilter: Buffer.from(JSON.stringify(chosen)).toString('base64'),
      searchFilter: 'metrics.loss < 1',
      modelVersionFilter: 'With Model Versions',
    });
    assert.deepEqual(shows(`/experiments/1?${query}`), {
      ...plain,
      filter: `metrics.loss < 1 AND datasets.name IN ("it's", 'b') AND datasets.digest IN ('d1')`,
      notTaken: ['modelVersions'],
    });
    assert.deepEqual(shows('/experiments/1?datasetsFilter=%7B&modelVersionFilter=All%20Runs'), plain);
  });

  it('never fails on any text but with what is wrong', () => {
    fc.assert(
      fc.property(fc.webFragments(), (hash) => {
        parseWebLink(`${server}/#${hash}`);
      }),
    );
  });
});

describe("what MLflow's web UI shares", () => {
  /** As the web UI has it, with the fields that its two versions write. */
  const state = {
    searchFilter: 'metrics.`val/loss` < 1',
    orderByKey: 'metrics.`val/loss`',
    orderByAsc: true,
    startTime: 'LAST_7_DAYS',
    lifecycleFilter: 'Active',
    datasetsFilter: [],
    modelVersionFilter: 'All Runs',
    selectedColumns: ['attributes.`Source`', 'params.`lr`'],
    runsPinned: ['a'],
    runsHidden: [],
    groupBy: { aggregateFunction: 'average', groupByKeys: [{ mode: 'param', groupByData: 'lr' }, { mode: 'dataset' }] },
    compareRunCharts: [{ type: 'BAR', isGenerated: true, deleted: false }],
  };
  const pack = (value: unknown) => `deflate;${deflateSync(JSON.stringify(value)).toString('base64')}`;
  const envelope = (kept: string) => JSON.stringify({ name: 'v', createdAt: 1, updatedAt: 1, state: kept });
  const link = (query: string) => {
    const { shows } = parseWebLink(`${server}/#/experiments/1?${query}`);
    assert.ok(shows.kind === 'experiments');
    return shows;
  };

  it('is read as each version keeps it: plain, packed, under a name', () => {
    const plain = decodeSharedView(JSON.stringify(state));
    assert.ok(plain);
    for (const tag of [pack(state), envelope(pack(state)), envelope(JSON.stringify(state))])
      assert.deepEqual(decodeSharedView(tag), plain);
    assert.deepEqual(withShared(link('viewStateShareKey=k&compareRunsMode=CHART'), plain), {
      kind: 'experiments',
      experimentIds: ['1'],
      tab: 'charts',
      filter: 'metrics.`val/loss` < 1 AND start_time > now-7d',
      orderBy: { key: 'metrics.`val/loss`', descending: false },
      showDeleted: false,
      shared: {
        columns: ['attributes.`Source`', 'params.`lr`'],
        groupBy: ['params.lr', 'attributes.datasets'],
        aggregate: 'mean',
        pinnedRuns: ['a'],
      },
      notTaken: [],
    });
  });

  it('has groups as older ones keep them, and names what is not understood', () => {
    const of = (change: object) => {
      const read = decodeSharedView(pack({ ...state, ...change }));
      assert.ok(read);
      return read;
    };
    const older = of({ groupBy: 'tag.min.team.x', datasetsFilter: [{ name: 'd', digest: '1' }] });
    assert.deepEqual([older.groupBy, older.aggregate, older.notTaken], [['tags.team.x'], 'min', []]);
    assert.match(withShared(link('viewStateShareKey=k'), older).filter, /datasets\.name IN \('d'\)/);
    assert.deepEqual(of({ groupBy: null }).notTaken, []);
    assert.deepEqual(of({ groupBy: 'model.min.x' }).notTaken, ['groups']);
    const own = of({
      compareRunCharts: [{ type: 'LINE', isGenerated: false }],
      modelVersionFilter: 'With Model Versions',
    });
    assert.deepEqual(withShared(link('viewStateShareKey=k'), own).notTaken, ['modelVersions', 'charts']);
  });

  it('is refused when it is damaged or packed to burst', () => {
    const bomb = `deflate;${deflateSync(Buffer.alloc(50_000_000, 32)).toString('base64')}`;
    for (const tag of ['', 'x', '[]', '5', 'deflate;', `${pack(state).slice(0, -20)}`, bomb, envelope('deflate;x')])
      assert.equal(decodeSharedView(tag), undefined, tag.slice(0, 40));
    fc.assert(
      fc.property(fc.json(), (json) => {
        const read = decodeSharedView(json);
        if (read) withShared(link('viewStateShareKey=k'), read);
      }),
    );
  });
});
