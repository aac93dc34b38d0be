import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../connections/connection';
import type { GitRepository } from '../git/gitRepository';
import { headMovedAt, headMoves } from '../git/headMoved';
import { headTags } from '../git/headTags';
import { workingTreeOf } from '../git/openRepository';
import type { Remote } from '../git/remotes';
import { quoteKey, quoteValue } from '../mlflow/filterQuoting';
import { MlflowError, type MlflowErrorKind } from '../mlflow/mlflowError';
import { runOrigin } from '../mlflow/runSource';
import { Poller } from '../platform/poller';
import { settings } from '../platform/settings';
import { type Run, TagKey } from '../shared/domain';
import { allExperimentIds } from './allExperiments';
import { lacksCommit, markedContext, repositoryOfRun, windowTag } from './autoTagMark';
import { AutoTagMemory } from './autoTagMemory';
import { type CodeOfRun, codeOfRun } from './codeOfRun';
import { contextVariable } from './contextVariable';
import { recordedPath } from './rankRepositories';
import type { SourceServices } from './services';
import { StartedActivity } from './startedActivity';
import { type CommandText, StartedCommands } from './startedCommands';
import { tagChange } from './tagPlan';
import { describeHead } from './tagRuns';
import { type Planned, reportTagged, WrittenMeanwhile, writeAll } from './tagWrite';
import { openFolders } from './workspaceRepositories';

/** s */
const usualInterval = 10;
const mostAtOnce = 200;
/** The server is not asked to write again. */
const refusals: readonly MlflowErrorKind[] = ['forbidden', 'auth'];
/** The same write may succeed later. */
const passing: readonly MlflowErrorKind[] = ['unreachable', 'timeout', 'tls', 'rateLimited', 'server', 'protocol'];

/**
 * Tags runs that were started in this window's terminals and tasks and have no commit. They are known by a mark that
 * they inherit from the terminal, never by time or user alone; a run is left alone when the file it names is in no open
 * repository or could be in several, and when the head moved after its program was started.
 */
