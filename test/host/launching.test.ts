import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { until } from '../support/processTree';
import { pressBack, Script, workspaceFolder } from './connectionsHarness';
import { generations } from './generations';
import { Launching } from './launchHarness';
import { canary, evil, root } from './projectsHarness';

for (const version of generations) {
  describe(`launching projects with MLflow ${version}`, () => {
    let launching: Launching;
    const launched = { main: '', file: '' };

    before(async () => {
      launching = await Launching.start(version);
    });
    after(() => launching?.dispose());

    it('passes parameters as they are: nothing of them is executed', async () => {
      const { executeCommand } = vscode.commands;
      const executed: unknown[][] = [];
      Object.assign(vscode.commands, {
        executeCommand: async (...args: unknown[]) => void (args[0] === 'setContext' || executed.push(args)),
      });
      const { script, runId, ended } = await launching.launch(
        'main',
        { nothing: evil(), '0.5': '1e-3' },
        'Open Charts',
      );
      assert.equal((await launching.run(runId)).status, 'RUNNING');
      await ended(/^main \(launching\) finished: run /).finally(() =>
        Object.assign(vscode.commands, { executeCommand }),
      );
      assert.deepEqual(executed, [['flowdeck.charts.open', runId]]);
      const titles = script.shown.filter(({ kind }) => kind === 'input' || kind === 'pick').map(({ title }) => title);
      assert.deepEqual(titles, ['Run main', 'Run main', 'Run main', 'Run main']);
      const answered = script.shown.filter(({ title }) => title === 'Run main').map(({ step, value }) => [step, value]);
      assert.deepEqual(answered, [
        ['1/4', 'nothing'],
        ['2/4', '0.5'],
        ['3/4', '.'],
        ['4/4', ''],
      ]);
      assert.deepEqual(script.shown.at(-1)?.choices, ['Open Charts', 'Show Run']);
      const written = JSON.parse(fs.readFileSync(path.join(root(), 'out.json'), 'utf8'));
      assert.deepEqual(written, { argv: [evil(), '1e-3', root()], cwd: root(), run: runId });
      assert.equal(fs.existsSync(canary()), false);
      assert.equal((await launching.run(runId)).status, 'FINISHED');
      launched.main = runId;
    });

    it('remembers the answers, checks them, goes back, and launches nothing when it is left', async () => {
      const before = launching.revealed.length;
      const replies = ['a', pressBack, 'b', '0.25', 'nowhere', undefined];
      const script = new Script(() => replies.shift());
      await launching.table.run('flowdeck.projects.runEntryPoint', await launching.rowOf('main'));
      script.restore();
      assert.deepEqual(
        script.shown.map(({ step, value, validation }) => [step, value, validation]),
        [
          ['1/4', evil(), ''],
          ['2/4', '1e-3', ''],
          ['1/4', 'a', ''],
          ['2/4', '1e-3', ''],
          ['3/4', '.', ''],
          ['3/4', 'nowhere', 'There is no file or folder nowhere.'],
        ],
      );
      const refused = new Script(({ message }) => (message === '0.5' ? 'fast' : message));
      await launching.table.run('flowdeck.projects.runEntryPoint', await launching.rowOf('main'));
      refused.restore();
      assert.equal(refused.shown.length, 2);
      assert.equal(launching.revealed.length, before);
    });

    it('runs a task of tasks.json in the same way', async () => {
      const folder = path.join(workspaceFolder(), '.vscode');
      fs.mkdirSync(folder, { recursive: true });
      const task = {
        label: 'from the file',
        type: 'flowdeck',
        project: './launching',
        entryPoint: 'needy',
        parameters: { must: 0.25, extra: 'a b' },
        experiment: 'from tasks.json',
        runName: 'named by the file',
      };
      fs.writeFileSync(path.join(folder, 'tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [task] }));
      let found: vscode.Task | undefined;
      await until(
        async () => {
          found = (await vscode.tasks.fetchTasks()).find(({ name }) => name === 'from the file');
          return found !== undefined;
        },
        () => 'the task is not listed',
      );
      assert.ok(found);
      const script = new Script(() => undefined);
      await vscode.tasks.executeTask(found);
      await until(
        () => script.shown.some(({ message }) => /^needy \(launching\) finished: run named by the file/.test(message)),
        () => `the task did not end: ${launching.reported} ${JSON.stringify(script.shown)}`,
        40_000,
      );
      script.restore();
      const { store: questions } = await launching.connections.require();
      const experiment = await questions.getExperimentByName('from tasks.json');
      const { items } = await questions.searchRuns({ experimentIds: [experiment?.experimentId ?? ''] });
      assert.equal(items.length, 1);
      launched.file = items[0]?.runId ?? '';
      const written = JSON.parse(fs.readFileSync(path.join(root(), 'needy.json'), 'utf8'));
      assert.deepEqual(written.argv, ['0.25', '--extra', 'a b']);
    });

    it('creates no run for what cannot be run', async () => {
      const { store: questions } = await launching.connections.require();
      const launches = await questions.getExperimentByName('launches');
      const experimentIds = [launches?.experimentId ?? ''];
      const count = async () => (await questions.searchRuns({ experimentIds, viewType: 'ALL' })).items.length;
      const before = await count();
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder);
      const attempt = async (change: object, complaint: RegExp) => {
        launching.reported.length = 0;
        const base = { project: 'launching', experiment: 'launches', parameters: new Map<string, string>() };
        await launching.tasks.run({ ...base, entryPoint: 'main', ...change }, folder);
        await until(
          () => launching.reported.length > 0,
          () => `nothing was said of ${JSON.stringify(change)}`,
        );
        assert.match(launching.reported.join(), complaint);
      };
      await attempt({ entryPoint: 'needy' }, /must has no default/);
      await attempt({ entryPoint: 'nobody' }, /no entry point nobody, only: main, needy, fails, forever/);
      await attempt({ project: 'launching/none' }, /no MLproject file in/);
      await attempt({ parameters: new Map([['folder', 'nowhere']]) }, /no file or folder nowhere/);
      await attempt({ parameters: new Map([['a;b', '1']]) }, /"a;b"/);
      const file = path.join(root(), 'odd', 'MLproject');
      fs.mkdirSync(path.dirname(file), { recursive: true });
      try {
        for (const [command, complaint] of [
          ['x {rtae}', /main: No parameter is named rtae, so .* Is it rate\?/],
          ["awk '{print}'", /main: No parameter is named print/],
          ['x {', /main: A brace that stands alone/],
          ['x {0}', /main: \{0\} names no parameter/],
          ['x {rate[9]}', /main: MLflow cannot fill \{rate\[9\]\}/],
        ] as const) {
          const point = { parameters: { rate: { default: '1' } }, command };
          fs.writeFileSync(file, JSON.stringify({ entry_points: { main: point } }));
          await attempt({ project: 'launching/odd' }, complaint);
        }
      } finally {
        fs.rmSync(path.dirname(file), { recursive: true });
      }
      if (version === '2.15.1') await attempt({ environmentManager: 'uv' }, /cannot make uv environments/);
      assert.equal(await count(), before);
      launching.reported.length = 0;
    });

    it('leaves runs as MLflow itself would, for the official client to read', async () => {
      const [main, file] = await launching.readBack(launched.main, launched.file);
      assert.deepEqual([main?.status, main?.ended], ['FINISHED', true]);
      assert.deepEqual([file?.status, file?.ended], ['FINISHED', true]);
      assert.deepEqual(main?.params, { text: evil(), rate: '1e-3', folder: '.' });
      assert.deepEqual(file?.params, { must: '0.25', extra: 'a b' });
      assert.deepEqual([main?.experiment, file?.experiment], ['launches', 'from tasks.json']);
      const tags = main?.tags ?? {};
      assert.equal(tags['mlflow.source.name'], `file://${workspaceFolder()}#launching`);
      assert.equal(tags['mlflow.source.type'], 'PROJECT');
      assert.equal(tags['mlflow.project.entryPoint'], 'main');
      assert.equal(tags['mlflow.project.backend'], 'local');
      assert.match(tags['mlflow.source.git.commit'] ?? '', /^[0-9a-f]{40}$/);
      assert.deepEqual([tags['mlflow.source.git.branch'], tags['mlflow.source.git.dirty']], ['main', 'true']);
    });
  });
}
