// The pictures of the README, taken from the demo in VS Code at twice the size; started by scripts/pictures.mjs.
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeFolderSettings } from '../../scripts/demo/settings.mjs';
import { mlflowPython, startMlflowServer } from '../support/mlflowServer';
import type { Webview } from '../ui/support/webview';
import { Workbench } from '../ui/support/workbench';

const names = ['table', 'charts', 'compare', 'source', 'launch'] as const;
type Name = (typeof names)[number];

const target = path.resolve('docs', 'images');

/** Closes what an earlier picture has opened, and every message. */
async function clear(workbench: Workbench): Promise<void> {
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Notifications: Clear All Notifications');
}

async function picture(workbench: Workbench, name: Name): Promise<void> {
  // Where the pointer rests nothing is to be highlighted, unless the picture is about it.
  mkdirSync(target, { recursive: true });
  await workbench.page.screenshot({ path: path.join(target, `${name}.png`), animations: 'disabled' });
  console.log(`docs/images/${name}.png`);
}

const away = (workbench: Workbench) => workbench.page.mouse.move(700, 4);

async function openDigits(workbench: Workbench, button: 'Open Runs Table' | 'Open Charts'): Promise<Webview> {
  const experiments = await workbench.openView('Experiments');
  await (await experiments.find(/^digits/)).inlineAction(button);
  return await workbench.webview(/digits/);
}

const pictures: Readonly<Record<Name, (workbench: Workbench) => Promise<void>>> = {
  table: async (workbench) => {
    const page = await openDigits(workbench, 'Open Runs Table');
    const { frame } = page;
    const box = frame.getByRole('combobox', { name: 'Filter runs' });
    await box.fill('metrics.val_accuracy > 0.96 OR (params.hidden IN (8, 16) AND start_time > now-30d)');
    await box.press('Enter');
    await frame.locator('.grid-row .name-text').first().waitFor();
    // Params and metrics stand to the right of what every run has.
    await page.evaluate("document.querySelector('.runs-grid').scrollTo({ left: 100_000 })");
    const accuracy = frame.getByRole('columnheader', { name: /val_accuracy/ }).first();
    await accuracy.click();
    await frame.locator('[aria-sort="ascending"]').waitFor();
    await accuracy.click();
    await frame.locator('[aria-sort="descending"]').waitFor();
    // The rows come in their new order when the server has answered.
    await frame.locator('[role=treegrid][aria-busy=true]').waitFor({ state: 'detached' });
    await frame.locator('.grid-row .name-text').nth(1).click();
    await away(workbench);
    await picture(workbench, 'table');
  },
  charts: async (workbench) => {
    const { frame } = await openDigits(workbench, 'Open Charts');
    const cards = frame.locator('flowdeck-chart-card');
    await cards.nth(2).locator('canvas').waitFor();
    const plot = cards.nth(1).locator('.plot');
    const place = await plot.boundingBox();
    if (!place) throw new Error('there is no chart');
    await workbench.page.mouse.move(place.x + place.width * 0.4, place.y + place.height * 0.5, { steps: 4 });
    await frame.locator('.readout tr').first().waitFor();
    await picture(workbench, 'charts');
  },
  compare: async (workbench) => {
    const { frame } = await openDigits(workbench, 'Open Charts');
    await frame.getByRole('tab', { name: 'Compare' }).click();
    await frame.locator('.compare-line').first().waitFor();
    await frame.getByRole('checkbox', { name: 'Only differences' }).click();
    await away(workbench);
    await picture(workbench, 'compare');
  },
  source: async (workbench) => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^digits/)).expand();
    // The oldest run of the page: its file has changed most.
    const rows = (await experiments.rows()).filter(({ level }) => level === 3);
    const last = rows.at(-1);
    if (!last) throw new Error('digits has no run');
    const row = await experiments.find(last.name);
    await row.click();
    await row.inlineAction('Open Source at Commit');
    await workbench.tab(/train\.py|sweep\.py|evaluate\.py/).waitFor();
    await workbench.diff();
    await away(workbench);
    await picture(workbench, 'source');
  },
  launch: async (workbench) => {
    const { frame } = await openDigits(workbench, 'Open Charts');
    await frame.locator('flowdeck-chart-card canvas').first().waitFor();
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^flowdeck-examples/)).expand();
    await (await projects.find(/^main/)).inlineAction('Run Entry Point…');
    for (const name of ['dataset', 'hidden', 'learning_rate', 'alpha', 'epochs', 'seed']) {
      await workbench.page.getByText(new RegExp(`^${name}: `)).waitFor();
      await workbench.quickPick.accept();
    }
    await workbench.quickPick.choose(/^classification\/digits/);
    await workbench.notification(/finished: run/).waitFor({ timeout: 120_000 });
    await away(workbench);
    await picture(workbench, 'launch');
  },
};

/** One that fails does not keep the others from being taken. */
async function take(workbench: Workbench, name: Name): Promise<void> {
  await clear(workbench);
  try {
    await pictures[name](workbench);
  } catch (error) {
    console.error(`${name}: ${await workbench.screenshot(`failed-picture-${name}`)}`, error);
    process.exitCode = 1;
  }
}

async function main(): Promise<void> {
  const wanted = names.filter((name) => process.argv.length < 3 || process.argv.includes(name));
  const { FLOWDECK_DEMO_PROJECT: demoProject, FLOWDECK_DEMO_SERVER: demoServer } = process.env;
  if (!demoProject || !demoServer) throw new Error('which demo? Start this with node scripts/pictures.mjs');
  // A copy: what is launched here does not belong to the demo that somebody works with.
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'flowdeck-pictures-')));
  const project = path.join(folder, path.basename(demoProject));
  cpSync(demoProject, project, { recursive: true });
  cpSync(demoServer, path.join(folder, 'server'), { recursive: true });
  const server = await startMlflowServer('3.17.2', { folder: path.join(folder, 'server') });
  try {
    writeFolderSettings(project, { 'flowdeck.python.path': mlflowPython('3.17.2') });
    const workbench = await Workbench.start({
      folder: project,
      scale: 2,
      settings: { 'flowdeck.trackingUri': server.uri, 'flowdeck.refresh.intervalSeconds': 2 },
    });
    try {
      const experiments = await workbench.openView('Experiments');
      // Folders of few experiments begin open; the pictures are about one.
      for (const other of [/^evaluation/, /^regression/]) await (await experiments.find(other)).collapse();
      await (await experiments.find(/^classification/)).expand();
      for (const name of wanted) await take(workbench, name);
    } finally {
      await workbench.close();
    }
  } finally {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
