import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import * as vscode from 'vscode';
import { generations } from './generations';
import { git, LaunchLab } from './launchLab';

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
const seed = 20261129;

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
    const branchOf = (parts: string[]) => nameOf(parts).replace(/[\s~^:?*[\\]|\.{2,}|^[-.]+|[.]+$/gu, '');
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
        const pick = (map: (parts: string[]) => string, at: number, isGood = (name: string) => name !== '') =>
          texts(200, offset + at, map).find(isGood) ?? assert.fail('no such name was made');
        const entryPoint = pick(nameOf, 2, (name) => name.length > 10);
        const branch = pick(branchOf, 3, (name) => name.length > 10 && isBranch(name));
        const folder = pick(nameOf, 4, (name) => name.length > 10 && !/^\.|[. ]$/.test(name));
        const experiment = pick(nameOf, 5, (name) => name.length > 5);
        const runName = pick(nameOf, 6, (name) => name.length > 5);
        const names = given.map((_, at) => `p${at}`);
        const parameters = names.map((name) => `      ${name}: string`).join('\n');
        const words = names.map((name) => `{${name}}`).join(' ');
        lab.write({
          [`${folder}/MLproject`]: `entry_points:\n  ${JSON.stringify(entryPoint)}:\n    parameters:\n${parameters}\n    command: "python say.py ${words}"\n`,
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

const labSay = 'import json, os, sys\njson.dump(sys.argv[1:], open(os.environ["SAID"], "w"))\n';
