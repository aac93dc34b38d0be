import * as vscode from 'vscode';
import { Command } from '../../platform/ids';
import type { EntryPoint, MlProject, Parameter, ProjectProblem } from '../mlproject/mlproject';
import { locatedProblemText, parameterText } from '../mlproject/projectTexts';
import type { FoundProject, ProjectsStore } from './projectsStore';

export type ProjectNode =
  | { readonly kind: 'project'; readonly found: FoundProject; readonly project: MlProject }
  | { readonly kind: 'problem'; readonly found: FoundProject; readonly problem: ProjectProblem }
  | { readonly kind: 'entryPoint'; readonly found: FoundProject; readonly entryPoint: EntryPoint }
  | {
      readonly kind: 'parameter';
      readonly found: FoundProject;
      readonly entryPoint: EntryPoint;
      readonly parameter: Parameter;
    };

/** Projects, their entry points and the parameters of these; a file that MLflow would refuse is a row that says why. */
export class ProjectsTree implements vscode.TreeDataProvider<ProjectNode>, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  private readonly listening: vscode.Disposable;

  constructor(private readonly store: ProjectsStore) {
    this.listening = store.onDidChange(() => this.changed.fire(undefined));
  }

  getTreeItem(node: ProjectNode): vscode.TreeItem {
    const item = itemOf(node);
    // A tooltip of plain text would take the place of the name for screen readers.
    item.accessibilityInformation = { label: `${item.label}, ${item.description}` };
    return item;
  }

  async getChildren(node?: ProjectNode): Promise<ProjectNode[]> {
    if (!node) return (await this.store.get()).map(rootNode);
    switch (node.kind) {
      case 'project':
        return node.project.entryPoints.map((entryPoint) => ({ kind: 'entryPoint', found: node.found, entryPoint }));
      case 'entryPoint': {
        const { found, entryPoint } = node;
        return entryPoint.parameters.map((parameter) => ({ kind: 'parameter', found, entryPoint, parameter }));
      }
      case 'parameter':
      case 'problem':
        return [];
    }
  }

  dispose(): void {
    this.listening.dispose();
    this.changed.dispose();
  }
}

function rootNode(found: FoundProject): ProjectNode {
  return 'project' in found.content
    ? { kind: 'project', found, project: found.content.project }
    : { kind: 'problem', found, problem: found.content.problem };
}

/** The project's folder as a person knows it. */
export const projectLabel = ({ path, folder }: FoundProject) => path.split('/').at(-1) || folder.name;

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function itemFor(found: FoundProject, label: string, state: vscode.TreeItemCollapsibleState, id: readonly string[]) {
  const item = new vscode.TreeItem(label, state);
  item.id = JSON.stringify([found.file.toString(), ...id]);
  return item;
}

function projectItem(found: FoundProject, project: MlProject): vscode.TreeItem {
  const item = itemFor(
    found,
    project.name || projectLabel(found),
    project.entryPoints.length > 0 ? Expanded : None,
    [],
  );
  item.contextValue = 'project';
  item.iconPath = new vscode.ThemeIcon('rocket');
  const place = vscode.workspace.asRelativePath(found.file);
  item.description = project.entryPoints.length > 0 ? place : vscode.l10n.t('{0} · no entry points', place);
  item.tooltip = found.file.fsPath;
  return item;
}

function itemOf(node: ProjectNode): vscode.TreeItem {
  switch (node.kind) {
    case 'project':
      return projectItem(node.found, node.project);
    case 'problem':
      return problemItem(node);
    case 'entryPoint':
      return entryPointItem(node.found, node.entryPoint);
    case 'parameter':
      return parameterItem(node);
  }
}

function problemItem(node: ProjectNode & { readonly kind: 'problem' }): vscode.TreeItem {
  const { found, problem } = node;
  const text = locatedProblemText(problem);
  const item = itemFor(found, projectLabel(found), None, ['problem']);
  item.contextValue = 'projectError';
  item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  item.description = text;
  item.tooltip = `${found.file.fsPath}\n${text}`;
  item.command = openFile(node);
  return item;
}

function entryPointItem(found: FoundProject, entryPoint: EntryPoint): vscode.TreeItem {
  const { name, parameters, command } = entryPoint;
  const item = itemFor(found, name, parameters.length > 0 ? Collapsed : None, ['entryPoint', name]);
  item.contextValue = 'entryPoint';
  item.iconPath = new vscode.ThemeIcon('play-circle');
  item.description =
    parameters.length === 1 ? vscode.l10n.t('1 parameter') : vscode.l10n.t('{0} parameters', parameters.length);
  item.tooltip = command ?? vscode.l10n.t('It has no command.');
  return item;
}

function parameterItem(node: ProjectNode & { readonly kind: 'parameter' }): vscode.TreeItem {
  const { found, entryPoint, parameter } = node;
  const item = itemFor(found, parameter.name, None, ['parameter', entryPoint.name, parameter.name]);
  item.contextValue = 'parameter';
  item.iconPath = new vscode.ThemeIcon('symbol-parameter');
  item.description = parameterText(parameter);
  item.tooltip = `${parameter.name}: ${parameterText(parameter)}`;
  item.command = openFile(node);
  return item;
}

function openFile(node: ProjectNode): vscode.Command {
  return { command: Command.projects.openFile, title: vscode.l10n.t('Open MLproject File'), arguments: [node] };
}

/** Where a row stands in its file. */
export function rangeOf(node: ProjectNode): vscode.Range {
  const range =
    node.kind === 'problem'
      ? node.problem.range
      : node.kind === 'entryPoint'
        ? node.entryPoint.range
        : node.kind === 'parameter'
          ? node.parameter.range
          : { line: 0, column: 0, endLine: 0, endColumn: 0 };
  return new vscode.Range(range.line, range.column, range.endLine, range.endColumn);
}
