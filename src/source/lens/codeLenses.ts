import * as vscode from 'vscode';
import { codeSchemes } from '../codeDocument';
import type { SourceServices } from '../services';
import { callsIn } from './callsIn';
import { LensStore } from './lensStore';
import { hoverText, lensCommands } from './lensTexts';
import { lensLanguages, type MlflowCall } from './mlflowCalls';

/** What the last runs were, above the lines that made them and when pointing at them. Shows what is known; asks nothing. */
export class MlflowLenses implements vscode.CodeLensProvider, vscode.HoverProvider, vscode.Disposable {
  private readonly store: LensStore;
  readonly onDidChangeCodeLenses: vscode.Event<void>;
  private readonly registered: vscode.Disposable;

  constructor(services: Pick<SourceServices, 'connections' | 'runs' | 'platform' | 'repositories'>) {
    this.store = new LensStore(services);
    this.onDidChangeCodeLenses = this.store.onDidChange;
    const selector = lensLanguages.flatMap((language) => codeSchemes.map((scheme) => ({ language, scheme })));
    this.registered = vscode.Disposable.from(
      vscode.languages.registerCodeLensProvider(selector, this),
      vscode.languages.registerHoverProvider(selector, this),
      this.store,
    );
    this.store.look();
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    return callsIn(document).flatMap((call) => {
      const facts = this.store.known(call);
      return facts
        ? lensCommands(facts, call).map((command) => new vscode.CodeLens(rangeOf(document, call), command))
        : [];
    });
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const at = document.offsetAt(position);
    const call = callsIn(document).find(({ from, to }) => from <= at && at <= to);
    const facts = call && this.store.known(call);
    const text = facts && hoverText(facts);
    return text && new vscode.Hover(text, rangeOf(document, call));
  }

  dispose(): void {
    this.registered.dispose();
  }
}

const rangeOf = (document: vscode.TextDocument, { from, to }: MlflowCall) =>
  new vscode.Range(document.positionAt(from), document.positionAt(to));
