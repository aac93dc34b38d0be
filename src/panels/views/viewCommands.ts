import * as vscode from 'vscode';
import { MlflowError } from '../../mlflow/mlflowError';
import { parseWebLink } from '../../mlflow/webLink';
import { Command } from '../../platform/ids';
import { messages } from '../../platform/messages';
import type { Platform } from '../../platform/services';
import { longestName, type NamedView, nameView } from '../../shared/view/namedView';
import { experimentIdsOf } from '../chooseScope';
import type { RunsPanel } from '../runsPanel';
import { linkPath, longestEverywhere, parseFlowdeckLink } from './flowdeckLink';
import { OpenTarget, type TargetServices } from './openTarget';
import { PrivateViews } from './privateViews';
import { type KeptView, ViewStore } from './viewStore';

type Place = 'private' | vscode.WorkspaceFolder;

/** Named views and links: keeping a set-up, opening one, handing one on. */
export class ViewCommands {
  private readonly views: ViewStore;
  private readonly target: OpenTarget;

  constructor(
    { context }: Pick<Platform, 'context'>,
    private readonly services: TargetServices,
  ) {
    this.views = new ViewStore(new PrivateViews(context.globalState, context.workspaceState));
    this.target = new OpenTarget(services);
  }

  /** Keeps the set-up of the panel in front under a name. */
  async save(): Promise<void> {
    const panel = this.services.panels.inFront;
    const title = vscode.l10n.t('Save View');
    const kept = await this.views.list();
    const name = await vscode.window.showInputBox({
      title,
      prompt: vscode.l10n.t('Name of the view'),
      value: panel.title,
      ignoreFocusOut: true,
      validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('A view needs a name.') : undefined),
    });
    if (name === undefined) return;
    const place = await this.askPlace(title);
    if (!place) return;
    const view = await this.named(panel, name.trim().slice(0, longestName));
    if (place === 'private') {
      const exists = kept.some((other) => other.kept === 'private' && other.view.name === view.name);
      if (exists && !(await confirmReplace(view.name))) return;
      await this.views.savePrivately(view);
      void messages.showInformationMessage(vscode.l10n.t('Saved the view "{0}" for you.', view.name));
      return;
    }
    const uri = this.views.fileOf(place, view);
    if (await exists(uri)) if (!(await confirmReplace(vscode.workspace.asRelativePath(uri)))) return;
    await this.views.saveTo(uri, view);
    const open = vscode.l10n.t('Open File');
    const text = vscode.l10n.t('Saved the view as {0}.', vscode.workspace.asRelativePath(uri));
    void messages.showInformationMessage(text, open).then((chosen) => {
      if (chosen === open) void vscode.window.showTextDocument(uri);
    });
  }

  /** Opens a view: of the file that was clicked, or one that is chosen. */
  async open(args: readonly unknown[]): Promise<void> {
    const [given] = args;
    if (given instanceof vscode.Uri) {
      const view = await this.views.readFile(given);
      if (!view)
        throw new MlflowError('invalid', vscode.l10n.t('{0} is no view', vscode.workspace.asRelativePath(given)), {
          advice: vscode.l10n.t('Views are saved with "Flowdeck: Save View…".'),
        });
      await this.target.view(view);
      return;
    }
    const picked = await this.pick();
    if (picked) await this.target.view(picked.view);
  }

  /** A `vscode://` link to a run, an experiment, or the view in front. */
  async copyLink(args: readonly unknown[]): Promise<void> {
    const { uri: server } = await this.services.connections.require();
    const path = await this.linkTo(args, server);
    if (!path) return;
    const link = `${vscode.env.uriScheme}://flowdeck.flowdeck${path}`;
    await vscode.env.clipboard.writeText(link);
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied the link.'), 3_000);
    if (link.length > longestEverywhere) this.warnOfLength(link.length);
  }

  private warnOfLength(length: number): void {
    const text = vscode.l10n.t(
      'The copied link has {0} characters, which some systems and programs cut. Pasted into "Flowdeck: Open Link…" it opens whole; a view saved in the folder needs no link.',
      length.toLocaleString(vscode.env.language),
    );
    const save = vscode.l10n.t('Save View…');
    void messages.showWarningMessage(text, save).then((chosen) => {
      if (chosen === save) void vscode.commands.executeCommand(Command.views.save);
    });
  }

  /** Opens a link of MLflow's web UI or of Flowdeck: given, or typed. */
  async openLink(args: readonly unknown[]): Promise<void> {
    const [given] = args;
    const text = typeof given === 'string' ? given : await askForLink();
    if (text === undefined) return;
    const own = ownLink(text);
    if (own) await this.handle(own);
    else await this.target.webLink(parseWebLink(text));
  }

  /** What somebody clicked outside of VS Code. */
  async handle({ path, query }: Pick<vscode.Uri, 'path' | 'query'>): Promise<void> {
    await this.target.link(parseFlowdeckLink(path, query));
  }

  private async linkTo(args: readonly unknown[], server: string): Promise<string | undefined> {
    const { panels, runs } = this.services;
    const [experimentId] = experimentIdsOf(args);
    if (experimentId !== undefined) return linkPath({ kind: 'experiment', server, experimentId });
    const { active } = panels;
    if (args[0] === undefined && active)
      return linkPath({ kind: 'view', server: active.state.serverUri, view: await this.named(active, active.title) });
    const [run] = (await runs.pickRuns(args, { title: vscode.l10n.t('Copy Flowdeck Link'), many: false })) ?? [];
    return run && linkPath({ kind: 'run', server, runId: run.runId });
  }

  private async named(panel: RunsPanel, name: string): Promise<NamedView> {
    const { state, view } = panel;
    const { runs } = this.services;
    const colors = (await panel.coloredRuns()).map((runId) => [runId, runs.colorOf(runId)] as const);
    const named = await nameView(name, state.scope, view, state.serverUri, (ids) => panel.experimentNames(ids));
    return { ...named, ...(colors.length > 0 ? { colors: Object.fromEntries(colors) } : {}) };
  }

  private async pick(): Promise<KeptView | undefined> {
    const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly kept: KeptView }>();
    const remove = { iconPath: new vscode.ThemeIcon('trash'), tooltip: vscode.l10n.t('Delete View') };
    pick.title = vscode.l10n.t('Open View');
    pick.placeholder = vscode.l10n.t('No views yet: save one from a runs table');
    pick.matchOnDescription = true;
    pick.busy = true;
    const fill = async () => {
      const kept = await this.views.list();
      const active = pick.activeItems[0]?.kept;
      pick.items = kept.map((one) => ({
        label: one.view.name,
        description: one.kept === 'file' ? vscode.workspace.asRelativePath(one.uri) : vscode.l10n.t('only for you'),
        detail: subjectOf(one.view),
        buttons: [remove],
        kept: one,
      }));
      const still = pick.items.filter((item) => active && isSame(item.kept, active));
      if (still.length > 0) pick.activeItems = still;
      if (kept.length > 0) pick.placeholder = vscode.l10n.t('Which view?');
      pick.busy = false;
    };
    pick.keepScrollPosition = true;
    pick.show();
    let watcher: vscode.Disposable | undefined;
    try {
      await fill();
      return await new Promise<KeptView | undefined>((resolve, reject) => {
        watcher = this.views.watch(() => void fill().catch(reject));
        pick.onDidAccept(() => resolve(pick.selectedItems[0]?.kept));
        pick.onDidHide(() => resolve(undefined));
        pick.onDidTriggerItemButton(({ item }) => {
          pick.ignoreFocusOut = true;
          this.remove(item.kept)
            .then(fill)
            .catch(reject)
            .finally(() => {
              pick.ignoreFocusOut = false;
              pick.show();
            });
        });
      });
    } finally {
      watcher?.dispose();
      pick.dispose();
    }
  }

  private async remove(kept: KeptView): Promise<void> {
    const yes = vscode.l10n.t('Delete');
    const what =
      kept.kept === 'file'
        ? vscode.workspace.asRelativePath(kept.uri)
        : vscode.l10n.t('the view "{0}"', kept.view.name);
    const question = vscode.l10n.t('Delete {0}?', what);
    if ((await messages.showWarningMessage(question, { modal: true }, yes)) === yes) await this.views.remove(kept);
  }

  private async askPlace(title: string): Promise<Place | undefined> {
    const folders = vscode.workspace.workspaceFolders ?? [];
    if (folders.length === 0) return 'private';
    const items: (vscode.QuickPickItem & { readonly place: Place })[] = [
      {
        label: `$(account) ${vscode.l10n.t('Only for Me')}`,
        description: vscode.l10n.t('kept by VS Code, for all of your windows'),
        place: 'private',
      },
      ...folders.map((folder) => ({
        label: `$(folder) ${folders.length > 1 ? folder.name : vscode.l10n.t('In the Folder')}`,
        description: vscode.l10n.t('a file in .flowdeck/views, to be committed'),
        place: folder,
      })),
    ];
    const placeHolder = vscode.l10n.t('Where to keep the view');
    return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.place;
  }
}

