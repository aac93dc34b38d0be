import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { type MlProject, parseMlproject } from '../../../src/projects/mlproject/mlproject';
import { addEntryPoint, addToProject, commandOfWords, isWritable } from '../../../src/projects/reproduce/projectFile';

async function readMlproject(text: string): Promise<MlProject> {
  const parsed = await parseMlproject(Buffer.from(text));
  return 'project' in parsed ? parsed.project : assert.fail(`${JSON.stringify(parsed.problem)}: ${text}`);
}

describe('an MLproject that something is added to', () => {
  let folder = '';
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-project-'));
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  const added = async (text: string | undefined, command: string) => {
    const file = path.join(folder, 'MLproject');
    if (text === undefined) fs.rmSync(file, { force: true });
    else fs.writeFileSync(file, text);
    await addEntryPoint(folder, 'a dir/train.py', command);
    return fs.readFileSync(file, 'utf8');
  };

  it('keeps what it says, whatever its style', async () => {
    for (const text of [
      'name: 1.0 # c\nentry_points: {main: {parameters: {n: {type: string, default: "0"}, y: {default: yes}}, command: "python main.py {n}"}}\n',
      'name: x\nconda_env: c.yaml\nentry_points:\n  main:\n    parameters: {n: {default: 1e3}}\n    command: >\n      python main.py\n      {n}\n',
      'python_env: p.yaml',
      undefined,
    ]) {
      const before = text === undefined ? undefined : await readMlproject(text);
      const after = await readMlproject(await added(text, 'python "x"\t{{}}'));
      assert.equal(after.environment?.kind, before?.environment?.kind);
      const [last, ...others] = after.entryPoints.toReversed();
      assert.deepEqual([last?.name, last?.command], ['a dir/train.py', 'python "x"\t{{}}']);
      const plain = (points: typeof others = []) =>
        points.map(({ name, command, parameters }) => [
          name,
          command,
          parameters.map((one) => [one.name, one.default]),
        ]);
      assert.deepEqual(plain(others), plain(before?.entryPoints.toReversed()));
    }
  });

  it('is left alone where MLflow refuses it', async () => {
    assert.equal(await added('entry_points: [', 'python x'), 'entry_points: [');
    fs.writeFileSync(path.join(folder, 'MLproject'), 'name: x\n');
    await addToProject(folder, (document) => document.set('python_env', 'e.yaml'));
    assert.equal(fs.readFileSync(path.join(folder, 'MLproject'), 'utf8'), 'name: x\npython_env: e.yaml\n');
  });

  // bash is what MLflow gives commands to; Windows has none to ask.
  const onPosix = process.platform === 'win32' ? () => undefined : it;
  onPosix('has words that reach a program as they are, through the file, str.format and bash', async () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 12 }).filter(isWritable);
    const special = fc.constantFrom(
      "it's",
      '{a}',
      '}}',
      '$(id)',
      'a\nb',
      '',
      '`x`',
      '--lr=1',
      '*',
      'é\u{1f600}',
      '\t# y',
    );
    const all = fc.sample(fc.array(fc.oneof(word, special), { maxLength: 5 }), { numRuns: 60, seed: 1 });
    const lines: string[] = [];
    for (const words of all) {
      const project = await readMlproject(await added(undefined, `x ${commandOfWords(words)}`));
      const filled = project.entryPoints[0]?.command?.replaceAll(/\{\{|\}\}/g, (pair) => pair.slice(1));
      lines.push(`printf '%s\\0'${filled?.slice(1)}`);
    }
    const read = execFileSync('bash', ['-c', lines.join('\n')]).toString();
    assert.equal(
      read,
      all.map((words) => (words.length === 0 ? '\0' : words.map((one) => `${one}\0`).join(''))).join(''),
    );
  });
});
