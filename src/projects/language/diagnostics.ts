import * as vscode from 'vscode';
import type { Log } from '../../platform/log';
import { editorRange, isThere, languageId, outlineFor } from './documents';
import { type Finding, findingsOf } from './findings';
import { findingText } from './languageTexts';

/** After the last key; typing is not to be disturbed. */
const settleMs = 300;
/** The files that an MLproject may name as its environment, and the MLproject itself. */
const watched = '**/{[mM][lL][pP][rR][oO][jJ][eE][cC][tT],*.yaml,*.yml}';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
} as const;

/**
 * Problems of the MLproject files that have a tab: they go when the file is mended, closed or deleted. A document alone
 * does not count: VS Code keeps one for minutes when an extension had opened it.
 */
export class ProjectDiagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(languageId);
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly deleted = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(private readonly log: Log) {
    const { workspace, window } = vscode;
    const watcher = workspace.createFileSystemWatcher(watched, false, true, false);
    this.listening = vscode.Disposable.from(
      workspace.onDidOpenTextDocument((document) => this.soon(document, 0)),
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      workspace.onDidSaveTextDocument((document) => this.saved(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.soon(document)),
      // A file that a default names may have come or gone meanwhile.
      window.onDidChangeActiveTextEditor((editor) => editor && this.soon(editor.document)),
      window.tabGroups.onDidChangeTabs(({ opened, closed }) => this.tabsChanged(opened, closed)),
      watcher,
      watcher.onDidCreate((file) => this.created(file)),
      watcher.onDidDelete((file) => this.gone(file)),
    );
    for (const document of workspace.textDocuments) this.soon(document, 0);
  }

  dispose(): void {
    this.listening.dispose();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    this.collection.dispose();
  }

  private soon(document: vscode.TextDocument, delay = settleMs): void {
    if (!isChecked(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.timers.get(key));
    const timer = setTimeout(() => {
      this.timers.delete(key);
      this.check(document).catch((error: unknown) => this.log.error(`cannot check ${key}: ${String(error)}`));
    }, delay);
    this.timers.set(key, timer);
  }

  private async check(document: vscode.TextDocument): Promise<void> {
    const { version, uri } = document;
    const findings = await findingsOf(await outlineFor(document), (file) => isThere(document, file));
    // It went on, or away, in the meantime.
    const isStill =
      isShown(uri) && !document.isClosed && document.version === version && document.languageId === languageId;
    if (isStill && !this.deleted.has(uri.toString())) this.collection.set(uri, findings.map(diagnosticOf));
  }

  private tabsChanged(opened: readonly vscode.Tab[], closed: readonly vscode.Tab[]): void {
    for (const uri of closed.flatMap(filesOf)) if (!isShown(uri)) this.collection.delete(uri);
    const shown = new Set(opened.flatMap(filesOf).map(String));
    for (const document of vscode.workspace.textDocuments)
      if (shown.has(document.uri.toString())) this.soon(document, 0);
  }

  private saved(document: vscode.TextDocument): void {
    this.deleted.delete(document.uri.toString());
    this.soon(document, 0);
  }

  private created(file: vscode.Uri): void {
    this.deleted.delete(file.toString());
    this.checkAll();
  }

  /** The editor keeps a deleted file open, with its name crossed out. */
  private gone(file: vscode.Uri): void {
    const key = file.toString();
    if (this.collection.has(file)) {
      this.deleted.add(key);
      this.collection.delete(file);
    } else this.checkAll();
  }

  private checkAll(): void {
    for (const document of vscode.workspace.textDocuments) this.soon(document);
  }

  private forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    clearTimeout(this.timers.get(key));
    this.timers.delete(key);
    this.deleted.delete(key);
    this.collection.delete(uri);
  }
}

/** What a person can change in a tab. */
function filesOf({ input }: vscode.Tab): readonly vscode.Uri[] {
  if (input instanceof vscode.TabInputText) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}

function isShown(uri: vscode.Uri): boolean {
  const key = uri.toString();
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return tabs.some((tab) => filesOf(tab).some((file) => file.toString() === key));
}

/** Not the old version in a comparison: nobody can mend that. */
const isChecked = ({ languageId: language, uri }: vscode.TextDocument) =>
  language === languageId && vscode.workspace.fs.isWritableFileSystem(uri.scheme) !== false;

export function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    editorRange(finding.range),
    findingText(finding),
    severities[finding.severity],
  );
  diagnostic.source = 'MLproject';
  diagnostic.code = finding.code;
  if (finding.code === 'parameterUnused' || finding.code === 'duplicateKey')
    diagnostic.tags = [vscode.DiagnosticTag.Unnecessary];
  return diagnostic;
}
