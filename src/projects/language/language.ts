import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import { Command } from '../../platform/ids';
import type { Platform } from '../../platform/services';
import { settings } from '../../platform/settings';
import type { ProjectsStore } from '../view/projectsStore';

/** The language `mlproject` of package.json; `documents.ts` is not to be read at activation. */
const selector: vscode.DocumentSelector = { language: 'mlproject' };
const load = () => import('./providers');
/** Of a folder, of a workspace, and of the user. */
const tasksFile: vscode.DocumentSelector = [
  { scheme: 'file', pattern: '**/.vscode/tasks.json' },
  { scheme: 'file', pattern: '**/*.code-workspace' },
  { scheme: 'vscode-userdata', pattern: '**/tasks.json' },
];
const scripts = ['python', 'shellscript', 'r'].map((language) => ({ language, scheme: 'file' }));

/** Registers what an editor asks of MLproject files. The code behind it is read with the first question. */
export function registerLanguage({ context: { subscriptions }, log }: Platform): void {
  const { languages } = vscode;
  subscriptions.push(
    languages.registerCompletionItemProvider(
      selector,
      { provideCompletionItems: async (document, position) => (await load()).completions(document, position) },
      '{',
      ' ',
      ':',
      '/',
    ),
    languages.registerHoverProvider(selector, {
      provideHover: async (document, position) => (await load()).hover(document, position),
    }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: async (document) => (await load()).symbols(document),
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: async (document, position) => (await load()).definition(document, position),
    }),
    languages.registerReferenceProvider(selector, {
      provideReferences: async (document, position) =>
        (await (await load()).references(document, position)).map((range) => new vscode.Location(document.uri, range)),
    }),
    languages.registerDocumentHighlightProvider(selector, {
      provideDocumentHighlights: async (document, position) =>
        (await (await load()).references(document, position)).map((range) => new vscode.DocumentHighlight(range)),
    }),
    languages.registerRenameProvider(selector, {
      prepareRename: async (document, position) => (await load()).prepareRename(document, position),
      provideRenameEdits: async (document, position, name) => (await load()).rename(document, position, name),
    }),
    languages.registerCodeActionsProvider(
      selector,
      { provideCodeActions: async (document, range, context) => (await load()).codeActions(document, range, context) },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    languages.registerCodeLensProvider(selector, {
      provideCodeLenses: async (document) => (await load()).lenses(document),
    }),
    new DiagnosticsLater(log),
  );
}

/** What an editor asks of other files: names for tasks of ours, and to run a script. */
export function registerOtherFiles(
  { context: { subscriptions } }: Platform,
  store: ProjectsStore,
  connections: Connections,
): void {
  const { languages } = vscode;
  subscriptions.push(
    languages.registerCompletionItemProvider(
      tasksFile,
      {
        provideCompletionItems: async (document, position, token) =>
          (await import('./taskCompletions')).taskCompletions(store, connections, document, position, token),
      },
      '"',
      ':',
      ' ',
    ),
    languages.registerCodeLensProvider(scripts, {
      onDidChangeCodeLenses: (listener) => settings.runLens.onDidChange(() => listener()),
      provideCodeLenses: (document) => (settings.runLens.get() ? scriptLens(document) : []),
    }),
  );
}

async function scriptLens(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  if (!vscode.workspace.getWorkspaceFolder(document.uri) || !/\.(py|sh|R)$/.test(document.uri.path)) return [];
  const { runLineOf } = await import('./scriptLines');
  const line = runLineOf(document.languageId, document.getText());
  if (line === undefined) return [];
  const title = vscode.l10n.t('Run with MLflow…');
  const command = { title, command: Command.projects.runFile, arguments: [document.uri] };
  return [new vscode.CodeLens(new vscode.Range(line, 0, line, 0), command)];
}

/** Looks for nothing before an MLproject is open. */
class DiagnosticsLater implements vscode.Disposable {
  private diagnostics: Promise<vscode.Disposable | undefined> | undefined;
  private isDisposed = false;
  private readonly listening: vscode.Disposable;

  constructor(private readonly log: Platform['log']) {
    this.listening = vscode.workspace.onDidOpenTextDocument((document) => this.opened(document));
    for (const document of vscode.workspace.textDocuments) this.opened(document);
  }

  dispose(): void {
    this.isDisposed = true;
    this.listening.dispose();
    void this.diagnostics?.then((made) => made?.dispose());
  }

  private opened(document: vscode.TextDocument): void {
    if (this.diagnostics || vscode.languages.match(selector, document) === 0) return;
    this.listening.dispose();
    this.diagnostics = this.start().catch((error: unknown) => {
      this.log.error(`cannot check MLproject files: ${String(error)}`);
      return undefined;
    });
  }

  private async start(): Promise<vscode.Disposable | undefined> {
    const { ProjectDiagnostics } = await import('./diagnostics');
    return this.isDisposed ? undefined : new ProjectDiagnostics(this.log);
  }
}
