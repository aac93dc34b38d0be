import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import {
  type MlProject,
  maxProjectBytes,
  missingEnvironment,
  parseMlproject,
} from '../../../src/projects/mlproject/mlproject';
import { pythonFloat, pythonRepr } from '../../../src/projects/mlproject/pythonScalars';

const parse = (text: string) => parseMlproject(new TextEncoder().encode(text));

async function accepted(text: string): Promise<MlProject> {
  const parsed = await parse(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.project;
}

async function refused(text: string) {
  const parsed = await parse(text);
  assert.ok(!parsed.ok);
  return parsed.problem;
}

// What is accepted and what a default becomes is held against MLflow itself in test/live/mlproject.test.ts.
describe('an MLproject file', () => {
  it('of the examples is read', async () => {
    const project = await accepted(fs.readFileSync('examples/MLproject', 'utf8'));
    assert.equal(project.name, 'flowdeck-examples');
    assert.deepEqual(project.environment?.file, 'python_env.yaml');
    assert.deepEqual(
      project.entryPoints.map(({ name, parameters }) => [name, parameters.length]),
      [
        ['main', 6],
        ['sweep', 3],
        ['evaluate', 2],
        ['online', 2],
        ['diverge', 1],
      ],
    );
    const rate = project.entryPoints[0]?.parameters[2];
    assert.deepEqual([rate?.name, rate?.type, rate?.default], ['learning_rate', 'float', '0.005']);
  });

  it('gives the place of each name, also after wide characters and Windows line ends', async () => {
    const text = '# 😀\r\nentry_points:\r\n  "größe": {command: x, parameters: {😀b: float, lr: {default: 1}}}\r\n';
    const project = await accepted(text);
    const [point] = project.entryPoints;
    assert.deepEqual(point?.range, { line: 2, column: 2, endLine: 2, endColumn: 9 });
    const line = text.split('\r\n')[2] ?? '';
    for (const { name, range } of point?.parameters ?? [])
      assert.equal(line.slice(range.column, range.endColumn), name);
  });

  it('that is broken says where', async () => {
    const parameter = await refused('entry_points:\n  main:\n    parameters:\n      a: 5\n');
    assert.deepEqual([parameter.kind, parameter.subject], ['parameterNotTextOrMapping', 'a']);
    assert.deepEqual([parameter.range.line, parameter.range.column], [3, 6]);
    const syntax = await refused('entry_points:\n  main:\n    command: a: b\n');
    assert.deepEqual([syntax.kind, syntax.range.line], ['syntax', 2]);
    assert.ok(syntax.subject.length > 5);
    const tab = await refused('name: x\nentry_points:\n\tmain: {}\n');
    assert.deepEqual([tab.kind, tab.range.line, tab.range.column], ['syntax', 2, 0]);
    const control = await refused('name: x\nother: "\u0007"\n');
    assert.deepEqual([control.kind, control.range.line, control.range.column], ['characters', 1, 8]);
  });

  it('that means harm is refused in no time', async () => {
    const started = Date.now();
    const bomb = Array.from({ length: 30 }, (_, at) => `a${at}: &a${at} [${at ? `*a${at - 1},*a${at - 1}` : 'x'}]`);
    const large = await accepted(`${bomb.join('\n')}\n`);
    assert.deepEqual(large.entryPoints, []);
    const asDefault = `${bomb.join('\n')}\nentry_points: {main: {parameters: {p: {default: *a29}}}}\n`;
    assert.equal((await refused(asDefault)).kind, 'syntax');
    const merges = Array.from(
      { length: 40 },
      (_, at) => `m${at}: &m${at} {k${at}: 1, <<: [${at ? `*m${at - 1}, *m${at - 1}` : '{x: 1}'}]}`,
    );
    await parse(`${merges.join('\n')}\n`);
    assert.equal((await refused('x: &x [*x]\n')).kind, 'syntax');
    assert.equal((await refused(`x: ${'['.repeat(50_000)}`)).kind.length > 0, true);
    assert.equal((await refused(`# ${'x'.repeat(maxProjectBytes)}`)).kind, 'tooLarge');
    assert.equal((await parseMlproject(Uint8Array.of(0x61, 0xff))).ok, false);
    assert.ok(Date.now() - started < 5_000, `${Date.now() - started} ms`);
  });

  it('may name its parts as objects do', async () => {
    const [point] = (await accepted('entry_points: {__proto__: {command: x, parameters: {__proto__: string}}}'))
      .entryPoints;
    assert.deepEqual([point?.name, point?.command, point?.parameters[0]?.name], ['__proto__', 'x', '__proto__']);
    assert.equal((Object.prototype as { command?: unknown }).command, undefined);
  });

  it('of any content is accepted or refused, never an exception', async () => {
    const piece = fc.constantFrom(
      'entry_points',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '{',
      '}',
      '[',
      ']',
      '&a',
      '*a',
      '"',
      "'",
      'x',
      '!t',
      '|',
      '\t',
      '<<',
      '1',
      '?',
      '#',
      '%',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
        const parsed = await parse(pieces.join(''));
        assert.equal(typeof parsed.ok, 'boolean');
      }),
      { numRuns: 500 },
    );
  });

  it('needs the file of its environment', async () => {
    const project = await accepted('python_env: env/a.yaml\n');
    assert.equal(await missingEnvironment(project, async (file) => file === 'env/a.yaml'), undefined);
    const problem = await missingEnvironment(project, async () => false);
    assert.deepEqual([problem?.kind, problem?.subject], ['environmentMissing', 'env/a.yaml']);
    assert.equal(await missingEnvironment(await accepted('docker_env: {image: x}\n'), async () => false), undefined);
  });
});

describe('texts as Python writes them', () => {
  it('floats', () => {
    const cases: readonly (readonly [number, string])[] = [
      [0.1, '0.1'],
      [1, '1.0'],
      [1e16, '1e+16'],
      [123456789012345680, '1.2345678901234568e+17'],
      [9999999999999998, '9999999999999998.0'],
      [0.0001, '0.0001'],
      [0.00012345, '0.00012345'],
      [0.00001, '1e-05'],
      [-2.5e-7, '-2.5e-07'],
      [5e-324, '5e-324'],
      [-0, '-0.0'],
      [Number.NEGATIVE_INFINITY, '-inf'],
      [Number.NaN, 'nan'],
    ];
    for (const [value, text] of cases) assert.equal(pythonFloat(value), text);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => Number(pythonFloat(value)) === value),
    );
  });

  it('texts in lists', () => {
    assert.equal(pythonRepr('plain'), "'plain'");
    assert.equal(pythonRepr("it's"), '"it\'s"');
    assert.equal(pythonRepr(`both ' and "`), `'both \\' and "'`);
    assert.equal(pythonRepr('a\\b\n\t\u0007'), "'a\\\\b\\n\\t\\x07'");
  });
});
