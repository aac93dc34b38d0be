import * as vscode from 'vscode';
import type { Connections } from '../../connections/connection';
import type { RunsService } from '../../experiments/runsService';
import { MlflowError } from '../../mlflow/mlflowError';
import { findPython } from '../../platform/python';
import type { Platform } from '../../platform/services';
import { settings } from '../../platform/settings';
import { type FormCheck, type FormChoice, type FormModel, valueIn } from '../../shared/protocol/launch';
import { ownBackends, pluginBackends } from '../backends/backends';
import { isScript, scriptEntryPoint } from '../command/entryPoints';
import { debugExtras } from '../launch/debugLaunch';
import { requireLaunchable } from '../launch/launch';
import { askedAt } from '../launch/launchedAt';
import { pathExists } from '../launch/whatToRun';
import type { EntryPoint, MlProject } from '../mlproject/mlproject';
import { experimentNames } from '../request/experimentNames';
import { repeatedName } from '../request/givenTags';
import { parameterProblemText, repeatedText, sweepProblemText, variedProblemText } from '../request/launchTexts';
import { integersOf, parseVaried, takesEmpty, typedProblem, variedValues } from '../request/parameters';
import { planSweep } from '../request/sweepPlan';
import { environmentManagers, type LaunchRequest, valuesText } from '../request/taskDefinition';
import { type LaunchMemory, memoryKey } from '../tasks/launchMemory';
import type { ProjectTasks } from '../tasks/projectTasks';
import type { FoundProject, ProjectsStore } from '../view/projectsStore';
import { projectLabel } from '../view/projectsTree';
import { type ExtraProblem, extraProblems } from './extraProblems';
import { choiceOf, givenValues, noSweep, requestOf } from './formChoice';
import { browse } from './launchForm';
import { askForParams } from './paramsOfRun';
import { saveTask } from './saveTask';

export interface FormServices {
  readonly platform: Platform;
  readonly connections: Connections;
  readonly runs: RunsService;
  readonly tasks: ProjectTasks;
  readonly memory: LaunchMemory;
  readonly store: ProjectsStore;
}

/** What the form is about. */
export interface FormTarget {
  readonly found: FoundProject;
  /** One that the project declares, or a script of it. */
  readonly entryPoint: string;
  /** Values to begin with, in place of those used last. */
  readonly values?: ReadonlyMap<string, string>;
  /** The project comes from there and has no folder here. */
  readonly repository?: string;
  readonly version?: string;
  /** Scripts that are offered beside what is declared. */
  readonly scripts?: readonly string[];
}

/** What the form asks of the host: its model, what is wrong with a choice, and the launch. */
export class FormSession {
  constructor(
    private readonly services: FormServices,
    private readonly target: FormTarget,
  ) {}

  private async project(): Promise<MlProject> {
    const { found, repository } = this.target;
    const known = repository === undefined ? await this.services.store.get() : [];
    const now = known.find(({ file }) => file.toString() === found.file.toString()) ?? found;
    if ('project' in now.content) return now.content.project;
    throw new MlflowError('invalid', vscode.l10n.t('The MLproject file has a problem now: see the Projects view.'));
  }

  /** What is declared, and scripts: the one that the form was opened for, and those of a repository. */
  private entryPoints({ entryPoints }: MlProject): readonly EntryPoint[] {
    const { entryPoint, scripts = [] } = this.target;
    const declared = new Set(entryPoints.map(({ name }) => name));
    const others = [...new Set([...scripts, entryPoint])].filter((name) => !declared.has(name));
    return [...entryPoints, ...others.flatMap((name) => scriptEntryPoint(name) ?? [])];
  }

  private async entryPoint(name: string): Promise<EntryPoint> {
    const found = this.entryPoints(await this.project()).find((candidate) => candidate.name === name);
    if (found) return found;
    throw new MlflowError('invalid', vscode.l10n.t('There is no entry point {0} any more.', name));
  }