export class AutoTag implements vscode.Disposable {
  private readonly memory: AutoTagMemory;
  private readonly marked: boolean;
  private readonly started: StartedCommands;
  private readonly activity = new StartedActivity();
  /** Its server refused a write; whoever signs in anew gets another one. */
  private refusedBy: Connection | undefined;
  private looking: Promise<void> | undefined;
  private readonly poller: Poller;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly services: SourceServices,
    private readonly environment: vscode.EnvironmentVariableCollection,
  ) {
    this.memory = new AutoTagMemory(services.platform.context.workspaceState);
    this.started = new StartedCommands(services.repositories, openFolders);
    this.marked = this.markTerminals();
    this.poller = new Poller({
      intervalSeconds: () => (settings.refreshIntervalSeconds.get() || usualInterval) * this.activity.patience,
      wanted: () => this.marked && this.activity.mayMakeRuns(vscode.window.terminals.some(isUntold)),
      poll: () => this.look(),
    });
    this.listening = vscode.Disposable.from(
      vscode.window.onDidChangeTerminalState(() => this.poller.update()),
      vscode.window.onDidCloseTerminal((terminal) => {
        if (isUntold(terminal)) this.activity.stir();
        this.activity.closed(terminal);
        this.poller.update();
      }),
      vscode.tasks.onDidStartTask(({ execution }) => {
        this.started.begin(execution, taskPlace(execution.task), taskText(execution.task));
        this.began(execution);
      }),
      vscode.tasks.onDidStartTaskProcess(({ execution, processId }) =>
        this.memory.began(execution, taskText(execution.task).text, processId),
      ),
      vscode.tasks.onDidEndTask(({ execution }) => {
        this.ended(execution);
        this.memory.ended(execution, undefined);
      }),
      vscode.window.onDidStartTerminalShellExecution(({ execution, terminal }) => {
        const text = execution.commandLine.value;
        this.started.begin(execution, execution.cwd?.fsPath, { text, shell: true });
        this.began(execution, terminal);
        void terminal.processId.then((pid) => this.memory.began(execution, text, pid));
      }),
      vscode.window.onDidEndTerminalShellExecution(({ execution, terminal }) => {
        this.ended(execution);
        void terminal.processId.then((pid) => this.memory.ended(execution, pid));
      }),
      vscode.tasks.onDidEndTaskProcess(() => {
        this.look().catch(() => undefined);
      }),
    );
    // Terminals outlive a window that is loaded anew, and what was started in them.
    if (vscode.window.terminals.length > 0) this.activity.stir();
    this.poller.update();
  }

  private began(execution: object, terminal?: vscode.Terminal): void {
    this.activity.began(execution, terminal);
    this.poller.update();
  }

  private ended(execution: object): void {
    this.started.end(execution);
    this.activity.ended(execution);
    this.poller.update();
  }

  /** Tags what has appeared; asked twice at once it is one look. What it could not do, the next look does. */
  look(): Promise<void> {
    this.looking ??= this.lookOnce()
      .catch((error: unknown) => {
        this.services.platform.log.debug(`automatic tagging: ${String(error)}`);
        throw error;
      })
      .finally(() => {
        this.looking = undefined;
      });
    return this.looking;
  }

  /** The mark stays in the terminals that come: who switches this off takes it away. */
  dispose(): void {
    this.listening.dispose();
    this.poller.dispose();
  }

  private markTerminals(): boolean {
    const value = markedContext(process.env[contextVariable], this.memory.mark);
    if (value === undefined) {
      this.services.platform.log.warn(`${contextVariable} is no JSON object: runs are not tagged automatically`);
      return false;
    }
    // Terminals that VS Code opens before this code is read carry it as well.
    this.environment.persistent = true;
    this.environment.description = vscode.l10n.t('Marks MLflow runs, so that Flowdeck tags them with the commit.');
    this.environment.replace(contextVariable, value);
    return true;
  }

  private async lookOnce(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const connection = await this.services.connections.get();
    if (!connection || connection.readOnly || connection === this.refusedBy) return;
    const fresh = await this.newRuns(connection);
    this.activity.looked(fresh.length > 0);
    if (fresh.length === 0) return;
    this.services.repositories.forget();
    const { repositories } = await this.services.repositories.find();
    const byRepository = new Map<GitRepository, Run[]>();
    const treeOf = onceEach((folder) => workingTreeOf(folder));
    // What goes wrong with one repository does not stop the others.
    const failures: unknown[] = [];
    for (const run of fresh) {
      const places = this.started.places(run.startTime, sourceName(run));
      try {
        const repository = lacksCommit(run) ? await repositoryOfRun(run, repositories, places, treeOf) : undefined;
        if (repository) byRepository.set(repository, [...(byRepository.get(repository) ?? []), run]);
        else this.memory.decide(run.runId);
      } catch (error) {
        failures.push(error);
      }
    }
    for (const [repository, runs] of byRepository)
      await this.tag(connection, repository, runs).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private async newRuns({ store }: Connection): Promise<readonly Run[]> {
    const experimentIds = await allExperimentIds(store);
    if (experimentIds.length === 0) return [];
    const { items } = await store.searchRuns({
      experimentIds,
      filter: `tags.${quoteKey(windowTag)} = ${quoteValue(this.memory.mark)}`,
      orderBy: ['attributes.start_time DESC'],
      maxResults: mostAtOnce,
    });
    return items.filter(({ runId }) => !this.memory.isDecided(runId));
  }

  private async tag(connection: Connection, repository: GitRepository, runs: readonly Run[]): Promise<void> {
    const [now, movedAt, moves, remotes] = await Promise.all([
      repository.state(),
      headMovedAt(repository),
      headMoves(repository),
      repository.remotes(),
    ]);
    const byHead = new Map<string, Planned[]>();
    const untold: Run[] = [];
    for (const run of runs) {
      const [at, source] = [run.startTime, sourceName(run)];
      const snapshots = await this.started.during(repository.root, at, source);
      const leftSince = this.memory.leftSince(at, source, this.started.isNamed(at, source));
      const code = codeOfRun({ snapshots, now, movedAt, moves, leftSince }, at);
      if (!code) untold.push(run);
      else {
        const head = describeHead(code.state);
        byHead.set(head, [...(byHead.get(head) ?? []), plannedFor(run, code, remotes)]);
      }
    }
    this.memory.decide(...untold.map(({ runId }) => runId));
    if (untold.length > 0) this.tellUntold(repository, untold.length);
    for (const [head, planned] of byHead) await this.write(connection, head, planned);
  }

  private tellUntold({ name }: GitRepository, count: number): void {
    this.services.platform.log.info(`${count} runs are not tagged: the head of ${name} moved since`);
    const message =
      count === 1
        ? vscode.l10n.t('A run was not tagged: the head of {0} moved after its program was started.', name)
        : vscode.l10n.t(
            '{0} runs were not tagged: the head of {1} moved after their programs were started.',
            count,
            name,
          );
    vscode.window.setStatusBarMessage(message, 10_000);
  }

  private async write(connection: Connection, head: string, planned: readonly Planned[]): Promise<void> {
    if (connection === this.refusedBy) return;
    const { written, failures } = await writeAll(this.services, connection, 'tag run automatically', planned);
    const later = failures.filter(({ error }) => isOneOf(passing, error));
    const decided = failures.filter((failure) => !later.includes(failure));
    if (written.length === 0 && isOneOf(refusals, decided[0]?.error)) this.refusedBy = connection;
    else this.memory.decide(...[...written, ...decided].map(({ run }) => run.runId));
    // What somebody else tagged first lacks nothing any more.
    const told = decided.filter(({ error }) => !(error instanceof WrittenMeanwhile));
    try {
      if (written.length + told.length > 0) reportTagged(this.services, connection, { written, failures: told }, head);
    } catch (error) {
      this.services.platform.commands.report(vscode.l10n.t('tag the runs of this window'), error);
    }
    if (later[0]) throw later[0].error;
  }
}

