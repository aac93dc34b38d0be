import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import { type FoundRepositories, repositoryOf } from '../../git/findRepositories';
import type { GitRepository } from '../../git/gitRepository';
import { relativePath } from '../../git/relativePath';
import { addressesOf } from '../../git/remotes';
import { recordedOrigin } from '../../mlflow/recordedOrigin';
import { withProgress } from '../../platform/cancellation';
import type { Commands } from '../../platform/commands';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { isCommitId, shortId } from '../../shared/commitId';
import type { Run } from '../../shared/domain';
import { oneLine } from '../../shared/oneLine';
import { count } from '../../shared/series/format';
import { unlessAborted } from '../../shared/unlessAborted';
import { allExperimentIds } from '../allExperiments';
import { pickRepository } from '../chooseRepository';
import { fileInFront } from '../codeDocument';
import { linkRuns } from '../linkRuns';
import { isProjectFile } from '../projectCommand';
import type { SourceServices } from '../services';
import { reportNoCommits, reportNoRepository, requireGitTrust } from '../workspaceRepositories';
import { pickCommit } from './commitPicker';
import { filterOfCommits, filterOfSource, findRuns, mostLookedAt } from './findRuns';
import type { HeadGroup } from './headGroup';
import { experimentsOf, type Looked, lookUp, mostOpened, newestCommits } from './lookUp';
import { isRunOf } from './projectRuns';
import { pickRange } from './rangePicker';
import { spellingsInUse } from './recordedAs';
import { branchFilter, entryPointFilter } from './runsFilter';
import { sourceNamesIn } from './sourceNames';
import { withinRepository } from './withinRepository';

/** From code to runs: of a commit, a branch, a file, an entry point. Arguments come from anywhere and are decoded. */
export class RunsOfCommands {
  constructor(
    private readonly services: SourceServices,
    private readonly head: HeadGroup,
  ) {}

  register(commands: Commands): void {
    const action = vscode.l10n.t('show the runs');
    commands.register(Command.source.runsAtHead, action, () => this.atHead());
    commands.register(Command.source.runsOfCommit, action, (given) => this.ofCommit(given));
    commands.register(Command.source.runsOfBranch, action, () => this.ofBranch());
    commands.register(Command.source.runsOfFile, action, (given) => this.ofFile(given));
    commands.register(Command.source.runsOfEntryPoint, action, (given) => this.ofEntryPoint(given));
  }

  private async atHead(): Promise<void> {
    requireGitTrust();
    const connection = await this.services.connections.require();
    const commits = await this.head.commits();
    if (commits.length === 0) {
      const found = await this.services.repositories.find();
      return found.repositories.length === 0 ? reportNoRepository(found) : reportNoCommits(found.repositories);
    }
    const names = commits.map(shortId).join(', ');
    await this.show(vscode.l10n.t('At HEAD ({0})', names), async (signal) => ({
      ...(await this.ofCommits(connection, commits, signal)),
      none: vscode.l10n.t('No run is tagged with what is checked out ({0}).', names),
    }));
  }

  /** @param given a commit id, or a run, whose commit is meant */
  private async ofCommit(given: unknown): Promise<void> {
    const connection = await this.services.connections.require();
    const id = await this.commitOf(connection, given);
    if (id !== undefined) return this.showCommit(connection, id, '');
    requireGitTrust();
    const repository = await this.chooseRepository(vscode.l10n.t('Runs of Commit'));
    if (!repository) return;
    const { context } = this.services.platform;
    const commit = await pickCommit(repository, connection, context.workspaceState);
    if (commit === 'noCommits') return reportNoCommits([repository]);
    if (commit) await this.showCommit(connection, commit.id, oneLine(commit.subject));
  }

  private async commitOf({ store }: Connection, given: unknown): Promise<string | undefined> {
    if (typeof given === 'string' && isCommitId(given)) return given;
    if (typeof given !== 'object' || given === null || !('runId' in given)) return undefined;
    const { runId } = given;
    if (typeof runId !== 'string') return undefined;
    return (await recordedOrigin(store, await this.services.runs.run(runId))).origin.commit;
  }

  private async showCommit(connection: Connection, id: string, subject: string): Promise<void> {
    const name = [shortId(id), subject].filter(Boolean).join(' ');
    await this.show(vscode.l10n.t('Runs of {0}', name), async (signal) => ({
      ...(await this.ofCommits(connection, [id], signal)),
      none: vscode.l10n.t('No run is tagged with commit {0}.', name),
    }));
  }