/** A view of the panel. Experiments have their names in it, by which another server finds them. @throws MlflowError */
const isSame = (one: KeptView, other: KeptView): boolean =>
  one.kept === 'file'
    ? other.kept === 'file' && one.uri.toString() === other.uri.toString()
    : other.kept === 'private' && one.view.name === other.view.name;

const subjectOf = ({ experiments, runs }: NamedView): string =>
  experiments ? experiments.map(({ name }) => name).join(', ') : vscode.l10n.t('{0} runs', runs?.length ?? 0);

async function confirmReplace(what: string): Promise<boolean> {
  const yes = vscode.l10n.t('Replace');
  const question = vscode.l10n.t('Replace {0}?', what);
  return (await messages.showWarningMessage(question, { modal: true }, yes)) === yes;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return false;
    throw error;
  }
}

/** Path and query of a link of Flowdeck's own; undefined for any other. */
function ownLink(text: string): { path: string; query: string } | undefined {
  const found = /^[a-z-]+:\/\/flowdeck\.flowdeck(\/[a-z]+)\?(.*)$/s.exec(text.trim());
  const [, path, query] = found ?? [];
  return path !== undefined && query !== undefined ? { path, query } : undefined;
}

function linkProblem(text: string): string | undefined {
  try {
    const own = ownLink(text);
    if (own) parseFlowdeckLink(own.path, own.query);
    else parseWebLink(text);
    return undefined;
  } catch (error) {
    if (error instanceof MlflowError) return `${error.message} ${error.details.advice ?? ''}`.trim();
    throw error;
  }
}

/** What stands in the clipboard and is longer is not looked at. */
const longestPasted = 1_000_000;

async function askForLink(): Promise<string | undefined> {
  const copied = (await vscode.env.clipboard.readText()).trim();
  const isLink = copied.length < longestPasted && /:\/\//.test(copied) && linkProblem(copied) === undefined;
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Open Link'),
    prompt: vscode.l10n.t('A link copied from the MLflow web UI, or a Flowdeck link'),
    placeHolder: 'http://127.0.0.1:5000/#/experiments/1/runs/…',
    ignoreFocusOut: true,
    ...(isLink ? { value: copied } : {}),
    validateInput: (text) => (text.trim() === '' ? '' : linkProblem(text)),
  });
}
