import assert from 'node:assert/strict';
import path from 'node:path';
import { becomes, eventually } from '../support/eventually';
import { cardOf, lookAt } from './support/chartCards';
import { openScene, type Scene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

/** No client logs such a key today, but a store may hold one: it is put where the server keeps its metrics. */
const strange = 'say "hi" to `them`, it\'s größer 精度';

const fill = `
import math, sqlite3, sys
from mlflow import MlflowClient
from mlflow.entities import Metric
client = MlflowClient()
inf, nan = float('inf'), float('nan')
def begun(experiment, name):
    return client.create_run(experiment, run_name=name, start_time=0).info.run_id
def log(run_id, key, values):
    client.log_batch(run_id, [Metric(key, value, step * 1000, step) for step, value in enumerate(values)])
experiment = client.create_experiment('edges')
for index, mark in enumerate('\`\\'"'):
    run_id = begun(experiment, f'run {mark} größe')
    log(run_id, 'not a number', [nan if 30 <= t < 40 else math.sin(t / 9 + index) for t in range(100)])
    log(run_id, 'infinite', [inf if t == 20 + index else -inf if t == 60 + index else t / 10 + index for t in range(100)])
    log(run_id, 'NaN alone', [nan] * 5)
    log(run_id, 'one point', [2.5 + index])
    log(run_id, 'equal values', [0.125] * 50)
    log(run_id, 'all negative', [-1 - t - index for t in range(50)])
    log(run_id, 'both signs', [t - 20 + index for t in range(50)])
    log(run_id, 'huge and tiny', [1e300 if t % 2 else 1e-300 for t in range(10)])
    log(run_id, 'key with spaces', [t * index for t in range(50)])
    log(run_id, 'renamed later', [t ** 0.5 + index for t in range(50)])
    client.set_terminated(run_id)
with sqlite3.connect('mlflow.db') as database:
    for table in ('metrics', 'latest_metrics'):
        database.execute(f'UPDATE {table} SET key = ? WHERE key = ?', (sys.argv[1], 'renamed later'))
client.create_experiment('nothing here')
run_id = begun(client.create_experiment('alone'), 'the only run')
log(run_id, 'loss', [1 / (t + 1) for t in range(50)])
client.set_terminated(run_id)
`;

/** Points as texts: JSON has no NaN. */
const readBack = `
import csv, json, math, sys
from mlflow import MlflowClient
client = MlflowClient()
path, key = sys.argv[1:]
with open(path, newline='') as file:
    head, *rows = csv.reader(file)
# MLflow keeps infinity in SQL as the largest number there is.
text = lambda value: repr(math.copysign(math.inf, value) if abs(value) > 1.79e308 else value)
saved = sorted((id, int(step), text(float(value))) for _, id, step, _, value in rows)
logged = sorted((id, point.step, text(point.value)) for id in {row[1] for row in rows} for point in client.get_metric_history(id, key))
print(json.dumps({'name': head[-1], 'saved': saved, 'logged': logged}))
`;

for (const version of ['3.17.2', '2.15.1'] as const)
  describe(`charts of strange data on ${version}`, () => {
    let scene: Scene;
    let workbench: Workbench;
    let page: Webview;
    openScene({ server: version, fill: ({ server }) => server.python(fill, strange) }, async (opened) => {
      scene = opened;
      ({ workbench } = scene);
      page = await open(/^edges/);
    });

    async function open(experiment: RegExp): Promise<Webview> {
      const experiments = await workbench.openView('Experiments');
      await (await experiments.find(experiment)).inlineAction('Open Charts');
      const opened = await workbench.webview(experiment);
      await opened.frame.locator('.chart-area').waitFor();
      return opened;
    }

    const card = (key: string) => cardOf(page, key);
    const look = (key: string) => lookAt(page, key);

    /** Columns of a card's canvas (CSS pixels) in which something has a run's colour, those side by side taken together. */
    const colored = (key: string) =>
      page.evaluate<[from: number, to: number][]>(`(() => {
        const card = [...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === ${JSON.stringify(key)});
        const canvas = card?.querySelector('canvas');
        if (!canvas) return [];
        const { width, height } = canvas;
        const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
        const groups = [];
        for (let x = 0; x < width; x++)
          for (let y = 0; y < height; y++) {
            const [red, green, blue, alpha] = data.subarray(4 * (y * width + x));
            if (alpha < 100 || Math.max(red, green, blue) - Math.min(red, green, blue) < 60) continue;
            if (groups.at(-1)?.[1] >= x - 2) groups.at(-1)[1] = x;
            else groups.push([x, x]);
            break;
          }
        return groups;
      })()`);

    it('mark every NaN, that of the first and of the last step too, and have no ticks where there are no values', async () => {
      await look('NaN alone');
      await card('NaN alone').getByText('No value is a finite number.').waitFor();
      await becomes(() => card('NaN alone').locator('.note').innerText(), '15 NaN');
      await becomes(async () => (await colored('NaN alone')).length, 5, 'five marks');
    });

    it('mark the NaN of several runs at one step above each other, and name the run of the mark that is pointed at', async () => {
      await look('NaN alone');
      const canvas = card('NaN alone').locator('canvas');
      const box = await canvas.boundingBox();
      assert.ok(box);
      const bottom = await page.evaluate<{ y: number; x: number }>(`(() => {
        const card = [...document.querySelectorAll('flowdeck-chart-card')].find(({ metric }) => metric === 'NaN alone');
        const { left, bottom } = card.drawing.chart.area;
        return { x: left, y: bottom };
      })()`);
      const named: string[] = [];
      for (const row of [0, 1, 2]) {
        await workbench.page.mouse.move(box.x + bottom.x, box.y + bottom.y - 5 - 9 * row);
        const nearest = page.frame.locator('.readout tr.nearest .name');
        await eventually(async () => {
          const name = await nearest.textContent({ timeout: 1000 });
          assert.ok(name !== null && !named.includes(name), `a run of its own for the mark in row ${row + 1}`);
        });
        named.push(await nearest.innerText());
      }
      assert.equal(new Set(named).size, 3);
      await workbench.page.mouse.move(0, 0);
    });

    it('have gaps where values are not finite', async () => {
      await look('infinite');
      await becomes(() => card('infinite').locator('.note').innerText(), '6 infinite');
      await look('not a number');
      await becomes(() => card('not a number').locator('.note').innerText(), '30 NaN');
    });

    it('show a single point, and equal values, in the middle', async () => {
      await look('one point');
      await becomes(async () => (await colored('one point')).length, 1, 'one column of points');
      await look('equal values');
      await becomes(async () => (await colored('equal values')).length, 1, 'one line');
    });

    it('let a person scroll away from the one that has the focus', async () => {
      await look('equal values');
      await card('equal values').locator('.plot').focus();
      // Its plot goes when it is out of sight, and the focus with it: that scrolls nothing back.
      await look('one point');
    });

    it('say so where no point is in what is zoomed into', async () => {
      await look('equal values');
      await card('equal values').locator('.plot').press('+');
      await look('one point');
      const said = card('one point').getByText('No point is where it is zoomed to. 0 shows everything.');
      await said.waitFor();
      await card('one point').locator('.plot').press('0');
      await said.waitFor({ state: 'detached' });
    });

    it('say on a log axis what it does not have, and whether that is everything', async () => {
      await page.frame.getByRole('checkbox', { name: 'Log y' }).click();
      await look('all negative');
      await card('all negative').getByText('No value is above 0, and a log axis has no others.').waitFor();
      await card('all negative')
        .getByText(/^150 values ≤ 0 not shown$/)
        .waitFor();
      await look('both signs');
      await card('both signs')
        .getByText(/^60 values ≤ 0 not shown$/)
        .waitFor();
      await eventually(async () => assert.ok((await colored('both signs')).length > 0, 'curves'));
      await workbench.screenshot(`edges-${version}-log`);
      await look('huge and tiny');
      await workbench.screenshot(`edges-${version}-log-huge`);
      await page.frame.getByRole('checkbox', { name: 'Log y' }).click();
      await card('both signs').locator('.note').waitFor({ state: 'detached' });
    });

    it('have metrics of any name, in expressions and with settings of their own too', async () => {
      await look(strange);
      await page.frame.getByRole('button', { name: 'Add chart of an expression' }).click();
      const dialog = page.frame.getByRole('dialog', { name: 'Add a chart of an expression' });
      const doubled = `2 * \${${strange}} - \${key with spaces}`;
      await dialog.getByLabel('Expression').fill(doubled);
      await dialog.getByRole('button', { name: 'Add chart' }).click();
      await look(doubled);
      const plot = card(doubled).locator('.plot');
      await plot.focus();
      await plot.press('End');
      const rows = page.frame.locator('.readout tr');
      const texts = async () => (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' ').trim());
      // Step 49: 2 × (7 + index) - 49 × index.
      await becomes(texts, ['run ` größe 14', "run ' größe -33", 'run " größe -80']);
      await plot.press('Escape');
      await page.frame.getByRole('button', { name: `Settings of ${strange}`, exact: true }).click();
      const settings = page.frame.getByRole('dialog', { name: `Settings of ${strange}` });
      await settings.getByLabel('Log y').selectOption({ label: 'On' });
      await workbench.screenshot(`edges-${version}-settings`);
      await workbench.page.keyboard.press('Escape');
      const own = `document.querySelector('flowdeck-runs').session.view.charts.perChart[${JSON.stringify(strange)}]`;
      await becomes(() => page.evaluate(own), { logY: true });
    });

    it('are saved as CSV that Python reads as what was logged', async () => {
      for (const key of [strange, 'infinite', 'NaN alone']) {
        await look(key);
        await page.frame.getByRole('button', { name: `Save or copy: ${key}`, exact: true }).click();
        await page.frame
          .locator('.pop-menu:popover-open')
          .getByText('Save All Points as CSV…', { exact: true })
          .click();
        const target = path.join(scene.folder, `${encodeURIComponent(key)}.csv`);
        await workbench.quickPick.nameFile(target);
        await workbench.notification(`Saved ${path.basename(target)}`).waitFor();
        const { name, logged, saved } = JSON.parse(await scene.server.python(readBack, target, key));
        assert.equal(name, key);
        assert.deepEqual(saved, logged, key);
      }
    });

    it('have no accessibility violation, in every theme', async () => {
      await look('infinite');
      await checkThemes(workbench, page, `edges-${version}`);
    });

    it('leave no count out where there is one run', async () => {
      const experiments = workbench.tree('Experiments');
      await (await experiments.find(/^alone/)).expand();
      await (await experiments.find(/^the only run/)).inlineAction('Open Charts');
      page = await workbench.webview(/^the only run/);
      await look('loss');
      const head = page.frame.locator('.legend-head .quiet');
      await becomes(() => head.innerText(), '1 of 1 shown');
      const isWhole = `(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('.legend-head .quiet'))`;
      await becomes(() => page.evaluate<boolean>(isWhole), true);
      await becomes(() => page.frame.getByLabel('Runs that are charted').count(), 0);
      await workbench.screenshot(`edges-${version}-one-run`);
    });

    it('say why there are none, and what to do', async () => {
      page = await open(/^nothing here/);
      await page.frame.getByText('No runs yet. Charts appear here as soon as code logs metrics.').waitFor();
      await becomes(() => page.frame.getByRole('button', { name: 'Hide all' }).count(), 0);
      await workbench.screenshot(`edges-${version}-nothing`);
      page = await open(/^alone/);
      await look('loss');
      await page.evaluate(`document.querySelector('flowdeck-runs').session.update({ filter: "run_name = 'nobody'" })`);
      await page.frame.getByText('No runs match the filter of the table.').waitFor();
      await workbench.screenshot(`edges-${version}-no-match`);
      await page.frame.locator('.chart-area').getByRole('button', { name: 'Clear filter' }).click();
      await look('loss');
    });
  });
