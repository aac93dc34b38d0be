import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { Command } from '../../../src/platform/ids';

/** Ids by the expressions that name them: `Command.runs`, `Command.runs.compare`. */
type Value = string | { readonly [key: string]: Value };

/** Values of the names that a file declares at any depth; a file that gives one name two meanings fails. */
type Names = ReadonlyMap<string, Value | readonly string[]>;

const parse = (file: string, text = fs.readFileSync(file, 'utf8')) =>
  ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);

const files = fs
  .readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.posix.join('src', file.replaceAll('\\', '/')));

function each(root: ts.Node, visit: (node: ts.Node) => void): void {
  visit(root);
  ts.forEachChild(root, (child) => each(child, visit));
}

/** `Command` itself, what is taken out of it, and lists made of that. */
function namesOf(source: ts.SourceFile): Names {
  const names = new Map<string, Value | readonly string[]>([['Command', Command as Value]]);
  each(source, (node) => {
    if (!ts.isVariableDeclaration(node) || !node.initializer) return;
    if (!/\bCommand\b|\.\.\.|^\[/.test(node.initializer.getText())) return;
    if (ts.isObjectBindingPattern(node.name)) {
      const whole = readValue(node.initializer, names);
      if (typeof whole !== 'object' || Array.isArray(whole)) return;
      const rest: Record<string, Value> = { ...(whole as Record<string, Value>) };
      for (const { name, propertyName, dotDotDotToken } of node.name.elements) {
        const key = (propertyName ?? name).getText();
        const value = dotDotDotToken ? rest : rest[key];
        if (value !== undefined) names.set(name.getText(), value);
        if (!dotDotDotToken) delete rest[key];
      }
    } else {
      const value = readValue(node.initializer, names);
      if (value !== undefined) names.set(node.name.getText(), value);
    }
  });
  return names;
}

/** As far as tables of commands are written in this repository. */
function readValue(node: ts.Expression, names: Names): Value | readonly string[] | undefined {
  if (ts.isIdentifier(node)) return names.get(node.text);
  if (ts.isPropertyAccessExpression(node)) {
    const whole = readValue(node.expression, names);
    return typeof whole === 'object' && !Array.isArray(whole)
      ? (whole as Record<string, Value>)[node.name.text]
      : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.getText() === 'Object.values') {
    const [argument] = node.arguments;
    const whole = argument && readValue(argument, names);
    return whole === undefined ? undefined : (Object.values(whole) as string[]);
  }
  if (!ts.isArrayLiteralExpression(node)) return undefined;
  const items = node.elements.map((item) => readValue(ts.isSpreadElement(item) ? item.expression : item, names));
  return items.includes(undefined) ? undefined : (items.flat() as string[]);
}

interface Registrations {
  /** Ids of each `registerLater`, by file. */
  readonly later: readonly { readonly file: string; readonly ids: readonly string[] }[];
  /** Ids of each `register(Command.…)`. */
  readonly now: readonly { readonly file: string; readonly id: string }[];
  /** What could not be read. */
  readonly unread: readonly string[];
}

function registrationsOf(source: ts.SourceFile): Registrations {
  const names = namesOf(source);
  const file = source.fileName;
  const found = { later: [] as { file: string; ids: string[] }[], now: [] as { file: string; id: string }[] };
  const unread: string[] = [];
  each(source, (node) => {
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return;
    const [argument] = node.arguments;
    const called = node.expression.name.text;
    if (!argument || (called !== 'registerLater' && called !== 'register')) return;
    const value = readValue(argument, names);
    if (called === 'register' && typeof value === 'string') found.now.push({ file, id: value });
    else if (called === 'registerLater' && Array.isArray(value)) found.later.push({ file, ids: [...value] });
    else if (called === 'registerLater' || argument.getText().startsWith('Command'))
      unread.push(`${file}: ${argument.getText()}`);
  });
  return { ...found, unread };
}

/** Files that activation loads: reached from `extension.ts` without a dynamic import. */
function loadedAtOnce(): ReadonlySet<string> {
  const known = new Set(files);
  const reached = new Set<string>();
  const visit = (file: string) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const statement of parse(file).statements) {
      if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) continue;
      if (!ts.isStringLiteral(statement.moduleSpecifier)) continue;
      const target = `${path.posix.join(path.posix.dirname(file), statement.moduleSpecifier.text)}.ts`;
      if (known.has(target)) visit(target);
    }
  };
  visit('src/extension.ts');
  return reached;
}

/** Ids that VS Code would be given more than once, or never. */
function wrongOwners(all: readonly Registrations[], early: ReadonlySet<string>) {
  const atOnce = all.flatMap(({ now }) => now.filter(({ file }) => early.has(file)).map(({ id }) => id));
  const owned = [...atOnce, ...all.flatMap(({ later }) => later.flatMap(({ ids }) => ids))];
  const ids = Object.values(Command).flatMap((domain) => Object.values(domain) as string[]);
  return {
    twice: owned.filter((id, at) => owned.indexOf(id) !== at),
    never: ids.filter((id) => !owned.includes(id)),
    unread: all.flatMap(({ unread }) => unread),
  };
}

describe('the owners of commands', () => {
  const all = files.filter((file) => file !== 'src/platform/commands.ts').map((file) => registrationsOf(parse(file)));

  it('are one for each command: VS Code refuses to activate what registers an id twice', () => {
    assert.deepEqual(wrongOwners(all, loadedAtOnce()), { twice: [], never: [], unread: [] });
  });

  it('are found by all who claim a command, those who claim the rest of a domain included', () => {
    const claims = (text: string) => registrationsOf(parse('src/extension.ts', text));
    const rest = claims(`const { openTable, copyValue, ...ofRuns } = Command.runs;
      const ids = [...Object.values(Command.experiments), ...Object.values(ofRuns)];
      commands.registerLater(ids, load);`);
    assert.ok(rest.later[0]?.ids.includes(Command.runs.compare));
    assert.ok(!rest.later[0]?.ids.includes(Command.runs.openTable));
    const early = new Set(['src/extension.ts']);
    const double = claims(`commands.register(Command.runs.compare, 'compare', run);`);
    assert.deepEqual(wrongOwners([rest, double], early).twice, [Command.runs.compare]);
    assert.deepEqual(wrongOwners([rest, rest], early).twice, rest.later[0]?.ids);
    assert.deepEqual(claims('commands.registerLater(idsOf(x), load)').unread, ['src/extension.ts: idsOf(x)']);
  });
});
