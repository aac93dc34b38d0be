import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { askForLaunch } from '../../src/projects/form/launchForm';
import { taskFolder } from '../../src/projects/tasks/taskFolder';
import { until } from '../support/processTree';
import { pressBack, pressButton, Script, workspaceFolder } from './connectionsHarness';
import { LaunchLab, labFiles } from './launchLab';

describe('tasks that a person runs from a list', function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('listed');
    const needy = 'needs:\n    parameters: {rate: float, data: path, note: {default: "a b"}}';
    const blank = 'blank:\n    parameters: {text: string, own: {type: string, default: "x"}}';
    lab.write({
      MLproject:
        `${labFiles.MLproject}  ${needy}\n    command: "python say.py {rate} {data} {note}"\n` +
        `  ${blank}\n    command: "python say.py {text} {own}"\n`,
    });
    lab.store.refresh();
  });
  after(() => lab?.close());

  const runListed = async (listed = 'needs (listed)') => {
    const task = (await lab.tasks.provideTasks()).find(({ name }) => name === listed);
    assert.ok(task);
    lab.reported.length = 0;
    await vscode.tasks.executeTask(task);
  };

  it('ask for what has no default, and nothing else, and begin with the last answers', async () => {
    const finished = (script: Script) =>
      until(
        () => script.shown.some(({ message }) => /^needs \(listed\) finished/.test(message)),
        () => `${lab.reported} ${JSON.stringify(script.shown)}`,
        90_000,
      ).finally(() => script.restore());
    const answers = ['0.5', pressBack, '0.25', 'nowhere', 'value.txt'];
    const script = new Script(({ kind }) => (kind === 'input' ? answers.shift() : undefined));
    await runListed();
    await finished(script);
    assert.deepEqual(
      script.shown
        .filter(({ kind }) => kind === 'input')
        .map(({ step, message, value, validation }) => [step, message, value, validation]),
      [
        ['1/2', 'float', '', ''],
        ['2/2', 'path', '', ''],
        ['1/2', 'float', '0.5', ''],
        ['2/2', 'path', '', ''],
        ['2/2', 'path', 'nowhere', 'There is no file or folder nowhere.'],
      ],
    );
    const said = () => JSON.parse(fs.readFileSync(path.join(lab.folder, 'said.json'), 'utf8'));
    const [rate, file, note] = said();
    assert.deepEqual([rate, path.basename(file), note], ['0.25', 'value.txt', 'a b']);
    const second = new Script(({ kind, value }) => (kind === 'input' ? value : undefined));
    await runListed();
    await finished(second);
    assert.equal(said()[0], '0.25');
  });

  it('take an empty text where a person says that it is one', async () => {
    const script = new Script(({ kind }) => (kind === 'input' ? pressButton('Give Empty Text') : undefined));
    await runListed('blank (listed)');
    await until(
      () => script.shown.some(({ message }) => /^blank \(listed\) finished/.test(message)),
      () => `${lab.reported} ${JSON.stringify(script.shown)}`,
      90_000,
    ).finally(() => script.restore());
    assert.equal(script.shown.filter(({ kind }) => kind === 'input').length, 1);
    assert.deepEqual(JSON.parse(fs.readFileSync(path.join(lab.folder, 'said.json'), 'utf8')), ['', 'x']);
    // The official client reads what it would have written.
    const read = `
from mlflow import MlflowClient
run = MlflowClient().search_runs(['0'], order_by=['attributes.start_time DESC'])[0]
print('read', [run.data.params['text'], run.data.params['own']])`;
    assert.match(await lab.server.python(read), /^read \['', 'x'\]$/m);
  });

  it('is asked for by the quick picks in the same way, and an empty box is none', async () => {
    const found = (await lab.store.get()).find((project) => project.path === 'listed');
    assert.ok(found && 'project' in found.content);
    const entryPoint = found.content.project.entryPoints.find(({ name }) => name === 'blank');
    assert.ok(entryPoint);
    const { store } = await lab.connections.require();
    const asked = async (...replies: (string | undefined)[]) => {
      const script = new Script(() => replies.shift());
      const earlier = () => [];
      const form = { found, entryPoint, store, lastValues: new Map<string, string>(), lastExperiment: 'lab', earlier };
      const answers = await askForLaunch({ ...form, fromRun: async () => undefined }).finally(() => script.restore());
      return answers && [...answers.values];
    };
    const empty = pressButton('Give Empty Text');
    assert.deepEqual(await asked(empty, '', 'lab'), [
      ['text', ''],
      ['own', ''],
    ]);
    assert.equal(await asked('', '', 'lab'), undefined, 'Enter in an empty box is refused');
    // Of what nobody has answered the form begins without a value.
    assert.deepEqual(await asked(pressButton('All Options…')), [['own', 'x']]);
    assert.deepEqual(await asked(empty, pressButton('All Options…')), [
      ['text', ''],
      ['own', 'x'],
    ]);
  });

  it('launch nothing when the person gives no answer', async () => {
    const { store } = await lab.connections.require();
    const count = async () => (await store.searchRuns({ experimentIds: ['0'] })).items.length;
    const before = await count();
    const script = new Script(() => undefined);
    await runListed();
    await until(
      () => lab.reported.length > 0,
      () => 'nothing came of it',
    );
    script.restore();
    assert.match(lab.reported.join(), /^run needs: .*Cancel/);
    assert.equal(await count(), before);
  });

  it('run in the folder that they name, or that has their entry point, where they stand in none', async () => {
    const name = path.basename(workspaceFolder());
    const task = { project: 'listed', entryPoint: 'main' };
    assert.equal((await taskFolder(task, undefined)).uri.fsPath, workspaceFolder());
    assert.equal((await taskFolder({ ...task, folder: name }, undefined)).name, name);
    await assert.rejects(taskFolder({ ...task, folder: 'nosuch' }, undefined), {
      message: `There is no open folder nosuch, only: ${name}.`,
    });
  });
});
