import path from 'node:path';
import * as vscode from 'vscode';
import type { Connection, Connections, StatusHint } from '../../src/connections/connection';
import type { RunsService } from '../../src/experiments/runsService';
import { MlflowError } from '../../src/mlflow/mlflowError';
import { createRestTrackingStore } from '../../src/mlflow/rest/restTrackingStore';
import type { TrackingStore } from '../../src/mlflow/trackingStore';
import { CommandRegistry } from '../../src/platform/commands';
import type { Log } from '../../src/platform/log';
import { TextFiles } from '../../src/platform/readOnlyFileSystem';
import type { Platform } from '../../src/platform/services';
import { registerGitDocuments } from '../../src/source/gitDocuments';
import type { SourceServices } from '../../src/source/services';
import { sourceTextScheme } from '../../src/source/sourceTextScheme';
import { sourceText } from '../../src/source/sourceTexts';
import { WorkspaceRepositories } from '../../src/source/workspaceRepositories';

/** The tag of git with this last word. */
export const key = (name: string) => `mlflow.source.git.${name}`;

/** One question that was put to the person, and what the test answers. */
export interface Asked {
  readonly kind: 'warning' | 'information' | 'pick' | 'input' | 'folder';
  readonly message: string;
  readonly detail: string;
  readonly modal: boolean;
  readonly choices: readonly string[];
}

type Answer = (asked: Asked) => string | undefined | Promise<string | undefined>;

/**
 * Stands in for the person: messages and quick picks are recorded and answered by a rule instead of being shown,
 * for VS Code refuses modal dialogs in tests. `restore` puts the real ones back.
 */
export class Person {
  readonly asked: Asked[] = [];
  answer: Answer = () => undefined;
  private readonly real = {
    warning: vscode.window.showWarningMessage,
    information: vscode.window.showInformationMessage,
    pick: vscode.window.showQuickPick,
    input: vscode.window.showInputBox,
    folder: vscode.window.showOpenDialog,
  };

  constructor() {
    const message =
      (kind: Asked['kind']) =>
      (text: string, ...rest: unknown[]): Promise<string | undefined> => {
        const [first] = rest;
        const options = typeof first === 'object' && first !== null ? first : {};
        return this.reply({
          kind,
          message: text,
          detail: 'detail' in options ? String(options.detail) : '',
          modal: 'modal' in options && options.modal === true,
          choices: rest.filter((item): item is string => typeof item === 'string'),
        });
      };
    const pick = async (given: unknown, options?: vscode.QuickPickOptions): Promise<unknown> => {
      const items: readonly vscode.QuickPickItem[] = await Promise.resolve(given as vscode.QuickPickItem[]);
      const choices = items.map(({ label, description }) => (description ? `${label} ${description}` : label));
      const asked = { kind: 'pick' as const, message: options?.placeHolder ?? '', detail: '', modal: false, choices };
      const chosen = await this.reply(asked);
      // Of a pick that takes many the answer names rows line by line; none is '', which is not to cancel.
      if (options?.canPickMany === true)
        return chosen === undefined
          ? undefined
          : items.filter((_, at) => chosen.split('\n').includes(choices[at] ?? ''));
      return chosen === undefined ? undefined : items[choices.indexOf(chosen)];
    };
    const ask = (kind: Asked['kind'], text: string) =>
      this.reply({ kind, message: text, detail: '', modal: false, choices: [] });
    Object.assign(vscode.window, {
      showWarningMessage: message('warning'),
      showInformationMessage: message('information'),
      showQuickPick: pick,
      showInputBox: async (options?: vscode.InputBoxOptions) => {
        const text = await ask('input', options?.prompt ?? '');
        const problem = text === undefined ? undefined : await options?.validateInput?.(text);
        return problem ? undefined : text;
      },
      showOpenDialog: async (options?: vscode.OpenDialogOptions) => {
        const folder = await ask('folder', options?.title ?? '');
        return folder === undefined ? undefined : [vscode.Uri.file(folder)];
      },
    });
  }

  private async reply(asked: Asked): Promise<string | undefined> {
    this.asked.push(asked);
    return this.answer(asked);
  }

  restore(): void {
    Object.assign(vscode.window, {
      showWarningMessage: this.real.warning,
      showInformationMessage: this.real.information,
      showQuickPick: this.real.pick,
      showInputBox: this.real.input,
      showOpenDialog: this.real.folder,
    });
  }
}

/** One file of VS Code's editor for many differences. */
export interface ShownFile {
  readonly name: string;
  readonly left: vscode.Uri | undefined;
  readonly right: vscode.Uri | undefined;
}

/**
 * What is handed to VS Code's commands, which are run all the same unless they are among `held`: what would leave the
 * window. Tabs of many differences show nothing of what is in them to extensions.
 */
export class CommandWatch {
  readonly run: { readonly command: string; readonly args: readonly unknown[] }[] = [];
  private readonly real = vscode.commands.executeCommand;

  constructor(...held: readonly string[]) {
    const watched = async (command: string, ...args: readonly unknown[]): Promise<unknown> => {
      this.run.push({ command, args });
      return held.includes(command) ? undefined : this.real.call(vscode.commands, command, ...args);
    };
    Object.assign(vscode.commands, { executeCommand: watched });
  }

  /** The title and the files of the last `vscode.changes`. */
  changes(): { readonly title: string; readonly files: readonly ShownFile[] } {
    const [title, entries] = this.run.findLast(({ command }) => command === 'vscode.changes')?.args ?? [];
    if (typeof title !== 'string' || !Array.isArray(entries)) throw new Error('no differences were shown');
    const files = (entries as [vscode.Uri, vscode.Uri | undefined, vscode.Uri | undefined][]).map(
      ([label, left, right]) => ({ name: label.path.split('/').at(-1) ?? '', left, right }),
    );
    return { title, files };
  }

