import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import type { RunsService } from '../experiments/runsService';
import { Command } from '../platform/ids';
import { projectStorage, remoteCopies } from '../platform/projectStorage';
import { TextFiles } from '../platform/readOnlyFileSystem';
import type { Platform } from '../platform/services';
import { type Setting, settings } from '../platform/settings';
import { codeSchemes } from './codeDocument';
import { contextVariable } from './contextVariable';
import { registerGitDocuments } from './gitDocuments';
import { LazyHeadGroup } from './runsOf/lazyHeadGroup';
import type { SourceServices } from './services';
import { sourceTextScheme } from './sourceTextScheme';
import { WorkspaceRepositories } from './workspaceRepositories';

const ofSource = { scheme: sourceTextScheme };
const { runsAtHead, runsOfCommit, runsOfBranch, runsOfFile, runsOfEntryPoint } = Command.source;

/** Run ↔ commit: tagging, and the source a run was made from. Runs no git before somebody asks for something. */
export function registerSource(platform: Platform, connections: Connections, runs: RunsService): void {
  const { subscriptions } = platform.context;
  const copies = remoteCopies(projectStorage(platform.context));
  const repositories = new WorkspaceRepositories(subscriptions, platform.log, copies);
  const services = { platform, connections, runs, repositories };
  registerGitDocuments(repositories, subscriptions);
  const head = new LazyHeadGroup(services);
  runs.addGroup(head);
  const commits = onFirstUse(async () => new (await import('./runCommits')).RunCommits(repositories));
  runs.setCommitFacts({ of: async (wanted, beside) => (await commits()).of(wanted, beside) });
  const runsOf = [runsAtHead, runsOfCommit, runsOfBranch, runsOfFile, runsOfEntryPoint];
  platform.commands.registerLater(runsOf, async (commands) => {
    const { RunsOfCommands } = await import('./runsOf/runsOfCommands');
    new RunsOfCommands(services, await head.loaded()).register(commands);
  });
  const seen = onFirstUse(() => whenMlflowIsSeen(subscriptions));
  subscriptions.push(followAutoTag(services), followLenses(services, seen), followHead(services, head, seen), head);
  platform.commands.register(Command.source.tagRun, vscode.l10n.t('tag the run'), async (...args) => {
    const { tagRuns } = await import('./tagRuns');
    await tagRuns(services, args);
  });
  platform.commands.register(Command.source.storeChanges, vscode.l10n.t('store the changes'), async (given) => {
    const { storeChanges } = await import('./storeChanges');
    return storeChanges(services, given);
  });
  const { openAtCommit, compareWithWorkingTree, showCommit, openOnRemote } = Command.source;
  const { fetchCommit, checkOut, removeWorktree, diffRuns } = Command.source;
  platform.commands.registerLater(
    [openAtCommit, compareWithWorkingTree, showCommit, fetchCommit, openOnRemote, checkOut, removeWorktree, diffRuns],
    async (commands) => (await import('./codeCommands')).registerCodeCommands(services, commands),
  );
  subscriptions.push(
    new TextFiles(async (uri) => (await import('./sourceTexts')).sourceText(services, uri)).serve(sourceTextScheme),
    vscode.languages.registerCodeLensProvider(ofSource, {
      provideCodeLenses: async ({ uri }) => (await import('./commitPage')).commitLenses(services, uri),
    }),
    vscode.languages.registerDocumentLinkProvider(ofSource, {
      provideDocumentLinks: async ({ uri }) => (await import('./commitPage')).commitLinks(services, uri),
    }),
  );
}

/** What is there while a setting is on; its code is read when it is first. */
function follow(
  { commands }: Pick<Platform, 'commands'>,
  setting: Setting<boolean>,
  action: string,
  load: () => Promise<vscode.Disposable>,
): vscode.Disposable {
  let running: vscode.Disposable | undefined;
  let wanted = 0;
  const renew = async () => {
    const turn = ++wanted;
    running?.dispose();
    running = undefined;
    if (!setting.get()) return;
    const made = await load();
    // Switched again meanwhile, or closed.
    if (turn === wanted) running = made;
    else made.dispose();
  };
  const start = () => void renew().catch((error: unknown) => commands.report(action, error));
  start();
  const end = () => {
    wanted++;
    running?.dispose();
  };
  return vscode.Disposable.from(setting.onDidChange(start), { dispose: end });
}

function followAutoTag(services: SourceServices): vscode.Disposable {
  const { platform } = services;
  const { environmentVariableCollection: environment } = platform.context;
  // It outlives the window, as terminals do: a reload does not end it, switching it off does.
  const unmark = () => {
    if (!settings.autoTag.get() && environment.get(contextVariable)) environment.delete(contextVariable);
  };
  unmark();
  const following = follow(platform, settings.autoTag, vscode.l10n.t('start automatic tagging'), async () => {
    const { AutoTag } = await import('./autoTag');
    // Switched off meanwhile, it would leave its mark in the terminals.
    return settings.autoTag.get() ? new AutoTag(services, environment) : vscode.Disposable.from();
  });
  return vscode.Disposable.from(settings.autoTag.onDidChange(unmark), following);
}

/** Nothing is read before a file in one of the languages that mentions MLflow is open. */
function followLenses(services: SourceServices, seen: () => Promise<void>): vscode.Disposable {
  return follow(services.platform, settings.codeLens, vscode.l10n.t('show runs in the code'), async () => {
    await seen();
    const { MlflowLenses } = await import('./lens/codeLenses');
    return new MlflowLenses(services);
  });
}

function followHead(services: SourceServices, head: LazyHeadGroup, seen: () => Promise<void>): vscode.Disposable {
  const { platform } = services;
  return follow(platform, settings.headHint, vscode.l10n.t('count the runs at HEAD'), async () => {
    await seen();
    const { HeadHint } = await import('./runsOf/headHint');
    return new HeadHint(services, await head.loaded());
  });
}

function onFirstUse<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function whenMlflowIsSeen(subscriptions: vscode.Disposable[]): Promise<void> {
  const isSeen = () =>
    vscode.window.visibleTextEditors.some(
      ({ document }) => codeSchemes.includes(document.uri.scheme) && /mlflow/i.test(document.getText()),
    );
  if (isSeen()) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (!isSeen()) return;
      listening.dispose();
      resolve();
    };
    const listening = vscode.Disposable.from(
      vscode.window.onDidChangeVisibleTextEditors(look),
      vscode.workspace.onDidSaveTextDocument(look),
      vscode.workspace.onDidSaveNotebookDocument(look),
    );
    subscriptions.push(listening);
  });
}
