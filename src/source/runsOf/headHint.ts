import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import { isCancelled } from '../../mlflow/mlflowError';
import { Command } from '../../platform/ids';
import { age } from '../../shared/age';
import { oneLine } from '../../shared/oneLine';
import { fileOf, wholeCode } from '../codeDocument';
import { mentionsMlflow } from '../lens/mlflowCalls';
import type { SourceServices } from '../services';
import { countText } from './countText';
import { type FoundRuns, findRunsOfCommits } from './findRuns';
import { type HeadGroup, headText, type NamedHead } from './headGroup';

/** ms; sooner the server is asked again only where something is known to have changed. */
const freshFor = 30_000;
const mostCounted = 100;

/**
 * Says in the status bar how many runs there are of what is checked out in the repository of the file in front. Asks only
 * where that file mentions MLflow and a server is connected already, once for each commit until something changes.
 */
export class HeadHint implements vscode.Disposable {
  private readonly known = new Map<string, { readonly at: number; readonly found: Promise<FoundRuns> }>();
  /** The file that mentions MLflow of whose repository something is asked or shown. */
  private about: string | undefined;
  /** The server whose runs are shown. */
  private shownBy: string | undefined;
  /** Beside a panel or a page there is no editor in front: what was there last still counts. */
  private last: { readonly file: string; readonly mentions: boolean } | undefined;
  private turn = 0;
  private lookedAt = 0;
  private readonly ending = new AbortController();
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly services: SourceServices,
    private readonly head: HeadGroup,
  ) {
    const { connections, runs } = services;
    const anew = () => {
      this.known.clear();
      this.look();
    };
    this.listening = vscode.Disposable.from(
      vscode.window.onDidChangeActiveTextEditor(() => this.look()),
      vscode.workspace.onDidSaveTextDocument(() => this.look()),
      vscode.workspace.onDidSaveNotebookDocument(() => this.look()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.look()),
      head.onDidChange(() => this.look()),
      connections.onDidChange(() => this.look()),
      runs.onDidMarkChanged(anew),
      // It comes with every refresh of a view; commits and tags that others write are seen a little later.
      runs.onDidRunsChange(() => {
        if (Date.now() - this.lookedAt > freshFor) this.look();
      }),
    );
    this.look();
  }

  dispose(): void {
    this.ending.abort();
    this.listening.dispose();
    this.show(undefined);
  }

  private look(): void {
    const { state } = this.services.connections;
    const document = vscode.window.activeTextEditor?.document;
    const file = document && fileOf(document);
    if (file) this.last = { file: file.fsPath, mentions: mentionsMlflow(wholeCode(document)) };
    if (state.kind !== 'connected' || !this.last) return;
    if (this.shownBy !== undefined && this.shownBy !== state.connection.uri) this.show(undefined);
    const { file: last, mentions } = this.last;
    if (mentions) this.about = last;
    this.lookedAt = Date.now();
    // Other files change nothing where nothing is asked or shown.
    if (this.about === undefined) return;
    const turn = ++this.turn;
    this.lookAt(last, this.about, state.connection, turn).catch((error: unknown) => {
      if (turn === this.turn) this.show(undefined);
      // A server or a repository in trouble says so elsewhere.
      if (!isCancelled(error)) this.services.platform.log.debug(`runs at HEAD: ${String(error)}`);
    });
  }

  private async lookAt(file: string, about: string, connection: Connection, turn: number): Promise<void> {
    const [here, there] = await Promise.all([this.head.around(file), this.head.around(about)]);
    if (turn !== this.turn) return;
    // Other files of its repository change nothing, those of another one end it.
    if (!here || here.repository.root !== there?.repository.root) {
      this.show(undefined);
      return;
    }
    const found = await this.runsOf(here.head.commit, connection);
    if (turn !== this.turn) return;
    this.show({ here, found, by: connection.uri });
  }

  private runsOf(commit: string, connection: Connection): Promise<FoundRuns> {
    const key = `${connection.uri} ${commit}`;
    const before = this.known.get(key);
    if (before && Date.now() - before.at < freshFor) return before.found;
    const found = findRunsOfCommits(connection, [commit], { most: mostCounted, signal: this.ending.signal });
    this.known.set(key, { at: Date.now(), found });
    found.catch(() => this.known.delete(key));
    return found;
  }

  private show(seen: { readonly here: NamedHead; readonly found: FoundRuns; readonly by: string } | undefined): void {
    const [newest] = seen?.found.runs ?? [];
    this.shownBy = newest && seen?.by;
    if (!seen || !newest) {
      this.about = undefined;
      this.services.connections.showHint(undefined);
      return;
    }
    const { head, name } = seen.here;
    const count = countText(seen.found);
    const last = [oneLine(newest.name, 40), age(newest.startTime, Date.now(), vscode.env.language)];
    this.services.connections.showHint({
      text: vscode.l10n.t('{0} at HEAD', count),
      detail: [
        vscode.l10n.t('{0} of what is checked out in {1}:', count, name),
        `${headText(head)} ${oneLine(head.subject, 80)}`,
        vscode.l10n.t('The last one: {0}', last.filter(Boolean).join(' · ')),
      ].join('\n'),
      actions: [
        { title: vscode.l10n.t('Runs of This Commit'), command: Command.source.runsOfCommit, arguments: [head.commit] },
        { title: vscode.l10n.t('Show the Last Run'), command: Command.runs.show, arguments: [newest.runId] },
      ],
    });
  }
}
