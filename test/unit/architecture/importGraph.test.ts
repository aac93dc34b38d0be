import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

/**
 * The arrows of the architecture: a room may import itself and what stands here, nothing else.
 * `vscode` stands for the editor's API. docs/architecture.md explains the rooms.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  mlflow: ['shared'],
  git: ['shared'],
  platform: ['shared', 'mlflow', 'git', 'vscode'],
  connections: ['shared', 'mlflow', 'git', 'platform', 'vscode'],
  experiments: ['shared', 'mlflow', 'git', 'platform', 'connections', 'vscode'],
  panels: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  registry: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  artifacts: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  projects: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  source: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  monitor: ['shared', 'mlflow', 'git', 'platform', 'connections', 'experiments', 'vscode'],
  webview: ['shared'],
};

/** Inside the largest room each of its rooms may import those that stand before it; the files of its own, all. */
const projectRooms = [
  'mlproject',
  'command',
  'view',
  'request',
  'language',
  'checkouts',
  'tracebacks',
  'backends',
  'process',
  'launch',
  'tasks',
  'form',
  'reports',
  'reproduce',
  'bisect',
];
const onFirstUse = new Set(['undici', 'simple-git', 'yaml']);

interface Import {
  readonly from: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
  readonly dynamic: boolean;
}

function sourceFiles(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => path.posix.join(folder, file.replaceAll('\\', '/')));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      const typeOnly = ts.isImportDeclaration(node) ? node.importClause?.isTypeOnly === true : node.isTypeOnly;
      found.push({ from: file, specifier: node.moduleSpecifier.text, typeOnly, dynamic: false });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument))
        found.push({ from: file, specifier: argument.text, typeOnly: false, dynamic: true });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function targetFile(item: Import, files: ReadonlySet<string>): string | undefined {
  if (!item.specifier.startsWith('.')) return undefined;
  const base = path.posix.join(path.posix.dirname(item.from), item.specifier);
  return [base, `${base}.ts`, `${base}/index.ts`].find((candidate) => files.has(candidate));
}

const roomOf = (file: string) => (file.startsWith('webview/') ? 'webview' : (file.split('/')[1] ?? ''));

describe('the import graph', () => {
  const files = new Set([...sourceFiles('src'), ...sourceFiles('webview')]);
  const imports = [...files].flatMap(importsOf);

  it('has only the arrows of the table', () => {
    const wrong = imports.flatMap((item) => {
      if (item.from === 'src/extension.ts') return [];
      const room = roomOf(item.from);
      const rules = allowed[room];
      if (!rules) return [`${item.from}: room ${room} is not in the table`];
      const target = item.specifier === 'vscode' ? 'vscode' : targetFile(item, files);
      if (target === undefined) return [];
      const targetRoom = target === 'vscode' ? 'vscode' : roomOf(target);
      return targetRoom === room || rules.includes(targetRoom) ? [] : [`${item.from} → ${item.specifier}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('goes one way inside src/projects too', () => {
    const orderOf = (file: string) => {
      const [, room, inner, name] = file.split('/');
      if (room !== 'projects' || inner === undefined) return undefined;
      const order = projectRooms.indexOf(inner);
      assert.ok(order >= 0 || name === undefined, `${file}: room ${inner} is not in the list`);
      return order < 0 ? projectRooms.length : order;
    };
    const wrong = imports.flatMap((item) => {
      const [from, to] = [orderOf(item.from), orderOf(targetFile(item, files) ?? '')];
      return from === undefined || to === undefined || to <= from ? [] : [`${item.from} → ${item.specifier}`];
    });
    assert.deepEqual(wrong, []);
  });

  it('resolves every relative import', () => {
    const lost = imports.filter((item) => item.specifier.startsWith('.') && !targetFile(item, files));
    assert.deepEqual(
      lost.map((item) => `${item.from} → ${item.specifier}`).filter((text) => !text.endsWith('.json')),
      [],
    );
  });

  it('loads undici, simple-git and yaml on first use only', () => {
    const early = imports.filter((item) => onFirstUse.has(item.specifier) && !item.typeOnly && !item.dynamic);
    assert.deepEqual(
      early.map((item) => `${item.from} → ${item.specifier}`),
      [],
    );
  });

  it('keeps the webview toolkit behind one module', () => {
    const users = imports.filter((item) => item.specifier.startsWith('@vscode/webview-ui-toolkit'));
    assert.deepEqual([...new Set(users.map((item) => item.from))], ['webview/controls/toolkit.ts']);
  });

  it('has no cycle between files', () => {
    const edges = new Map<string, string[]>();
    for (const item of imports) {
      const target = item.typeOnly || item.dynamic ? undefined : targetFile(item, files);
      if (target) edges.set(item.from, [...(edges.get(item.from) ?? []), target]);
    }
    const done = new Set<string>();
    const walk = (file: string, trail: readonly string[]): string[] | undefined => {
      if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
      if (done.has(file)) return undefined;
      for (const next of edges.get(file) ?? []) {
        const cycle = walk(next, [...trail, file]);
        if (cycle) return cycle;
      }
      done.add(file);
      return undefined;
    };
    const cycles = [...files].map((file) => walk(file, [])).filter((cycle) => cycle !== undefined);
    assert.deepEqual(cycles, []);
  });

  it('keeps files small enough to read', () => {
    const large = [...files].filter((file) => fs.readFileSync(file, 'utf8').split('\n').length > 400);
    assert.deepEqual(large, []);
  });
});
