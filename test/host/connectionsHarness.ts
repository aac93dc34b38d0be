import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Connections } from '../../src/connections/connection';
import { ServerSession } from '../../src/connections/serverSession';
import type { RunsService } from '../../src/experiments/runsService';
import { CommandRegistry, type Commands } from '../../src/platform/commands';
import type { Log } from '../../src/platform/log';
import type { Platform } from '../../src/platform/services';
import { memento } from '../support/memento';

/** A session of its own over the real editor and its real settings; secrets and memory are kept in the test. */
export function newSession(): { session: ServerSession; secrets: Map<string, string>; lines: string[] } {
  const subscriptions: vscode.Disposable[] = [];
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log: Log = {
    info: write,
    warn: write,
    error: write,
    debug: write,
    show: () => undefined,
    audit: () => undefined,
  };
  const secrets = new Map<string, string>();
  const memory = memento({});
  const root = process.env.FLOWDECK_ROOT ?? '';
  const context = {
    subscriptions,
    extensionUri: vscode.Uri.file(root),
    globalStorageUri: vscode.Uri.file(path.join(root, 'storage')),
    extension: { packageJSON: { version: '0' } },
    secrets: {
      get: async (key: string) => secrets.get(key),
      store: async (key: string, value: string) => void secrets.set(key, value),
      delete: async (key: string) => void secrets.delete(key),
      onDidChange: () => new vscode.Disposable(() => undefined),
    },
    globalState: memory,
    workspaceState: memory,
  } as unknown as vscode.ExtensionContext;
  const platform: Platform = { context, log, commands: new CommandRegistry(log, subscriptions) };
  return { session: new ServerSession(platform), secrets, lines };
}

export interface Shown {
  readonly kind: 'pick' | 'input' | 'quickPick' | 'warning' | 'information' | 'error';
  readonly title: string;
  readonly message: string;
  readonly choices: readonly string[];
  readonly validation: string;
  /** What stands in the box already. */
  readonly value: string;
  /** `2/4`, of a sequence. */
  readonly step: string;
  /** Below the message, of a modal dialog. */
  readonly detail: string;
}

/** The reply that presses the back button. */
export const pressBack = '\u2190';
/** The reply that presses another one, by its tooltip. */
export const pressButton = (tooltip: string) => `${pressBack}${tooltip}`;

type Reply = string | undefined;

/**
 * Stands in for the person at every question: `answer` gets what is shown and gives the text typed, the label chosen
 * (a part of it will do) or the button pressed. `restore` puts the real ones back.
 */
export class Script {
  readonly shown: Shown[] = [];
  private readonly real = { ...vscode.window };

  constructor(private readonly answer: (shown: Shown) => Reply) {
    Object.assign(vscode.window, {
      createQuickPick: () => this.input('pick'),
      createInputBox: () => this.input('input'),
      showQuickPick: async (given: unknown, options?: vscode.QuickPickOptions) => {
        const items = (await Promise.resolve(given)) as readonly (vscode.QuickPickItem | string)[];
        const labels = items.map((item) => (typeof item === 'string' ? item : item.label));
        const reply = this.ask('quickPick', options?.title ?? '', options?.placeHolder ?? '', labels);
        const item = items[labels.findIndex((label) => reply !== undefined && label.includes(reply))];
        return options?.canPickMany && item ? [item] : item;
      },
      showWarningMessage: this.message('warning'),
      showInformationMessage: this.message('information'),
      showErrorMessage: this.message('error'),
    });
  }

  texts(kind: Shown['kind']): string[] {
    return this.shown.filter((shown) => shown.kind === kind).map(({ message }) => message);
  }

  restore(): void {
    const { createQuickPick, createInputBox, showQuickPick } = this.real;
    const { showWarningMessage, showInformationMessage, showErrorMessage } = this.real;
    Object.assign(vscode.window, {
      createQuickPick,
      createInputBox,
      showQuickPick,
      showWarningMessage,
      showInformationMessage,
      showErrorMessage,
    });
  }

  private ask(
    kind: Shown['kind'],
    title: string,
    message: string,
    choices: readonly string[],
    { validation = '', value = '', step = '', detail = '' } = {},
  ): Reply {
    const shown: Shown = { kind, title, message, choices, validation, value, step, detail };
    this.shown.push(shown);
    return this.answer(shown);
  }

  private message(kind: Shown['kind']) {
    return async (text: string, ...rest: unknown[]) => {
      const choices = rest.filter((item) => typeof item === 'string');
      const [options] = rest as [vscode.MessageOptions | string | undefined];
      const detail = typeof options === 'object' ? (options.detail ?? '') : '';
      return this.ask(kind, '', text, choices, { detail });
    };
  }

