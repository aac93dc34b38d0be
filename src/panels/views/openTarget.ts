import * as vscode from 'vscode';
import type { Connection, Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { MlflowError } from '../../mlflow/mlflowError';
import { decodeSharedView, type NotTaken, sharedViewTag } from '../../mlflow/sharedView';
import { type ShownExperiments, type WebLink, withShared } from '../../mlflow/webLink';
import { Command, ViewId } from '../../platform/ids';
import { messages } from '../../platform/messages';
import { parseColumnId } from '../../shared/runs/column';
import { type NamedView, viewOn } from '../../shared/view/namedView';
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
      case 'experiments':
        return this.experiments(connection, shows);
      case 'model':
        if (shows.name === undefined) await vscode.commands.executeCommand(`${ViewId.models}.focus`);
        else await vscode.commands.executeCommand(Command.models.reveal, { version: shows });
        return;
      case 'server':
        await vscode.commands.executeCommand(`${ViewId.experiments}.focus`);
    }
  }

  /** Undefined when the person changed their mind. @throws MlflowError when this server lacks the experiments */
  async view(named: NamedView): Promise<RunsPanel | undefined> {
    const connection = await this.serverOfView(named);
    if (!connection) return undefined;
    const scope = await scopeOf(named, connection);
    this.services.runs.adoptColors(named.colors ?? {});
    return this.panel(connection, scope, () => viewOn(named, connection.uri), named.name);
  }

  /** Experiments are found by name wherever one is; runs have their ids on one server, which may have several addresses. */
  private async serverOfView({ server, runs }: NamedView): Promise<Connection | undefined> {
    const current = await this.services.connections.require();
    if (!runs || server === undefined || server === current.uri) return current;
    const question = vscode.l10n.t(
      'The runs of this view are on {0}, and this window works with {1}.',
      server,
      current.uri,
    );
    const detail = vscode.l10n.t('Connect only to servers you know. Another server knows nothing of these runs.');
    const [connect, here] = [vscode.l10n.t('Connect…'), vscode.l10n.t('Open Here')];
    const answer = await messages.showWarningMessage(question, { modal: true, detail }, connect, here);
    if (answer === connect) return this.connectTo(server);
    return answer === here ? current : undefined;
  }

  private async experiments(connection: Connection, link: ShownExperiments): Promise<void> {
    const shows = await withWhatIsShared(link, connection);
    const { experimentIds, tab, filter, orderBy, showDeleted, shared = {}, notTaken = [] } = shows;
    const sort = orderBy && sortOf(orderBy);
    const { columns, isWhole } = columnsOf(shared.columns);
    const { groupBy, aggregate, pinnedRuns, hiddenRuns } = shared;
    this.panel(connection, { experimentIds }, (view) => ({
      ...view,
      tab,
      filter,
      showDeleted,
      ...(pinnedRuns ? { pinnedRuns } : {}),
      ...(hiddenRuns ? { hiddenRuns } : {}),
      table: {
        ...view.table,
        ...(sort ? { sort: [sort] } : {}),
        ...(columns ? { columns } : {}),
        ...(groupBy ? { groupBy } : {}),
        ...(aggregate ? { aggregate } : {}),
      },
    }));
    const others: NotTaken[] = [
      ...(orderBy && !sort ? ['sort' as const] : []),
      ...(isWhole ? [] : ['columns' as const]),
    ];
    tellNotTaken([...others, ...notTaken]);
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
    if ((await messages.showWarningMessage(question, { modal: true, detail }, connect)) !== connect) return undefined;
    return this.connectTo(server);
  }

  private async connectTo(server: string): Promise<Connection | undefined> {
    await vscode.commands.executeCommand(Command.server.connect, server);
    const now = await this.services.connections.get();
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

/** What a link of the Share button leaves to a tag of its experiment. */
async function withWhatIsShared(shows: ShownExperiments, { store }: Connection): Promise<ShownExperiments> {
  const { shareKey, experimentIds } = shows;
  const [experimentId] = experimentIds;
  if (shareKey === undefined || experimentId === undefined) return shows;
  const { tags } = await store.getExperiment(experimentId);
  const tag = tags[sharedViewTag(shareKey)];
  const shared = tag === undefined ? undefined : decodeSharedView(tag);
  if (shared) return withShared(shows, shared);
  void messages.showWarningMessage(
    tag === undefined
      ? vscode.l10n.t('What this link shares is not on the server any more: the experiment is shown as it is.')
      : vscode.l10n.t('What this link shares cannot be read: the experiment is shown as it is.'),
  );
  return shows;
}

function tellNotTaken(parts: readonly NotTaken[]): void {
  if (parts.length === 0) return;
  const names: Readonly<Record<NotTaken, string>> = {
    sort: vscode.l10n.t('the order of the runs'),
    columns: vscode.l10n.t('some of the columns'),
    groups: vscode.l10n.t('the groups'),
    charts: vscode.l10n.t('the charts that were set up'),
    modelVersions: vscode.l10n.t('whether runs have model versions'),
  };
  const list = [...new Set(parts)].map((part) => names[part]).join(', ');
  void messages.showInformationMessage(vscode.l10n.t('Not everything of this link could be taken over: {0}.', list));
}

/** What the web UI calls attributes, where it is not our name of them. */
const attributes: Readonly<Record<string, string>> = {
  'Run Name': 'run_name',
  Created: 'start_time',
  Duration: 'duration',
  User: 'user_id',
  Source: 'source',
  Version: 'commit',
  Dataset: 'datasets',
  Models: 'models',
  Description: 'description',
};
/** Columns that the web UI never hides. */
const alwaysShown = ['attributes.run_name', 'attributes.start_time', 'attributes.duration'];

/** `metrics.`val/loss`` as the web UI writes it; undefined for what there is no column of. */
function columnOf(key: string): string | undefined {
  const [, group, name = ''] = /^(metrics|params|tags|attributes)\.[`"](.+)[`"]$/s.exec(key) ?? [];
  const known = group === 'attributes' && Object.hasOwn(attributes, name) ? attributes[name] : name;
  const column = group === undefined ? key : `${group}.${known}`;
  return parseColumnId(column) && column;
}

function sortOf({ key, descending }: NonNullable<ShownExperiments['orderBy']>): Sort | undefined {
  const column = columnOf(key);
  return column === undefined ? undefined : { column, descending };
}

function columnsOf(keys: readonly string[] | undefined): { columns?: readonly string[]; isWhole: boolean } {
  if (!keys) return { isWhole: true };
  const known = keys.flatMap((key) => columnOf(key) ?? []);
  return { columns: [...new Set([...alwaysShown, ...known])], isWhole: known.length === keys.length };
}
