import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { FormSession, type FormTarget } from '../../src/projects/form/formSession';
import { askForRepository } from '../../src/projects/form/remoteProject';
import { ProjectCommands } from '../../src/projects/projectCommands';
import { LaunchMemory } from '../../src/projects/tasks/launchMemory';
import { bareProject } from '../../src/projects/view/projectsStore';
import { scriptsIn } from '../../src/projects/view/scriptFiles';
import { toolsPython, withEnvironment } from '../support/launchTools';
import { memento } from '../support/memento';
import { until } from '../support/processTree';
import { runsOver, Script, type Shown } from './connectionsHarness';
import { generations } from './generations';
import { git, LaunchLab } from './launchLab';

const [version = '3.17.2'] = generations;

/** Says which version of it ran, and what it was given. */
const train = (stage: number) => `import json, os, sys
sys.path.append("..")
import lab
lab.metric("stage", ${stage})
with open(os.path.join(os.environ["SAID_IN"], os.environ["MLFLOW_RUN_ID"]), "w") as out:
    json.dump([os.path.basename(os.getcwd()), *sys.argv[1:]], out)
`;

describe(`scripts where there is no MLproject, with MLflow ${version}`, function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;
  let first: string;
  let restore = () => {};
  const kept = memento({});

  before(async () => {
    lab = await LaunchLab.open('scripting', version, toolsPython(version));
    lab.write({
      'plain/train.py': train(1),
      'plain/tools/run.sh': 'echo "$@"\n',
      'plain/tools/__init__.py': '',
      'plain/tools/a{b}.py': '',
      'plain/notes.md': '',
      'plain/.hidden/x.py': '',
      'plain/env/pyvenv.cfg': '',
      'plain/env/lib/y.py': '',
      'plain/backend.json': JSON.stringify({ program: 'train.py' }),
      'alone/only.py': 'print("only")\n',
      'empty/notes.md': '',
    });
    first = lab.commit('scripts');
    lab.write({ 'plain/train.py': train(2) });
    lab.commit('newer');
    const said = path.join(lab.storage, 'said');
    fs.mkdirSync(said);
    restore = withEnvironment({ SAID_IN: said });
  });
  after(async () => {
    restore();
    await lab?.close();
  });

  const place = (...names: string[]) => vscode.Uri.file(path.join(lab.folder, ...names));
  const openFolder = () => vscode.workspace.workspaceFolders?.[0] ?? assert.fail();
  const memory = () => new LaunchMemory(kept);
  const said = (runId: string): string[] => JSON.parse(fs.readFileSync(path.join(lab.storage, 'said', runId), 'utf8'));
  const sessionOf = (target: FormTarget) => {
    const { platform, connections, store, tasks } = lab;
    const runs = runsOver(connections, lab.picked, []);
    return new FormSession({ platform, connections, runs, tasks, memory: memory(), store }, target);
  };
  const trainTarget = (): FormTarget => ({
    found: bareProject(place('plain'), openFolder(), 'scripting/plain'),
    entryPoint: 'train.py',
  });
  /** Starts what is chosen, and waits until so many runs of the experiment have ended. */
  const started = async (session: FormSession, change: object, count = 1) => {
    const before = (await lab.runs()).length;
    const model = await session.model();
    const check = await session.start({ ...model.choice, experiment: 'lab', ...change }, false, model.server);
    assert.deepEqual(check.problems, {});
    const made = async () => (await lab.runs()).slice(before);
    await until(
      async () => (await made()).filter(({ endTime }) => endTime !== undefined).length === count,
      () => `it did not end: ${lab.reported} ${lab.lines.slice(-5).join('; ')}`,
      120_000,
    );
    return made();
  };
  const row = (name: string, value: string, varied = false) => ({ name, value, varied });

  it('are found: those in the folder first, and none of what was installed there', async () => {
    const { signal } = new AbortController();
    assert.deepEqual(await scriptsIn(place('plain'), signal), ['train.py', 'tools/run.sh']);
    assert.deepEqual(await scriptsIn(place('plain', 'env'), signal), []);
    assert.deepEqual(await scriptsIn(place('nowhere'), signal), []);
  });

  const asked: Shown[] = [];
  const run = async (folder: vscode.Uri | undefined, answer: (shown: Shown) => string | undefined) => {
    asked.length = 0;
    const script = new Script((shown) => {
      asked.push(shown);
      return answer(shown);
    });
    try {
      const { tasks, connections, store, platform } = lab;
      new ProjectCommands(store, tasks, connections, memory(), runsOver(connections, lab.picked, [])).register(
        platform,
      );
      await lab.table.run('flowdeck.projects.runFolder', folder);
    } finally {
      script.restore();
    }
  };

  it('chosen in a folder, one is asked for its options and its experiment, and runs from that folder', async () => {
    const before = (await lab.runs()).length;
    const answers = { quickPick: 'train.py', input: `--rate 0.1 --note "it's $(id)"`, pick: 'lab' };
    await memory().remember('other', new Map(), 'lab');
    await run(place('plain'), ({ kind }) => answers[kind as keyof typeof answers]);
    assert.deepEqual(asked[0]?.choices, ['$(file-code) train.py', '$(file-code) tools/run.sh']);
    assert.deepEqual(
      asked.slice(1, 3).map(({ kind, step }) => [kind, step]),
      [
        ['input', '1/2'],
        ['pick', '2/2'],
      ],
    );
    await until(
      async () => (await lab.runs())[before]?.status === 'FINISHED',
      () => `it did not end: ${lab.reported}`,
      90_000,
    );
    const made = (await lab.runs())[before] ?? assert.fail();
    assert.deepEqual(said(made.runId), ['plain', '--rate', '0.1', '--note', "it's $(id)"]);
    assert.deepEqual({ ...made.params }, { rate: '0.1', note: "it's $(id)" });
    assert.equal(made.tags['mlflow.project.entryPoint'], 'train.py');
    // What was answered is there the next time.
    await run(place('plain'), ({ kind }) => (kind === 'quickPick' ? 'train.py' : undefined));
    assert.equal(asked[1]?.value, `--rate 0.1 --note 'it'\\''s $(id)'`);
  });

  it('are not asked for where there is one alone; a declared entry point stands before scripts', async () => {
    await run(place('alone'), () => undefined);
    assert.deepEqual(
      asked.map(({ kind, title }) => [kind, title]),
      [['input', 'Run only.py']],
    );
    await run(place(), () => undefined);
    const [{ choices = [] } = {}] = asked;
    assert.deepEqual(choices.slice(0, 2), ['$(play-circle) main', '$(play-circle) say']);
    assert.ok(choices.includes('$(file-code) plain/train.py'));
  });

  it('are missed where there is none, and nothing is run in no open folder', async () => {
    await assert.rejects(
      run(place('empty'), () => undefined),
      /no MLproject file in .*empty, and no script/,
    );
    await assert.rejects(
      run(vscode.Uri.file('/etc'), () => undefined),
      /\/etc is in no open folder/,
    );
    lab.write({ 'empty/MLproject': 'entry_points: 5\n' });
    await assert.rejects(
      run(place('empty'), () => undefined),
      /empty\/MLproject: /,
    );
  });

  it('has a form: what it was given last, experiment, name and a sweep of two by two', async () => {
    const session = sessionOf(trainTarget());
    const model = await session.model();
    assert.deepEqual(
      model.entryPoints.map(({ name, command, parameters }) => [name, command, parameters.length]),
      [['train.py', 'python train.py', 0]],
    );
    assert.deepEqual(model.choice.extra, [row('rate', '0.1'), row('note', "it's $(id)")]);
    const extra = [row('rate', '0.1, 0.2', true), row('--kind', 'a, b c', true), row('note', 'x')];
    const varied = { ...model.choice, extra };
    assert.deepEqual(await session.examine(varied), { problems: {}, runs: 4 });
    const bad = { ...model.choice, extra: [row('a', '1'), row('a', '2'), row('', '3'), row('b;c', '4')] };
    assert.deepEqual((await session.examine(bad)).problems, {
      a: 'There are two parameters of this name.',
      '': 'A parameter needs a name.',
      'b;c': 'No parameter of the name "b;c" can be passed to MLflow.',
    });
    assert.deepEqual(Object.keys((await session.start(bad, false, model.server)).problems), ['a', '', 'b;c']);
    const sweep = { ...model.choice.sweep, parallel: '2' };
    const [parent, ...children] = await started(session, { extra, runName: 'two by two', sweep }, 5);
    assert.deepEqual([parent?.name, parent?.status], ['two by two', 'FINISHED']);
    assert.ok(children.every(({ tags }) => tags['mlflow.parentRunId'] === parent?.runId));
    const words = children.map(({ runId }) => said(runId).slice(1));
    const note = ['--note', 'x'];
    assert.deepEqual(
      words.map((given) => given.join(' ')).sort(),
      ['0.1', '0.2'].flatMap((rate) => ['a', 'b c'].map((kind) => [...note, '--rate', rate, '--kind', kind].join(' '))),
    );
    assert.deepEqual(children.map(({ params }) => `${params.rate} ${params.kind} ${params.note}`).sort(), [
      '0.1 a x',
      '0.1 b c x',
      '0.2 a x',
      '0.2 b c x',
    ]);
    const [latest] = (await session.model()).history;
    assert.deepEqual(latest?.choice.extra, [
      row('note', 'x'),
      row('rate', '0.1, 0.2', true),
      row('kind', 'a, b c', true),
    ]);
  });

  it('takes the params of a run, in place of those of the same name', async () => {
    const [latest] = (await lab.runs()).toReversed();
    lab.picked.splice(0, 1, latest?.runId ?? '');
    assert.deepEqual(await sessionOf(trainTarget()).paramsOfRun('train.py'), { ...latest?.params });
  });

  it('runs at another version, from a working tree of its own', async () => {
    const [run] = await started(sessionOf(trainTarget()), {
      version: first,
      extra: [row('rate', '3')],
      runName: 'before',
    });
    assert.deepEqual([run?.status, run?.name, run?.tags['mlflow.source.git.commit']], ['FINISHED', 'before', first]);
    assert.equal(run?.metrics.stage?.value, 1);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'plain', 'train.py'), 'utf8'), train(2));
    await until(
      () => lab.worktrees().length === 0,
      () => `left: ${lab.worktrees()}`,
    );
  });

  it('says which script another version does not have', async () => {
    const version = git(lab.folder, 'rev-parse', `${first}~1`);
    const early = lab.request('train.py', {}, { project: 'scripting/plain', version });
    await assert.rejects((await lab.start(early)).ended, /no folder plain at commit/);
    const gone = lab.request('gone.py', {}, { project: 'scripting/plain', version: first });
    await assert.rejects((await lab.start(gone)).ended, /There is no file gone\.py in .*plain/);
  });

  it('goes to a backend with its configuration file', async () => {
    const [run] = await started(sessionOf(trainTarget()), {
      backend: 'flowdeck-test',
      backendConfig: 'scripting/plain/backend.json',
      extra: [row('rate', '5')],
      runName: 'elsewhere',
    });
    assert.deepEqual([run?.name, run?.tags['mlflow.project.backend']], ['elsewhere', 'flowdeck-test']);
  });

  it('of a repository without an MLproject is chosen, and launched from a copy', async () => {
    const bare = path.join(lab.storage, 'afar.git');
    execFileSync('git', ['clone', '-q', '--bare', lab.folder, bare]);
    const url = `${pathToFileURL(bare).href}#plain`;
    const choices: (readonly string[])[] = [];
    const script = new Script(({ kind, step, choices: offered }) => {
      if (kind === 'quickPick') choices.push(offered);
      return kind === 'quickPick' ? 'train.py' : step === '1/2' ? url : '';
    });
    const target = await askForRepository(await lab.tasks.shared()).finally(() => script.restore());
    assert.ok(target);
    assert.deepEqual(choices, [['$(file-code) train.py', '$(file-code) tools/run.sh']]);
    assert.deepEqual([target.entryPoint, target.found.path], ['train.py', 'plain']);
    const session = sessionOf(target);
    assert.equal((await session.model()).isRemote, true);
    const [run] = await started(session, { extra: [row('rate', '7')] });
    assert.deepEqual([run?.status, { ...run?.params }], ['FINISHED', { rate: '7' }]);
    assert.equal(run?.tags['mlflow.source.name'], url);
  });
});