  /** What `createQuickPick` and `createInputBox` give, as far as a sequence of steps uses it. */
  private input(kind: 'pick' | 'input') {
    const accepted = new vscode.EventEmitter<void>();
    const changed = new vscode.EventEmitter<string>();
    const hidden = new vscode.EventEmitter<void>();
    const button = new vscode.EventEmitter<vscode.QuickInputButton>();
    const fake = {
      title: '',
      placeholder: '',
      value: '',
      step: undefined as number | undefined,
      totalSteps: undefined as number | undefined,
      validationMessage: '',
      items: [] as vscode.QuickPickItem[],
      selectedItems: [] as vscode.QuickPickItem[],
      buttons: [] as vscode.QuickInputButton[],
      onDidAccept: accepted.event,
      onDidChangeValue: changed.event,
      onDidHide: hidden.event,
      onDidTriggerButton: button.event,
      dispose: () => undefined,
      show: () => void setTimeout(press, 0),
    };
    const press = () => {
      const labels = fake.items.map(({ label }) => label);
      const { validationMessage, value, step, totalSteps } = fake;
      const details = { validation: validationMessage ?? '', value, step: `${step}/${totalSteps}` };
      const reply = this.ask(kind, fake.title, fake.placeholder, labels, details);
      if (reply === undefined) return hidden.fire();
      if (reply === pressBack) return button.fire(vscode.QuickInputButtons.Back);
      const pressed = fake.buttons.find(({ tooltip }) => tooltip !== undefined && reply === pressButton(tooltip));
      if (pressed) return button.fire(pressed);
      if (kind === 'pick') fake.selectedItems = fake.items.filter(({ label }) => label.includes(reply)).slice(0, 1);
      else fake.value = reply;
      changed.fire(fake.value);
      accepted.fire();
      if (fake.validationMessage || (kind === 'pick' && fake.selectedItems.length === 0)) hidden.fire();
    };
    return fake;
  }
}

/** Takes the place of the registry of commands, so that handlers can be called without the extension's own in between. */
export class CommandTable {
  private readonly handlers = new Map<string, (...args: readonly unknown[]) => unknown>();
  private readonly loading: Promise<void>[] = [];
  readonly platform: Platform;

  constructor(platform: Platform) {
    const commands: Commands = {
      register: this.register.bind(this),
      registerLater: (_, load) => void this.loading.push(load(commands)),
      report: () => undefined,
    };
    this.platform = { ...platform, commands };
  }

  async run(id: string, ...args: readonly unknown[]): Promise<unknown> {
    await Promise.all(this.loading);
    const handler = this.handlers.get(id);
    if (!handler) throw new Error(`${id} is not registered`);
    return handler(...args);
  }

  private register(id: string, _action: string, handler: (...args: readonly unknown[]) => unknown): void {
    this.handlers.set(id, handler);
  }
}

/** What commands ask of the Experiments view, over a real store; runs are named by their ids. */
export function runsOver(connections: Connections, picked: readonly string[], revealed: string[]): RunsService {
  const never: vscode.Event<void> = () => new vscode.Disposable(() => undefined);
  const run = async (runId: string) => (await connections.require()).store.getRun(runId);
  return {
    onDidRunsChange: never,
    onDidMarkChanged: () => new vscode.Disposable(() => undefined),
    experimentName: () => undefined,
    onDidSelectionChange: never,
    onDidColorsChange: never,
    selectedRunId: undefined,
    selectedRunIds: [],
    selectedExperimentIds: [],
    pickExperiments: async () => 'runs',
    checkedRunIds: [],
    cachedRun: () => undefined,
    run,
    pickRuns: () => Promise.all(picked.map(run)),
    markChanged: () => undefined,
    reveal: async (runId) => void revealed.push(runId),
    colorOf: () => 1,
    adoptColors: () => undefined,
    highlightedRunId: undefined,
    onDidHighlightChange: never,
    highlight: () => undefined,
    addGroup: () => undefined,
    setCommitFacts: () => undefined,
    commitText: async ({ commit }) => `known of ${commit}`,
  };
}

export function connectionsOf({ connector, onDidChange }: ServerSession): Connections {
  const required = async () => {
    const connection = await connector.get();
    if (!connection) throw new Error('no server');
    return connection;
  };
  return {
    get state() {
      return connector.state;
    },
    onDidChange,
    get: () => connector.get(),
    require: required,
    requireWritable: required,
    showHint: () => undefined,
  };
}

const { ConfigurationTarget, workspace } = vscode;

/** Sets a setting of the test's folder; undefined removes it. */
export const configure = (key: string, value: unknown) =>
  workspace.getConfiguration('flowdeck').update(key, value, ConfigurationTarget.Workspace);

export function workspaceFolder(): string {
  const [folder] = workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('the tests need an open folder');
  return folder.uri.fsPath;
}

export function removeStores(): void {
  for (const name of fs.readdirSync(workspaceFolder()))
    if (/^(mlflow\.db|mlruns$|mlartifacts$)/.test(name))
      fs.rmSync(path.join(workspaceFolder(), name), { recursive: true, force: true });
}

/** Runs a test's body without MLflow's variables in the environment. */
export async function withoutEnvironment<T>(body: () => Promise<T>): Promise<T> {
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('MLFLOW_'));
  for (const [name] of kept) delete process.env[name];
  try {
    return await body();
  } finally {
    for (const [name, value] of kept) process.env[name] = value;
  }
}
