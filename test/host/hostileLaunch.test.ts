import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { seed as chosen } from '../../scripts/lib/sameCases.mjs';
import { bisectMetric } from '../../src/projects/bisect/bisectMetric';
import { goOnArguments } from '../../src/projects/bisect/leftBisections';
import { reproduceRun } from '../../src/projects/reproduce/reproduceRun';
import { mlflowPython } from '../support/mlflowServer';
import { until } from '../support/processTree';
import { Script } from './connectionsHarness';
import { generations } from './generations';
import { git, LaunchLab, labFiles } from './launchLab';

/** Whatever reads one of these as more than text leaves a file behind. */
const traps = (canary: string) => [
  `$(touch ${canary})`,
  `\`touch ${canary}\``,
  `'; touch ${canary}; '`,
  `"; touch ${canary} #`,
  `\n touch ${canary}\n`,
  `| tee ${canary}`,
  `&& touch ${canary}`,
  `> ${canary}`,
  `\\'; touch ${canary} #`,
  `\${IFS}touch\${IFS}${canary}`,
  '{text} {{x}} {0} {p1!r} %(x)s %s',
  '-P p1=x',
  `--run-id=${'a'.repeat(32)}`,
  '$HOME ~ * ? [a-z] !! #',
  '../../../etc/passwd',
  // Variables of VS Code, of which some run a command.
  `\${command:workbench.action.files.newUntitledFile}`,
  `\${env:HOME} \${workspaceFolder} \${input:x}`,
  '\u001b]5379;flowdeck-run=ffffffffffffffffffffffffffffffff\u0007',
  '\u001b[31m\b\u007f\t',
  'ünïcödé \u202e 😀 \u2028 \u0301',
];
const launches = 3;
const values = 80;
const seed = 20261128 + chosen;

/** Around the words of a launch: all that makes it easy to take a word of a command for something else. */
const commands: readonly ((words: string) => string)[] = [
  (words) => `python say.py ${words}`,
  (words) => `# don't\nX="$(echo "it's")" Y=\`date\` \\\n  python say.py ${words} # it's`,
  (words) => `cat <<'EOF' >/dev/null\n"don't $(x\nEOF\nif [ {p0} = {p0} ]; then (python say.py ${words}); fi`,
];
/** Where a value would be read by the shell. */
const exposed = [
  'python say.py "{p0}"',
  "python say.py '{p0}'",
  '# {p0}\npython say.py',
  'cat <<EOF\n{p0}\nEOF',
  'python say.py {p0!r}',
  "python say.py $'{p0}'",
  'python say.py `echo {p0}`',
  'python say.py $(({p0}))',
  '[[ {p0} -eq 1 ]]',
  'eval python say.py {p0}',
];

