import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { parseFormat, placeholdersOf } from '../../../src/projects/command/pythonFormat';
import { commandPreview } from '../../../src/projects/language/commandLine';
import { type FindingCode, findingsOf } from '../../../src/projects/language/findings';
import { fixesOf } from '../../../src/projects/language/fixes';
import { nearestName } from '../../../src/projects/language/nearestName';
import { type Outline, outlineOf, type Span } from '../../../src/projects/language/outline';
import { placeAt } from '../../../src/projects/language/places';
import { occurrencesAt, renameEdits, renameProblem } from '../../../src/projects/language/references';

const problems = async (text: string, files: readonly string[] = []) =>
  (await findingsOf(await outlineOf(text), async (file) => files.includes(file))).map(({ code, range, subject }) => [
    code,
    text.split('\n')[range.line]?.slice(range.column, range.endLine === range.line ? range.endColumn : undefined),
    subject,
  ]);

describe('problems of MLproject files', () => {
  it('stand where they are written', async () => {
    const text = `nmae: x
python_env: nothing.yaml
conda_env: env.yaml
entry_points:
  main:
    parameters:
      rate: {type: flaot, default: abc}
      count: {type: float, default: abc}
      steps: {type: int, default: 1.5}
      data: {type: path, default: data.csv}
      model: {type: uri, default: model}
      empty: {default: }
      yes: string
      rate: {type: float}
    command: >-
      python train.py --rate {raet} '{count}'
      {steps} {data} {model} {empty} {True}
  other:
    comand: x
`;
    assert.deepEqual(await problems(text), [
      ['severalEnvironments', 'conda_env', 'python_env, conda_env'],
      ['environmentMissing', 'nothing.yaml', 'nothing.yaml'],
      ['placeholderUnknown', 'raet', 'raet'],
      ['placeholderQuoted', '{count}', 'count'],
      ['parameterUnused', 'rate', 'rate'],
      ['defaultNotNumber', 'abc', 'abc'],
      ['defaultNotInteger', '1.5', '1.5'],
      ['defaultNotUri', 'model', 'model'],
      ['defaultNull', '', 'empty'],
      ['nameNotText', 'yes', 'True'],
      ['commandMissing', 'other', 'other'],
      ['defaultNoFile', 'data.csv', 'data.csv'],
      ['keyUnknown', 'nmae', 'nmae'],
      ['keyUnknown', 'comand', 'comand'],
      ['duplicateKey', 'rate', 'rate'],
    ]);
  });

  it('tell a placeholder in quotes from the same one without', async () => {
    const text = `entry_points: {main: {parameters: {a: {default: 1}}, command: "x {a} '{a}' {a}"}}`;
    const [only, ...others] = (await findingsOf(await outlineOf(text), async () => true)).map(
      ({ range }) => range.column,
    );
    assert.deepEqual([only, others], [text.indexOf("'{a}") + 1, []]);
  });

  it('tell where else the shell would read a value, and where only quotes stand between', async () => {
    const text = `entry_points:
  main:
    parameters: {a: {default: 1}, b: {default: 1}}
    command: |
      # it's {a}
      python x.py {a} "{b}" $(basename {b}) {a!r}
`;
    assert.deepEqual(await problems(text), [
      ['placeholderExposed', '{a}', 'a'],
      ['placeholderQuoted', '{b}', 'b'],
      ['placeholderExposed', '{b}', 'b'],
      ['placeholderExposed', '{a!r}', 'a'],
    ]);
  });

  it('are one, where the text cannot be read; none in the example', async () => {
    assert.deepEqual(
      (await problems('nmae: x\nentry_points: {main: {command: "x {b}\n')).map(([code]) => code),
      ['syntax'],
    );
    const example = fs.readFileSync('examples/MLproject', 'utf8');
    const files = fs.readdirSync('examples', { recursive: true, encoding: 'utf8' });
    assert.deepEqual(await problems(example, files), []);
  });

  it('take no time on a file of aliases that mean billions', async () => {
    const bomb = Array.from(
      { length: 30 },
      (_, at) => `a${at}: &a${at} {x: ${at ? `*a${at - 1}` : 1}, y: ${at ? `*a${at - 1}` : 1}}`,
    );
    const started = Date.now();
    await problems(`${bomb.join('\n')}\nentry_points: {main: *a29}\n`);
    assert.ok(Date.now() - started < 3_000);
  });
});

/** The repairs of the one problem of that kind, each as the text it makes. */
async function repaired(text: string, code: FindingCode): Promise<Readonly<Record<string, string>>> {
  const outline = await outlineOf(text);
  const finding = (await findingsOf(outline, async () => true)).find((item) => item.code === code);
  assert.ok(finding, code);
  const made = fixesOf(outline, finding).map(({ kind, edits }) => [kind, applied(text, edits)] as const);
  return Object.fromEntries(made);
}

function applied(text: string, edits: readonly (Span & { readonly text: string })[]): string {
  const inOrder = [...edits].sort((a, b) => b.start - a.start);
  return inOrder.reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
}