  async model(): Promise<FormModel> {
    const { found, repository, entryPoint } = this.target;
    const { memory, connections } = this.services;
    const [project, connection] = await Promise.all([this.project(), connections.require()]);
    const [experiments, backends] = await Promise.all([experimentNames(connection.store), this.backends()]);
    const points = this.entryPoints(project);
    const history = points.flatMap((point) =>
      memory
        .history(memoryKey(found, point.name, repository))
        .map((request) => ({ label: historyLabel(request), choice: choiceOf(request, point) })),
    );
    return {
      project: repository ?? projectLabel(found),
      isRemote: repository !== undefined,
      server: connection.uri,
      entryPoints: points.map(({ name, command, parameters }) => ({
        name,
        command: command ?? '',
        parameters: parameters.map((one) => ({
          name: one.name,
          type: one.type,
          takesEmpty: takesEmpty(one),
          ...(one.default === undefined ? {} : { default: one.default }),
        })),
      })),
      experiments,
      environmentManagers,
      backends,
      docker: project.environment?.kind === 'docker_env',
      choice: this.firstChoice(points, entryPoint),
      history,
    };
  }

  private firstChoice(points: readonly EntryPoint[], name: string): FormChoice {
    const { found, repository, values, version } = this.target;
    const { memory } = this.services;
    const point = points.find((candidate) => candidate.name === name) ?? points[0];
    const last = values ?? memory.values(memoryKey(found, point?.name ?? name, repository));
    const script = point !== undefined && isScript(point);
    const declared = [...last].filter(([given]) => point?.parameters.some((one) => one.name === given));
    const base = {
      entryPoint: point?.name ?? name,
      project: found.path,
      parameters: new Map(script ? last : declared),
    };
    const choice = choiceOf(base, { parameters: point?.parameters ?? [] });
    const manager = settings.environmentManager.get(found.folder.uri);
    return {
      ...choice,
      // Whoever opens the form of a script types at once.
      extra: script && choice.extra.length === 0 ? [{ name: '', value: '', varied: false }] : choice.extra,
      sweep: noSweep,
      experiment: memory.experiment ?? 'Default',
      environmentManager: manager,
      version: version ?? '',
    };
  }

  private async backends(): Promise<readonly string[]> {
    const python = await findPython(this.target.found.folder);
    return [...ownBackends, ...(await pluginBackends(python))];
  }

  async examine(choice: FormChoice): Promise<FormCheck> {
    const entryPoint = await this.entryPoint(choice.entryPoint);
    const problems: Record<string, string> = Object.fromEntries(
      [...extraProblems(entryPoint, choice.extra)].map(([name, problem]) => [name, extraProblemText(problem)]),
    );
    const varied = new Set(choice.sweep.varied);
    const elsewhere = choice.version.trim() !== '';
    for (const parameter of entryPoint.parameters) {
      const value = valueIn(choice, parameter.name);
      const text = varied.has(parameter.name)
        ? await this.variedProblem(entryPoint, parameter, value ?? '', elsewhere)
        : await this.valueProblem(entryPoint, parameter, value, elsewhere);
      if (text !== undefined) problems[parameter.name] = text;
    }
    const decoded = this.request(choice, entryPoint);
    if ('bad' in decoded) return { problems: { ...problems, [decoded.bad]: badFieldText(decoded.bad) }, runs: 0 };
    const { sweep, dockerArguments = [] } = decoded.request;
    const repeated = repeatedName(dockerArguments);
    if (repeated !== undefined) problems.dockerArguments = repeatedText(repeated);
    const plan = sweep ? planSweep(sweep, integersOf(entryPoint)) : undefined;
    if (plan && 'problem' in plan) {
      const { name } = plan.problem;
      return { problems: { ...problems, [name || 'sweep']: sweepProblemText(plan.problem) }, runs: 0 };
    }
    return { problems, runs: plan ? plan.runs.length : 1 };
  }

  private async valueProblem(
    entryPoint: EntryPoint,
    parameter: EntryPoint['parameters'][number],
    value: string | undefined,
    elsewhere: boolean,
  ): Promise<string | undefined> {
    const problem = typedProblem(entryPoint, parameter, value);
    return problem ? parameterProblemText(problem) : this.pathProblem(parameter, value ?? '', elsewhere);
  }

