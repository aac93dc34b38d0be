import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { setContext } from '../platform/context';
import { Command, ContextKey, ViewId } from '../platform/ids';
import type { Platform } from '../platform/services';
import { type ExperimentsParts, ExperimentsService } from './experimentsService';
import { ExperimentsStore } from './experimentsStore';
import { ExperimentsTree } from './experimentsTree';
import { LiveRefresh } from './liveRefresh';
import { RowDecorations } from './rowDecorations';
import { RunColors } from './runColors';
import { RunHighlight } from './runHighlight';
import { RunSelection } from './runSelection';
import type { RunsService } from './runsService';
import { ViewOptions, viewDescription } from './viewOptions';

/** The Experiments view and what it lends to other features. Asks nothing until the view is seen. */
export function registerExperiments(platform: Platform, connections: Connections): RunsService {
  return buildExperiments(platform, connections).service;
}

/** As `registerExperiments`, and gives its parts, which tests look at. */
export function buildExperiments(
  platform: Platform,
  connections: Connections,
): ExperimentsParts & { readonly service: ExperimentsService } {
  const { workspaceState, subscriptions } = platform.context;
  const options = new ViewOptions(workspaceState);
  const store = new ExperimentsStore(connections, options.query);
  const colors = new RunColors(workspaceState);
  const selection = new RunSelection();
  const highlight = new RunHighlight();
  const tree = new ExperimentsTree(store, options, selection, colors);
  const view = vscode.window.createTreeView(ViewId.experiments, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
    manageCheckboxStateManually: true,
  });
  const parts: ExperimentsParts = { store, tree, view, selection, colors, highlight };
  const decorations = new RowDecorations(highlight, view);
  const report = (error: unknown) => platform.commands.report(vscode.l10n.t('refresh the runs'), error);
  const service = new ExperimentsService(parts, report);
  registerCommands(platform, async (late) => {
    const [{ ExperimentCommands }, { QueryCommands }, { RunCommands }] = await Promise.all([
      import('./experimentCommands'),
      import('./queryCommands'),
      import('./runCommands'),
    ]);
    new ExperimentCommands(late, connections, parts, options).register();
    new RunCommands(late, connections, service).register();
    new QueryCommands(late, connections, parts, options).register();
  });
  subscriptions.push(
    ...followView(parts),
    ...followStore(parts, connections, options),
    vscode.window.registerFileDecorationProvider(decorations),
    decorations,
    new LiveRefresh(store, connections, view),
    service,
    view,
    tree,
    store,
    colors,
    selection,
    highlight,
  );
  return { ...parts, service };
}

/** Panels have two of the commands on runs, the Run view and the projects one each. */
function registerCommands(platform: Platform, load: (late: Platform) => Promise<void>): void {
  const { openTable, compare, copyValue, reproduce, ...ofRuns } = Command.runs;
  const ids = [...Object.values(Command.experiments), ...Object.values(ofRuns)];
  platform.commands.registerLater(ids, (commands) => load({ ...platform, commands }));
}

function followView({ view, selection }: ExperimentsParts): vscode.Disposable[] {
  return [
    view.onDidChangeSelection(({ selection: [node] }) => {
      // An experiment or a folder leaves the run that is shown.
      if (node?.kind === 'run' || node?.kind === 'groupRun') selection.select(node.runId);
    }),
    view.onDidChangeCheckboxState(({ items }) =>
      selection.check(
        items.flatMap(([node, state]) =>
          node.kind === 'run' || node.kind === 'groupRun'
            ? [[node.runId, state === vscode.TreeItemCheckboxState.Checked] as const]
            : [],
        ),
      ),
    ),
  ];
}

function followStore(
  { store, tree, view, selection }: ExperimentsParts,
  connections: Connections,
  options: ViewOptions,
): vscode.Disposable[] {
  const showQuery = () => {
    view.description = viewDescription(store.query, options.metric);
    setContext(ContextKey.runsFiltered, store.query.filter !== '');
    setContext(ContextKey.deletedShown, store.query.showDeleted);
  };
  showQuery();
  let server: string | undefined;
  return [
    tree.onDidChangeTreeData((node) => {
      if (node === undefined) showQuery();
    }),
    connections.onDidChange(() => {
      const { state } = connections;
      if (state.kind === 'none') selection.forget();
      if (state.kind !== 'connected') return;
      if (server !== undefined && server !== state.connection.uri) selection.forget();
      server = state.connection.uri;
    }),
  ];
}
