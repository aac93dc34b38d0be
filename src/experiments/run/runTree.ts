import * as vscode from 'vscode';
import { isCancelled } from '../../mlflow/mlflowError';
import { mayNameCommit, namesCommit, runOrigin } from '../../mlflow/runSource';
import { nameOf } from '../../shared/artifactPath';
import type { RunsService } from '../runsService';
import { type ArtifactRow, artifactRows, type Listing } from './artifactRows';
import { sortedMetrics } from './metricGroups';
import { loggedModelRows, modelNodes, taggedModelRows } from './modelRows';
import type { RunDetails } from './runDetails';
import type { RunDetailsStore } from './runDetailsStore';
import {
  datasetNodes,
  datasetRows,
  metricRows,
  overviewRows,
  paramRows,
  sourceRows,
  statsRows,
  tagRows,
} from './runFacts';
import { commitTooltip, metricTooltip, runItem } from './runItems';
import { foldersFirst, type Parent, paged, type RunNode } from './runNodes';
import { sectionRows } from './sectionRows';

/** The selected run in sections. What costs a request is asked when its row is expanded; failures are rows. */
export class RunTree implements vscode.TreeDataProvider<RunNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly store: RunDetailsStore,
    private readonly runs: Pick<RunsService, 'commitText'>,
  ) {
    this.listening = store.onDidChange(() => this.changed.fire(undefined));
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return runItem(node);
  }

  async resolveTreeItem(item: vscode.TreeItem, node: RunNode): Promise<vscode.TreeItem> {
    if (node.kind === 'commit') item.tooltip = commitTooltip(node, await this.runs.commitText(node));
    if (node.kind === 'metric')
      item.tooltip = metricTooltip(node.metric, this.store.of(node.runId)?.knownStats(node.metric.key));
    return item;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    if (!node) return this.root();
    const details = this.store.of(node.runId);
    return details ? [...(await this.children(node, details))] : [];
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }

  /** What is known is shown at once; a question that is due is asked behind it. */
  private async root(): Promise<RunNode[]> {
    const details = this.store.current;
    if (!details) return [];
    if (details.isStale) this.store.refresh(details).catch(() => undefined);
    if (!details.run) await details.settled;
    const { run, problem } = details;
    const at = { runId: details.runId, id: details.runId };
    return [...(problem ? [problemRow(at, problem)] : []), ...(run ? sectionRows(run) : [])];
  }

  private async children(node: RunNode, details: RunDetails): Promise<readonly RunNode[]> {
    switch (node.kind) {
      case 'section':
        return this.section(node, details);
      case 'group':
        return paged(node, node.items);
      case 'range':
        return paged(node, node.items, node.start);
      case 'folder':
        return metricRows(node, node.run, node.members, node.prefix);
      case 'metric':
        return rowsOrProblem(node, details.stats(node.metric), details.knownStats(node.metric.key), (stats) =>
          statsRows(node, node.metric, stats),
        );
      case 'dataset':
        return datasetRows(node, node.dataset);
      case 'loggedModel':
        return loggedModelRows(node);
      case 'taggedModel':
        return taggedModelRows(node);
      case 'artifact':
        return node.artifact.isFolder ? artifacts(node, details, node.artifact.path) : [];
      case 'header':
      case 'detail':
      case 'commit':
      case 'noCommit':
      case 'version':
      case 'refusedArtifact':
      case 'note':
      case 'problem':
        return [];
    }
  }

  private async section(
    node: RunNode & { readonly kind: 'section' },
    details: RunDetails,
  ): Promise<readonly RunNode[]> {
    const { run } = node;
    switch (node.section) {
      case 'overview':
        return overviewRows(node, run);
      case 'source':
        return source(node, details);
      case 'params':
        return paramRows(node, run);
      case 'metrics':
        return metricRows(node, run, sortedMetrics(run.metrics));
      case 'tags':
        return tagRows(node, run);
      case 'datasets':
        return datasetNodes(node, run);
      case 'models':
        return models(node, details);
      case 'artifacts':
        return artifacts(node, details, '');
    }
  }
}

const problemRow = (
  parent: Parent,
  problem: { readonly error: unknown; readonly readAt?: number },
  key = 'problem',
): RunNode => ({ kind: 'problem', runId: parent.runId, id: `${parent.id}/${key}`, label: '', ...problem });

/** After a failure the rows known before stay, under one that says what went wrong. */
async function rowsOrProblem<T>(
  parent: Parent,
  question: Promise<T>,
  known: T | undefined,
  rows: (value: T) => readonly RunNode[],
): Promise<readonly RunNode[]> {
  try {
    return rows(await question);
  } catch (error) {
    if (isCancelled(error)) return [];
    return [problemRow(parent, { error }), ...(known === undefined ? [] : rows(known))];
  }
}

/** Where its tags name no commit, one of the models that it logged may: asked when somebody looks. */
async function source(node: RunNode & { readonly kind: 'section' }, details: RunDetails): Promise<readonly RunNode[]> {
  const run = details.run ?? node.run;
  if (namesCommit(run) || !mayNameCommit(run)) return sourceRows(node, run, runOrigin(run));
  try {
    return sourceRows(node, run, await details.origin());
  } catch (error) {
    return isCancelled(error) ? [] : [problemRow(node, { error }), ...sourceRows(node, run)];
  }
}

/** Models and versions come from two parts of a server: one that fails does not hide the other. */
async function models(node: RunNode & { readonly kind: 'section' }, details: RunDetails): Promise<readonly RunNode[]> {
  const run = details.run ?? node.run;
  const [logged, registered] = await Promise.allSettled([details.loggedModels(), details.versions()]);
  const problems = [logged, registered].flatMap((result, at) =>
    result.status === 'rejected' && !isCancelled(result.reason)
      ? [problemRow(node, { error: result.reason }, `problem${at}`)]
      : [],
  );
  return [...problems, ...modelNodes(node, run, details.knownLoggedModels, details.knownVersions)];
}

function artifacts(parent: Parent, details: RunDetails, folder: string): Promise<readonly RunNode[]> {
  return rowsOrProblem(parent, details.listings.get(folder), details.listings.known(folder), (listing) =>
    artifactNodes(parent, folder, listing),
  );
}

function artifactNodes(parent: Parent, folder: string, listing: Listing): readonly RunNode[] {
  const { runId } = parent;
  const rows = artifactRows(folder, listing).map((row) => artifactNode(parent, row));
  if (rows.length === 0)
    return [{ kind: 'note', runId, id: `${parent.id}/empty`, label: vscode.l10n.t('There are no artifacts here') }];
  const isFolder = (node: RunNode) => node.kind === 'artifact' && node.artifact.isFolder;
  return foldersFirst(
    parent,
    rows.filter(isFolder),
    rows.filter((node) => !isFolder(node)),
  );
}

function artifactNode(parent: Parent, row: ArtifactRow): RunNode {
  const { runId } = parent;
  switch (row.kind) {
    case 'refused': {
      const { listedAs } = row;
      return { kind: 'refusedArtifact', runId, id: `${parent.id}/refused/${listedAs}`, label: listedAs, listedAs };
    }
    case 'artifact': {
      const { artifact } = row;
      const id = `${runId}/artifact/${artifact.path}`;
      return { kind: 'artifact', runId, id, label: nameOf(artifact.path), artifact };
    }
  }
}
