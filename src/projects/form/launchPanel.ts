import * as vscode from 'vscode';
import { PanelType } from '../../platform/ids';
import { pageHtml, pageOptions, webviewPort, wireError } from '../../platform/webviewHost';
import type { LaunchHostEvents, LaunchHostMethods } from '../../shared/protocol/launch';
import { type Handlers, Rpc } from '../../shared/rpc';
import { scriptEntryPoint } from '../command/entryPoints';
import { pathExists } from '../launch/whatToRun';
import type { FoundProject } from '../view/projectsStore';
import { decodeChoice } from './formChoice';
import { type FormServices, FormSession, type FormTarget } from './formSession';
import { decodeKept, type KeptRepository, keptRepository, lookAgain } from './remoteProject';
import { projectIn } from './scriptPlaces';

/** The form in the editor area: every option of a launch at once. */
export function openLaunchPanel(services: FormServices, target: FormTarget): vscode.WebviewPanel {
  const title = vscode.l10n.t('Run {0}', target.entryPoint);
  const panel = vscode.window.createWebviewPanel(PanelType.launch, title, vscode.ViewColumn.Active, {});
  const session = new FormSession(services, target);
  showForm(services, panel, keptOf(target), async () => session);
  return panel;
}

/** What a page keeps of its project. */
interface Kept {
  /** Of the MLproject. */
  readonly file: string;
  /** The project comes from there, and has no file here. */
  readonly remote?: KeptRepository;
}

function keptOf(target: FormTarget): Kept {
  const remote = keptRepository(target);
  return remote ? { file: '', remote } : { file: target.found.file.toString() };
}

function showForm(
  services: FormServices,
  panel: vscode.WebviewPanel,
  data: Kept,
  session: () => Promise<FormSession>,
): void {
  const { extensionUri } = services.platform.context;
  const { webview } = panel;
  webview.options = pageOptions(extensionUri);
  const rpc = new Rpc<object, LaunchHostMethods, LaunchHostEvents, object>(
    webviewPort(webview),
    handlersOf(session),
    wireError,
  );
  const { connections, store } = services;
  const changed = () => rpc.emit('changed', undefined);
  const changes = vscode.Disposable.from(
    store.onDidChange(changed),
    connections.onDidChange(() => {
      if (connections.state.kind === 'connected') changed();
    }),
  );
  panel.onDidDispose(() => {
    rpc.dispose();
    changes.dispose();
  });
  webview.html = pageHtml(webview, extensionUri, { page: 'launch', title: panel.title, tab: 'launch', data });
}

/** Parameters come from a page and are decoded before anything is done with them. */
function handlersOf(session: () => Promise<FormSession>): Handlers<LaunchHostMethods> {
  return {
    load: { decode: () => undefined, handle: async () => (await session()).model() },
    check: { decode: decodeChoice, handle: async (choice) => (await session()).examine(choice) },
    browse: {
      decode: (raw) => ({
        field: textField(raw, 'field'),
        entryPoint: textField(raw, 'entryPoint'),
        isParameter: flag(raw, 'isParameter'),
      }),
      handle: async (params) => (await session()).browseFor(params),
    },
    fromRun: {
      decode: (raw) => ({ entryPoint: textField(raw, 'entryPoint') }),
      handle: async ({ entryPoint }) => (await session()).paramsOfRun(entryPoint),
    },
    launch: {
      decode: (raw) => ({
        choice: decodeChoice(fieldOf(raw, 'choice')),
        debug: flag(raw, 'debug'),
        server: textField(raw, 'server'),
      }),
      handle: async ({ choice, debug, server }) => (await session()).start(choice, debug, server),
    },
    saveTask: { decode: decodeChoice, handle: async (choice) => (await session()).save(choice) },
  };
}

/** A panel that the window kept; one of a project that is gone is closed. A repository is looked into once more. */
export async function restorePanel(services: FormServices, panel: vscode.WebviewPanel, state: unknown): Promise<void> {
  const named = fieldOf(fieldOf(state, 'choice'), 'entryPoint');
  const entryPoint = typeof named === 'string' ? named : 'main';
  const remote = decodeKept(fieldOf(state, 'remote'));
  if (remote) {
    const target = async () => lookAgain(await services.tasks.shared(), remote, entryPoint);
    return showForm(
      services,
      panel,
      { file: '', remote },
      untilMade(async () => new FormSession(services, await target())),
    );
  }
  const file = fieldOf(state, 'file');
  const known = (await services.store.get()).find((project) => project.file.toString() === file);
  const found = known ?? (await placeOfScript(file, entryPoint));
  if (!found) return panel.dispose();
  const target = { found, entryPoint };
  const session = new FormSession(services, target);
  showForm(services, panel, keptOf(target), async () => session);
}

/** A folder without an MLproject, where the script is still there. */
async function placeOfScript(file: unknown, script: string): Promise<FoundProject | undefined> {
  if (typeof file !== 'string' || !scriptEntryPoint(script)) return undefined;
  const place = vscode.Uri.joinPath(vscode.Uri.parse(file), '..');
  const folder = vscode.workspace.getWorkspaceFolder(place);
  if (!folder || !(await pathExists(place, script))) return undefined;
  return projectIn(place, folder).catch(() => undefined);
}

/** Once; what failed is tried again when it is asked for again. */
function untilMade<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}

const fieldOf = (raw: unknown, key: string): unknown =>
  typeof raw === 'object' && raw !== null && Object.hasOwn(raw, key) ? Reflect.get(raw, key) : undefined;
const flag = (raw: unknown, key: string) => fieldOf(raw, key) === true;

function textField(raw: unknown, key: string): string {
  const value = fieldOf(raw, key);
  if (typeof value !== 'string') throw new Error(`${key} is no text.`);
  return value;
}
