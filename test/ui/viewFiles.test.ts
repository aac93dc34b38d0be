import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes } from '../support/eventually';
import { openScene } from './support/scene';
import type { Workbench } from './support/workbench';

const fill = `
from mlflow import MlflowClient
client = MlflowClient()
experiment = client.create_experiment('views of two folders')
for index in range(4):
    run_id = client.create_run(experiment, run_name=f'run {index}').info.run_id
    client.log_metric(run_id, 'loss', 1 / (index + 1))
    client.set_terminated(run_id)
`;

describe('files of views in two folders', function () {
  this.bail(true);
  let workbench: Workbench;
  let folder: string;

  openScene(
    {
      folder: 'empty',
      workspaceFile: 'both.code-workspace',
      settings: { 'editor.minimap.enabled': false },
      fill: async (ground) => {
        await ground.server.python(fill);
        const names = ['first', 'second'];
        for (const name of names) mkdirSync(path.join(ground.folder, name));
        // The first folder has no views yet.
        mkdirSync(path.join(ground.folder, 'second', '.flowdeck', 'views'), { recursive: true });
        const folders = names.map((name) => ({ path: name }));
        writeFileSync(path.join(ground.folder, 'both.code-workspace'), JSON.stringify({ folders }));
      },
    },
    (scene) => ({ workbench, folder } = scene),
  );

  const fileIn = (name: string, file: string) => path.join(folder, name, '.flowdeck', 'views', file);
  const save = async (name: string, place: RegExp) => {
    await workbench.runCommand('Flowdeck: Save View…');
    await workbench.quickPick.fill(name);
    await workbench.quickPick.choose(place);
    await workbench.notification(/Saved the view as/).waitFor();
    await workbench.runCommand('Notifications: Clear All Notifications');
  };
  const rows = () => workbench.quickPick.rows;
  const suggestions = () => workbench.page.locator('.suggest-widget.visible .monaco-list-row');
  const squiggles = () => workbench.page.locator('.squiggly-warning, .squiggly-error');
  const problems = () => workbench.page.locator('.markers-panel .monaco-list-row');
  const line = (content: string) => workbench.page.locator('.monaco-editor .view-line', { hasText: content }).first();

  it('are saved in the folder that is chosen', async () => {
    const experiments = await workbench.openView('Experiments');
    await (await experiments.find(/^views of two folders/)).inlineAction('Open Runs Table');
    await (await workbench.webview(/two folders/)).frame.getByText('4 runs', { exact: true }).waitFor();
    await save('Of the second', /second/);
    await save('Of the first', /first/);
    assert.equal(JSON.parse(readFileSync(fileIn('second', 'of-the-second.json'), 'utf8')).name, 'Of the second');
    assert.equal(JSON.parse(readFileSync(fileIn('first', 'of-the-first.json'), 'utf8')).name, 'Of the first');
  });

  it('are listed from both folders, also those that come and go meanwhile', async () => {
    await workbench.runCommand('Flowdeck: Open View…');
    await rows().nth(1).waitFor();
    const labels = async () =>
      (await workbench.quickPick.labels()).map((label) => label.split(', ').slice(0, 2).join());
    await becomes(labels, [
      'Of the first,first/.flowdeck/views/of-the-first.json',
      'Of the second,second/.flowdeck/views/of-the-second.json',
    ]);
    await workbench.screenshot('views-of-two-folders');
    await workbench.page.keyboard.press('ArrowDown');
    const pulled = fileIn('second', 'pulled.json');
    const text = readFileSync(fileIn('second', 'of-the-second.json'), 'utf8');
    writeFileSync(pulled, text.replace('Of the second', 'A pulled one'));
    await rows().nth(2).waitFor();
    await becomes(async () => (await labels())[0], 'A pulled one,second/.flowdeck/views/pulled.json');
    // The one that was chosen by keys stays so.
    await workbench.quickPick.widget.locator('.monaco-list-row.focused', { hasText: 'Of the second' }).waitFor();
    rmSync(pulled);
    await rows().nth(2).waitFor({ state: 'detached' });
    await workbench.quickPick.choose(/^Of the second/);
    await workbench.webview(/Of the second|two folders/);
  });

  it('complete their words and underline what is none of them', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openFile('of-the-second.json');
    await workbench.runCommand('Problems: Focus on Problems View');
    await workbench.page.getByText('No problems have been detected', { exact: false }).waitFor();
    const text = readFileSync(fileIn('second', 'of-the-second.json'), 'utf8');
    const spoilt = text
      .replace('"tab": "table"', '"tab": "nonsense"')
      .replace('"filter":', '"filtr":')
      .replace('"column": "attributes.start_time"', '"column": "start_time"');
    writeFileSync(fileIn('second', 'of-the-second.json'), spoilt);
    await squiggles().nth(1).waitFor();
    await problems().filter({ hasText: 'Value is not accepted. Valid values: "table", "charts", "compare"' }).waitFor();
    await problems().filter({ hasText: 'Property filtr is not allowed' }).waitFor();
    await problems().filter({ hasText: 'Valid values: "attributes.run_name"' }).waitFor();
    await workbench.screenshot('view-file-problems');
    // The value that is underlined is replaced by one that is offered.
    await problems().filter({ hasText: 'Value is not accepted. Valid values: "table"' }).dblclick();
    await workbench.page.getByText('(10 selected)').waitFor();
    await workbench.page.locator('.editor-instance .monaco-editor.focused').waitFor();
    await workbench.page.keyboard.press('Delete');
    await line('"tab": ,').waitFor();
    await workbench.runCommand('Trigger Suggest');
    await suggestions().filter({ hasText: '"charts"' }).waitFor();
    const offered = await suggestions().allTextContents();
    assert.deepEqual(offered.map((item) => item.trim()).sort(), ['"charts"', '"compare"', '"table"']);
    await workbench.screenshot('view-file-completion');
    await suggestions().filter({ hasText: '"charts"' }).click();
    await line('"tab": "charts",').waitFor();
    await problems().filter({ hasText: 'Valid values: "table"' }).waitFor({ state: 'detached' });
    await workbench.runCommand('View: Hide Panel');
  });
});
