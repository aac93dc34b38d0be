import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import { isCancelled } from '../../mlflow/mlflowError';
import type { Log } from '../../platform/log';
import { mapLimited } from '../../shared/mapLimited';
import { askFacts, type LensFacts } from './lensFacts';
import { lensLanguages, type MlflowSubject, mlflowCalls, subjectKey } from './mlflowCalls';

const atOnce = 4;
/** ms; an editor that comes to the front again sooner shows what is known. */
const freshFor = 30_000;

/**
 * What the server says of the calls in visible files. It is asked when a file that mentions MLflow becomes visible, and
 * when one is saved; typing asks nothing.
 */
export class LensStore implements vscode.Disposable {
  private readonly facts = new Map<string, LensFacts>();
  private readonly askedAt = new Map<string, number>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something else is known now. */
  readonly onDidChange = this.changed.event;
  private readonly ending = new AbortController();
  private readonly listening: vscode.Disposable;
  private server: string | undefined;

  constructor(
    private readonly connections: Connections,
    private readonly log: Pick<Log, 'debug'>,
  ) {
    this.listening = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.look()),
      vscode.workspace.onDidSaveTextDocument((document) => this.read(document, true)),
      connections.onDidChange(() => this.follow()),
    );
  }

  known(subject: MlflowSubject): LensFacts | undefined {
    return this.facts.get(subjectKey(subject));
  }

  /** Asks for what visible files say and is not known, or is old. */
  look(): void {
    for (const { document } of vscode.window.visibleTextEditors) this.read(document, false);
  }

  dispose(): void {
    this.ending.abort();
    this.listening.dispose();
    this.changed.dispose();
  }

  /** Another server knows other things. */
  private follow(): void {
    const { state } = this.connections;
    const server = state.kind === 'connected' ? state.connection.uri : undefined;
    if (server === undefined || server === this.server) return;
    this.server = server;
    this.facts.clear();
    this.askedAt.clear();
    this.look();
    this.changed.fire();
  }

  private read(document: vscode.TextDocument, anew: boolean): void {
    const visible = vscode.window.visibleTextEditors.some((editor) => editor.document === document);
    if (!visible || !lensLanguages.includes(document.languageId)) return;
    const now = Date.now();
    const subjects = new Map(mlflowCalls(document.getText()).map((call) => [subjectKey(call), call]));
    const wanted = [...subjects].filter(([key]) => anew || now - (this.askedAt.get(key) ?? 0) > freshFor);
    if (wanted.length === 0) return;
    for (const [key] of wanted) this.askedAt.set(key, now);
    this.ask(wanted).catch((error: unknown) => {
      for (const [key] of wanted) this.askedAt.delete(key);
      // A lens is an extra: a server in trouble says so elsewhere.
      if (!isCancelled(error)) this.log.debug(`lenses of ${document.uri.fsPath}: ${String(error)}`);
    });
  }

  private async ask(wanted: readonly (readonly [string, MlflowSubject])[]): Promise<void> {
    const connection = await this.connections.get();
    if (!connection) return;
    this.server = connection.uri;
    await mapLimited(wanted, atOnce, async ([key, subject]) => {
      const facts = await askFacts(connection, subject, this.ending.signal);
      if (this.server === connection.uri) this.facts.set(key, facts);
    });
    this.changed.fire();
  }
}
