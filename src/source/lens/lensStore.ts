import * as vscode from 'vscode';
import { isCancelled } from '../../mlflow/mlflowError';
import { Poller } from '../../platform/poller';
import { settings } from '../../platform/settings';
import { mapLimited } from '../../shared/mapLimited';
import { isLive } from '../../shared/runs/runTable';
import type { SourceServices } from '../services';
import { callsIn } from './callsIn';
import { FileRuns } from './fileRuns';
import { askFacts, type LensFacts } from './lensFacts';
import { runsOf } from './lensTexts';
import { lensLanguages, type MlflowSubject, subjectKey } from './mlflowCalls';

type Asked = readonly (readonly [string, MlflowSubject])[];

const atOnce = 4;
/** ms; an editor that comes to the front again sooner shows what is known. */
const freshFor = 30_000;

/**
 * What the server says of the calls in visible files. It is asked when a file that mentions MLflow becomes visible, when
 * one is saved, when this window changed runs, and while one is in sight for experiments and runs that go on, in the
 * interval of the setting. Typing asks nothing.
 */
export class LensStore implements vscode.Disposable {
  private readonly facts = new Map<string, LensFacts>();
  private readonly askedAt = new Map<string, number>();
  private readonly changed = new vscode.EventEmitter<void>();
  /** Something else is known now. */
  readonly onDidChange = this.changed.event;
  private readonly ending = new AbortController();
  private readonly poller: Poller;
  private readonly listening: vscode.Disposable;
  private readonly files: FileRuns;
  private server: string | undefined;

  constructor(private readonly services: Pick<SourceServices, 'connections' | 'runs' | 'platform' | 'repositories'>) {
    this.files = new FileRuns(services.repositories);
    const { connections, runs } = services;
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get(),
      wanted: () =>
        connections.state.kind === 'connected' && vscode.window.state.focused && this.thatMayChange().length > 0,
      poll: () => this.ask(this.thatMayChange()),
    });
    const update = () => this.poller.update();
    this.listening = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(() => this.look()),
      vscode.workspace.onDidSaveTextDocument((document) => this.lookAnew((visible) => visible === document)),
      vscode.workspace.onDidSaveNotebookDocument((notebook) =>
        this.lookAnew((visible) => notebook.getCells().some(({ document }) => document === visible)),
      ),
      vscode.window.onDidChangeWindowState(update),
      settings.refreshIntervalSeconds.onDidChange(update),
      connections.onDidChange(() => this.follow()),
      runs.onDidMarkChanged(() => this.lookAnew(() => true)),
      this.poller,
    );
  }

  known(subject: MlflowSubject): LensFacts | undefined {
    return this.facts.get(subjectKey(subject));
  }

  /** Asks for what visible files say and is not known, or is old. */
  look(): void {
    const now = Date.now();
    this.askFor(visibleSubjects().filter(([key]) => now - (this.askedAt.get(key) ?? 0) > freshFor));
  }

  dispose(): void {
    this.ending.abort();
    this.listening.dispose();
    this.changed.dispose();
  }

  private lookAnew(which: (document: vscode.TextDocument) => boolean): void {
    this.files.forget();
    this.askFor(visibleSubjects(which));
  }

  /** Another server knows other things. */
  private follow(): void {
    const { state } = this.services.connections;
    const server = state.kind === 'connected' ? state.connection.uri : undefined;
    this.poller.update();
    if (server === undefined || server === this.server) return;
    this.server = server;
    this.facts.clear();
    this.askedAt.clear();
    this.look();
    this.changed.fire();
  }

  /** In sight: experiments, which get new runs, and runs that are not over. */
  private thatMayChange(): Asked {
    return visibleSubjects().filter(([key]) => {
      const facts = this.facts.get(key);
      return facts !== undefined && (facts.kind === 'runs' || runsOf(facts).some(({ status }) => isLive(status)));
    });
  }

  private askFor(wanted: Asked): void {
    this.poller.update();
    if (wanted.length === 0) return;
    this.ask(wanted).catch((error: unknown) => {
      // A lens is an extra: a server in trouble says so elsewhere.
      if (!isCancelled(error)) this.services.platform.log.debug(`lenses: ${String(error)}`);
    });
  }

  /** What cannot be asked is asked again another time, and keeps nothing else from being told. */
  private async ask(wanted: Asked): Promise<void> {
    const now = Date.now();
    for (const [key] of wanted) this.askedAt.set(key, now);
    const failures: unknown[] = [];
    const failed = (key: string, error: unknown) => {
      this.askedAt.delete(key);
      failures.push(error);
    };
    try {
      const connection = await this.services.connections.get();
      if (!connection) {
        for (const [key] of wanted) this.askedAt.delete(key);
        return;
      }
      this.server = connection.uri;
      await mapLimited(wanted, atOnce, async ([key, subject]) => {
        try {
          const facts = await askFacts(connection, this.files, subject, this.ending.signal);
          if (this.server === connection.uri) this.facts.set(key, facts);
        } catch (error) {
          failed(key, error);
        }
      });
    } catch (error) {
      for (const [key] of wanted) failed(key, error);
    }
    this.changed.fire();
    this.poller.update();
    if (failures.length > 0) throw failures[0];
  }
}

function visibleSubjects(which: (document: vscode.TextDocument) => boolean = () => true): Asked {
  const documents = vscode.window.visibleTextEditors.map(({ document }) => document);
  const calls = documents
    .filter((document) => lensLanguages.includes(document.languageId) && which(document))
    .flatMap(callsIn);
  return [...new Map(calls.map((call) => [subjectKey(call), call]))];
}
