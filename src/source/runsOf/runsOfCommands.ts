import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection } from '../../connections/connection';
import type { Commit } from '../../git/commitBatch';
import { repositoryOf } from '../../git/findRepositories';
import type { GitRepository } from '../../git/gitRepository';
import { log } from '../../git/history';
import { relativePath } from '../../git/relativePath';
import { runOrigin } from '../../mlflow/runSource';
import type { Commands } from '../../platform/commands';
import { Command } from '../../platform/ids';
import { isCommitId, shortId } from '../../shared/commitId';
import { oneLine } from '../../shared/oneLine';
import { allExperimentIds } from '../allExperiments';
import { pickRepository } from '../chooseRepository';
import { isProjectFile } from '../projectCommand';
import type { SourceServices } from '../services';
import { reportNoRepository, requireGitTrust } from '../workspaceRepositories';
import { pickCommit } from './commitPicker';
import { type FoundRuns, filterOfCommits, filterOfSource, findRuns, findRunsOfMany } from './findRuns';
import type { HeadGroup } from './headGroup';
import { isRunOf } from './projectRuns';
import { pickRange } from './rangePicker';
import { runsOfModels, spellingsInUse } from './recordedAs';
import { anyOf, branchFilter, entryPointFilter, mostInFilter, runIdsFilter } from './runsFilter';

/** A panel of chosen runs holds so many. */
const mostOpened = 200;
/** Beyond these nobody waits for git. */
const mostCommits = 10_000;

