// Fluency of the charts as a person has it: 20 runs × 10 metrics × 1,000 points, and MLflow's own web UI beside it.
import { writeFileSync } from 'node:fs';
import { makeWorkspace } from '../../scripts/lib/workspace.mjs';
import { startMlflowServer } from '../support/mlflowServer';
import type { Webview } from '../ui/support/webview';
import { Workbench } from '../ui/support/workbench';
import { framesDuring } from './frames';

const fill = `
import math, random, time
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
experiment = client.create_experiment('bench')
now = int(time.time() * 1000) - 3600_000
for run in range(20):
    run_id = client.create_run(experiment, run_name=f'run {run}', start_time=now + run).info.run_id
    for metric in range(10):
        points = [Metric(f'metric {metric}', math.exp(-step / 300) + run / 20 + random.gauss(0, 0.02), now + step * 1000, step) for step in range(1000)]
        client.log_batch(run_id, metrics=points)
    client.set_terminated(run_id)
print(experiment)
`;

async function main(): Promise<void> {
  const server = await startMlflowServer('3.17.2');
  const workspace = await makeWorkspace(process.env.FLOWDECK_ROOT ?? process.cwd());
  const workbench = await Workbench.start({
    folder: workspace.folder,
    settings: { 'flowdeck.trackingUri': server.uri },
  });
  try {
    const experiment = (await server.python(fill)).trim().split('\n').at(-1) ?? '';
    const figures = {
      ...(await flowdeck(workbench)),
      webUiFirstChart: await webUi(workbench, server.uri, experiment),
    };
    writeFileSync(process.env.FLOWDECK_RESULT ?? 'charts-bench.json', JSON.stringify(figures));
  } finally {
    await workbench.close();
    workspace.dispose();
    await server.dispose();
  }
}

async function flowdeck(workbench: Workbench) {
  const experiments = await workbench.openView('Experiments');
  const row = await experiments.find(/^bench/);
  await row.locator.hover();
  const started = performance.now();
  await row.inlineAction('Open Charts');
  const charts = await workbench.webview(/^bench/);
  const painted = `[...document.querySelectorAll('flowdeck-chart-card canvas')].filter((canvas) => {
    const box = canvas.getBoundingClientRect();
    return box.top < innerHeight && box.bottom > 0;
  }).map((canvas) => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0))`;
  const until = async (enough: (drawn: readonly boolean[]) => boolean) => {
    for (const end = started + 60_000; !enough(await charts.evaluate<boolean[]>(painted)); ) {
      if (performance.now() > end) throw new Error('the charts were not drawn');
      // Looking costs time of the page that is looked at.
      await workbench.page.waitForTimeout(50);
    }
    return performance.now() - started;
  };
  const firstChart = await until((drawn) => drawn.includes(true));
  const visibleCharts = await until((drawn) => drawn.length >= 4 && drawn.every(Boolean));
  const hover = await measured(workbench, charts, async () => {
    const box = await charts.frame.locator('flowdeck-chart-card .plot').first().boundingBox();
    if (!box) throw new Error('there is no plot');
    for (let step = 0; step < 120; step++)
      await workbench.page.mouse.move(box.x + 40 + ((box.width - 60) * (step % 60)) / 60, box.y + 60 + (step % 7));
  });
  const scroll = await measured(workbench, charts, async () => {
    for (let step = 0; step < 60; step++) await workbench.page.mouse.wheel(0, step < 30 ? 60 : -60);
  });
  return { firstChart, visibleCharts, hover, scroll };
}

async function measured(workbench: Workbench, charts: Webview, act: () => Promise<void>) {
  await workbench.page.waitForTimeout(1000);
  return await framesDuring(charts, act);
}

/** ms until the web UI's chart page shows its first curve; undefined when it does not within a minute. */
async function webUi(workbench: Workbench, uri: string, experiment: string): Promise<number | undefined> {
  const page = await workbench.context.newPage();
  const started = performance.now();
  await page.goto(`${uri}/#/experiments/${experiment}/runs?compareRunsMode=CHART`);
  const curve = page.locator('.js-plotly-plot .scatterlayer path.js-line').first();
  const shown = await curve.waitFor({ state: 'attached', timeout: 60_000 }).then(
    () => performance.now() - started,
    () => undefined,
  );
  await page.close();
  return shown;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
