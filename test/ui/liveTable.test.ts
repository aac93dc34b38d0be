import assert from 'node:assert/strict';
import { becomes, eventually } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { bringColumn } from './support/grid';
import { openScene } from './support/scene';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const fill = `
import json, time
from mlflow import MlflowClient
client = MlflowClient()
experiment = client.create_experiment('going on')
now = int(time.time() * 1000) - 3600_000
ids = {}
for at, name in enumerate('abcd'):
    ids[name] = client.create_run(experiment, run_name='run ' + name, start_time=now + at * 1000).info.run_id
    for step in range(3):
        client.log_metric(ids[name], 'loss', 10 * (at + 1) + step, step=step)
    client.log_metric(ids[name], 'acc', 0.95 if name in 'ad' else 0.1)
client.set_terminated(ids['d'])
print(json.dumps(ids))
`;
/** `name metric value` … */
const log = `
import json, sys
from mlflow import MlflowClient
client = MlflowClient()
ids = json.loads(sys.argv[1])
for name, key, value, step in zip(*[iter(sys.argv[2:])] * 4):
    client.log_metric(ids[name], key, float(value), step=int(step))
`;

describe('the table of runs that go on', () => {
  let server: MlflowServer;
  let workbench: Workbench;
  let page: Webview;
  let ids = '';

  openScene(
    {
      folder: 'empty',
      refreshSeconds: 2,
      fill: async ({ server }) => {
        const printed = await server.python(fill);
        ids = printed.slice(printed.indexOf('{"'));
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  const logMore = (...points: readonly string[]) => server.python(log, ids, ...points);
  const names = () =>
    page.evaluate<string>(`[...document.querySelectorAll('.grid-row')]
      .sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)
      .map((row) => row.querySelector('.name-text').textContent.replace('run ', '')).join('')`);
  const footer = () => page.frame.locator('.table-footer').innerText();

  it('keeps what was computed from histories, and the order by it, until there is something new', async () => {
    await (await (await workbench.openView('Experiments')).find(/^going on/)).inlineAction('Open Runs Table');
    page = await workbench.webview(/going on/);
    await page.frame.getByText('4 runs', { exact: true }).waitFor();
    await (await bringColumn(workbench, page, 'loss')).click({ button: 'right' });
    await page.frame.getByRole('menuitemcheckbox', { name: 'Column of the min' }).click();
    await (await bringColumn(workbench, page, 'metric · min')).click();
    await becomes(names, 'abcd');
    // What stands in the column, frame by frame, and whether the table says that it is not sorted.
    await page.evaluate(`(() => {
      const { shownColumns } = document.querySelector('flowdeck-table-tab');
      const at = shownColumns.findIndex(({ id }) => id === 'metrics[min].loss') + 2;
      const seen = { cells: new Set(), orders: new Set(), unsorted: false };
      const look = () => {
        const rows = [...document.querySelectorAll('.grid-row')].sort((a, b) => a.ariaRowIndex - b.ariaRowIndex);
        for (const row of rows) seen.cells.add(row.querySelector('[aria-colindex="' + at + '"]')?.textContent);
        seen.orders.add(rows.map((row) => row.querySelector('.name-text').textContent.replace('run ', '')).join(''));
        seen.unsorted ||= document.querySelector('.table-footer').textContent.includes('not sorted yet');
        requestAnimationFrame(look);
      };
      look();
      window.seen = () => ({ cells: [...seen.cells].sort(), orders: [...seen.orders], unsorted: seen.unsorted });
    })()`);
    await logMore('c', 'loss', '5', '3', 'b', 'loss', '99', '3');
    await becomes(names, 'cabd');
    // Several looks at runs that have nothing new.
    await workbench.page.waitForTimeout(6_000);
    const seen = await page.evaluate<{ cells: unknown; orders: unknown; unsorted: unknown }>('window.seen()');
    assert.deepEqual(seen, { cells: ['10', '20', '30', '40', '5'], orders: ['abcd', 'cabd'], unsorted: false });
  });

  it('tells which runs match the filter no more, and how many begin to, and moves none until told to', async () => {
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill('metrics.acc > 0.9');
    await filter.press('Enter');
    await page.frame.getByText('2 runs', { exact: true }).waitFor();
    await becomes(names, 'ad');
    // What begins to match is known from one look to the next.
    await workbench.page.waitForTimeout(5_000);
    await logMore('a', 'acc', '0.5', '1', 'b', 'acc', '0.99', '1');
    await page.frame.getByText('1 no longer matches, 1 begins to match', { exact: true }).waitFor();
    assert.equal(await names(), 'ad');
    await page.frame.locator('.grid-row.unmatched', { hasText: 'run a' }).waitFor();
    await workbench.screenshot('table-matches-changed');
    assert.deepEqual(await page.axe(), []);
    await page.frame.locator('.table-footer').getByRole('button', { name: 'Refresh' }).click();
    await becomes(names, 'bd');
    await eventually(async () => assert.doesNotMatch(await footer(), /match/));
  });
});