  restore(): void {
    Object.assign(vscode.commands, { executeCommand: this.real });
  }
}

export interface Harness extends SourceServices {
  readonly store: TrackingStore;
  readonly audits: string[];
  readonly changed: string[];
  /** What was put beside the server in the status bar, the last one last. */
  readonly hints: (StatusHint | undefined)[];
  readOnly: boolean;
  dispose(): void;
}

/** The feature's own parts over a real server and the real editor; only the run picker takes ids instead of tree nodes. */
export async function sourceHarness(uri: string): Promise<Harness> {
  const subscriptions: vscode.Disposable[] = [];
  const store = createRestTrackingStore({
    baseUrl: uri,
    headersTimeoutMs: 30_000,
    retries: 1,
    maxResponseBytes: 10_000_000,
    userAgent: 'flowdeck-test',
  });
  const audits: string[] = [];
  const changed: string[] = [];
  const hints: (StatusHint | undefined)[] = [];
  const state = { readOnly: false };
  const log: Log = {
    info: () => undefined,
    warn: () => undefined,
    error: () => undefined,
    debug: () => undefined,
    show: () => undefined,
    audit: (action, server, details) => void audits.push(`${action} ${server} ${JSON.stringify(details)}`),
  };
  const connection: Connection = {
    uri,
    store,
    server: await store.serverInfo(),
    readOnly: false,
    environment: async () => ({}),
  };
  const repositories = new WorkspaceRepositories(subscriptions, log);
  const context = { subscriptions, globalState: memento(), workspaceState: memento() };
  const platform: Platform = {
    context: context as unknown as vscode.ExtensionContext,
    log,
    commands: new CommandRegistry(log, subscriptions),
  };
  const connections = connectionsTo(connection, state, hints);
  const runs = runsBy(store, changed);
  registerDocumentsOnce({ platform, connections, runs, repositories }, subscriptions);
  return {
    platform,
    repositories,
    store,
    audits,
    changed,
    hints,
    connections,
    runs,
    get readOnly() {
      return state.readOnly;
    },
    set readOnly(value: boolean) {
      state.readOnly = value;
    },
    dispose: () => {
      store.dispose();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function memento(): Pick<vscode.Memento, 'get' | 'update'> {
  const values = new Map<string, unknown>();
  return {
    get: <T>(key: string) => values.get(key) as T | undefined,
    update: async (key, value) => void values.set(key, value),
  };
}

/** The extension itself may have registered them: then its own are tested. */
function registerDocumentsOnce(services: SourceServices, subscriptions: vscode.Disposable[]): void {
  try {
    registerGitDocuments(services.repositories, subscriptions);
  } catch (error) {
    if (!/already registered/.test(String(error))) throw error;
    return;
  }
  subscriptions.push(new TextFiles((uri) => sourceText(services, uri)).serve(sourceTextScheme));
}

const never: vscode.Event<void> = () => new vscode.Disposable(() => undefined);

function connectionsTo(
  connection: Connection,
  state: { readonly readOnly: boolean },
  hints: (StatusHint | undefined)[],
): Connections {
  return {
    state: { kind: 'connected', connection },
    onDidChange: never,
    get: async () => connection,
    require: async () => connection,
    requireWritable: async () => {
      if (state.readOnly) throw new MlflowError('forbidden', 'The server is marked read-only.');
      return connection;
    },
    showHint: (hint) => void hints.push(hint),
  };
}

function runsBy(store: TrackingStore, changed: string[]): RunsService {
  return {
    onDidRunsChange: never,
    onDidMarkChanged: () => new vscode.Disposable(() => undefined),
    experimentName: () => undefined,
    onDidSelectionChange: never,
    onDidColorsChange: never,
    selectedRunId: undefined,
    selectedRunIds: [],
    selectedExperimentIds: [],
    pickExperiments: async () => undefined,
    checkedRunIds: [],
    cachedRun: () => undefined,
    run: (runId, signal) => store.getRun(runId, signal),
    pickRuns: (args) => Promise.all(args.filter((id) => typeof id === 'string').map((id) => store.getRun(id))),
    markChanged: (runIds) => void changed.push(...runIds),
    reveal: async () => undefined,
    colorOf: () => 1,
    adoptColors: () => undefined,
    highlightedRunId: undefined,
    onDidHighlightChange: never,
    highlight: () => undefined,
    addGroup: () => undefined,
    setCommitFacts: () => undefined,
    commitText: async () => undefined,
  };
}

/** The two sides of the diff that is in front. */
export async function activeDiff(): Promise<{ label: string; left: string; right: string; leftUri: vscode.Uri }> {
  const tab = await until('a diff editor', () => {
    const active = vscode.window.tabGroups.activeTabGroup.activeTab;
    return active?.input instanceof vscode.TabInputTextDiff ? { label: active.label, input: active.input } : undefined;
  });
  const text = async (uri: vscode.Uri) => (await vscode.workspace.openTextDocument(uri)).getText();
  const { original, modified } = tab.input;
  return { label: tab.label, left: await text(original), right: await text(modified), leftUri: original };
}

export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  // A machine that does much else takes long for everything; what never comes fails all the same.
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function workspaceFolder(): string {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('the tests need an open folder');
  return path.resolve(folder.uri.fsPath);
}
