import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as vscode from 'vscode';
import { describedPatch } from '../../src/git/patchHead';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { askForRepository } from '../../src/projects/form/remoteProject';
import { LaunchedRun } from '../../src/projects/launch/launchedRun';
import { launchFolders } from '../../src/projects/launch/launchFolders';
import { planReproduction, type ReproducePlan } from '../../src/projects/reproduce/plan';
import { factsText, reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { git, LaunchLab, labFiles } from './launchLab';

const reads = `import os, sys, lab
place = sys.argv[1]
lab.metric("score", float(open(os.path.join(place, "in.txt") if os.path.isdir(place) else place).read()))
`;
const readsEntry = '  reads:\n    parameters: {data: {type: path}}\n    command: "python reads.py {data}"\n';
const program = `import sys
sys.path.insert(0, "..")
import lab
lab.metric("score", float(open("here.txt").read()))
`;

describe('where a reproduced run is made', function () {
  this.timeout(240_000);
  let lab: LaunchLab;
  let commit = '';
  let experimentId = '';
  let elsewhere = '';

  before(async () => {
    elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-elsewhere-'));
    lab = await LaunchLab.open('places');
    lab.write({ MLproject: `${labFiles.MLproject}${readsEntry}`, 'reads.py': reads });
    lab.write({ '.gitignore': `${labFiles['.gitignore']}data/\nsome/*.txt\n`, 'some/kept.md': '' });
    lab.write({ 'deep/only.py': program, 'deep/here.txt': '7', 'a/twice.py': '1', 'b/twice.py': '2' });
    commit = lab.commit('deep');
    experimentId = await (await lab.connections.require()).store.createExperiment('lab');
  });
  after(async () => {
    await lab?.close();
    if (elsewhere) fs.rmSync(elsewhere, { recursive: true, force: true });
  });

  /** The id of a run of a script, as MLflow records it. */
  const runOf = async (recorded: string, more: Readonly<Record<string, string>> = {}) => {
    const tags = {
      ...more,
      'mlflow.source.git.commit': commit,
      'mlflow.source.type': 'LOCAL',
      'mlflow.source.name': recorded,
    };
    const { store } = await lab.connections.require();
    return (await store.createRun({ experimentId, tags })).runId;
  };
  const planOf = async (recorded: string, more?: Readonly<Record<string, string>>): Promise<ReproducePlan> => {
    const { store } = await lab.connections.require();
    const run = await lab.get(await runOf(recorded, more));
    const { checkouts } = await lab.tasks.shared();
    return planReproduction(run, store, checkouts, launchFolders(), new AbortController().signal);
  };
  /** Until the test is over these folders are open, with the real one among them. */
  const withFolders = async <T>(
    others: readonly { readonly name: string; readonly uri: vscode.Uri }[],
    act: (real: vscode.WorkspaceFolder) => Promise<T>,
  ): Promise<T> => {
    const [real] = vscode.workspace.workspaceFolders ?? [];
    const known = Object.getOwnPropertyDescriptor(vscode.workspace, 'workspaceFolders');
    assert.ok(real && known);
    const open = [...others.map((other, index) => ({ ...other, index })), { ...real, index: others.length }];
    Object.defineProperty(vscode.workspace, 'workspaceFolders', { get: () => open, configurable: true });
    try {
      return await act(real);
    } finally {
      Object.defineProperty(vscode.workspace, 'workspaceFolders', known);
    }
  };

  it('finds a script wherever it was started from, and looks without a working tree', async () => {
    for (const [recorded, inside, name] of [
      ['only.py', 'deep', 'only.py'],
      ['./deep/only.py', '', 'deep/only.py'],
      ['../deep/only.py', '', 'deep/only.py'],
      ['/home/bob/clone/deep/only.py', '', 'deep/only.py'],
      [path.join(lab.folder, 'deep', 'only.py'), '', 'deep/only.py'],
      ['main.py', '', 'main.py'],
    ] as const) {
      const plan = await planOf(recorded);
      assert.deepEqual([plan.inside, plan.entryPoint.name, plan.commit], [inside, name, commit], recorded);
    }
    // A file that came with the run's changes.
    const added =
      'diff --git a/deep/fresh.py b/deep/fresh.py\nnew file mode 100644\n--- /dev/null\n+++ b/deep/fresh.py\n@@ -0,0 +1 @@\n+print(1)\n';
    const fresh = await planOf('fresh.py', { 'mlflow.source.git.diff': added });
    assert.deepEqual([fresh.inside, fresh.entryPoint.name], ['deep', 'fresh.py']);
    const beside = describedPatch(Buffer.from(added), { commit, leftOut: ['data.csv'], submodules: ['lib'] });
    const lacking = await planOf('fresh.py', { 'mlflow.source.git.diff': beside.toString() });
    const known = factsText(lacking);
    assert.match(known, /• Changes inside submodules are not in the patch: lib\.\n/);
    assert.match(known, /• Untracked files are not in the patch: data\.csv\.\n/);
    assert.deepEqual(lab.worktrees(), []);
  });

  it('says which repositories it could not look into, where none has the commit', async () => {
    const { store } = await lab.connections.require();
    const tags = { 'mlflow.source.git.commit': 'f'.repeat(40), 'mlflow.source.name': 'only.py' };
    lab.picked.splice(0, lab.picked.length, (await store.createRun({ experimentId, tags })).runId);
    const attempt = async () =>
      reproduceRun(await lab.tasks.shared(), lab.tasks, []).then(
        () => assert.fail('it was not refused'),
        (error: unknown) => error,
      );
    const refused = (error: unknown) => (error instanceof MlflowError ? error : assert.fail(String(error)));
    const plain = refused(await attempt());
    assert.equal(plain.message, 'No open repository has commit fffffff.');
    assert.equal(plain.details.advice, 'Open its repository, or fetch the commit there.');
    lab.write({ 'moved/.git': 'gitdir: /nowhere\n' });
    const broken = path.join(lab.folder, 'moved');
    try {
      const advice = refused(await attempt()).details.advice ?? '';
      assert.ok(advice.includes(`${broken} could not be looked into: not a git repository: /nowhere`), advice);
    } finally {
      fs.rmSync(broken, { recursive: true });
    }
  });

  it('asks where several files may be meant, and refuses before the question where there is none', async () => {
    let answer: string | undefined;
    const script = new Script(({ kind }) => (kind === 'quickPick' ? answer : undefined));
    try {
      await assert.rejects(planOf('twice.py'), { name: 'Canceled' });
      assert.deepEqual(script.shown.at(-1)?.choices, ['a/twice.py', 'b/twice.py']);
      answer = 'b/twice.py';
      const plan = await planOf('twice.py');
      assert.deepEqual([plan.inside, plan.entryPoint.name], ['b', 'twice.py']);
      lab.picked.splice(0, lab.picked.length, await runOf('gone.py'));
      const asked = script.shown.length;
      await assert.rejects(
        reproduceRun(await lab.tasks.shared(), lab.tasks, []),
        new RegExp(`At commit ${commit.slice(0, 7)} there is no file gone\\.py`),
      );
      assert.equal(script.shown.length, asked);
    } finally {
      script.restore();
    }
  });

  /** Reproduces the run that is picked, until its end is told. */
  const reproduced = async (): Promise<Script> => {
    const script = new Script(({ kind, choices }) =>
      kind === 'input' ? '' : choices.find((choice) => choice.startsWith('Reproduce with This')),
    );
    try {
      await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
      await until(
        () => script.shown.some(({ message }) => /ended as/.test(message)) || lab.reported.length > 0,
        () => `it did not end: ${JSON.stringify(script.shown)}`,
        150_000,
      );
    } finally {
      script.restore();
    }
    assert.deepEqual(lab.reported, []);
    return script;
  };

  it('launches such a script where it was started', async () => {
    const before = (await lab.runs()).length;
    lab.picked.splice(0, lab.picked.length, await runOf('only.py'));
    const script = await reproduced();
    assert.match(script.shown.find(({ detail }) => detail !== '')?.detail ?? '', /Entry point: only\.py \(deep\)/);
    const made = (await lab.runs()).slice(before).find(({ tags }) => 'flowdeck.reproduces' in tags);
    assert.deepEqual([made?.status, made?.metrics.score?.value], ['FINISHED', 7]);
  });

  it('has data that is in no commit from the open folder, and says so', async () => {
    // Of the other folder the commit has a part.
    lab.write({ 'data/in.txt': '5', 'some/in.txt': '6', 'some/code.py': '' });
    const partly = await lab.run(lab.request('reads', { data: 'some' }));
    const { store } = await lab.connections.require();
    const { checkouts } = await lab.tasks.shared();
    const { signal } = new AbortController();
    const plan = await planReproduction(partly.run, store, checkouts, launchFolders(), signal);
    assert.deepEqual([...(plan.data?.files ?? [])], [['data', ['some/in.txt']]]);
    const tree = await plan.checkout(signal, 'local');
    assert.deepEqual(fs.readdirSync(path.join(tree.folder, 'some')).sort(), ['in.txt', 'kept.md']);
    assert.equal(await tree.release(), true);
    fs.rmSync(path.join(lab.folder, 'some', 'code.py'));
    const { run } = await lab.run(lab.request('reads', { data: 'data/in.txt' }));
    assert.deepEqual([partly.run.metrics.score?.value, run.metrics.score?.value], [6, 5]);
    lab.picked.splice(0, lab.picked.length, run.runId);
    const script = await reproduced();
    const facts = script.shown.find(({ detail }) => detail !== '')?.detail ?? '';
    assert.match(facts, /• Not in that commit, so taken from the open folder: data \(data\/in\.txt\)\./);
    assert.match(script.shown.at(-1)?.message ?? '', /ended as FINISHED: 2 values are the same .*, 0 differ/);
    assert.deepEqual(lab.worktrees(), []);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'data', 'in.txt'), 'utf8'), '5');
  });

  it('launches another version with such data too, one run and a sweep, and says so', async () => {
    lab.write({ 'data/in.txt': '5', 'data/other.txt': '4' });
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    const written: string[] = [];
    const screen = { write: (text: string) => void written.push(text), size: { columns: 80, rows: 24 } };
    const request = lab.request('reads', { data: 'data/in.txt' }, { version: commit });
    const { result, runId = '' } = await new LaunchedRun(await lab.tasks.shared(), request, folder, screen).run();
    assert.deepEqual([result, (await lab.get(runId)).metrics.score?.value], ['FINISHED', 5]);
    assert.match(written.join(''), /Not in that commit, so taken from the open folder: data \(data\/in\.txt\)\./);
    const values = new Map([['data', 'data/in.txt, data/other.txt']]);
    const sweep = { method: 'grid', samples: 1, seed: 1, parallel: 2, values } as const;
    const parent = await lab.run(lab.request('reads', {}, { version: commit, sweep }));
    const children = (await lab.runs()).filter(({ tags }) => tags['mlflow.parentRunId'] === parent.run.runId);
    assert.deepEqual(children.map(({ metrics }) => metrics.score?.value).sort(), [4, 5]);
    assert.deepEqual(lab.worktrees(), []);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'data', 'other.txt'), 'utf8'), '4');
    // From the working tree such a link leads elsewhere.
    const beyond = path.join(path.dirname(lab.folder), 'beyond');
    fs.mkdirSync(beyond);
    fs.writeFileSync(path.join(beyond, 'in.txt'), '6');
    fs.symlinkSync(path.join('..', 'beyond'), path.join(lab.folder, 'beyond'));
    try {
      const { ended } = await lab.start(
        lab.request('reads', { data: 'beyond/in.txt' }, { version: lab.commit('beyond') }),
      );
      await assert.rejects(ended, /data: there is no file or folder beyond\/in\.txt/);
    } finally {
      fs.rmSync(beyond, { recursive: true });
      git(lab.folder, 'rm', '-q', 'beyond');
      lab.commit('not beyond');
    }
  });

  it('tells data inside a submodule from what its commit has', async () => {
    const library = path.join(lab.storage, 'library');
    fs.mkdirSync(library);
    git(library, 'init', '-q', '-b', 'main');
    fs.writeFileSync(path.join(library, 'in.txt'), '8');
    fs.writeFileSync(path.join(library, '.gitignore'), 'own/\n');
    git(library, 'add', '-A');
    git(library, 'commit', '-q', '-m', 'library');
    git(lab.folder, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', library, 'library');
    lab.commit('library');
    lab.write({ 'library/own/in.txt': '9' });
    const { store } = await lab.connections.require();
    const { checkouts } = await lab.tasks.shared();
    const { signal } = new AbortController();
    const planned = async (data: string) => {
      const { run } = await lab.run(lab.request('reads', { data }));
      const plan = await planReproduction(run, store, checkouts, launchFolders(), signal);
      return [run.metrics.score?.value, ...(plan.data?.files.get('data') ?? [])];
    };
    assert.deepEqual(await planned('library/in.txt'), [8]);
    assert.deepEqual(await planned('library'), [8, 'library/own']);
    assert.deepEqual(await planned('library/own/in.txt'), [9, 'library/own/in.txt']);
    const again = await lab.run(lab.request('reads', { data: 'library/own/in.txt' }, { version: 'main' }));
    assert.equal(again.run.metrics.score?.value, 9);
    assert.deepEqual(lab.worktrees(), []);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'library', 'own', 'in.txt'), 'utf8'), '9');
    git(lab.folder, 'rm', '-q', '-f', 'library');
    fs.rmSync(path.join(lab.folder, 'library'), { recursive: true, force: true });
    lab.commit('no library');
  });

  it('takes the Python of the folder that its repository is in, not that of the first one', async () => {
    const api = { name: 'api', uri: vscode.Uri.file(elsewhere) };
    const virtual = { name: 'web', uri: vscode.Uri.parse('vscode-vfs://github/ada/web') };
    const url = pathToFileURL(lab.folder).href;
    await withFolders([virtual, api], async (real) => {
      assert.equal((await planOf('main.py')).folder.uri.fsPath, real.uri.fsPath);
      const script = new Script(({ kind, step, message }) =>
        kind === 'quickPick' ? (/Whose Python/.test(message) ? 'api' : undefined) : step === '1/2' ? url : '',
      );
      try {
        const target = await askForRepository(await lab.tasks.shared());
        assert.deepEqual([target?.found.folder.name, target?.entryPoint], ['api', 'main']);
        assert.equal(script.shown.at(-1)?.choices.length, 2, 'only what is on disk is offered');
      } finally {
        script.restore();
      }
    });
  });
});
