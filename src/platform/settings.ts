import * as vscode from 'vscode';
import { pointBudget } from '../shared/series/pointBudget';
import { refreshSeconds } from './refreshInterval';

/** One typed setting of the `flowdeck` section, with its change event. */
export class Setting<T> {
  constructor(
    private readonly key: string,
    private readonly fallback: T,
    private readonly accepts: (value: unknown) => value is T,
    /** What a value that is out of its limits counts as. */
    private readonly within: (value: T) => T = (value) => value,
  ) {}

  /** The value in force. */
  get(scope?: vscode.ConfigurationScope): T {
    return this.within(this.asSet(scope));
  }

  /** The value as it is written; one of the wrong type counts as unset. */
  asSet(scope?: vscode.ConfigurationScope): T {
    const value = vscode.workspace.getConfiguration('flowdeck', scope).get<unknown>(this.key);
    return this.accepts(value) ? value : this.fallback;
  }

  async update(value: T | undefined, target: vscode.ConfigurationTarget): Promise<void> {
    await vscode.workspace.getConfiguration('flowdeck').update(this.key, value, target);
  }

  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`flowdeck.${this.key}`)) listener();
    });
  }
}

const isString = (value: unknown): value is string => typeof value === 'string';
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isTexts = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isString);

/** Servers take artifacts of 10 MB at most, and what is larger could not be read back to be applied. */
const patchKilobytes = (value: number) => Math.min(Math.max(1, value), 9_500);

/** Every setting of package.json, once. A unit test holds the keys against it. */
export const settings = {
  trackingUri: new Setting('trackingUri', '', isString),
  readOnly: new Setting('readOnly', false, isBoolean),
  httpTimeoutSeconds: new Setting('http.timeoutSeconds', 60, isNumber),
  httpRetries: new Setting('http.retries', 3, isNumber),
  httpMaxResponseMegabytes: new Setting('http.maxResponseMegabytes', 256, isNumber),
  folderSeparator: new Setting('experiments.folderSeparator', '/', isString),
  runsPageSize: new Setting('runs.pageSize', 100, isNumber),
  refreshIntervalSeconds: new Setting('refresh.intervalSeconds', 10, isNumber, refreshSeconds),
  chartsPointBudget: new Setting('charts.pointBudget', 1000, isNumber, pointBudget),
  environmentManager: new Setting('projects.environmentManager', 'local', isString),
  remoteHosts: new Setting('source.remoteHosts', {}, isTexts),
  codeLens: new Setting('source.codeLens', true, isBoolean),
  headHint: new Setting('source.headHint', true, isBoolean),
  autoTag: new Setting('source.autoTag', false, isBoolean),
  openWorktree: new Setting('source.openWorktree', 'newWindow', isString),
  patchMaxKilobytes: new Setting('source.patchMaxKilobytes', 1024, isNumber, patchKilobytes),
  maxRunning: new Setting('projects.maxRunning', 4, isNumber),
  parameterForm: new Setting('projects.parameterForm', 'quickPicks', isString),
  runLens: new Setting('projects.codeLens', true, isBoolean),
  metricTolerance: new Setting('projects.metricTolerance', 0.000001, isNumber),
  pythonPath: new Setting('python.path', '', isString),
} as const;
