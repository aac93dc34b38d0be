import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { openScene, usePython } from './support/scene';
import type { Workbench } from './support/workbench';

const mlproject = `name: looked into
entry_points:
  main:
    parameters: {rate: {type: float, default: 0.1}}
    command: "python steps.py {rate}"
  other:
    command: "python steps.py 2"
`;
const program = 'import sys\ngiven = float(sys.argv[1])\ntwice = given * 2\nprint("twice", twice)\n';

describe('debugging an entry point by hand', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;

  openScene(
    {
      folder: 'empty',
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      extensions: [path.join(process.env.FLOWDECK_EXTENSIONS ?? '', 'ms-python.debugpy-0.0.1')],
      fill: async ({ folder }) => {
        const project = path.join(folder, 'looked-into');
        mkdirSync(project);
        writeFileSync(path.join(project, 'MLproject'), mlproject);
        writeFileSync(path.join(project, 'steps.py'), program);
        usePython(folder);
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  const statuses = async () => {
    const read = `
from mlflow import MlflowClient
client = MlflowClient()
found = client.search_runs([e.experiment_id for e in client.search_experiments()], order_by=['attributes.start_time ASC'])
print('runs ' + ' '.join(f'{run.info.status}:{run.data.params.get("rate")}' for run in found))`;
    return /^runs (.*)$/m.exec(await server.python(read))?.[1];
  };
  const stopped = () => workbench.page.locator('.debug-top-stack-frame-line').first();
  /** Until the debugger says that it stands at the breakpoint, then looks at the value and goes on. */
  const lookAndGoOn = async (value: string, picture: string) => {
    await stopped().waitFor({ timeout: 120_000 });
    const variable = (name: RegExp) =>
      workbench.page.locator('.debug-variables .monaco-list-row', { hasText: name }).first();
    const locals = variable(/^Locals/);
    await eventually(async () => {
      if ((await locals.getAttribute('aria-expanded', { timeout: 2_000 })) !== 'true') await locals.click();
      assert.ok((await variable(/^given/).innerText({ timeout: 2_000 })).includes(value));
    });
    await workbench.screenshot(picture);
    await workbench.runCommand('Debug: Continue');
    await stopped().waitFor({ state: 'hidden' });
  };

  it('stops at a breakpoint that was set in the editor when it is debugged from the palette', async () => {
    await workbench.openFile('steps.py');
    await workbench.page.locator('.view-line', { hasText: 'twice = given' }).click();
    await workbench.runCommand('Debug: Toggle Breakpoint');
    await workbench.page.locator('.codicon-debug-breakpoint').first().waitFor();
    await workbench.runCommand('Flowdeck: Debug Entry Point…');
    await workbench.quickPick.choose(/main, looked-into\/MLproject/);
    await workbench.quickPick.fill('0.5');
    await workbench.quickPick.choose(/^Default/);
    await lookAndGoOn('0.5', 'debugging-palette');
    await workbench.keptNotification(/main \(looked-into\) finished/);
    assert.equal(await statuses(), 'FINISHED:0.5');
  });

  it('stops there again when Debug is chosen in the launch form', async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^looked/)).expand();
    await (await projects.find(/^main/)).inlineAction('Run Entry Point…');
    const page = await workbench.webview(/^Run main/);
    await page.frame.getByLabel(/^rate/).first().fill('0.25');
    await page.frame.getByRole('button', { name: 'Debug', exact: true }).click();
    await lookAndGoOn('0.25', 'debugging-form');
    await becomes(statuses, 'FINISHED:0.5 FINISHED:0.25');
  });
});