  private async variedProblem(
    entryPoint: EntryPoint,
    parameter: EntryPoint['parameters'][number],
    text: string,
    elsewhere: boolean,
  ): Promise<string | undefined> {
    const parsed = parseVaried(entryPoint, parameter, text);
    if (parsed) return variedProblemText(parsed);
    for (const value of variedValues(text)) {
      const problem = await this.pathProblem(parameter, value, elsewhere);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private async pathProblem(
    parameter: EntryPoint['parameters'][number],
    value: string,
    elsewhere: boolean,
  ): Promise<string | undefined> {
    // Another version has other files: the launch looks there.
    if (parameter.type !== 'path' || elsewhere || this.target.repository !== undefined) return undefined;
    const exists = await pathExists(vscode.Uri.joinPath(this.target.found.file, '..'), value);
    return exists ? undefined : vscode.l10n.t('There is no file or folder {0}.', value);
  }

  private request(choice: FormChoice, entryPoint: EntryPoint) {
    const { found, repository } = this.target;
    return requestOf(choice, entryPoint, { project: found.path, ...(repository ? { repository } : {}) });
  }

  async browseFor(params: { field: string; entryPoint: string; isParameter: boolean }) {
    const { found } = this.target;
    const projectFolder = vscode.Uri.joinPath(found.file, '..');
    if (!params.isParameter) return browse({ name: params.field, type: 'path' }, found.folder.uri);
    const { parameters } = await this.entryPoint(params.entryPoint);
    const parameter = parameters.find(({ name }) => name === params.field);
    return parameter && browse(parameter, projectFolder);
  }

  async paramsOfRun(name: string): Promise<Readonly<Record<string, string>> | undefined> {
    const values = await askForParams(this.services.runs, await this.entryPoint(name));
    return values && Object.fromEntries(values);
  }

  /** `server` is the one that the person saw in the form. */
  async start(choice: FormChoice, debug: boolean, server: string): Promise<FormCheck> {
    const { found, repository } = this.target;
    requireLaunchable(found.folder);
    const { memory, tasks, connections } = this.services;
    const at = await askedAt(connections);
    requireSeen(server, at.connection.uri);
    const check = await this.examine(choice);
    const entryPoint = await this.entryPoint(choice.entryPoint);
    const decoded = this.request(choice, entryPoint);
    if (Object.keys(check.problems).length > 0 || 'bad' in decoded) return check;
    const { request } = decoded;
    const key = memoryKey(found, entryPoint.name, repository);
    if (!request.sweep) await memory.remember(key, givenValues(choice), choice.experiment);
    await memory.record(key, request);
    const extras = debug ? await debugExtras(found.folder, entryPoint.name) : {};
    await tasks.run(request, found.folder, { ...extras, at });
    return check;
  }

  async save(choice: FormChoice): Promise<FormCheck> {
    const check = await this.examine(choice);
    const decoded = this.request(choice, await this.entryPoint(choice.entryPoint));
    if (Object.keys(check.problems).length === 0 && 'request' in decoded)
      await saveTask(decoded.request, this.target.found.folder);
    return check;
  }
}

function requireSeen(server: string, now: string): void {
  if (server === now) return;
  throw new MlflowError(
    'conflict',
    vscode.l10n.t('This window works with {0} now, and no longer with {1}.', now, server),
    {
      advice: vscode.l10n.t('Nothing was launched: look at the form once more.'),
    },
  );
}

function extraProblemText(problem: ExtraProblem): string {
  if (problem.of !== 'row') return variedProblemText(problem);
  return problem.kind === 'unnamed'
    ? vscode.l10n.t('A parameter needs a name.')
    : vscode.l10n.t('There are two parameters of this name.');
}

const badFieldText = (field: string) =>
  field === 'sweep'
    ? vscode.l10n.t('Samples, seed and runs at a time are whole numbers.')
    : vscode.l10n.t('This cannot be used.');

function historyLabel(request: LaunchRequest): string {
  const { entryPoint, version } = request;
  const place = version === undefined ? entryPoint : `${entryPoint} @ ${version}`;
  return `${place}: ${valuesText(request) || vscode.l10n.t('defaults')}`.slice(0, 120);
}
