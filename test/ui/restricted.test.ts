import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run as runProgram } from '../../scripts/lib/run.mjs';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import { eventually, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { again } from './support/again';
import { Front } from './support/front';
import { type Ground, openScene } from './support/scene';
import type { Workbench } from './support/workbench';

const httpOptions = { headersTimeoutMs: 60_000, retries: 0, maxResponseBytes: 50_000_000, userAgent: 'flowdeck-test' };

/** Its first entry point would leave a mark; the command of the second one has a mistake. */
const trapProject = (mark: string) => `entry_points:
  harmless:
    parameters: {rate: {type: float, default: 0.5}}
    command: "touch ${mark} {rate}"
  wrong:
    parameters: {rate: {type: float, default: 0.5}}
    command: "echo {sed}"
`;

/** Browsing works in a folder nobody trusts; whatever the folder would have run leaves a mark. */
describe('Restricted Mode', function () {
  this.bail(true);
  let server: MlflowServer;
  /** The server that the folder's own settings name. */
  let planted: Front;
  let workbench: Workbench;
  let marks: string;

  openScene(
    {
      refreshSeconds: 2,
      workspaceTrust: true,
      settings: { 'security.workspace.trust.startupPrompt': 'always' },
      fill: async (ground) => {
        marks = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-marks-'));
        ground.atEnd(() => fs.rmSync(marks, { recursive: true, force: true }));
        planted = await Front.start(ground.server.uri);
        ground.atEnd(() => planted.goAway());
        await plantTraps(ground.folder);
        await fill(ground);
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  /** Programs that the folder names: git's file-system monitor, a Python of its own, and one in its settings. */
  async function plantTraps(folder: string): Promise<void> {
    const trap = (file: string, name: string) => {
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, `#!/bin/sh\ntouch '${path.join(marks, name)}'\nexit 1\n`, { mode: 0o755 });
      return file;
    };
    trap(path.join(folder, '.venv', 'bin', 'python'), 'venv');
    const python = trap(path.join(folder, 'tools', 'python'), 'python');
    const monitor = trap(path.join(folder, 'tools', 'monitor'), 'git');
    fs.writeFileSync(path.join(folder, 'mlflow.db'), '');
    fs.mkdirSync(path.join(folder, 'trap'));
    fs.writeFileSync(path.join(folder, 'trap', 'MLproject'), trapProject(path.join(marks, 'entryPoint')));
    fs.mkdirSync(path.join(folder, '.vscode'), { recursive: true });
    const settings = { 'flowdeck.trackingUri': planted.uri, 'flowdeck.python.path': python };
    fs.writeFileSync(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    await runProgram('git', ['-C', folder, 'config', 'core.fsmonitor', monitor]);
  }

  async function fill({ server, folder }: Ground): Promise<void> {
    const store = createRestTrackingStore({ ...httpOptions, baseUrl: server.uri });
    const experimentId = await store.createExperiment('digits');
    const head = (await runProgram('git', ['-C', folder, 'rev-parse', 'HEAD'])).trim();
    const { runId } = await store.createRun({
      experimentId,
      name: 'baseline',
      tags: { 'mlflow.source.git.commit': head, 'mlflow.source.name': 'train.py', 'mlflow.source.type': 'LOCAL' },
    });
    await store.logBatch(runId, {
      metrics: Array.from({ length: 20 }, (_, step) => ({ key: 'loss', value: 1 / (step + 1), timestamp: 1, step })),
    });
    await store.uploadArtifact(runId, 'report.txt', Buffer.from('kept on the server'));
    await store.updateRun(runId, { status: 'FINISHED' });
    store.dispose();
  }

  const saysTrust = async (about: RegExp, picture?: string) => {
    const said = workbench.notification(about);
    await said.getByText('Trust the workspace first.').waitFor();
    await said.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    if (picture) {
      await workbench.page.waitForTimeout(400);
      await workbench.screenshot(picture);
    }
    await workbench.runCommand('Notifications: Clear All Notifications');
  };

  it('is entered by who does not trust the folder', async () => {
    const dialog = workbench.dialog();
    await dialog.getByText('Do you trust the authors').waitFor();
    await dialog.getByRole('button', { name: /^No, I don't trust/ }).click();
    await dialog.waitFor({ state: 'detached' });
  });

  it('shows experiments, runs and artifacts of the server that the user named, not of the one the folder names', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^digits/)).expand();
    await (await experiments.find(/^baseline/)).click();
    await workbench.statusBar('server').getByText('3.17.2').waitFor();
    await reads(() => workbench.statusBar('server').innerText(), new RegExp(new URL(server.uri).host));
    const details = await workbench.openView('Run');
    await (await details.find(/^Artifacts/)).expand();
    await (await details.find(/^report\.txt/)).click();
    await workbench.page.locator('.monaco-editor .view-line', { hasText: 'kept' }).first().waitFor();
    await workbench.screenshot('restricted');
    assert.deepEqual(planted.asked, [], 'the server that the folder names was asked');
  });

  it('shows charts', async () => {
    await (await (await workbench.openView('Experiments')).find(/^baseline/)).inlineAction('Open Charts');
    const charts = await workbench.webview(/baseline/);
    await charts.frame.locator('flowdeck-chart-card canvas').first().waitFor();
    await eventually(async () => assert.ok((await charts.paintedPixels()) > 100));
  });

  it('says that tagging and opening the source need trust, and leads to it', async () => {
    const run = await (await workbench.openView('Experiments')).find(/^baseline/);
    await run.inlineAction('Tag Run with Current Commit');
    await saysTrust(/Could not tag the run.*only in folders you trust/, 'restricted-tag');
    await run.inlineAction('Open Source at Commit');
    await saysTrust(/Could not open the source of the run.*only in folders you trust/);
  });

  it('shows the entry points, and says that launching one needs trust', async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^main/)).inlineAction('Run Entry Point…');
    await saysTrust(/Could not run the entry point.*runs programs of this folder/, 'restricted-launch');
  });

  it('reads MLproject files: problems, hovers and completion work, and Run above an entry point needs trust', async () => {
    const { page } = workbench;
    await workbench.openFile('MLproject', 'trap');
    const line = (text: string) => page.locator('.monaco-editor .view-line', { hasText: text }).first();
    await line('touch').waitFor();
    await page.locator('.monaco-editor .squiggly-error').first().waitFor();
    await workbench.runCommand('Problems: Focus on Problems View');
    const problem = page.locator('.markers-panel .monaco-list-row', { hasText: 'No parameter is named sed' });
    await problem.dblclick();
    await page.getByText('(3 selected)').waitFor();
    await page.locator('.editor-instance .monaco-editor.focused').waitFor();
    // The name is selected; without it the braces stand empty.
    await page.keyboard.press('Delete');
    await line('echo {}').waitFor();
    await workbench.runCommand('Trigger Suggest');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'rate' }).first().click();
    await line('echo {rate}').waitFor();
    await problem.waitFor({ state: 'detached' });
    await workbench.explains(line('harmless:').getByText('harmless'), 'With its defaults, harmless runs');
    await workbench.screenshot('restricted-mlproject');
    const lenses = page.locator('.codelens-decoration a');
    await lenses
      .filter({ hasText: /^\s*Run$/ })
      .first()
      .click();
    await saysTrust(/Could not run the entry point.*runs programs of this folder/);
    await lenses.filter({ hasText: 'Run with parameters…' }).first().click();
    await saysTrust(/Could not run the entry point.*runs programs of this folder/);
    await workbench.runCommand('View: Hide Panel');
  });

  it('says that a local server needs trust', async () => {
    await workbench.runCommand('Flowdeck: Start a Local MLflow Server');
    await saysTrust(/Could not start a local MLflow server.*runs programs of this folder/);
  });

  it('has run nothing of the folder', async () => {
    assert.deepEqual(fs.readdirSync(marks), []);
    assert.deepEqual(planted.asked, []);
  });

  it('leads to VS Code’s page about trust; trusted, the folder’s own settings and git count', async () => {
    await (await (await workbench.openView('Experiments')).find(/^baseline/)).inlineAction(
      'Tag Run with Current Commit',
    );
    await workbench
      .notification(/Could not tag the run/)
      .getByRole('button', { name: 'Manage Workspace Trust' })
      .click();
    await workbench.tab(/Workspace Trust/).waitFor();
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await workbench.statusBar('server').getByText(new URL(planted.uri).host).waitFor();
    await (await (await workbench.openView('Experiments')).find(/^digits/)).expand();
    const asked = workbench
      .dialog()
      .or(workbench.notification(/Tagged run baseline/))
      .first();
    // A row of the tree from before is known to nobody: then the command asks which run is meant.
    await again(3, async () => {
      await workbench.page.keyboard.press('Escape');
      const row = await (await workbench.openView('Experiments')).find(/^baseline/);
      await row.inlineAction('Tag Run with Current Commit');
      await asked.waitFor({ timeout: 20_000 });
    });
    await eventually(() => assert.ok(fs.readdirSync(marks).includes('git'), 'the traps work'));
    await workbench.screenshot('restricted-trusted');
  });
});
