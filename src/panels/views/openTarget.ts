import * as vscode from 'vscode';
import type { Connection, Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { MlflowError } from '../../mlflow/mlflowError';
import type { WebLink } from '../../mlflow/webLink';
import { Command, ViewId } from '../../platform/ids';
import { parseColumnId } from '../../shared/runs/column';
import type { NamedView } from '../../shared/view/namedView';
import type { RunsView, Scope, Sort } from '../../shared/view/runsView';
import { titleOf } from '../openPanel';
import type { RunsPanel } from '../runsPanel';
import type { RunsPanels } from '../runsPanels';
import type { FlowdeckLink } from './flowdeckLink';

export interface TargetServices {
  readonly connections: Connections;
  readonly runs: RunsService;
  readonly panels: RunsPanels;
}

/** Shows what links and named views point to. */
export class OpenTarget {
  constructor(private readonly services: TargetServices) {}

  async link(link: FlowdeckLink): Promise<void> {
    const connection = await this.serverOf(link.server);
    if (!connection) return;
    switch (link.kind) {
      case 'run':
        return this.run(link.runId);
      case 'experiment':
        await connection.store.getExperiment(link.experimentId);
        this.panel(connection, { experimentIds: [link.experimentId] }, (view) => view);
        return;
      case 'view':
        await this.view(link.view);
    }
  }

  async webLink({ uri, shows }: WebLink): Promise<void> {
    const connection = await this.serverOf(uri);
    if (!connection) return;
    switch (shows.kind) {
      case 'run':
        return this.run(shows.runId);
      case 'runs':
        this.panel(connection, { runIds: shows.runIds }, (view) => ({ ...view, tab: shows.tab }));
        return;
      case 'experiments': {
        const { experimentIds, tab, filter, orderBy, showDeleted } = shows;
        const sort = sortOf(orderBy);
        this.panel(connection, { experimentIds }, (view) => {
          const table = sort ? { ...view.table, sort: [sort] } : view.table;
          return { ...view, tab, filter, showDeleted, table };
        });
        return;
      }
      case 'model':
        await vscode.commands.executeCommand(`${ViewId.models}.focus`);
        return;
      case 'server':
        await vscode.commands.executeCommand(`${ViewId.experiments}.focus`);
    }
  }

  /** @throws MlflowError when this server lacks the experiments */
  async view(named: NamedView): Promise<RunsPanel> {
    const connection = await this.services.connections.require();
    const scope = await scopeOf(named, connection);
    this.services.runs.adoptColors(named.colors ?? {});
    return this.panel(connection, scope, () => named.view, named.name);
  }

  private async run(runId: string): Promise<void> {
    await this.services.runs.reveal(runId);
    await vscode.commands.executeCommand(`${ViewId.run}.focus`);
  }

  /** A link changes what it says; a named view is the whole set-up. */
  private panel({ uri }: Connection, scope: Scope, change: (view: RunsView) => RunsView, name?: string): RunsPanel {
    const { panels, runs } = this.services;
    return panels.open({ serverUri: uri, scope }, name ?? titleOf(scope, runs), change);
  }

  /** A link never connects by itself: whoever made it could name any server. Undefined when the person declined. */
  private async serverOf(server: string): Promise<Connection | undefined> {
    const { connections } = this.services;
    const current = await connections.get();
    if (current?.uri === server) return current;
    const connect = vscode.l10n.t('Connect…');
    const question = current
      ? vscode.l10n.t('This link is about {0}, and this window works with {1}.', server, current.uri)
      : vscode.l10n.t('This link is about {0}, and this window works with no server.', server);
    const detail = vscode.l10n.t('Connect only to servers you know.');
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, connect)) !== connect)
      return undefined;
    await vscode.commands.executeCommand(Command.server.connect, server);
    const now = await connections.get();
    return now?.uri === server ? now : undefined;
  }
}

/** On the server where the view was made ids will do; elsewhere experiments are found by name. */
async function scopeOf({ server, experiments, runs }: NamedView, { uri, store }: Connection): Promise<Scope> {
  if (!experiments) return { runIds: runs ?? [] };
  const ids = await Promise.all(
    experiments.map(async ({ id, name }) => {
      if (server === uri) return id;
      const found = await store.getExperimentByName(name);
      if (found) return found.experimentId;
      throw new MlflowError('notFound', vscode.l10n.t('There is no experiment "{0}"', name), {
        server: uri,
        advice: vscode.l10n.t('The view was made on {0}.', server ?? vscode.l10n.t('another server')),
      });
    }),
  );
  return { experimentIds: ids };
}

/** `metrics.`val/loss`` as the web UI writes it. */
function sortOf(orderBy: { readonly key: string; readonly descending: boolean } | undefined): Sort | undefined {
  const column = orderBy?.key.replace(/^(metrics|params|tags)\.[`"](.+)[`"]$/s, '$1.$2');
  return orderBy && column && parseColumnId(column) ? { column, descending: orderBy.descending } : undefined;
}