/** What a person is told where no run was found, and what the table is called. */
interface Found {
  readonly title: string;
  readonly filter: string;
  readonly none: string;
}

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
    if (commits.length === 0) return reportNoRepository(await this.services.repositories.find());
    const names = commits.map(shortId).join(', ');
    await this.showFilter(connection, {
      title: vscode.l10n.t('At HEAD ({0})', names),
      filter: await this.ofCommits(connection, commits),
      none: vscode.l10n.t('No run is tagged with what is checked out ({0}).', names),
    });
  }

  /** @param given a commit id, or a run, whose commit is meant */
  private async ofCommit(given: unknown): Promise<void> {
    const connection = await this.services.connections.require();
    const id = await this.commitOf(given);
    if (id !== undefined) return this.showCommit(connection, id, '');
    requireGitTrust();
    const repository = await this.chooseRepository(vscode.l10n.t('Runs of Commit'));
    if (!repository) return;
    const { context } = this.services.platform;
    const commit = await pickCommit(repository, connection, context.workspaceState);
    if (commit) await this.showCommit(connection, commit.id, oneLine(commit.subject));
  }

  private async commitOf(given: unknown): Promise<string | undefined> {
    if (typeof given === 'string' && isCommitId(given)) return given;
    if (typeof given !== 'object' || given === null || !('runId' in given)) return undefined;
    const { runId } = given;
    return typeof runId === 'string' ? runOrigin(await this.services.runs.run(runId)).commit : undefined;
  }

  private async ofCommits(connection: Connection, commits: readonly string[]): Promise<string> {
    return filterOfCommits(connection, commits, await allExperimentIds(connection.store));
  }

  private async showCommit(connection: Connection, id: string, subject: string): Promise<void> {
    const name = [shortId(id), subject].filter(Boolean).join(' ');
    return this.showFilter(connection, {
      title: vscode.l10n.t('Runs of {0}', name),
      filter: await this.ofCommits(connection, [id]),
      none: vscode.l10n.t('No run is tagged with commit {0}.', name),
    });
  }

  private async ofBranch(): Promise<void> {
    requireGitTrust();
    const connection = await this.services.connections.require();
    const title = vscode.l10n.t('Runs of Branch or Range');
    const repository = await this.chooseRepository(title);
    const range = repository && (await pickRange(repository, title));
    if (!repository || !range) return;
    const { from, notFrom, name, branch } = range;
    const question = { from, most: mostCommits, ...(notFrom === undefined ? {} : { notFrom }) };
    const commits = await log(repository, question);
    const keys = await spellingsInUse(connection, 'branch', await allExperimentIds(connection.store));
    await this.showCommits(connection, commits, branch === undefined ? '' : branchFilter(branch, keys), {
      title: vscode.l10n.t('Runs of {0}', name),
      none:
        commits.length === 1
          ? vscode.l10n.t('No run is tagged with the 1 commit of {0}.', name)
          : vscode.l10n.t('No run is tagged with any of the {0} commits of {1}.', commits.length, name),
    });
  }

  /** @param given the file's URI; else the editor in front */
  private async ofFile(given: unknown): Promise<void> {
    requireGitTrust();
    const uri = given instanceof vscode.Uri ? given : vscode.window.activeTextEditor?.document.uri;
    if (uri?.scheme !== 'file') {
      await vscode.window.showWarningMessage(vscode.l10n.t('Open a file of a repository first.'));
      return;
    }
    const connection = await this.services.connections.require();
    const found = await this.services.repositories.find();
    const repository = repositoryOf(found.repositories, uri.fsPath);
    const file = repository && relativePath(repository.root, uri.fsPath);
    if (!repository || file === undefined) return reportNoRepository(found);
    const commits = await log(repository, { file, most: mostCommits });
    const name = path.posix.basename(file);
    await this.showCommits(connection, commits, await filterOfSource(connection, file), {
      title: vscode.l10n.t('Runs of {0}', name),
      none: vscode.l10n.t('No run names {0} as its source or is tagged with a commit that changed it.', name),
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
      remotes: remotes.flatMap(({ url }) => url ?? []),
    };
    const found = await findRuns(connection, entryPointFilter(entryPoint), {
      most: mostOpened,
      keep: (run) => isRunOf(place, run),
    });
    await this.showRuns(found, {
      title: vscode.l10n.t('Runs of {0}', entryPoint),
      none: vscode.l10n.t('No run was started from the entry point {0} of {1}.', entryPoint, path.basename(folder)),
    });
  }

  /** Few commits stand in the filter of the table; of many their runs are looked up. */
  private async showCommits(
    connection: Connection,
    commits: readonly Commit[],
    others: string,
    { title, none }: Omit<Found, 'filter'>,
  ): Promise<void> {
    if (commits.length <= mostInFilter) {
      const filter = anyOf(
        commits.length > 0
          ? await this.ofCommits(
              connection,
              commits.map(({ id }) => id),
            )
          : '',
        others,
      );
      if (filter === '') {
        await vscode.window.showInformationMessage(none);
        return;
      }
      return this.showFilter(connection, { title, none, filter });
    }
    const experimentIds = await allExperimentIds(connection.store);
    const ids = commits.map(({ id }) => id);
    const ofModels = [...(await runsOfModels(connection, ids, experimentIds)).values()].flat();
    const beside = anyOf(others, runIdsFilter([...new Set(ofModels)].slice(0, mostOpened)));
    const [ofCommits, ofOthers] = await Promise.all([
      findRunsOfMany(connection, commits, { most: mostOpened }),
      beside === '' ? { runs: [], more: false } : findRuns(connection, beside, { most: mostOpened }),
    ]);
    const runs = new Map([...ofCommits.runs, ...ofOthers.runs].map((run) => [run.runId, run]));
    const newest = [...runs.values()].sort((a, b) => b.startTime - a.startTime);
    const more = ofCommits.more || ofOthers.more || newest.length > mostOpened;
    await this.showRuns({ runs: newest.slice(0, mostOpened), more }, { title, none });
  }

  private async showFilter(connection: Connection, { title, filter, none }: Found): Promise<void> {
    const { runs } = await findRuns(connection, filter, { most: mostOpened });
    if (runs.length === 0) {
      await this.sayNone(none);
      return;
    }
    const experimentIds = [...new Set(runs.map(({ experimentId }) => experimentId))];
    await vscode.commands.executeCommand(Command.runs.openTable, { scope: { experimentIds }, filter, title });
  }

  private async showRuns({ runs, more }: FoundRuns, { title, none }: Omit<Found, 'filter'>): Promise<void> {
    if (runs.length === 0) {
      await this.sayNone(none);
      return;
    }
    const runIds = runs.map(({ runId }) => runId);
    await vscode.commands.executeCommand(Command.runs.openTable, { scope: { runIds }, title });
    if (more)
      void vscode.window.showInformationMessage(
        vscode.l10n.t('There are more runs: the newest {0} are shown.', runs.length),
      );
  }

  private async sayNone(none: string): Promise<void> {
    const other = vscode.l10n.t('Runs of a Commit…');
    if ((await vscode.window.showInformationMessage(none, other)) === other)
      await vscode.commands.executeCommand(Command.source.runsOfCommit);
  }

  private async chooseRepository(title: string): Promise<GitRepository | undefined> {
    const found = await this.services.repositories.find();
    if (found.repositories.length > 0) return pickRepository(found.repositories, title);
    await reportNoRepository(found);
    return undefined;
  }
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
    await vscode.window.showWarningMessage(message);
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
