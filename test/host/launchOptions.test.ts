import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { experimentIdOf } from '../../src/projects/launch/launch';
import { git, LaunchLab } from './launchLab';

describe('launching with more than an entry point', function () {
  // Several launches each, on a machine that may be busy with other things.
  this.timeout(240_000);
  let lab: LaunchLab;

  before(async () => {
    lab = await LaunchLab.open('lab');
  });
  after(() => lab?.close());

  it('launches another version from a working tree of its own, and takes that away again', async () => {
    const old = git(lab.folder, 'rev-parse', 'HEAD');
    git(lab.folder, 'branch', 'old');
    lab.write({ 'value.txt': '5' });
    lab.commit('five');
    lab.write({ 'value.txt': '7' });
    const { run, ended } = await lab.run(lab.request('main', { factor: '2' }, { version: 'old' }));
    assert.equal(ended.result, 'FINISHED');
    assert.equal(run.metrics.score?.value, 6);
    const { tags } = run;
    assert.equal(tags['mlflow.source.git.commit'], old);
    assert.equal(tags['mlflow.source.git.branch'], 'old');
    assert.equal(tags['mlflow.source.git.dirty'], 'false');
    assert.equal(tags['mlflow.source.name'], `file://${lab.folder}`);
    assert.equal(fs.readFileSync(path.join(lab.folder, 'value.txt'), 'utf8'), '7');
    assert.equal(git(lab.folder, 'rev-parse', '--is-shallow-repository'), 'false');
    assert.deepEqual([lab.worktrees(), git(lab.folder, 'worktree', 'list').split('\n').length], [[], 1]);
    git(lab.folder, 'checkout', '-q', '--', '.');
  });

  it('launches a project of an address, and keeps a working tree in which something was left', async () => {
    const address = `file://${lab.folder}`;
    const request = lab.request('say', { text: 'from afar' }, { repository: address, project: '', version: 'main' });
    const { run } = await lab.run(request);
    assert.equal(run.status, 'FINISHED');
    assert.equal(run.tags['mlflow.source.name'], address);
    assert.equal(run.tags['mlflow.source.git.repoURL'], address);
    // said.json is ignored by git, and still is the work of the run.
    const [kept] = lab.worktrees();
    assert.ok(kept);
    const said = fs.readFileSync(path.join(lab.storage, 'projects', 'worktrees', kept, 'said.json'), 'utf8');
    assert.deepEqual(JSON.parse(said), ['from afar']);
    const secret = lab.request('say', {}, { repository: 'https://ann:geheim@127.0.0.1/x.git', project: '' });
    await assert.rejects((await lab.start(secret)).ended, (error: Error) => {
      assert.match(error.message, /holds a user name, a password or a query/);
      assert.doesNotMatch(error.message, /geheim/);
      return true;
    });
  });

  it('makes a new experiment once for launches that ask for it at the same time', async () => {
    const { store } = await lab.connections.require();
    const ask = () => {
      let looked = false;
      return experimentIdOf(
        {
          createExperiment: (name) => store.createExperiment(name),
          // Each looks before the other has made it.
          getExperimentByName: async (name) => {
            if (looked) return store.getExperimentByName(name);
            looked = true;
            return undefined;
          },
        },
        'at once',
      );
    };
    const [one, other] = await Promise.all([ask(), ask()]);
    assert.equal(one, other);
    assert.equal((await store.getExperimentByName('at once'))?.experimentId, one);
  });

  it('executes nothing of values, folders, scripts, branches and arguments', async () => {
    const canary = path.join(lab.storage, 'canary');
    const nasty = [
      `$(touch ${canary})`,
      `\`touch ${canary}\``,
      `'; touch ${canary}; '`,
      `"; touch ${canary} #`,
      `\n touch ${canary} \n`,
      `-P x=y`,
      `--run-id=${'a'.repeat(32)}`,
      `| tee ${canary}`,
      `&& touch ${canary}`,
      `\\'; touch ${canary} #`,
      'ünïcödé \u202e 😀 \u2028',
      '{text} {{x}} %(x)s $HOME ~ * ?',
      '../../../etc/passwd',
    ];
    const names = nasty.map((_, at) => `p${at}`);
    // Braces are Python's format language; no character of these has a meaning there.
    const folder = `odd $(touch canary) 'a' "b"; #c é`;
    const script = `it's $(touch canary) "x".py`;
    const parameters = names.map((name) => `      ${name}: string`).join('\n');
    const words = names.map((name) => `{${name}}`).join(' ');
    lab.write({
      [`${folder}/MLproject`]: `entry_points:\n  main:\n    parameters:\n${parameters}\n    command: "python say.py ${words}"\n`,
      [`${folder}/say.py`]: 'import json, sys\njson.dump(sys.argv[1:], open("said.json", "w"))\n',
      [`${folder}/${script}`]: 'import json, sys\njson.dump(sys.argv[1:], open("script.json", "w"))\n',
    });
    lab.commit('odd');
    const branch = `x$(touch\${IFS}canary);'"&|é`;
    git(lab.folder, 'branch', branch);
    const request = {
      ...lab.request('main', Object.fromEntries(names.map((name, at) => [name, nasty[at] ?? '']))),
      project: `lab/${folder}`,
      runName: nasty[0] ?? '',
    };
    const { run } = await lab.run(request);
    assert.equal(run.status, 'FINISHED');
    const place = path.join(lab.folder, folder);
    assert.deepEqual(JSON.parse(fs.readFileSync(path.join(place, 'said.json'), 'utf8')), nasty);
    assert.deepEqual([{ ...run.params }, run.name], [Object.fromEntries(request.parameters), nasty[0]]);
    const second = await lab.run({
      ...request,
      entryPoint: script,
      parameters: new Map([['extra', nasty[0] ?? '']]),
      version: branch,
    });
    assert.equal(second.run.status, 'FINISHED');
    assert.equal(second.run.tags['mlflow.source.git.branch'], branch);
    const canaries = [canary, ...[lab.folder, place, lab.storage].map((at) => path.join(at, 'canary'))];
    assert.deepEqual(
      canaries.filter((file) => fs.existsSync(file)),
      [],
    );
    for (const version of ['--upload-pack=x', '-x', 'a b', 'main:value.txt', 'nowhere'])
      await assert.rejects((await lab.start(lab.request('say', {}, { version }))).ended, /version|no commit|branch/);
  });

  it('puts the traceback of a failing program into Problems, at the project’s own line, with every frame', async () => {
    const { ended } = await lab.run(lab.request('breaks'));
    assert.deepEqual([ended.result, ended.exitCode], ['FAILED', 1]);
    const file = vscode.Uri.file(path.join(lab.folder, 'inner.py'));
    const [problem] = vscode.languages.getDiagnostics(file);
    assert.equal(problem?.message, 'ValueError: no such thing: x');
    assert.equal(problem.range.start.line, 1);
    assert.deepEqual(
      problem.relatedInformation?.map(({ location, message }) => [
        path.basename(location.uri.fsPath),
        location.range.start.line,
        message,
      ]),
      [
        ['inner.py', 1, 'load'],
        ['breaks.py', 2, '<module>'],
      ],
    );
    lab.write({ 'breaks.py': 'print("mended")\n' });
    await lab.run(lab.request('breaks'));
    assert.deepEqual(vscode.languages.getDiagnostics(file), []);
  });
});