describe('repairs of MLproject files', () => {
  const inBlock = (command: string, parameters = '') =>
    `entry_points:\n  main:\n    command: ${command}\n${parameters}`;

  it('take the name that was meant', async () => {
    const text = inBlock('"x {rtae}"', '    parameters: {rate: flaot}\n');
    assert.equal((await repaired(text, 'placeholderUnknown')).useNearest, text.replace('rtae', 'rate'));
    assert.equal((await repaired(text, 'typeUnknown')).useNearest, text.replace('flaot', 'float'));
    assert.equal((await repaired('entry_point: {}\n', 'keyUnknown')).useNearest, 'entry_points: {}\n');
  });

  it('declare a parameter in the way the others are written', async () => {
    const declared = async (text: string) => (await repaired(text, 'placeholderUnknown')).declareParameter;
    assert.equal(
      await declared(inBlock('"x {b}"', '    parameters: {a: float}\n')),
      inBlock('"x {b}"', '    parameters: {b: string, a: float}\n'),
    );
    assert.equal(
      await declared(inBlock('"x {b}"', '    parameters:\n      a: float\n')),
      inBlock('"x {b}"', '    parameters:\n      b: string\n      a: float\n'),
    );
    assert.equal(
      await declared(inBlock('"x {b}"')),
      'entry_points:\n  main:\n    parameters:\n      b: string\n    command: "x {b}"\n',
    );
    assert.equal(
      await declared('entry_points: {main: {command: "x {b}"}}'),
      'entry_points: {main: {parameters: {b: string}, command: "x {b}"}}',
    );
    assert.equal(
      await declared(inBlock('"x {b}"').replaceAll('\n', '\r\n')),
      'entry_points:\r\n  main:\r\n    parameters:\r\n      b: string\r\n    command: "x {b}"\r\n',
    );
    const shared = 'p: &p {a: float}\nentry_points: {main: {parameters: *p, command: "x {b}"}}\n';
    assert.equal(await declared(shared), undefined);
  });

  it('double a brace, and take away quotes in every kind of text', async () => {
    assert.equal((await repaired(inBlock("awk '{print'"), 'braceAlone')).doubleBrace, inBlock("awk '{{print'"));
    const parameters = '    parameters: {a: float}\n';
    for (const [before, after] of [
      [`"x '{a}'"`, '"x {a}"'],
      ['"x \\"{a}\\" y"', '"x {a} y"'],
      [`'x ''{a}'' y'`, `'x {a} y'`],
      [`'x "{a}" y'`, `'x {a} y'`],
      [`x '{a}'`, 'x {a}'],
      [`|\n      x '{a}'`, '|\n      x {a}'],
    ] as const)
      assert.equal(
        (await repaired(inBlock(before, parameters), 'placeholderQuoted')).removeQuotes,
        inBlock(after, parameters),
      );
    assert.deepEqual(await repaired(inBlock(`"x 'a {a}'"`, parameters), 'placeholderQuoted'), {});
  });

  it('use a parameter in the command, and put names in quotes', async () => {
    const parameters = '    parameters: {learning_rate: float}\n';
    assert.equal(
      (await repaired(inBlock('"x"', parameters), 'parameterUnused')).addToCommand,
      inBlock('"x --learning-rate {learning_rate}"', parameters),
    );
    assert.equal(
      (await repaired(inBlock('>-\n      x\n      y', parameters), 'parameterUnused')).addToCommand,
      inBlock('>-\n      x\n      y --learning-rate {learning_rate}', parameters),
    );
    assert.equal(
      (await repaired('entry_points: {1: {command: x}}', 'nameNotText')).quote,
      'entry_points: {"1": {command: x}}',
    );
  });

  it('leave nothing of what they repair', async () => {
    const text = inBlock('"x {b} \'{a}\' {rtae}"', '    parameters: {a: float, rate: float}\n');
    for (const code of ['placeholderUnknown', 'placeholderQuoted'] as const)
      for (const [kind, after] of Object.entries(await repaired(text, code))) {
        const count = async (of: string) => (await problems(of)).filter(([found]) => found === code).length;
        assert.equal(await count(after), (await count(text)) - 1, kind);
      }
  });
});

const textsAt = ({ source }: Outline, spans: readonly Span[]) =>
  spans.map(({ start, end }) => source.slice(start, end));

