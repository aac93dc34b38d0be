import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { run } from '../../scripts/lib/run.mjs';
import { scriptEntryPoint } from '../../src/projects/command/entryPoints';
import { fillFormat, parseFormat } from '../../src/projects/command/pythonFormat';
import { shellQuote } from '../../src/projects/command/shellQuote';
import { commandWith } from '../../src/projects/language/commandLine';
import { findingsOf } from '../../src/projects/language/findings';
import { type Outline, outlineOf } from '../../src/projects/language/outline';
import { missingEnvironment, parseMlproject } from '../../src/projects/mlproject/mlproject';
import { type MlflowVersion, mlflowPython } from '../support/mlflowServer';
import { corpus } from '../support/mlprojectCorpus';

interface Verdict {
  readonly ok: boolean;
  readonly name?: string | null;
  readonly entryPoints?: Readonly<Record<string, EntryPointVerdict>>;
}

interface EntryPointVerdict {
  readonly command: string | null;
  /** Type and default, as Python says them. */
  readonly parameters: Readonly<Record<string, readonly [string, string | null]>>;
  /** The command with the defaults and the values of `givenFor`; null where MLflow raises an error. */
  readonly becomes: string | null;
}

/** What parameters are given that have no default; the same stands in `ask`. */
const givenFor = (type: string) => (type === 'uri' ? 'file:///v' : 'v w');

/** argv: the folder that holds one folder per file of the corpus. */
const ask = `
import json, os, sys
from mlflow.projects._project_spec import load_project
def text(value):
    return None if value is None else str(value)
def becomes(point):
    given = {k: 'file:///v' if p.type == 'uri' else 'v w' for k, p in point.parameters.items() if p.default is None}
    try:
        return point.compute_command(given, None)
    except Exception:
        return None
verdicts = {}
for name in os.listdir(sys.argv[1]):
    try:
        project = load_project(os.path.join(sys.argv[1], name))
        points = {str(key): {
            'command': point.command if isinstance(point.command, str) else None,
            'parameters': {str(k): [str(p.type), text(p.default)] for k, p in point.parameters.items()},
            'becomes': becomes(point),
        } for key, point in (project._entry_points or {}).items()}
        verdicts[name] = {'ok': True, 'name': text(project.name), 'entryPoints': points}
    except Exception as error:
        verdicts[name] = {'ok': False}
print('verdicts ' + json.dumps(verdicts))
`;

/** argv: an empty folder, and names of scripts and params as JSON. */
const askScripts = `
import json, sys
from mlflow.projects._project_spec import load_project
project = load_project(sys.argv[1])
scripts, given = json.loads(sys.argv[2])
print('commands ' + json.dumps([project.get_entry_point(name).compute_command(given, None) for name in scripts]))
`;
const scripts = ['train.py', 'sub dir/run.sh', "it's.py", 'fit.R'];
const given = { rate: '0.1', 'learning-rate': '1e-4', note: `it's $(id) "x"`, empty: '', a_b: 'two\nlines' };

async function ours(text: string, folder: string): Promise<Verdict> {
  const parsed = await parseMlproject(new TextEncoder().encode(text));
  if (!parsed.ok) return { ok: false };
  const exists = async (file: string) => fs.existsSync(path.join(folder, file));
  if (await missingEnvironment(parsed.project, exists)) return { ok: false };
  const { name, entryPoints } = parsed.project;
  const outline = await outlineOf(text);
  return {
    ok: true,
    name: name ?? null,
    entryPoints: Object.fromEntries(
      entryPoints.map((point) => [
        point.name,
        {
          command: point.command ?? null,
          parameters: Object.fromEntries(
            point.parameters.map((item) => [item.name, [item.type, item.default ?? null]]),
          ),
          becomes: becomes(outline, point.name),
        },
      ]),
    ),
  };
}

function becomes({ entryPoints }: Outline, name: string): string | null {
  const point = entryPoints.find((candidate) => candidate.name === name);
  assert.ok(point, name);
  const needed = point.parameters.filter((parameter) => parameter.default === undefined);
  return commandWith(point, new Map(needed.map((parameter) => [parameter.name, givenFor(parameter.type)]))) ?? null;
}

const refusedBy = ({ ok, entryPoints = {} }: Verdict) =>
  !ok || Object.values(entryPoints).some((point) => point.becomes === null);

