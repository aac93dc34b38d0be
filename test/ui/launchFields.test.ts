import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { becomes, eventually, reads } from '../support/eventually';
import { toolsPython } from '../support/launchTools';
import type { MlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { openScene, usePython } from './support/scene';
import { checkThemes } from './support/themes';
import type { Webview } from './support/webview';
import type { Workbench } from './support/workbench';

const mlproject = `name: fields
docker_env: {image: python}
entry_points:
  main:
    parameters:
      data: {type: path, default: .}
      where: {type: uri, default: "file:///tmp"}
      must: string
    command: "python remote.py {data} {where} {must}"
`;

describe('every field of the launch form', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let folder: string;
  let workbench: Workbench;
  let page: Webview;

  openScene(
    {
      refreshSeconds: 2,
      settings: { 'flowdeck.projects.parameterForm': 'editor' },
      fill: async (ground) => {
        await ground.server.python('import mlflow; mlflow.create_experiment("known before")');
        const fields = path.join(ground.folder, 'fields');
        mkdirSync(path.join(fields, 'input'), { recursive: true });
        writeFileSync(path.join(fields, 'MLproject'), mlproject);
        writeFileSync(path.join(fields, 'input', 'a.csv'), 'a\n1\n');
        writeFileSync(path.join(fields, 'remote.py'), 'import sys\nprint("remotely", sys.argv[1:])\n');
        writeFileSync(path.join(fields, 'backend.json'), JSON.stringify({ program: 'remote.py' }));
        // It has a project backend as a plug-in, which takes no notice of docker_env.
        usePython(ground.folder, toolsPython('3.17.2'));
      },
    },
    (scene) => {
      ({ server, folder, workbench } = scene);
    },
  );

  const field = (label: string | RegExp) => page.frame.getByLabel(label, { exact: typeof label === 'string' }).first();
  const parameter = (name: string) => field(new RegExp(`^${name}(string|path|uri)`));
  const button = (name: string) => page.frame.getByRole('button', { name, exact: true });
  const holds = (label: string | RegExp, value: string) =>
    until(
      async () => (await field(label).inputValue()) === value,
      () => `${label} does not hold ${value}`,
    );
  /** Chooses a file or folder in VS Code's own dialog, as it is where it cannot use the system's. */
  const browse = async (name: string, file: string) => {
    await button(name).click();
    await workbench.quickPick.nameFile(file);
  };
  const options = (id: string) =>
    page.frame.locator(`#${id}-list option`).evaluateAll((all: { value: string }[]) => all.map(({ value }) => value));
  const noted = (text: string | RegExp) => page.frame.getByText(text).first().waitFor();

  it('a required parameter holds the launch until it is given', async () => {
    const projects = await workbench.openView('Projects');
    await (await projects.find(/^fields/)).expand();
    await (await projects.find(/^main.*3 parameters/)).inlineAction('Run Entry Point…');
    page = await workbench.webview(/^Run main/);
    await parameter('must').waitFor();
    await page.frame.locator('.form-foot .button:disabled', { hasText: 'Run' }).waitFor();
    const runs = page.frame.locator('.form-foot .button:enabled', { hasText: 'Run' }).first();
    // By the keyboard: behind the box, and the way to vary it.
    await parameter('must').press('Tab');
    await workbench.page.keyboard.press('Tab');
    await becomes(
      () =>
        button('Give empty text for must').evaluate((own: { matches(selector: string): boolean }) =>
          own.matches(':focus'),
        ),
      true,
    );
    await workbench.page.keyboard.press('Enter');
    await runs.waitFor();
    await noted('The empty text is given.');
    await workbench.page.keyboard.press('Enter');
    await page.frame.locator('.form-foot .button:disabled', { hasText: 'Run' }).waitFor();
    await parameter('must').fill('given');
    await runs.waitFor();
    await button('Give empty text for must').waitFor({ state: 'detached' });
  });

  it('a path and a uri are browsed for: relative inside the project, an address for a uri', async () => {
    await browse('Browse for data', path.join(folder, 'fields', 'input', 'a.csv'));
    await holds(/^datapath/, 'input/a.csv');
    await browse('Browse for where', path.join(folder, 'fields', 'input', 'a.csv'));
    await holds(/^whereuri/, `file://${folder}/fields/input/a.csv`);
    await parameter('where').fill('no address');
    await noted(/where is a URI/);
    await parameter('where').fill('s3://bucket/a');
    await page.frame.getByText(/where is a URI/).waitFor({ state: 'detached' });
  });

  it('offers what the server and the Python know: experiments, backends, environment managers', async () => {
    await eventually(async () => assert.ok((await options('experiment')).includes('known before')));
    await becomes(async () => (await options('backend')).slice(0, 3), ['local', 'kubernetes', 'databricks']);
    await eventually(async () =>
      assert.ok((await options('backend')).includes('flowdeck-test'), 'the plug-in is not offered'),
    );
    const managers = () => field('Environment manager').locator('option').allTextContents();
    await becomes(managers, ['local', 'virtualenv', 'uv', 'conda']);
  });

  it('asks for a configuration file once the backend takes one, and lets nothing else be debugged', async () => {
    assert.equal(await field('Configuration file').count(), 0);
    await field('Backend').fill('flowdeck-test');
    await field('Configuration file').waitFor();
    await page.frame.locator('.form-foot .button:disabled', { hasText: 'Debug' }).waitFor();
    await browse('Browse: Configuration file', path.join(folder, 'fields', 'backend.json'));
    await holds('Configuration file', 'fields/backend.json');
  });

  it('a storage folder, docker arguments and a version', async () => {
    await browse('Browse: Storage folder', path.join(folder, 'fields', 'input'));
    await holds('Storage folder', 'fields/input');
    await field('Docker arguments').fill('gpus=all\n t \n');
    await field('Environment manager').selectOption('uv');
    await field('Version').fill('main');
    await field('Experiment').fill('known before');
    await field('Name').fill('all fields');
    await checkThemes(workbench, page, 'launch-fields', async () => {
      page = await workbench.webview(/^Run main/);
    });
  });

  it('all of it stands in the task that is saved', async () => {
    await button('Save as Task').click();
    await workbench.tab(/tasks\.json/).waitFor();
    const tasks = () => JSON.parse(readFileSync(path.join(folder, '.vscode', 'tasks.json'), 'utf8')).tasks;
    await becomes(tasks, [
      {
        label: 'MLflow: main (fields) @ main',
        detail: 'data=input/a.csv, where=s3://bucket/a, must=given',
        type: 'flowdeck',
        entryPoint: 'main',
        project: 'fields',
        parameters: { data: 'input/a.csv', where: 's3://bucket/a', must: 'given' },
        experiment: 'known before',
        runName: 'all fields',
        backend: 'flowdeck-test',
        backendConfig: 'fields/backend.json',
        storageDir: 'fields/input',
        version: 'main',
        environmentManager: 'uv',
        dockerArguments: ['gpus=all', 't'],
        problemMatcher: [],
      },
    ]);
  });

  it('launches by the keyboard alone, on the backend, in the experiment and under the name that were chosen', async () => {
    page = await workbench.webview(/^Run main/);
    await field('Version').fill('');
    await field('Environment manager').selectOption('local');
    await parameter('where').fill(`file://${folder}/fields/input/a.csv`);
    // Enter in a field is the form's own way to begin.
    await parameter('must').fill('keys');
    await parameter('must').press('Enter');
    await noted('Launched.');
    await workbench.notification(/main \(fields\) finished: run all fields/).waitFor({ timeout: 150_000 });
    const script = `
import mlflow
[run] = mlflow.search_runs(experiment_names=['known before'], output_format='list')
print('read', run.info.status, run.info.run_name, run.data.tags.get('mlflow.project.backend'), run.data.params['must'])`;
    assert.match(await server.python(script), /^read FINISHED all fields flowdeck-test keys$/m);
  });

  it('earlier launches fill the form again', async () => {
    page = await workbench.webview(/^Run main/);
    await workbench.reload();
    page = await workbench.webview(/^Run main/);
    await parameter('must').fill('other');
    const history = field('Earlier');
    await reads(async () => (await history.locator('option').allTextContents())[1] ?? '', /^main: .*must=keys/);
    await history.selectOption({ index: 1 });
    await holds(/^muststring/, 'keys');
    await holds('Backend', 'flowdeck-test');
  });
});
