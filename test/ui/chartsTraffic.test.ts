import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { becomes, eventually } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { Front } from './support/front';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
experiment = client.create_experiment('traffic')
for name in ('over', 'going on'):
    run_id = client.create_run(experiment, run_name=name).info.run_id
    client.log_batch(run_id, [Metric('loss', 1 / (step + 1), step * 1000, step) for step in range(50)])
    for step in range(2):
        client.log_batch(run_id, [Metric(f'm/{key:04}', key + step, step * 1000, step) for key in range(1000)])
    if name == 'over': client.set_terminated(run_id)
`;

const logMore = `
import sys
from mlflow import MlflowClient
client = MlflowClient()
run = client.search_runs([client.get_experiment_by_name('traffic').experiment_id], "run_name = 'going on'")[0]
client.log_metric(run.info.run_id, 'loss', 0.01, step=int(sys.argv[1]))
`;

for (const version of ['3.17.2', '2.15.1'] as const)
  describe(`what charts ask of a server of MLflow ${version}`, () => {
    let server: MlflowServer;
    let front: Front;
    let workbench: Workbench;
    let page: Webview;
    const settings: Record<string, unknown> = {};

    openScene(
      {
        server: version,
        refreshSeconds: 2,
        settings,
        fill: async (ground) => {
          front = await Front.start(ground.server.uri);
          ground.atEnd(() => front.goAway());
          settings['flowdeck.trackingUri'] = front.uri;
          await ground.server.python(fill);
        },
      },
      async (scene) => {
        ({ server, workbench } = scene);
        const experiments = await workbench.openView('Experiments');
        await (await experiments.find(/^traffic/)).inlineAction('Open Charts');
        page = await workbench.webview(/^traffic/);
        await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
      },
    );

    /** Questions for points since then: of which metric, and from which step on. */
    const questions = () =>
      front.asked.flatMap((line) => {
        const { pathname, searchParams } = new URL(line.split(' ')[1] ?? '', front.uri);
        const key = searchParams.get('metric_key');
        if (!pathname.includes('/metrics/get-history') || key === null) return [];
        const start = searchParams.get('start_step');
        // From the least step that there can be: all of them.
        const isAll = start === null || Number(start) === -(2 ** 63);
        return [{ key, start: isAll ? undefined : Number(start) }];
      });

    const cards = (code: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('flowdeck-chart-card')].filter((card) => ${code}).map(({ metric }) => metric)`,
      );
    const near = 'card.getBoundingClientRect().top < innerHeight + 240 && card.getBoundingClientRect().bottom > -240';

    async function quiet(): Promise<void> {
      await eventually(async () => {
        const before = questions().length;
        await sleep(1500);
        assert.equal(questions().length, before, 'an end of the questions');
      });
    }

    it('is the metrics on screen alone, of a thousand', async () => {
      await quiet();
      const first = questions().filter(({ key, start }) => start === undefined && /^(loss|m\/000[01])$/.test(key));
      assert.deepEqual(first.map(({ key }) => key).sort(), ['loss', 'm/0000', 'm/0001'], 'asked ahead, and not again');
      const seen = await cards(near);
      const asked = new Set(questions().map(({ key }) => key));
      assert.ok(asked.has('loss'));
      assert.deepEqual(
        [...asked].filter((key) => !seen.includes(key)),
        [],
      );
      assert.ok((await cards('true')).length < 100, 'no more cards in the page than a page of them');
      await page.evaluate(
        `[...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === 'm/0055').scrollIntoView()`,
      );
      await becomes(() => questions().some(({ key }) => key === 'm/0055'), true, 'the question for m/0055');
      await quiet();
      const all = new Set(questions().map(({ key }) => key));
      assert.ok(!all.has('m/0030') && all.size < 40, `${all.size} metrics were asked for`);
    });

    const points = () =>
      page.evaluate<number>(
        `Math.max(...[...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === 'loss').curves.map(({ y }) => y.length))`,
      );
    const set = () =>
      page.evaluate<string>(`(() => {
        const { zoom, hiddenRuns } = document.querySelector('flowdeck-runs').session.view.charts;
        return JSON.stringify([zoom, hiddenRuns.length, document.querySelector('.chart-area').scrollTop]);
      })()`);

    it('is new points alone while a run goes on, and what was set up stays', async () => {
      await page.evaluate(`document.querySelector('.chart-area').scrollTo(0, 40)`);
      await page.frame.getByRole('checkbox', { name: 'Show over' }).uncheck();
      const plot = page.frame.locator('flowdeck-chart-card .plot').first();
      await plot.focus();
      await plot.press('+');
      await page.frame.getByRole('button', { name: 'Reset zoom' }).waitFor();
      await quiet();
      const before = await set();
      front.asked.length = 0;
      await server.python(logMore, '50');
      await becomes(points, 51, 'the new point');
      // Where nothing is new it may be time to look for points at earlier steps, of which no list tells: from the first on.
      const news = questions().filter(({ start }) => start !== 0);
      assert.deepEqual(news, [{ key: 'loss', start: 49 }]);
      assert.equal(await set(), before);
    });

    it('is nothing while the charts are out of sight, and what was missed once they are back', async () => {
      await workbench.runCommand('File: New Untitled Text File');
      await workbench.tab(/^Untitled/).waitFor();
      front.asked.length = 0;
      await server.python(logMore, '51');
      await sleep(7_000);
      assert.deepEqual(questions(), []);
      page = await workbench.webview(/^traffic/);
      await page.frame.locator('flowdeck-chart-card canvas').first().waitFor();
      await becomes(points, 52, 'the point that was missed');
    });
  });
