import assert from 'node:assert/strict';
import { withRunsPage } from '../support/browserPage';
import { openScene } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

/** As long as MLflow takes them. */
const longKey = `layer/${'k'.repeat(194)}`;

const fill = `
import sys
from mlflow import MlflowClient
from mlflow.entities import Metric, Param, RunTag
client = MlflowClient()
experiment = client.create_experiment('extremes')
for index in range(100):
    name = 'baseline' if index == 99 else '<img src=x onerror=alert(1)> %d' % index if index % 2 else 'שלום עולם, תוצאות הניסוי הארוך מאוד %d' % index
    run_id = client.create_run(experiment, run_name=name, start_time=index + 1).info.run_id
    params = {'long': 'x' * 5900 + 'end %d' % index, 'lines': 'first\\nsecond %d' % index, 'html': '<b onclick="alert(1)">%d</b>' % index,
      'עברית': 'ערך ארוך מאוד שאינו נכנס לעמודה אחת של הטבלה %d' % index, 'empty': '', sys.argv[1]: str(index)}
    if index < 99: params['missing in the baseline'] = str(index)
    metrics = {'range': 1e300 if index % 2 else 1e-300, 'negative zero': -0.0, 'same': 5.0}
    if index < 99: metrics['not of the baseline'] = float(index)
    client.log_batch(run_id, [Metric(*item, 0, 0) for item in metrics.items()], [Param(*item) for item in params.items()], [RunTag('note', '精度 \\u202e abc 😀' * 300)])
    client.set_terminated(run_id, 'FINISHED', 1000)
`;

describe('the report of a comparison of more metrics than are in sight', () => {
  const given = { runs: 3, metricKeys: 90, commonMetrics: 90, rareMetrics: 0, params: 1, pageSize: 100 };
  const view = { tab: 'compare', chosen: { first: 3 }, compare: { stat: 'max', closed: ['environment', 'artifacts'] } };

  it('has the values of all, read for it where nobody has looked at them yet', async () => {
    await withRunsPage(given, view, async (page) => {
      await page.locator('.compare-line', { hasText: 'metric 0' }).getByText('2', { exact: true }).first().waitFor();
      await page.getByRole('button', { name: 'Report…' }).click();
      await page.getByRole('button', { name: 'Copy as Markdown' }).click();
      await page.getByText(/^Copied:/).waitFor();
      const rows = (await page.evaluate<string>('window.copied')).match(/^\| `group \d+\/metric \d+` \|.*$/gm) ?? [];
      assert.equal(rows.length, 90);
      assert.deepEqual(
        rows.filter((row) => !row.endsWith('| 2 | 2 | 2 |')),
        [],
      );
    });
  });
});

describe('comparing a hundred runs with strange contents', () => {
  let workbench: Workbench;
  let page: Webview;
  openScene({ fill: ({ server }) => server.python(fill, longKey) }, (scene) => ({ workbench } = scene));

  const line = (key: string) =>
    page.frame.locator('.compare-line', {
      has: page.frame.locator('[role="rowheader"] .name', { hasText: new RegExp(`^${key}$`) }),
    });
  const cell = (key: string, at: number) => line(key).locator(`[role="gridcell"][aria-colindex="${at + 2}"]`);
  const grid = () => page.frame.getByRole('treegrid');
  const bar = (name: string) => page.frame.getByRole('checkbox', { name });

  it('shows texts as texts, cut from where they differ', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^extremes/)).inlineAction('Open Charts');
    page = await workbench.webview(/^extremes/);
    await page.frame.locator('.chart-area').waitFor();
    await page.evaluate(`document.querySelector('flowdeck-runs').session.update({ chosen: { first: 100 } })`);
    await page.frame.getByRole('tab', { name: 'Compare' }).click();
    await page.frame.getByRole('heading', { name: '100 runs' }).waitFor();
    await line('html').waitFor();
    assert.equal(await page.frame.locator('.compare-scroll img, .compare-scroll [onclick]').count(), 0);
    assert.match(await cell('long', 0).innerText(), /^…x{8}end 99$/);
    assert.equal(await cell('lines', 0).innerText(), 'first ⏎ second 99');
    assert.equal(await cell('negative zero', 0).innerText(), '0');
    const widths = await page.evaluate<number>(
      `Math.max(...[...document.querySelectorAll('.compare-cell')].map((cell) => cell.textContent.length))`,
    );
    assert.ok(widths < 500, `${widths} characters in one cell`);
  });

  it('measures against a baseline that lacks values, with the keyboard alone', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('ArrowRight');
    await grid().press('Enter');
    await page.frame.getByRole('menuitem', { name: 'Make baseline' }).press('Enter');
    await page.frame.locator('.compare-head .base', { hasText: 'Baseline' }).waitFor();
    assert.equal(await cell('not of the baseline', 0).innerText(), '—');
    assert.equal((await cell('not of the baseline', 1).innerText()).trim(), '98');
    const range = (await cell('range', 1).innerText()).replaceAll(/\s+/g, ' ');
    assert.equal(range, '1e-300 -1e+300');
    await bar('Only differences').press('Space');
    await line('same').waitFor({ state: 'detached' });
    await line('range').waitFor();
  });

  it('says where the keyboard is, and what stands there', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('Control+End');
    const active = () =>
      page.evaluate<string>(`(() => {
        const id = document.querySelector('[role="treegrid"]').getAttribute('aria-activedescendant');
        const cell = document.getElementById(id);
        return cell ? [cell.getAttribute('role'), cell.getAttribute('aria-colindex')].join(' ') : 'nothing: ' + id;
      })()`);
    await page.frame.locator('.compare-head', { hasText: /\b0\b/ }).first().waitFor();
    assert.match(await active(), /^(gridcell|rowheader) \d+$/);
    await grid().press('Control+Home');
  });

  it('has no accessibility violation, in every theme', async () => {
    await checkThemes(workbench, page, 'compare-extremes');
  });
});
