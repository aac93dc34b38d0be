import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { becomes, reads } from '../support/eventually';
import type { MlflowServer } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { openScene, usePython } from './support/scene';
import type { Workbench } from './support/workbench';

const mlproject = `name: afar
entry_points:
  main:
    parameters: {word: {type: string, default: hello}}
    command: "python say.py {word}"
`;

describe('running the project of a git repository', function () {
  // Each step begins where the one before it ended.
  this.bail(true);
  let server: MlflowServer;
  let workbench: Workbench;
  let address: string;
  const commits: string[] = [];

  openScene(
    {
      refreshSeconds: 2,
      fill: async (ground) => {
        usePython(ground.folder);
        const place = mkdtempSync(path.join(os.tmpdir(), 'flowdeck-remote-'));
        ground.atEnd(() => rmSync(place, { recursive: true, force: true }));
        address = makeRemote(place);
      },
    },
    (scene) => ({ server, workbench } = scene),
  );

  /** A bare repository with a project in a folder, at `v1` it says "one", later "two"; and with scripts in another one. */
  function makeRemote(place: string): string {
    const work = path.join(place, 'work');
    const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', '-c', 'commit.gpgsign=false'];
    const git = (...args: string[]) => execFileSync('git', [...identity, ...args], { cwd: work, encoding: 'utf8' });
    mkdirSync(path.join(work, 'sub'), { recursive: true });
    git('init', '-q', '-b', 'main');
    writeFileSync(path.join(work, 'sub', 'MLproject'), mlproject);
    for (const folder of ['notes', 'scripts']) mkdirSync(path.join(work, folder));
    writeFileSync(path.join(work, 'notes', 'read.md'), '');
    writeFileSync(path.join(work, 'scripts', 'train.py'), 'import sys\nprint("trained", sys.argv[1:])\n');
    writeFileSync(path.join(work, 'scripts', 'prepare.sh'), 'echo prepared\n');
    for (const version of ['one', 'two']) {
      writeFileSync(path.join(work, 'sub', 'say.py'), `import sys\nprint("version ${version}", sys.argv[1])\n`);
      git('add', '-A');
      git('commit', '-q', '-m', version);
      commits.push(git('rev-parse', 'HEAD').trim());
      if (version === 'one') git('tag', 'v1');
    }
    git('clone', '-q', '--bare', work, path.join(place, 'afar.git'));
    return `file://${place}/afar.git`;
  }

  const asks = (title: RegExp) =>
    until(
      async () => {
        const { quickPick } = workbench;
        return (await quickPick.widget.isVisible()) && title.test(await quickPick.title().catch(() => ''));
      },
      () => `${title} is not asked`,
    );
  const start = async () => {
    await workbench.runCommand('Flowdeck: Run Project of a Git Repository…');
    await asks(/^Run Project of a Git Repository \(1\/2\)/);
  };
  const fails = async (typed: string, version: string, why: RegExp) => {
    await start();
    await workbench.quickPick.fill(typed);
    await asks(/\(2\/2\)/);
    await workbench.quickPick.fill(version);
    const said = workbench.notification(/Could not run the project/);
    await said.waitFor();
    await reads(() => said.textContent(), why);
    await workbench.runCommand('Notifications: Clear All Notifications');
  };

  it('refuses an address with a password, and one that leads out of the repository, where they are typed', async () => {
    const { quickPick } = workbench;
    await start();
    await quickPick.type('https://ann:geheim@127.0.0.1/x.git');
    await quickPick.message().getByText('Leave the user name and the password out').waitFor();
    await workbench.screenshot('repository-refused');
    await quickPick.input.press('Enter');
    await quickPick.message().getByText('Leave the user name and the password out').waitFor();
    await quickPick.type(`${address}#../up`);
    await quickPick.message().getByText('The folder must be inside the repository.').waitFor();
    await quickPick.cancel();
  });

  it('goes back to the address, and refuses what is no version', async () => {
    const { quickPick } = workbench;
    await start();
    await quickPick.fill(`${address}#sub`);
    await asks(/\(2\/2\)/);
    await quickPick.type('--upload-pack=x');
    await quickPick.message().getByText('No version has such a name.').waitFor();
    await quickPick.button('Back').click();
    await asks(/\(1\/2\)/);
    await becomes(() => quickPick.input.inputValue(), `${address}#sub`);
    await quickPick.cancel();
  });

  it('says what is wrong with a repository, a version and a folder', async () => {
    await fails('file:///nowhere/at/all.git', '', /nowhere\/at\/all/);
    await fails(`${address}#sub`, 'nosuch', /no commit, branch or tag nosuch/);
    await fails(`${address}#notes`, '', /There is no MLproject file in .*#notes, and no script/);
    await fails(`${address}#none`, '', /no folder none/);
  });

  it('opens the form of a version and launches that, in a folder that is gone afterwards', async () => {
    await start();
    await workbench.quickPick.fill(`${address}#sub`);
    await asks(/\(2\/2\)/);
    await workbench.quickPick.fill('v1');
    const page = await workbench.webview(/^Run main/);
    await page.frame.getByRole('heading', { name: 'Run main' }).waitFor();
    await page.frame.getByText(address).first().waitFor();
    await becomes(() => page.frame.getByLabel('Version').inputValue(), 'v1');
    await page.frame.getByLabel(/^word/).first().fill('a b');
    await workbench.screenshot('repository-form');
    await page.frame.getByRole('button', { name: 'Run', exact: true }).click();
    await workbench.notification(/main \(sub\) @ v1 finished: run/).waitFor({ timeout: 150_000 });
    await reads(() => workbench.terminalText(), /version one a b/);
    const script = `
import mlflow, json
[run] = mlflow.search_runs(search_all_experiments=True, output_format='list')
print('read ' + json.dumps([run.info.status, run.data.params, run.data.tags]))`;
    const [status, params, tags] = JSON.parse(/^read (.*)$/m.exec(await server.python(script))?.[1] ?? '[]');
    assert.deepEqual([status, params], ['FINISHED', { word: 'a b' }]);
    assert.equal(tags['mlflow.source.git.commit'], commits[0]);
    assert.equal(tags['mlflow.source.git.repoURL'], address);
    assert.equal(tags['mlflow.source.name'], `${address}#sub`);
  });

  it('opens the form that comes back with its window, with what was typed', async () => {
    const before = await workbench.webview(/^Run main/);
    await before.frame.getByLabel(/^word/).first().fill('kept');
    await before.frame.getByLabel('Name').fill('after the reload');
    await workbench.reload();
    const page = await workbench.webview(/^Run main/);
    await page.frame.getByRole('heading', { name: 'Run main' }).waitFor();
    await becomes(() => page.frame.getByLabel(/^word/).first().inputValue(), 'kept');
    await becomes(() => page.frame.getByLabel('Version').inputValue(), 'v1');
    await workbench.screenshot('repository-form-again');
    await page.frame.getByRole('button', { name: 'Run', exact: true }).click();
    await workbench.notification(/main \(sub\) @ v1 finished: run after the reload/).waitFor({ timeout: 150_000 });
  });

  it('offers the scripts of a project beside what it declares, and launches one with parameters', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    const page = await workbench.webview(/^Run main/);
    const entryPoint = page.frame.getByLabel('Entry point');
    await becomes(() => entryPoint.locator('option').allTextContents(), ['main', 'say.py']);
    await entryPoint.selectOption('say.py');
    await page.frame.getByRole('button', { name: 'Add parameter' }).click();
    await page.frame.getByLabel('Name of parameter 1').fill('word');
    await page.frame.getByLabel('Value of word').fill('x');
    await page.frame.getByRole('button', { name: 'Run', exact: true }).click();
    await workbench.notification(/say\.py \(sub\) @ v1 finished: run/).waitFor({ timeout: 150_000 });
    await reads(() => workbench.terminalText(), /version one --word/);
  });

  it('offers the scripts of a folder without an MLproject, and launches the one that is chosen', async () => {
    await workbench.runCommand('Notifications: Clear All Notifications');
    await start();
    await workbench.quickPick.fill(`${address}#scripts`);
    await asks(/\(2\/2\)/);
    await workbench.quickPick.fill('');
    await asks(/^Run in file:.*#scripts$/);
    await reads(async () => (await workbench.quickPick.labels()).join(), /^[^,]*prepare\.sh,[^,]*train\.py$/);
    await workbench.screenshot('repository-scripts');
    await workbench.quickPick.choose(/train\.py/);
    const page = await workbench.webview(/^Run train\.py/);
    await page.frame.getByLabel('Name of parameter 1').fill('rate');
    await page.frame.getByLabel('Value of rate').fill('0.5');
    await page.frame.getByRole('button', { name: 'Run', exact: true }).click();
    await workbench.notification(/train\.py \(scripts\) finished: run/).waitFor({ timeout: 150_000 });
    await reads(() => workbench.terminalText(), /trained \['--rate', '0\.5'\]/);
  });

  it('let no password through to any file of the window', () => {
    const files = readdirSync(workbench.stateFolder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(log|json)$/.test(entry.name))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => !file.includes('/extensions/') && !file.includes('/ext/'));
    assert.ok(
      files.some((file) => /Flowdeck\.log$/.test(file)),
      'the extension has written a log',
    );
    assert.deepEqual(
      files.filter((file) => readFileSync(file, 'utf8').includes('geheim')),
      [],
    );
  });
});