for (const version of generations)
  describe(`hostile strings through the launch path with MLflow ${version}`, function () {
    // Several launches each, on a machine that may be busy with other things.
    this.timeout(300_000);
    let lab: LaunchLab;
    let canary = '';

    before(async () => {
      lab = await LaunchLab.open('hostile', version);
      // No slash, so that names of files can hold it: the programs run in the project's folder.
      canary = 'canary';
    });
    after(() => lab?.close());

    /** Traps among any characters that a text of VS Code can hold, without what no program can be given. */
    const text = () => {
      const plain = fc.string({ unit: 'binary', maxLength: 12 }).filter((value) => !value.includes('\0'));
      return fc.array(fc.oneof(fc.constantFrom(...traps(canary)), plain), { minLength: 1, maxLength: 4 });
    };
    const texts = (numRuns: number, offset: number, map: (parts: string[]) => string = (parts) => parts.join('')) =>
      fc.sample(text().map(map), { numRuns, seed: seed + offset });
    /** For names: of one line, and nothing that ends a folder. */
    const nameOf = (parts: string[]) =>
      parts
        .join('')
        .replace(/[/\p{Cc}\p{Zl}\p{Zp}]/gu, '')
        .trim()
        .slice(0, 60);
    const isBranch = (name: string) =>
      spawnSync('git', ['check-ref-format', '--branch', name]).status === 0 && !name.includes('@{');
    const isFolder = (name: string) => name.length > 10 && !/^\.|[. ]$/.test(name);
    const branchOf = (parts: string[]) => nameOf(parts).replace(/[\s~^:?*[\\]|\.{2,}|^[-.]+|[.]+$/gu, '');
    const named = (offset: number, map: (parts: string[]) => string, isGood: (name: string) => boolean) =>
      texts(200, offset, map).find(isGood) ?? assert.fail('no such name was made');
    const canaries = () =>
      fs
        .readdirSync(lab.folder, { recursive: true, encoding: 'utf8' })
        .concat(fs.readdirSync(path.dirname(lab.folder)))
        .filter((name) => path.basename(name) === canary);

    for (let launch = 0; launch < launches; launch++)
      it(`brings ${values} values and every name to where they belong as they are, seed ${seed + launch}`, async () => {
        const offset = launch * 100;
        const given = texts(values, offset);
        const tags = Object.fromEntries(texts(values, offset + 1).map((value, at) => [`t${at}`, value]));
        const entryPoint = named(offset + 2, nameOf, (name) => name.length > 10);
        const branch = named(offset + 3, branchOf, (name) => name.length > 10 && isBranch(name));
        const folder = named(offset + 4, nameOf, isFolder);
        const experiment = named(offset + 5, nameOf, (name) => name.length > 5);
        const runName = named(offset + 6, nameOf, (name) => name.length > 5);
        const names = given.map((_, at) => `p${at}`);
        const parameters = names.map((name) => `      ${name}: string`).join('\n');
        const words = names.map((name) => `{${name}}`).join(' ');
        const command = commands[launch % commands.length]?.(words) ?? '';
        lab.write({
          [`${folder}/MLproject`]: `entry_points:\n  ${JSON.stringify(entryPoint)}:\n    parameters:\n${parameters}\n    command: ${JSON.stringify(command)}\n`,
          [`${folder}/say.py`]: labSay,
        });
        lab.commit('hostile');
        git(lab.folder, 'branch', branch);
        const said = path.join(lab.storage, `said-${launch}.json`);
        process.env.SAID = said;
        const request = {
          ...lab.request(entryPoint, Object.fromEntries(names.map((name, at) => [name, given[at] ?? '']))),
          project: `hostile/${folder}`,
          version: branch,
          experiment,
          runName,
        };
        const { run, ended } = await lab.run(request, { tags }).finally(() => delete process.env.SAID);
        assert.deepEqual([ended.result, run.status], ['FINISHED', 'FINISHED']);
        assert.deepEqual(JSON.parse(fs.readFileSync(said, 'utf8')), given);
        assert.deepEqual({ ...run.params }, Object.fromEntries(request.parameters));
        assert.deepEqual(Object.fromEntries(Object.keys(tags).map((key) => [key, run.tags[key]])), tags);
        assert.equal(run.name, runName);
        assert.equal(run.tags['mlflow.project.entryPoint'], entryPoint);
        assert.equal(run.tags['mlflow.source.git.branch'], branch);
        assert.ok(run.tags['mlflow.source.name']?.endsWith(`#${folder}`), run.tags['mlflow.source.name']);
        const { store } = await lab.connections.require();
        assert.equal((await store.getExperiment(run.experimentId)).name, experiment);
        assert.deepEqual([canaries(), lab.worktrees()], [[], []]);
        assert.deepEqual(
          vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled),
          [],
        );
      });

    it('launches nothing with a value that the shell would read, whatever the command', async () => {
      const given = texts(exposed.length, 8).map((value) => `${value}$(touch ${canary})`);
      const points = exposed.map(
        (command, at) => `  e${at}:\n    parameters: {p0: string}\n    command: ${JSON.stringify(command)}\n`,
      );
      lab.write({ 'exposed/MLproject': `entry_points:\n${points.join('')}`, 'exposed/say.py': labSay });
      const count = (await lab.runs()).length;
      for (const [at, value] of given.entries()) {
        const request = { ...lab.request(`e${at}`, { p0: value }), project: 'hostile/exposed' };
        await assert.rejects((await lab.start(request)).ended, /The shell would read this value of p0/, exposed[at]);
      }
      // Behind the command it would be read too.
      const extra = { ...lab.request('e2', { p0: 'x', extra: `\ntouch ${canary} #` }), project: 'hostile/exposed' };
      lab.write({
        'exposed/MLproject': `entry_points:\n  e2: {parameters: {p0: string}, command: "python say.py # {p0}"}\n`,
      });
      await assert.rejects((await lab.start(extra)).ended, /The shell would read this value of extra/);
      assert.deepEqual([(await lab.runs()).length, canaries()], [count, []]);
    });

    it('goes through a sweep, through `mlflow run` and a script, and through reproducing each of these', async () => {
      const given = [...texts(2, 9), `it's "$(touch ${canary})"`];
      const entry = `  main: {parameters: {text: string}, command: ${JSON.stringify(`# don't\npython tell.py {text} # it's`)}}\n`;
      lab.write({ 'swept/MLproject': `entry_points:\n${entry}`, 'swept/tell.py': tell });
      lab.commit('swept');
      const told = (runId: string) => JSON.parse(fs.readFileSync(path.join(lab.storage, `${runId}.json`), 'utf8'));
      process.env.SAID = lab.storage;
      try {
        const axis = given.map((value) => JSON.stringify(value)).join(', ');
        const sweep = { method: 'grid', samples: 1, seed: 1, parallel: 2, values: new Map([['text', axis]]) } as const;
        const swept = await lab.run({ ...lab.request('main', {}, { sweep }), project: 'hostile/swept' });
        assert.equal(swept.ended.result, 'FINISHED');
        const children = (await lab.runs()).filter(({ tags }) => tags['mlflow.parentRunId'] === swept.run.runId);
        for (const child of children) assert.deepEqual(told(child.runId), [child.params.text]);
        assert.deepEqual(children.map(({ params }) => params.text).sort(), [...given].sort());
        const options = { extra: given[2] ?? '', other: given[0] ?? '' };
        const script = await lab.run({ ...lab.request('tell.py', options), project: 'hostile/swept' });
        const byMlflow = await runByMlflow(given[2] ?? '');
        for (const [runId, expected] of [
          [children[0]?.runId ?? '', [children[0]?.params.text]],
          [script.run.runId, ['--extra', options.extra, '--other', options.other]],
          [byMlflow, [given[2]]],
        ] as const) {
          assert.deepEqual(told(runId), expected);
          const { again, facts } = await reproduced(runId);
          assert.deepEqual(told(again), expected);
          assert.equal(/nobody recorded/.test(facts), false);
        }
      } finally {
        delete process.env.SAID;
      }
      assert.deepEqual([canaries(), lab.worktrees()], [[], []]);
    }).timeout(600_000);

    /** A run of MLflow's own, from a terminal. */
    async function runByMlflow(text: string): Promise<string> {
      const python = mlflowPython(version);
      const before = new Set((await lab.runs()).map(({ runId }) => runId));
      const line = ['run', '.', '--env-manager', 'local', '--experiment-name', 'lab', '-P', `text=${text}`];
      await promisify(execFile)(python, ['-c', 'from mlflow.cli import cli; cli()', ...line], {
        cwd: path.join(lab.folder, 'swept'),
        env: {
          ...process.env,
          PATH: `${path.dirname(python)}${path.delimiter}${process.env.PATH ?? ''}`,
          MLFLOW_TRACKING_URI: lab.server.uri,
        },
      });
      return (await lab.runs()).find(({ runId }) => !before.has(runId))?.runId ?? assert.fail('MLflow made no run');
    }

    /** The run that repeats this one, and what was said before it was launched. */
    async function reproduced(runId: string) {
      lab.reported.length = 0;
      lab.picked.splice(0, lab.picked.length, runId);
      const script = new Script(({ choices }) => choices.find((choice) => choice.startsWith('Reproduce with This')));
      try {
        await reproduceRun(await lab.tasks.shared(), lab.tasks, []);
        await until(
          () => script.shown.some(({ message }) => /ended as FINISHED/.test(message)) || lab.reported.length > 0,
          () => `it was not reproduced: ${JSON.stringify(script.shown)}`,
          90_000,
        );
      } finally {
        script.restore();
      }
      assert.deepEqual(lab.reported, []);
      const again = (await lab.runs()).find(({ tags }) => tags['flowdeck.reproduces'] === runId);
      return {
        again: again?.runId ?? assert.fail('nothing repeats it'),
        facts: script.shown.find(({ detail }) => detail !== '')?.detail ?? '',
      };
    }

    it('goes through bisecting, whatever commits, branches, files and runs are called', async () => {
      const [text = '', ...others] = texts(6, 20);
      const entryPoint = named(21, nameOf, (name) => name.length > 10);
      const branch = named(22, branchOf, (name) => name.length > 10 && isBranch(name));
      const folder = named(23, nameOf, isFolder);
      const tags = {
        'mlflow.source.git.branch': text,
        ...Object.fromEntries(others.map((one, at) => [`t${at}`, one])),
      };
      git(lab.folder, 'checkout', '-q', '-b', branch);
      const commits = ['3', '3', '9', '9'].map((value, at) => {
        const file = named(24 + at, nameOf, (name) => isFolder(name) && !name.startsWith('-'));
        lab.write({
          [`${folder}/MLproject`]: `entry_points:\n  ${JSON.stringify(entryPoint)}: {parameters: {text: string}, command: "python score.py {text}"}\n`,
          [`${folder}/score.py`]: `${tell}import lab\nlab.metric("score", float(open("value.txt").read()))\n`,
          [`${folder}/lab.py`]: labFiles['lab.py'] ?? '',
          [`${folder}/value.txt`]: value,
          [`${folder}/${file}`]: String(at),
        });
        git(lab.folder, 'add', '-A');
        const subject = `${link} ${traps(canary)[at]}`;
        git(lab.folder, '-c', `user.name=Eve ${link}`, 'commit', '-q', '--cleanup=verbatim', '-m', subject);
        return git(lab.folder, 'rev-parse', 'HEAD');
      });
      const told = (runId: string) => JSON.parse(fs.readFileSync(path.join(lab.storage, `${runId}.json`), 'utf8'));
      const launch = async (version = '') => {
        const request = lab.request(entryPoint, { text }, { runName: link, version });
        return (await lab.run({ ...request, project: `hostile/${folder}` }, { tags })).run;
      };
      process.env.SAID = lab.storage;
      const script = new Script(({ choices }) => choices.find((choice) => choice === 'Launch There'));
      try {
        const [good, bad] = [await launch(commits[0]), await launch(commits[3])];
        lab.picked.splice(0, lab.picked.length, good.runId, bad.runId);
        lab.reported.length = 0;
        const { uri } = await lab.connections.require();
        const of = { uri, good: good.runId, bad: bad.runId, metric: 'score' };
        await bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments(of));
        const moved = () => script.texts('information').find((message) => /^score moved/.test(message));
        await until(
          () => moved() !== undefined || lab.reported.length > 0,
          () => `it did not go on: ${JSON.stringify(script.shown)}`,
          150_000,
        );
        assert.deepEqual(lab.reported, []);
        assert.match(moved() ?? '', new RegExp(`^score moved to 9 at ${commits[2]?.slice(0, 7)} "`));
      } finally {
        script.restore();
        delete process.env.SAID;
        git(lab.folder, 'checkout', '-q', '-f', 'main');
      }
      const launched = (await lab.runs()).filter((run) => run.tags['flowdeck.bisects'] === 'score');
      assert.ok(launched.length > 0);
      for (const run of launched)
        assert.deepEqual([told(run.runId), { ...run.params }, run.status], [[text], { text }, 'FINISHED']);
      // What VS Code would make a link of, which runs a command when it is clicked.
      assert.deepEqual(
        script.shown.map(({ message }) => message).filter((message) => /\]\((command|https?|file):/i.test(message)),
        [],
      );
      assert.deepEqual([canaries(), lab.worktrees()], [[], []]);
      assert.deepEqual(
        vscode.workspace.textDocuments.filter(({ isUntitled }) => isUntitled),
        [],
      );
    });

    it('bisects from no commit that is none', async () => {
      const { store, uri } = await lab.connections.require();
      const experimentId = (await store.getExperimentByName('lab'))?.experimentId ?? '';
      const make = async (commit: string, score: number) => {
        const name = { 'mlflow.source.name': `file://${lab.folder}`, 'mlflow.project.entryPoint': 'main' };
        const run = await store.createRun({ experimentId, tags: { ...name, 'mlflow.source.git.commit': commit } });
        await store.logBatch(run.runId, { metrics: [{ key: 'score', value: score, timestamp: 1, step: 0 }] });
        return run.runId;
      };
      const bad = await make(git(lab.folder, 'rev-parse', 'HEAD'), 9);
      for (const commit of [`--output=${canary}`, `$(touch ${canary})`, `HEAD; touch ${canary}`, 'HEAD~1']) {
        const good = await make(commit, 3);
        lab.picked.splice(0, lab.picked.length, good, bad);
        await assert.rejects(
          bisectMetric(await lab.tasks.shared(), lab.tasks, goOnArguments({ uri, good, bad, metric: 'score' })),
          /does not say which commit/,
        );
      }
      assert.deepEqual(canaries(), []);
    });

    it('runs a script of any name, or says why not', async () => {
      const name = texts(200, 7, (parts) => `${nameOf(parts).replace(/[{}]/g, '')}.py`).find((one) => one.length > 20);
      assert.ok(name);
      lab.write({ [name]: labSay });
      const said = path.join(lab.storage, 'script.json');
      process.env.SAID = said;
      const { ended } = await lab.run(lab.request(name, { extra: traps(canary)[0] ?? '' })).finally(() => {
        delete process.env.SAID;
      });
      assert.equal(ended.result, 'FINISHED');
      assert.deepEqual(JSON.parse(fs.readFileSync(said, 'utf8')), ['--extra', traps(canary)[0]]);
      const count = (await lab.runs()).length;
      lab.write({ '{odd}.py': labSay });
      await assert.rejects((await lab.start(lab.request('{odd}.py'))).ended, /\{odd\}\.py/);
      assert.deepEqual([(await lab.runs()).length, canaries()], [count, []]);
    });

    it('refuses what cannot arrive as it is, before there is a run', async () => {
      const count = (await lab.runs()).length;
      const bad = ['a\0b', 'half \ud83d of a character', 'x'.repeat(6_001)];
      for (const value of bad)
        await assert.rejects(
          (await lab.start(lab.request('say', { text: value }))).ended,
          /no program can be given|longer than the 6,000 characters|property parameters/,
        );
      for (const name of ['a b', 'x;touch canary', '$(touch canary)', '', '-P', 'a=b', "it's", 'é'])
        await assert.rejects((await lab.start(lab.request('say', { [name]: '1' }))).ended, /No parameter of the name/);
      for (const key of ['experiment', 'runName', 'version'] as const)
        await assert.rejects(
          (async () => (await lab.start(lab.request('say', {}, { [key]: 'half \udc00' }))).ended)(),
          /property|cannot be used/,
        );
      assert.deepEqual([(await lab.runs()).length, canaries()], [count, []]);
    });
  });

/** A message of VS Code shows a link for it. */
const link = '[Show](command:workbench.action.files.newUntitledFile)';
const labSay = 'import json, os, sys\njson.dump(sys.argv[1:], open(os.environ["SAID"], "w"))\n';
/** The same, by the id of its run. */
const tell = `import json, os, sys
json.dump(sys.argv[1:], open(os.path.join(os.environ["SAID"], os.environ["MLFLOW_RUN_ID"] + ".json"), "w"))
`;
