import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { deflateSync } from 'node:zlib';
import * as vscode from 'vscode';
import { parseWebLink } from '../../src/mlflow/webLink';
import { openPanel } from '../../src/panels/openPanel';
import type { RunsPanel } from '../../src/panels/runsPanel';
import { RunsPanels } from '../../src/panels/runsPanels';
import { OpenTarget } from '../../src/panels/views/openTarget';
import type { Scope, Tab } from '../../src/shared/view/runsView';
import { becomes, eventually } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { configure, connectionsOf, newSession, runsOver, Script } from './connectionsHarness';
import { generations } from './generations';

describe('a tab that is open already', function () {
  this.timeout(180_000);
  let server: MlflowServer;
  let session: ReturnType<typeof newSession>['session'];
  let panels: RunsPanels;
  let panel: RunsPanel;
  let target: OpenTarget;
  let show: (tab: Tab, scope: Scope, filter: string) => Promise<RunsPanel | undefined>;
  const experiment: Scope = { experimentIds: ['0'] };
  const columns = ['attributes.run_name', 'metrics.loss'];

  before(async () => {
    server = await startMlflowServer(generations[0] ?? '3.17.2');
    await configure('trackingUri', server.uri);
    session = newSession().session;
    const connections = connectionsOf(session);
    const runs = runsOver(connections, [], []);
    const extensionUri = vscode.extensions.getExtension('flowdeck.flowdeck')?.extensionUri;
    const platform = { context: { extensionUri }, log: { debug: () => undefined }, commands: {} } as never;
    panels = new RunsPanels({ platform, connections, runs });
    const services = { panels, connections, runs };
    target = new OpenTarget(services);
    show = (tab, scope, filter) => openPanel(tab, [{ scope, filter }], services);
    const opened = await show('table', experiment, '');
    assert.ok(opened);
    panel = opened;
    // What is said to a page that has not begun is lost.
    await eventually(async () => assert.ok(await Promise.race([panel.inspect(), sleep(500)])));
    panel.show({
      ...panel.view,
      table: { ...panel.view.table, columns, groupBy: ['params.lr'] },
      pinnedRuns: ['a'],
      charts: { ...panel.view.charts, smoothing: 0.7 },
      compare: { ...panel.view.compare, baseline: 'a' },
    });
  });

  after(async () => {
    panels?.dispose();
    await configure('trackingUri', undefined);
    session?.dispose();
    await server?.dispose();
  });

  const setUp = () => {
    const { filter, tab, table, pinnedRuns, charts, compare } = panel.view;
    return [filter, tab, table.columns, table.groupBy, table.sort, pinnedRuns, charts.smoothing, compare.baseline];
  };
  const newest = [{ column: 'attributes.start_time', descending: true }];
  const own = [columns, ['params.lr']];
  const rest = [['a'], 0.7, 'a'];

  it('takes the filter of what another feature found, and keeps what a person set up', async () => {
    assert.equal(await show('table', experiment, 'metrics.loss < 1'), panel);
    await becomes(setUp, ['metrics.loss < 1', 'table', ...own, newest, ...rest]);
  });

  it('keeps a filter that a person typed: what another feature found opens beside it, and there again', async () => {
    const before = panel.view;
    panel.show({ ...before, filter: 'metrics.loss < 2 AND params.lr = "1"' });
    await becomes(() => panel.view.filter, 'metrics.loss < 2 AND params.lr = "1"');
    const beside = await show('table', experiment, 'metrics.loss < 3');
    assert.ok(beside && beside !== panel);
    assert.equal(await show('table', experiment, 'metrics.loss < 4'), beside);
    await becomes(() => beside.view.filter, 'metrics.loss < 4');
    assert.equal(panel.view.filter, 'metrics.loss < 2 AND params.lr = "1"');
    beside.close();
    panel.show(before);
    await becomes(setUp, ['metrics.loss < 1', 'table', ...own, newest, ...rest]);
  });

  it('stays as it is for a link to its experiment', async () => {
    await target.link({ kind: 'experiment', server: server.uri, experimentId: '0' });
    await becomes(setUp, ['metrics.loss < 1', 'table', ...own, newest, ...rest]);
  });

  it('takes what a link of the web UI says, and no more', async () => {
    const shows = { kind: 'experiments', experimentIds: ['0'], tab: 'charts', filter: '', showDeleted: false } as const;
    await target.webLink({ uri: server.uri, shows });
    await becomes(setUp, ['', 'charts', ...own, newest, ...rest]);
    const orderBy = { key: 'metrics.`loss`', descending: false };
    await target.webLink({ uri: server.uri, shows: { ...shows, tab: 'table', orderBy } });
    await becomes(setUp, ['', 'table', ...own, [{ column: 'metrics.loss', descending: false }], ...rest]);
  });

  it('takes what a link of the Share button leaves to the server, and says what it cannot', async () => {
    const state = {
      searchFilter: 'metrics.loss < 2',
      orderByKey: 'params.`lr`',
      orderByAsc: true,
      selectedColumns: ['params.`lr`', 'attributes.`Nothing`'],
      groupBy: 'tag.max.team',
      compareRunCharts: [{ type: 'LINE', isGenerated: false }],
    };
    const packed = `deflate;${deflateSync(JSON.stringify(state)).toString('base64')}`;
    await server.python(
      "import sys\nfrom mlflow import MlflowClient\nMlflowClient().set_experiment_tag('0', sys.argv[1], sys.argv[2])",
      'mlflow.sharedViewState.key',
      JSON.stringify({ name: 'v', createdAt: 1, state: packed }),
    );
    const script = new Script(() => undefined);
    try {
      await target.webLink(parseWebLink(`${server.uri}/#/experiments/0?viewStateShareKey=key&compareRunsMode=TABLE`));
      const shared = ['attributes.run_name', 'attributes.start_time', 'attributes.duration', 'params.lr'];
      const sort = [{ column: 'params.lr', descending: false }];
      await becomes(setUp, ['metrics.loss < 2', 'table', shared, ['tags.team'], sort, ...rest]);
      assert.equal(panel.view.table.aggregate, 'max');
      assert.match(script.shown.at(-1)?.message ?? '', /some of the columns, the charts that were set up/);
      await target.webLink(parseWebLink(`${server.uri}/#/experiments/0?viewStateShareKey=gone`));
      assert.match(script.shown.at(-1)?.message ?? '', /not on the server any more/);
      await becomes(() => setUp()[0], '');
    } finally {
      script.restore();
      panel.show({ ...panel.view, table: { ...panel.view.table, columns, groupBy: ['params.lr'] } });
    }
  });

  it('begins anew where there is none, with all runs that are chosen one by one', async () => {
    const shows = { kind: 'runs', runIds: ['x'], tab: 'compare' } as const;
    await target.webLink({ uri: server.uri, shows });
    const opened = await show('charts', { runIds: ['x'] }, '');
    const { tab, chosen, showDeleted, table } = opened?.view ?? panel.view;
    assert.notEqual(opened, panel);
    assert.deepEqual([tab, chosen, showDeleted, table.columns], ['charts', { first: 200 }, true, undefined]);
  });
});