  private async ofBranch(): Promise<void> {
    requireGitTrust();
    const connection = await this.services.connections.require();
    const title = vscode.l10n.t('Runs of Branch or Range');
    const repository = await this.chooseRepository(title);
    if (!repository) return;
    const { repositories: open } = await this.services.repositories.find();
    const range = await pickRange(repository, title);
    if (range === 'noCommits') return reportNoCommits([repository]);
    if (!range) return;
    const { from, notFrom, name, branch } = range;
    await this.show(vscode.l10n.t('Runs of {0}', name), async (signal) => {
      const question = { from, ...(notFrom === undefined ? {} : { notFrom }) };
      const history = await newestCommits(repository, question, signal);
      const experimentIds = await allExperimentIds(connection.store, signal);
      const keys = await unlessAborted(spellingsInUse(connection, 'branch', experimentIds), signal);
      const ofBranch = branch === undefined ? '' : branchFilter(branch, keys);
      const others = await withinRepository(connection, ofBranch, { repository, open, experimentIds, signal });
      const { length } = history.commits;
      return {
        ...(await lookUp(connection, history, others, { experimentIds, signal })),
        none:
          length === 1
            ? vscode.l10n.t('No run is tagged with the 1 commit of {0}.', name)
            : vscode.l10n.t('No run is tagged with any of the {0} commits of {1}.', count(length), name),
      };
    });
  }

  /** @param given the file's URI; else the editor or the notebook in front */
  private async ofFile(given: unknown): Promise<void> {
    requireGitTrust();
    const uri = given instanceof vscode.Uri ? given : fileInFront();
    if (uri?.scheme !== 'file') {
      await messages.showWarningMessage(vscode.l10n.t('Open a file of a repository first.'));
      return;
    }
    const connection = await this.services.connections.require();
    const found = await this.services.repositories.find();
    const repository = repositoryOf(found.repositories, uri.fsPath);
    const file = repository && relativePath(repository.root, uri.fsPath);
    if (!repository || file === undefined) return reportOutside(found, uri);
    const open = found.repositories;
    const name = path.posix.basename(file);
    await this.show(vscode.l10n.t('Runs of {0}', name), async (signal) => {
      const history = await newestCommits(repository, { file }, signal);
      const experimentIds = await allExperimentIds(connection.store, signal);
      const names = await sourceNamesIn(repository, open, file, signal);
      const ofSource = await filterOfSource(connection, names, { experimentIds, signal });
      const others = await withinRepository(connection, ofSource, { repository, open, experimentIds, signal });
      return {
        ...(await lookUp(connection, history, others, { experimentIds, signal })),
        none: vscode.l10n.t('No run names {0} as its source or is tagged with a commit that changed it.', name),
      };
    });
  }

  /** @param given a row of the Projects view; else the entry points of the MLproject file in front are offered */
  private async ofEntryPoint(given: unknown): Promise<void> {
    const connection = await this.services.connections.require();
    const chosen = entryPointOf(given) ?? (await pickEntryPoint());
    if (!chosen) return;
    const { file, entryPoint } = chosen;
    const folder = path.dirname(file.fsPath);
    const { repositories } = await this.services.repositories.find();
    const repository = repositoryOf(repositories, folder);
    const remotes = repository ? await repository.remotes() : [];
    const place = {
      folder,
      entryPoint,
      root: repository?.root,
      remotes: addressesOf(remotes),
    };
    // The repository says of those that are left which commits it has, of all of them at once.
    const keep = (run: Run) => isRunOf(place, run, true);
    await this.show(vscode.l10n.t('Runs of {0}', entryPoint), async (signal) => {
      const found = await findRuns(connection, entryPointFilter(entryPoint), { most: mostLookedAt, keep, signal });
      const { linked } = await linkRuns(found.runs, repository ? [repository] : [], signal);
      const runs = found.runs.filter((run) => isRunOf(place, run, linked.has(run.runId)));
      return {
        runs: runs.slice(0, mostOpened),
        more: found.more || runs.length > mostOpened,
        none: vscode.l10n.t('No run was started from the entry point {0} of {1}.', entryPoint, path.basename(folder)),
      };
    });
  }