describe('parameters of MLproject files', () => {
  const text = `base: &p {rate: {type: float, default: 0.1}}
entry_points:
  one: {parameters: *p, command: "x {rate} {{rate}} {rate!r}"}
  two:
    parameters: {rate: string}
    command: |
      y {rate}
  three:
    parameters: *p
    command: 'z ''{rate}'''
`;

  it('are found wherever they are named, also where entry points share them', async () => {
    const outline = await outlineOf(text);
    const shared = occurrencesAt(outline, text.indexOf('{rate}') + 2);
    assert.deepEqual(
      shared?.points.map(({ name }) => name),
      ['one', 'three'],
    );
    assert.equal(shared?.declaration.start, text.indexOf('rate'));
    const edited = applied(
      text,
      renameEdits(shared ?? assert.fail()).map((span) => ({ ...span, text: 'lr' })),
    );
    assert.equal(
      edited,
      text
        .replace('{rate:', '{lr:')
        .replace('x {rate} {{rate}} {rate!r}', 'x {lr} {{rate}} {lr!r}')
        .replace("''{rate}''", "''{lr}''"),
    );
    const own = occurrencesAt(outline, text.indexOf('rate: string'));
    assert.equal(own?.uses.length, 1);
    assert.deepEqual(textsAt(outline, own?.uses ?? []), ['rate']);
    assert.equal(occurrencesAt(outline, text.indexOf('{{rate') + 3), undefined);
  });

  it('take names that can be one only', async () => {
    const outline = await outlineOf('entry_points: {one: {parameters: {a: float, b: float}, command: "{a} {b}"}}');
    const found = occurrencesAt(outline, outline.source.indexOf('a:')) ?? assert.fail();
    const verdict = (name: string) => renameProblem(outline, found, name);
    for (const name of ['a', 'learning_rate', 'x-y', 'größe']) assert.equal(await verdict(name), undefined, name);
    for (const name of ['', '1', 'a.b', 'a b', '{a}', 'yes', 'null', 'a:', '#a', "a'"])
      assert.equal(await verdict(name), 'name', name);
    assert.equal(await verdict('b'), 'taken');
    const alias = await outlineOf(
      'entry_points:\n  one: {parameters: {a: float}, command: &c "{a}"}\n  two: {parameters: {a: float}, command: *c}\n',
    );
    assert.equal(
      await renameProblem(alias, occurrencesAt(alias, alias.source.indexOf('a:')) ?? assert.fail(), 'z'),
      'shared',
    );
  });

  it('and files, types, keys and entry points are known at the cursor', async () => {
    const source =
      'python_env: env.yaml\nentry_points:\n  main:\n    parameters: {a: {type: path, default: data/x}, b: uri}\n    command: "python src/train.py {a} {b}"\n';
    const outline = await outlineOf(source);
    const at = (needle: string) => {
      const place = placeAt(outline, source.indexOf(needle) + 1);
      return [place?.kind, place && source.slice(place.span.start, place.span.end)];
    };
    assert.deepEqual(at('env.yaml'), ['file', 'env.yaml']);
    assert.deepEqual(at('data/x'), ['file', 'data/x']);
    assert.deepEqual(at('src/train.py'), ['file', 'src/train.py']);
    assert.deepEqual(at('uri'), ['type', 'uri']);
    assert.deepEqual(at('command'), ['key', 'command']);
    assert.deepEqual(at('python_env'), ['key', 'python_env']);
    assert.deepEqual(at('main'), ['entryPoint', 'main']);
    assert.deepEqual(at('a} '), ['parameter', 'a']);
    assert.deepEqual(at('python src'), [undefined, undefined]);
    const [main] = outline.entryPoints;
    assert.equal(main && commandPreview(main), 'python src/train.py data/x <b>');
  });
});

describe('the text of a command in its file', () => {
  it('is where the reader found it, in every way to write it', async () => {
    const word = fc.constantFrom(
      'python',
      '{a}',
      "it's",
      '"q"',
      '--b',
      '{long_name}',
      'x\\y',
      '{größe}',
      '😀',
      '#',
      ':',
      '{a!r}',
      '\t{t}',
    );
    const texts = fc.array(fc.tuple(word, fc.constantFrom(' ', ' ', '  ', '\n', '\n\n')), {
      minLength: 1,
      maxLength: 12,
    });
    const styles = ['PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED'] as const;
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...styles), fc.constantFrom(20, 0), async (parts, style, lineWidth) => {
        const command = parts
          .map(([text, space]) => text + space)
          .join('')
          .trim();
        const source = stringify(
          { entry_points: { main: { command } } },
          { defaultStringType: style, defaultKeyType: 'PLAIN', lineWidth, minContentWidth: 0 },
        );
        const outline = await outlineOf(source);
        const read = outline.entryPoints[0]?.command;
        // PyYAML takes no tabs in plain texts.
        if (!read || read.text.trim() !== command) return;
        for (const { start, end, nameStart, nameEnd } of placeholdersOf(parseFormat(read.text))) {
          compared++;
          assert.deepEqual(
            // A line of a text in double quotes may break anywhere, behind a backslash.
            textsAt(outline, [read.spanOf(start, end), read.spanOf(nameStart, nameEnd)]).map((text) =>
              text.replaceAll(/\\\n */g, ''),
            ),
            [read.text.slice(start, end), read.text.slice(nameStart, nameEnd)],
            JSON.stringify(source),
          );
        }
      }),
      { numRuns: 400 },
    );
    assert.ok(compared > 300, `${compared}`);
  });
});

describe('the name that was meant', () => {
  it('is near, or none', () => {
    const names = ['float', 'path', 'string', 'uri'];
    for (const [typed, meant] of [
      ['flaot', 'float'],
      ['Float', 'float'],
      ['strng', 'string'],
      ['pth', 'path'],
      ['url', 'uri'],
      ['number', undefined],
      ['float', undefined],
    ] as const)
      assert.equal(nearestName(typed, names), meant, typed);
    assert.equal(nearestName('entry-points', ['entry_points']), 'entry_points');
  });
});
