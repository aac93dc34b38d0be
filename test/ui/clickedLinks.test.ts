import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openScene } from './support/scene';
import type { Workbench } from './support/workbench';

const fill = `
from mlflow import MlflowClient
client = MlflowClient()
experiment = client.create_experiment('vision/größe')
for index in range(3):
    run_id = client.create_run(experiment, run_name=f'run {index}').info.run_id
    client.log_metric(run_id, 'loss', 1 / (index + 1))
    client.set_terminated(run_id)
`;

/** Which questions a server that nobody knows was asked. */
async function stranger() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { asked, uri: `http://127.0.0.1:${port}`, end: () => server.close() };
}

describe('a link that is clicked outside of VS Code', () => {
  let workbench: Workbench;
  let elsewhere: Awaited<ReturnType<typeof stranger>>;
  const links = { run: '', experiment: '', view: '' };

  openScene(
    {
      extensions: [path.join(process.env.FLOWDECK_ROOT ?? process.cwd(), 'test', 'support', 'linkAddress')],
      fill: async ({ server, atEnd }) => {
        await server.python(fill);
        elsewhere = await stranger();
        atEnd(() => elsewhere.end());
      },
    },
    (scene) => ({ workbench } = scene),
  );

  const copied = async (copy: () => Promise<unknown>): Promise<string> => {
    const before = await workbench.clipboard();
    await copy();
    for (;;) {
      const text = await workbench.clipboard();
      if (text !== before) return text;
      await workbench.page.waitForTimeout(50);
    }
  };
  /** Opens a link in another tab of the browser, which is how one comes to the window from outside. */
  const click = async (link: string) => {
    await workbench.runCommand('Test: Address of a Link');
    await workbench.quickPick.fill(link);
    await workbench.quickPick.widget.getByText('Address', { exact: true }).waitFor();
    const address = await workbench.quickPick.input.inputValue();
    await workbench.quickPick.cancel();
    const tab = await workbench.context.newPage();
    await tab.goto(address);
    await tab.close();
    await workbench.page.bringToFront();
  };
  const closeAll = () => workbench.runCommand('View: Close All Editors');

  it('is made by Copy Flowdeck Link, of a run, an experiment and a view', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^vision/)).expand();
    const row = await experiments.find(/^größe|^vision\/größe/);
    links.experiment = await copied(() => row.contextMenu('Copy Flowdeck Link'));
    await row.expand();
    links.run = await copied(async () => (await experiments.find(/^run 1/)).contextMenu('Copy Flowdeck Link'));
    await row.inlineAction('Open Runs Table');
    const page = await workbench.webview(/größe/);
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    await filter.fill('metrics.loss < 0.9 AND run_name != "a+b & 50%"');
    await filter.press('Enter');
    await page.frame.getByText('2 runs', { exact: true }).waitFor();
    links.view = await copied(() => workbench.runCommand('Flowdeck: Copy Flowdeck Link'));
    for (const [kind, link] of Object.entries(links))
      assert.match(link, new RegExp(`^[a-z-]+://flowdeck\\.flowdeck/${kind}\\?`));
  });

  it('opens the run in a window that has not used Flowdeck yet', async () => {
    await closeAll();
    await workbench.runCommand('View: Show Explorer');
    await workbench.reload();
    await click(links.run);
    await workbench
      .tree('Run')
      .row(/^run 1/)
      .waitFor();
    await workbench.screenshot('clicked-run');
  });

  it('opens the experiment', async () => {
    await click(links.experiment);
    const page = await workbench.webview(/größe/);
    await page.frame.getByText('3 runs', { exact: true }).waitFor();
  });

  it('opens the view, with its filter', async () => {
    await closeAll();
    await click(links.view);
    const page = await workbench.webview(/größe/);
    await page.frame.getByText('2 runs', { exact: true }).waitFor();
    const filter = page.frame.getByRole('combobox', { name: 'Filter runs' });
    assert.equal(await filter.inputValue(), 'metrics.loss < 0.9 AND run_name != "a+b & 50%"');
  });

  it('asks before it turns to another server, and asks that one nothing when told not to', async () => {
    await closeAll();
    await click(links.run.replace(/server=[^&]*/, `server=${encodeURIComponent(elsewhere.uri)}`));
    const question = workbench.dialog().filter({ hasText: 'This link is about' });
    await question.getByText(elsewhere.uri, { exact: false }).first().waitFor();
    await workbench.screenshot('clicked-elsewhere');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    assert.deepEqual(elsewhere.asked, []);
  });

  it('says what it is not when it is nonsense, cut off, or names no server', async () => {
    const scheme = links.run.slice(0, links.run.indexOf('/'));
    const nothing = /Could not open the link: This link opens nothing in Flowdeck\. Copy it again, whole\./;
    const nonsense: readonly [string, RegExp][] = [
      [`${scheme}//flowdeck.flowdeck/command?id=workbench.action.quit`, nothing],
      [links.view.slice(0, -25), nothing],
      [links.run.replace(/server=[^&]*/, 'server=file%3A%2F%2F%2Fetc%2Fpasswd'), /This is a store, not a server\./],
    ];
    for (const [link, words] of nonsense) {
      await click(link);
      await workbench.keptNotification(words);
      await workbench.runCommand('Notifications: Clear All Notifications');
    }
  });
});