  private async ofCommits(
    connection: Connection,
    commits: readonly string[],
    signal: AbortSignal,
  ): Promise<Omit<Looked, 'none'>> {
    const experimentIds = await allExperimentIds(connection.store, signal);
    const filter = await filterOfCommits(connection, commits, experimentIds, signal);
    const found = await findRuns(connection, filter, { most: mostOpened, experimentIds, signal });
    return { ...found, question: { filter, experimentIds } };
  }

  /** Looks under a progress with Cancel, then opens the table. */
  private async show(title: string, look: (signal: AbortSignal) => Promise<Looked>): Promise<void> {
    const found = await withProgress(vscode.l10n.t('Looking up: {0}', title), look);
    const { runs, more, question, none, left } = found;
    if (runs.length === 0) return this.sayNone([none, left].filter(Boolean).join(' '));
    const experimentIds = question && experimentsOf(found, question.experimentIds);
    await vscode.commands.executeCommand(Command.runs.openTable, {
      scope: experimentIds ? { experimentIds } : { runIds: runs.map(({ runId }) => runId) },
      title,
      ...(question ? { filter: question.filter } : {}),
    });
    const notes = [
      ...(more && !question ? [vscode.l10n.t('There are more runs: the newest {0} are shown.', runs.length)] : []),
      ...(question && experimentIds && experimentIds.length < question.experimentIds.length
        ? [
            vscode.l10n.t(
              'The table asks {0} of the {1} experiments: those of the newest runs found, and the newest.',
              count(experimentIds.length),
              count(question.experimentIds.length),
            ),
          ]
        : []),
      ...(left === undefined ? [] : [left]),
    ];
    if (notes.length > 0) void messages.showInformationMessage(notes.join(' '));
  }

  private async sayNone(none: string): Promise<void> {
    const other = vscode.l10n.t('Runs of a Commit…');
    if ((await messages.showInformationMessage(none, other)) === other)
      await vscode.commands.executeCommand(Command.source.runsOfCommit);
  }

  private async chooseRepository(title: string): Promise<GitRepository | undefined> {
    const found = await this.services.repositories.find();
    if (found.repositories.length > 0) return pickRepository(found.repositories, title);
    await reportNoRepository(found);
    return undefined;
  }
}

/** The file lies in none of the open repositories. */
async function reportOutside(found: FoundRepositories, { fsPath }: vscode.Uri): Promise<void> {
  if (found.repositories.length === 0) return reportNoRepository(found);
  const name = path.basename(fsPath);
  await messages.showWarningMessage(
    vscode.l10n.t('{0} is in none of the open repositories. Open the folder of its repository first.', name),
  );
}

interface ChosenEntryPoint {
  readonly file: vscode.Uri;
  readonly entryPoint: string;
}

/** A row of the Projects view, or what a lens over an MLproject file hands on: `{ file: 'file:///…', entryPoint: 'main' }`. */
function entryPointOf(node: unknown): ChosenEntryPoint | undefined {
  const [uri, named] = [member(node, 'file'), member(node, 'entryPoint')];
  if (typeof uri === 'string' && typeof named === 'string' && uri.startsWith('file:'))
    return { file: vscode.Uri.parse(uri), entryPoint: named };
  const file = member(member(node, 'found'), 'file');
  const entryPoint = member(member(node, 'entryPoint'), 'name');
  return file instanceof vscode.Uri && typeof entryPoint === 'string' ? { file, entryPoint } : undefined;
}

const member = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;

async function pickEntryPoint(): Promise<ChosenEntryPoint | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme !== 'file' || !isProjectFile(document.uri.path)) {
    const message = vscode.l10n.t('Open an MLproject file, or choose an entry point in the Projects view.');
    await messages.showWarningMessage(message);
    return undefined;
  }
  const { parseDocument } = await import('yaml');
  const entryPoints: unknown = member(parseDocument(document.getText()).toJS(), 'entry_points');
  const names = typeof entryPoints === 'object' && entryPoints !== null ? Object.keys(entryPoints) : [];
  const title = vscode.l10n.t('Runs of Entry Point');
  const placeHolder = vscode.l10n.t('Which entry point?');
  const items = names.map((label) => ({ label }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
  return picked && { file: document.uri, entryPoint: picked.label };
}
