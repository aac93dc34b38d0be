import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { GitRepository } from '../git/gitRepository';
import { headMovedAt } from '../git/headMoved';
import { headTags } from '../git/headTags';
import { quoteKey, quoteValue } from '../mlflow/filterQuoting';
import { Poller } from '../platform/poller';
import { settings } from '../platform/settings';
import type { Run } from '../shared/domain';
import { allExperimentIds } from './allExperiments';
import { contextVariable, lacksCommit, markedContext, repositoryOfRun, windowTag } from './autoTagMark';
import type { SourceServices } from './services';
import { tagChange } from './tagPlan';
import { describeHead } from './tagRuns';
import { reportTagged, writeAll } from './tagWrite';
import { openFolders } from './workspaceRepositories';

/** ms; a run may be found on the server after the terminal it came from was closed. */
const afterLast = 60_000;
const usualInterval = 10;
const mostAtOnce = 200;
const mostPlaces = 50;

/**
 * Tags runs that were started in this window's terminals and tasks and have no commit. They are known by a mark that
 * they inherit from the terminal, never by time or user alone; a run is left alone when the file it names is in no open
 * repository or could be in several, and when the head moved after it began.
 */
export class AutoTag implements vscode.Disposable {
  private readonly mark = randomUUID();
  private readonly marked: boolean;
  private readonly opened = new Set<vscode.Terminal>();
  private readonly seen = new Set<string>();
  /** Folders in which tasks and commands of this window were started. */
  private readonly places = new Set<string>();
  private lastClosed = 0;
  /** The server that refused a write: it is not asked again. */
  private refusedBy: string | undefined;
  private looking: Promise<void> | undefined;
  private readonly poller: Poller;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly services: SourceServices,
    private readonly environment: vscode.EnvironmentVariableCollection,
  ) {
    this.marked = this.markTerminals();
    this.poller = new Poller({
      intervalSeconds: () => settings.refreshIntervalSeconds.get() || usualInterval,
      wanted: () => this.marked && (this.opened.size > 0 || Date.now() - this.lastClosed < afterLast),
      poll: () => this.look(),
    });
    this.listening = vscode.Disposable.from(
      vscode.window.onDidOpenTerminal((terminal) => {
        this.opened.add(terminal);
        this.poller.update();
      }),
      vscode.window.onDidCloseTerminal((terminal) => {
        if (this.opened.delete(terminal)) this.lastClosed = Date.now();
        this.poller.update();
      }),
      vscode.tasks.onDidStartTask(({ execution }) => this.remember(taskPlace(execution.task))),
      vscode.window.onDidStartTerminalShellExecution(({ execution }) => this.remember(execution.cwd?.fsPath)),
      vscode.tasks.onDidEndTaskProcess(() => {
        this.look().catch((error: unknown) => services.platform.log.debug(`automatic tagging: ${String(error)}`));
      }),
    );
  }

  /** Tags what has appeared; asked twice at once it is one look. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = undefined;
    });
    return this.looking;
  }

  dispose(): void {
    this.environment.delete(contextVariable);
    this.listening.dispose();
    this.poller.dispose();
  }

  private remember(place: string | undefined): void {
    if (place === undefined) return;
    // The last ones at the end: those are kept.
    this.places.delete(place);
    this.places.add(place);
    const [oldest] = this.places;
    if (this.places.size > mostPlaces && oldest !== undefined) this.places.delete(oldest);
  }

  private markTerminals(): boolean {
    const value = markedContext(process.env[contextVariable], this.mark);
    if (value === undefined) {
      this.services.platform.log.warn(`${contextVariable} is no JSON object: runs are not tagged automatically`);
      return false;
    }
    this.environment.persistent = false;
    this.environment.description = vscode.l10n.t('Marks MLflow runs, so that Flowdeck tags them with the commit.');
    this.environment.replace(contextVariable, value);
    return true;
  }

  private async lookOnce(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const connection = await this.services.connections.get();
    if (!connection || connection.readOnly || connection.uri === this.refusedBy) return;
    const fresh = await this.newRuns(connection);
    if (fresh.length === 0) return;
    this.services.repositories.forget();
    const { repositories } = await this.services.repositories.find();
    // Without a task and without shell integration nobody knows where a terminal stands.
    const places = this.places.size > 0 ? [...this.places] : openFolders();
    const byRepository = new Map<GitRepository, Run[]>();
    for (const run of fresh) {
      this.seen.add(run.runId);
      const repository = lacksCommit(run) ? await repositoryOfRun(run, repositories, places) : undefined;
      if (repository) byRepository.set(repository, [...(byRepository.get(repository) ?? []), run]);
    }
    for (const [repository, runs] of byRepository) await this.tag(connection, repository, runs);
  }

  private async newRuns({ store }: Connection): Promise<readonly Run[]> {
    const experimentIds = await allExperimentIds(store);
    if (experimentIds.length === 0) return [];
    const { items } = await store.searchRuns({
      experimentIds,
      filter: `tags.${quoteKey(windowTag)} = ${quoteValue(this.mark)}`,
      orderBy: ['attributes.start_time DESC'],
      maxResults: mostAtOnce,
    });
    return items.filter(({ runId }) => !this.seen.has(runId));
  }

  private async tag(connection: Connection, repository: GitRepository, runs: readonly Run[]): Promise<void> {
    const { platform } = this.services;
    const [state, movedAt] = await Promise.all([repository.state(), headMovedAt(repository)]);
    const { commit } = state;
    const sure = runs.filter(({ startTime }) => movedAt === undefined || movedAt <= startTime);
    if (sure.length < runs.length)
      platform.log.info(`${runs.length - sure.length} runs are not tagged: the head of ${repository.name} moved since`);
    if (commit === undefined || sure.length === 0) return;
    const head = { ...state, commit };
    const tags = headTags(head, await repository.remotes());
    const planned = sure.map((run) => {
      const { set, remove } = tagChange(run, tags);
      return { run, change: { set, remove: [...remove, windowTag] } };
    });
    const outcome = await writeAll(this.services, connection, 'tag run automatically', planned);
    try {
      reportTagged(this.services, connection, outcome, describeHead(head));
    } catch (error) {
      this.refusedBy = connection.uri;
      platform.commands.report(vscode.l10n.t('tag the runs of this window'), error);
    }
  }
}

/** Where a task runs; undefined where that holds a variable nobody here can fill in. */
function taskPlace({ execution, scope }: vscode.Task): string | undefined {
  const folder = typeof scope === 'object' ? scope.uri.fsPath : openFolders()[0];
  const options = execution && 'options' in execution ? execution.options : undefined;
  const cwd = options?.cwd?.replace(/^\$\{workspaceFolder\}/, () => folder ?? '') ?? folder;
  return cwd === undefined || /\$\{/.test(cwd) || !path.isAbsolute(cwd) ? undefined : cwd;
}
