import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import { openPanel } from '../../src/panels/openPanel';
import type { RunsPanel } from '../../src/panels/runsPanel';
import { RunsPanels } from '../../src/panels/runsPanels';
import type { DrawnChart } from '../../src/shared/protocol/series';
import { eventually } from '../support/eventually';
import { type MlflowServer, startMlflowServer } from '../support/mlflowServer';
import { configure, connectionsOf, newSession, runsOver } from './connectionsHarness';
import { generations } from './generations';

const fill = `
import json, sys
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
def log(run_id, key, values):
    metrics = [Metric(key, value, 1700000000000 + step * 1000, step) for step, value in enumerate(values)]
    for at in range(0, len(metrics), 1000):
        client.log_batch(run_id, metrics[at:at + 1000])
done = client.create_run('0', run_name='<img src=x onerror=alert(1)>').info.run_id
log(done, 'loss', [1 / (step + 1) for step in range(5000)])
log(done, 'val/odd name', [1.0, float('nan'), 3.0])
client.set_terminated(done)
live = client.create_run('0', run_name='live').info.run_id
log(live, 'loss', [2.0, 1.0])
print(json.dumps([done, live]))
`;
const logMore = `
import sys
from mlflow import MlflowClient
client = MlflowClient()
client.log_metric(sys.argv[1], 'loss', float(sys.argv[2]), step=int(sys.argv[3]))
if len(sys.argv) > 4:
    client.set_terminated(sys.argv[1])
`;

/** Reads the page until it shows what is waited for. */
async function shows(panel: RunsPanel, wanted: (charts: readonly DrawnChart[]) => boolean): Promise<DrawnChart[]> {
  let seen: readonly DrawnChart[] = [];
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(200)) {
    const answer = await Promise.race([panel.inspect(), sleep(2000)]);
    seen = answer ?? seen;
    if (answer && wanted(answer)) return [...answer];
  }
  throw new Error(`the page shows ${JSON.stringify(seen)}`);
}

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);

for (const version of generations) {
  describe(`charts on ${version}`, function () {
    this.timeout(180_000);
    let server: MlflowServer;
    let session: ReturnType<typeof newSession>['session'];
    let panels: RunsPanels;
    let panel: RunsPanel;
    let reopen: () => Promise<RunsPanel | undefined>;
    let done = '';
    let live = '';
    const revealed: string[] = [];

    before(async () => {
      server = await startMlflowServer(version);
      const output = await server.python(fill);
      [done = '', live = ''] = JSON.parse(output.slice(output.indexOf('["')));
      await configure('trackingUri', server.uri);
      await configure('refresh.intervalSeconds', 2);
      const made = newSession();
      session = made.session;
      const connections = connectionsOf(session);
      const context = { extensionUri: vscode.extensions.getExtension('flowdeck.flowdeck')?.extensionUri };
      assert.ok(context.extensionUri);
      const log = { debug: () => undefined } as never;
      const commands = { report: () => undefined } as never;
      panels = new RunsPanels({
        platform: { context: context as vscode.ExtensionContext, log, commands },
        connections,
        runs: runsOver(connections, [], revealed),
      });
      const services = { panels, connections, runs: runsOver(connections, [done, live], revealed) };
      // Charts are fetched when they are in sight: a terminal that an earlier test has left open would hide the second.
      await vscode.commands.executeCommand('workbench.action.closePanel');
      const opened = await openPanel('charts', [], services);
      assert.ok(opened);
      panel = opened;
      reopen = () => openPanel('charts', [], services);
    });

    after(async () => {
      panels?.dispose();
      await configure('trackingUri', undefined);
      await configure('refresh.intervalSeconds', undefined);
      session?.dispose();
      await server?.dispose();
    });

    it('draws what the server has, and says how much of it', async () => {
      const charts = await shows(
        panel,
        (all) => all.length === 2 && all.every(({ badge }) => !/sampled|about/.test(badge)),
      );
      const loss = charts.find(({ key }) => key === 'loss');
      assert.deepEqual(
        loss?.series.map(({ runId, lastValue, lastX }) => [runId, lastValue, lastX]),
        [
          [live, '1', 1],
          [done, '0.0002', 4999],
        ],
      );
      const points = loss?.series.reduce((sum, series) => sum + series.points, 0) ?? 0;
      const honest = points === 5002 ? '' : `${points.toLocaleString('en')} of 5,002 points`;
      assert.equal(loss?.badge, honest);
      const odd = charts.find(({ key }) => key === 'val/odd name');
      assert.deepEqual([odd?.notes, odd?.badge], [['1 NaN'], '']);
      assert.ok(tabs().includes('2 runs'));
    });

    it('shows the tab that is there when the same runs are asked for again', async () => {
      assert.equal(await reopen(), panel);
    });

    it('draws new points of a running run by itself', async () => {
      await server.python(logMore, live, '0.5', '2');
      await shows(panel, (all) => all.some(({ series }) => series.some(({ lastX }) => lastX === 2)));
      const points = (all: readonly DrawnChart[]) =>
        all.find(({ key }) => key === 'loss')?.series.find(({ runId }) => runId === live)?.points;
      // Code that names no step logs every value at the same one.
      await server.python(logMore, live, '0.4', '2');
      await shows(panel, (all) => points(all) === 4);
      await server.python(logMore, live, '0.3', '2');
      await shows(panel, (all) => points(all) === 5);
    });

    it('comes back complete after it was hidden', async () => {
      await vscode.commands.executeCommand('workbench.action.files.newUntitledFile');
      await server.python(logMore, live, '0.25', '3');
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      panel.reveal();
      const [chart] = (
        await shows(panel, (all) => all.some(({ series }) => series.some(({ lastX }) => lastX === 3)))
      ).filter(({ key }) => key === 'loss');
      assert.equal(chart?.series.find(({ runId }) => runId === live)?.lastValue, '0.25');
    });

    it('has every point of a run that ended', async () => {
      await server.python(logMore, live, '0.125', '4', 'end');
      await shows(panel, (all) => all.some(({ series }) => series.some(({ lastX }) => lastX === 4)));
    });

    it('leaves no tab and no question behind', async () => {
      panels.dispose();
      await eventually(() => assert.ok(!tabs().includes('2 runs')));
      await assert.rejects(panel.inspect(), { kind: 'cancelled' });
    });
  });
}
