import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { Log } from '../../platform/log';
import { LensStore } from './lensStore';
import { hoverText, lensCommands } from './lensTexts';
import { lensLanguages, mlflowCalls } from './mlflowCalls';

/** What the last runs were, above the lines that made them and when pointing at them. Shows what is known; asks nothing. */
export class MlflowLenses implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.Disposable {
  private readonly store: LensStore;
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly registered: vscode.Disposable;

  constructor(connections: Connections, log: Pick<Log, 'debug'>) {
    this.store = new LensStore(connections, log);
    this.onDidChangeCodeLenses = this.store.onDidChange;
    const selector = lensLanguages.map((language) => ({ language, scheme: 'file' }));
    this.registered = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerHoverProvider(selector, this),
      this.store,
    );
    this.store.look();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return mlflowCalls(document.getText()).flatMap((call) => {
      const facts = this.store.known(call);
      const range = new vscode.Range(call.line, call.from, call.line, call.to);
      return facts ? lensCommands(facts).map((command) => new vscode.CodeLens(range, command)) : [];
    });
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const call = mlflowCalls(document.getText()).find(
      ({ line, from, to }) => line === position.line && from <= position.character && position.character <= to,
    );
    const facts = call && this.store.known(call);
    const text = facts && hoverText(facts);
    return text && new vscode.Hover(text, new vscode.Range(call.line, call.from, call.line, call.to));
  }

  dispose(): void {
    this.registered.dispose();
  }
}