/** Somebody has typed there, or something for them, and no shell says what it runs. */
const isUntold = ({ shellIntegration, state }: vscode.Terminal) =>
  shellIntegration === undefined && state.isInteractedWith;

const isOneOf = (kinds: readonly MlflowErrorKind[], error: unknown) =>
  error instanceof MlflowError && kinds.includes(error.kind);

function plannedFor(run: Run, { state, witnessed }: CodeOfRun, remotes: readonly Remote[]): Planned {
  const { [TagKey.gitDirty]: dirty = '', ...others } = headTags(state, remotes);
  // That there were no changes is said only where somebody looked.
  const tags = dirty === 'true' || witnessed ? { ...others, [TagKey.gitDirty]: dirty } : others;
  const { set, remove } = tagChange(run, tags);
  return { run, change: { set, remove: [...remove, windowTag] } };
}

/** Where a task runs; undefined where that holds a variable nobody here can fill in. */
function taskPlace({ execution, scope }: vscode.Task): string | undefined {
  const folder = typeof scope === 'object' ? scope.uri.fsPath : openFolders()[0];
  const options = execution && 'options' in execution ? execution.options : undefined;
  const cwd = options?.cwd?.replace(/^\$\{workspaceFolder\}/, () => folder ?? '') ?? folder;
  return cwd === undefined || /\$\{/.test(cwd) || !path.isAbsolute(cwd) ? undefined : cwd;
}

/** What a task runs. */
function taskText({ execution }: vscode.Task): CommandText {
  if (execution instanceof vscode.ProcessExecution)
    return { text: [execution.process, ...execution.args].join(' '), shell: false };
  if (!(execution instanceof vscode.ShellExecution)) return { text: '', shell: false };
  const words = [execution.command, ...(execution.args ?? [])].map((word) =>
    typeof word === 'object' ? word.value : (word ?? ''),
  );
  // Words are quoted by VS Code in ways that depend on the shell; only a line of its own can be read.
  const line = execution.commandLine;
  return line === undefined ? { text: words.join(' '), shell: false } : { text: line, shell: true };
}

/** Hundreds of runs are of the same few folders. */
function onceEach<T>(ask: (folder: string) => Promise<T>): (folder: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (folder) => {
    const answer = asked.get(folder) ?? ask(folder);
    asked.set(folder, answer);
    return answer;
  };
}

/** The name of the file that a run says it was started from; '' where it names none. */
const sourceName = (run: Run) => path.posix.basename(recordedPath(runOrigin(run).source) ?? '');