for (const version of ['3.17.2', '2.15.1'] as const satisfies readonly MlflowVersion[]) {
  describe(`MLproject files, as MLflow ${version} reads them`, () => {
    let root = '';
    let theirs: Readonly<Record<string, Verdict>> = {};

    before(async () => {
      root = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-mlproject-'));
      for (const [at, text] of Object.values(corpus).entries()) {
        const folder = path.join(root, String(at));
        fs.mkdirSync(folder);
        // Files of a Windows machine and of another letter case are found too.
        fs.writeFileSync(path.join(folder, at % 2 === 0 ? 'MLproject' : 'mlproject'), text);
        fs.writeFileSync(path.join(folder, 'env.yaml'), 'python: "3.11"\n');
      }
      const output = await run(mlflowPython(version), ['-c', ask, root]);
      theirs = JSON.parse(/^verdicts (.*)$/m.exec(output)?.[1] ?? '{}');
    });

    after(() => fs.rmSync(root, { recursive: true, force: true }));

    for (const [at, [name, text]] of Object.entries(corpus).entries())
      it(name, async () => assert.deepEqual(await ours(text, path.join(root, String(at))), theirs[String(at)]));

    it('calls a script with what it is given, as --name value, also where there is no MLproject', async () => {
      const bare = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-bare-'));
      try {
        const output = await run(mlflowPython(version), ['-c', askScripts, bare, JSON.stringify([scripts, given])], {
          env: { ...process.env, SHELL: '/bin/bash' },
        });
        const options = Object.entries(given).map(([name, value]) => `--${name} ${shellQuote(value)}`);
        const ours = scripts.map((name) => [
          scriptEntryPoint(name)?.command?.replace('$SHELL', '/bin/bash'),
          ...options,
        ]);
        assert.deepEqual(
          JSON.parse(/^commands (.*)$/m.exec(output)?.[1] ?? '[]'),
          ours.map((words) => words.join(' ')),
        );
      } finally {
        fs.rmSync(bare, { recursive: true, force: true });
      }
    });

    it('problems that are errors are those over which MLflow stops, and no others', async () => {
      const wrong: string[] = [];
      for (const [at, [name, text]] of Object.entries(corpus).entries()) {
        const exists = async (file: string) => fs.existsSync(path.join(root, String(at), file));
        const found = await findingsOf(await outlineOf(text), exists);
        const isError = found.some(({ severity }) => severity === 'error');
        const verdict = theirs[String(at)];
        assert.ok(verdict, name);
        if (isError !== refusedBy(verdict)) wrong.push(`${name}: ${JSON.stringify([verdict, found])}`);
      }
      assert.deepEqual(wrong, []);
    });

    it('has good and bad ones', () => {
      const accepted = Object.values(theirs).filter(({ ok }) => ok).length;
      assert.ok(
        Object.keys(theirs).length >= 120 && accepted > 40 && Object.keys(theirs).length - accepted > 40,
        `${accepted} accepted`,
      );
    });
  });
}

/** argv: a file of commands and of values. */
const askFormat = `
import json, shlex, sys
commands, values = json.load(open(sys.argv[1]))
def fill(command):
    try:
        return command.format(**{key: shlex.quote(value) for key, value in values.items()})
    except Exception:
        return None
print('filled ' + json.dumps([fill(command) for command in commands]))
`;

describe('commands with placeholders, as Python fills them', () => {
  it('thousands of odd ones', async () => {
    const pieces = [
      '{',
      '}',
      '{{',
      '}}',
      '{a}',
      '{b',
      'a',
      'w',
      '!',
      '!r',
      '!s',
      '!a',
      ':',
      ':>4',
      ':.1',
      ':07',
      ':^6s',
      ':*<3',
    ].concat([
      '[0]',
      '[',
      ']',
      '1',
      ' ',
      '.',
      'x',
      "'",
      '"',
      ':d',
      ':,',
      ':+',
      ':=3',
      ':{a}',
      '😀',
      'é',
      '\n',
      '{c}',
      '{é}',
    ]);
    const command = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((parts) => parts.join(''));
    // An attribute of a text is a place in memory, or a function: nothing that anybody means by a command.
    const commands = fc
      .sample(command, { numRuns: 6_000, seed: 20 })
      .filter((text) => !/\{[^}]*\./.test(text) || /:\.1/.test(text));
    const values = { a: '5', b: "it's", w: 'zwei Wörter 😀', é: '' };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'flowdeck-format-'));
    try {
      const file = path.join(folder, 'commands.json');
      fs.writeFileSync(file, JSON.stringify([commands, values]));
      const output = await run(mlflowPython('3.17.2'), ['-c', askFormat, file]);
      const theirs: (string | null)[] = JSON.parse(/^filled (.*)$/m.exec(output)?.[1] ?? '[]');
      assert.equal(theirs.length, commands.length);
      const quoted = new Map(Object.entries(values).map(([name, value]) => [name, shellQuote(value)]));
      const wrong = commands.flatMap((text, at) => {
        const ours = fillFormat(parseFormat(text), quoted) ?? null;
        return ours === theirs[at] ? [] : [{ text, ours, theirs: theirs[at] }];
      });
      assert.deepEqual(wrong.slice(0, 20), []);
      assert.ok(theirs.filter((text) => text !== null).length > 500);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
