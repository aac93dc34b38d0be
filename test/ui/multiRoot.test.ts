import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { commit, makeRepository } from '../live/gitFixture';
import { reads } from '../support/eventually';
import { mlflowPython } from '../support/mlflowServer';
import { openScene } from './support/scene';
import type { Workbench } from './support/workbench';

const fill = `
import sys
from mlflow import MlflowClient
client = MlflowClient()
for name, commit in zip(('alpha', 'beta'), sys.argv[1:]):
    experiment = client.create_experiment(name)
    tags = {'mlflow.source.name': 'train.py', 'mlflow.source.git.commit': commit}
    client.set_terminated(client.create_run(experiment, run_name=f'run of {name}', tags=tags).info.run_id)
`;
const names = ['alpha', 'beta'] as const;
const source = (name: string, rate: string) => `import mlflow

mlflow.set_experiment("${name}")
mlflow.log_param("rate", ${rate})
`;

describe('a workspace of two repositories', () => {
  let workbench: Workbench;
  const commits: string[] = [];
  let address = '';

  openScene(
    {
      folder: 'empty',
      workspaceFile: 'both.code-workspace',
      fill: async ({ server, folder }) => {
        for (const name of names) {
          const root = makeRepository(path.join(folder, name));
          const point = (entryPoint: string) => `  ${entryPoint}:\n    command: "echo ${entryPoint} of ${name}"\n`;
          const points = [point('tell'), ...(name === 'beta' ? [point('only')] : [])].join('');
          const MLproject = `entry_points:\n${points}`;
          const files = { 'train.py': source(name, '0.1'), [`${name}.py`]: 'import train\n', MLproject };
          commits.push(commit(root, `Begin ${name}`, files));
          commit(root, `Tune ${name}`, { 'train.py': source(name, '0.2') });
        }
        address = pathToFileURL(path.join(folder, 'beta')).href;
        await server.python(fill, ...commits);
        const folders = names.map((name) => ({ path: name }));
        const task = { label: 'the one of beta', type: 'flowdeck', entryPoint: 'tell', folder: 'beta' };
        const other = { label: 'the only one', type: 'flowdeck', entryPoint: 'only' };
        const tasks = { version: '2.0.0', tasks: [task, other] };
        const settings = { 'flowdeck.python.path': mlflowPython('3.17.2') };
        writeFileSync(path.join(folder, 'both.code-workspace'), JSON.stringify({ folders, tasks, settings }));
      },
    },
    (scene) => ({ workbench } = scene),
  );

  for (const [at, name] of names.entries())
    it(`opens the source of a run of ${name} in its own repository, with what changed since`, async () => {
      const experiments = await workbench.openView('Experiments');
      await (await experiments.find(new RegExp(`^${name}`))).expand();
      const row = await experiments.find(new RegExp(`^run of ${name}`));
      await row.contextMenu('Open Source at Commit');
      await workbench.tab(`train.py (${(commits[at] ?? '').slice(0, 7)} ↔ Working Tree)`).waitFor();
      const sides = workbench.page.locator('.editor-instance .monaco-diff-editor .view-lines');
      await sides.first().getByText(`"${name}"`).waitFor();
      await sides.first().getByText('0.1').waitFor();
      await sides.last().getByText('0.2').waitFor();
      await workbench.screenshot(`multi-root-${name}`);
      await workbench.runCommand('View: Close All Editors');
    });

  for (const name of names)
    it(`shows the runs of ${name} above its code`, async () => {
      await workbench.runCommand('Go to File...');
      await workbench.quickPick.type(`${name}/train.py`);
      await workbench.quickPick.choose(new RegExp(`^train\\.py.*${name}`));
      await workbench.page
        .locator('.codelens-decoration', { hasText: `Last run: run of ${name}` })
        .first()
        .waitFor();
      await workbench.screenshot(`multi-root-lens-${name}`);
      await workbench.runCommand('View: Close All Editors');
    });

  it('says what is checked out in both', async () => {
    const experiments = await workbench.openView('Experiments');
    await experiments.find(/^At HEAD/);
    await reads(
      async () => (await experiments.rows())[0]?.description ?? '',
      /^alpha main [0-9a-f]{7}, beta main [0-9a-f]{7}$/,
    );
  });

  for (const [label, said] of [
    ['the one of beta', 'tell of beta'],
    ['the only one', 'only of beta'],
  ] as const)
    it(`runs ${label} that is a task of the workspace file in its folder`, async () => {
      await workbench.runCommand('Tasks: Run Task');
      await workbench.quickPick.type(label);
      await workbench.quickPick.choose(new RegExp(`^${label}`));
      await workbench.notification(new RegExp(`${said.split(' ')[0]} finished`)).waitFor({ timeout: 150_000 });
      await reads(() => workbench.terminalText(), new RegExp(said));
      await workbench.runCommand('Notifications: Clear All Notifications');
    });

  it('asks whose Python runs the project of an address', async () => {
    const { quickPick } = workbench;
    const asks = (title: RegExp) => reads(() => quickPick.title().catch(() => ''), title);
    await workbench.runCommand('Flowdeck: Run Project of a Git Repository…');
    await asks(/\(1\/2\)/);
    await quickPick.fill(address);
    await asks(/\(2\/2\)/);
    await quickPick.fill('');
    await asks(/^Folder of the Launch/);
    const offered = await quickPick.labels();
    assert.deepEqual(
      offered.map((label) => names.find((name) => label.includes(name))),
      names,
    );
    await workbench.screenshot('multi-root-python');
    await quickPick.cancel();
  });
});
