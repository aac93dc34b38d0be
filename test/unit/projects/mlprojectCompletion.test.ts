import assert from 'node:assert/strict';
import fs from 'node:fs';
import { completionsAt } from '../../../src/projects/language/completions';

/** A text with the cursor at `|`; `||` is one `|`. */
function atCursor(marked: string): { text: string; offset: number } {
  const offset = marked.search(/(?<!\|)\|(?!\|)/);
  assert.ok(offset >= 0, marked);
  const before = marked.slice(0, offset).replaceAll('||', '|');
  return { text: before + marked.slice(offset + 1).replaceAll('||', '|'), offset: before.length };
}

const folder: Readonly<Record<string, readonly string[]>> = {
  '': ['.git/', 'MLproject', 'data/', 'env.yaml', 'train.py'],
  'data/': ['a.csv', 'conda.yml'],
};

async function offered(marked: string): Promise<readonly string[]> {
  const { text, offset } = atCursor(marked);
  const found = await completionsAt(text, offset, async (name) => folder[name] ?? []);
  return found.map(({ label }) => label);
}

async function completed(marked: string, label: string): Promise<string> {
  const { text, offset } = atCursor(marked);
  const found = (await completionsAt(text, offset, async (name) => folder[name] ?? [])).find(
    (item) => item.label === label,
  );
  assert.ok(found, label);
  return `${text.slice(0, found.span.start)}${found.insert}${text.slice(found.span.end)}`;
}

describe('completion in MLproject files', () => {
  it('offers the keys that are not there yet, one environment only', async () => {
    const root = ['name', 'entry_points', 'python_env', 'conda_env', 'docker_env', 'databricks_spark_job'];
    assert.deepEqual(await offered('|'), root);
    assert.deepEqual(await offered('name: x\n|\npython_env: env.yaml\n'), ['entry_points', 'databricks_spark_job']);
    assert.deepEqual(await offered('entry_points:\n  main:\n    |\n    command: x\n'), ['parameters']);
    assert.deepEqual(await offered('entry_points:\n  main:\n    com|\n'), ['parameters', 'command']);
    assert.deepEqual(await offered('entry_points: {main: {|'), ['parameters', 'command']);
    assert.deepEqual(await offered('entry_points: {main: {parameters: {a: {type: float, |}}}}'), ['default']);
    assert.deepEqual(await offered('docker_env:\n  image: x\n  |\n'), ['volumes', 'environment']);
    assert.deepEqual(await offered('entry_points:\n  |\n'), ['main', 'train', 'evaluate']);
    assert.deepEqual(await offered('other:\n  |\n'), []);
  });

  it('replaces the word at the cursor and no more', async () => {
    assert.equal(
      await completed('entry_points:\n  main:\n    com|\n', 'command'),
      'entry_points:\n  main:\n    command: "$0"\n',
    );
    assert.equal(
      await completed('entry_points: {main: {com|and: "x"}}', 'command'),
      'entry_points: {main: {command: "x"}}',
    );
  });

  it('offers types, and files where a file stands', async () => {
    const types = ['string', 'float', 'path', 'uri'];
    assert.deepEqual(await offered('entry_points: {main: {parameters: {a: {type: |}}}}'), types);
    assert.deepEqual((await offered('entry_points:\n  main:\n    parameters:\n      a: |\n')).slice(0, 5), [
      ...types,
      '{type: string, default: }',
    ]);
    assert.deepEqual(await offered('python_env: |'), ['data/', 'env.yaml']);
    assert.deepEqual(await offered('conda_env: data/|\n'), ['data/conda.yml']);
    const path = 'entry_points:\n  main:\n    parameters:\n      a: {type: path, default: |}\n';
    assert.deepEqual(await offered(path), ['MLproject', 'data/', 'env.yaml', 'train.py']);
    assert.deepEqual(await offered(path.replace('path', 'float')), []);
    assert.deepEqual(await offered('entry_points:\n  main:\n    command: python t|\n'), await offered(path));
    assert.deepEqual(await offered('entry_points:\n  main:\n    command: echo t|\n'), []);
  });

  it('offers parameters inside of braces, in every way to write a command', async () => {
    const parameters = '\n    parameters: {rate: {type: float, default: 1}, name: string}\n';
    for (const command of [
      'python {|',
      '"python {|"',
      "'python {|}'",
      '>-\n      python\n      --rate {|',
      '||\n      x {ra|}',
    ])
      assert.deepEqual(
        await offered(`entry_points:\n  main:\n    command: ${command}${parameters}`),
        ['rate', 'name'],
        command,
      );
    assert.deepEqual(await offered(`entry_points:\n  main:\n    command: "x {{|"${parameters}`), []);
    assert.equal(
      await completed(`entry_points:\n  main:\n    command: "x {ra|"${parameters}`, 'rate'),
      `entry_points:\n  main:\n    command: "x {rate\\}"${parameters}`,
    );
    assert.deepEqual(
      await offered('entry_points:\n  main:\n    parameters:\n      a: float\n      |\n    command: "x {a} {b} {c}"\n'),
      ['b', 'c'],
    );
  });

  it('never fails, whatever is written', async () => {
    const example = fs.readFileSync('examples/MLproject', 'utf8');
    for (let at = 0; at <= example.length; at += 23) {
      await completionsAt(example, at, async () => []);
      await completionsAt(example.slice(0, at), at, async () => []);
    }
  });
});
