import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import type { Connections } from '../connections/connection';
import { MlflowError } from '../mlflow/mlflowError';
import { mapInSlices } from '../mlflow/wire/slices';
import { withProgress } from '../platform/cancellation';
import { Command } from '../platform/ids';
import type { Platform } from '../platform/services';
import { shortNumber } from '../shared/series/format';
import type { ExperimentsParts } from './experimentsService';
import { newestFirst, type RunSort } from './runQuery';
import { sortText, type ViewOptions } from './viewOptions';

/** What the Experiments view shows of runs: filter, sort, the metric on them, more of them. */
export class QueryCommands {
  constructor(
    private readonly platform: Platform,
    private readonly connections: Connections,
    private readonly parts: ExperimentsParts,
    private readonly options: ViewOptions,
  ) {}

  register(): void {
    const { commands } = this.platform;
    commands.register(Command.runs.filter, vscode.l10n.t('filter the runs'), () => this.filter());
    commands.register(Command.runs.clearFilter, vscode.l10n.t('clear the filter'), () => this.apply({ filter: '' }));
    commands.register(Command.runs.sort, vscode.l10n.t('sort the runs'), () => this.sort());
    commands.register(Command.runs.chooseMetric, vscode.l10n.t('choose the metric'), () => this.chooseMetric());
    commands.register(Command.runs.loadMore, vscode.l10n.t('load more runs'), (more) => this.loadMore(more));
    commands.register(Command.runs.clearChecked, vscode.l10n.t('clear the chosen runs'), () => {
      this.parts.selection.clearChecked();
      this.parts.tree.refresh(undefined);
    });
  }

  private async apply(change: { filter?: string; sort?: RunSort }): Promise<void> {
    this.parts.store.setQuery(change);
    await this.options.save(this.parts.store.query);
  }

  /** The server judges the filter before it is applied: a wrong one changes nothing and can be corrected. */
  private async filter(): Promise<void> {
    const { store } = await this.connections.require();
    const experiments = (await this.parts.store.getExperiments()) ?? [];
    const experimentIds = experiments.slice(0, 1).map(({ experimentId }) => experimentId);
    const judge = async (filter: string): Promise<string | undefined> => {
      try {
        await store.searchRuns({ experimentIds, filter, maxResults: 1 });
        return undefined;
      } catch (error) {
        if (error instanceof MlflowError && error.kind === 'invalid') return error.message;
        throw error;
      }
    };
    const filter = await askForFilter(this.parts.store.query.filter, this.options.recentFilters, judge);
    if (filter !== undefined) await this.apply({ filter });
  }

  private async sort(): Promise<void> {
    const title = vscode.l10n.t('Sort Runs');
    const { metrics, params } = await this.keys();
    const now = this.parts.store.query.sort;
    const fixed: RunSort[] = [
      newestFirst,
      { by: 'start_time', descending: false },
      { by: 'run_name', descending: false },
      { by: 'status', descending: false },
    ];
    const row = (sort: RunSort, label = sortText(sort)) => ({
      label,
      ...(isDeepStrictEqual(sort, now) ? { description: vscode.l10n.t('now') } : {}),
      sort,
    });
    const group = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
    const pair = (by: 'metric' | 'param', key: string) => [
      row({ by, key, descending: true }),
      row({ by, key, descending: false }),
    ];
    const items: (vscode.QuickPickItem & { sort?: RunSort })[] = [
      ...fixed.map((sort) => row(sort)),
      ...(metrics.length > 0 ? [group(vscode.l10n.t('Metrics'))] : []),
      ...metrics.flatMap((key) => pair('metric', key)),
      ...(params.length > 0 ? [group(vscode.l10n.t('Params (as text)'))] : []),
      ...params.flatMap((key) => pair('param', key)),
    ];
    const placeHolder = vscode.l10n.t('The server sorts; child runs stay under their parents');
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder });
    if (picked?.sort) await this.apply({ sort: picked.sort });
  }

  private async chooseMetric(): Promise<void> {
    const example = new Map<string, number>();
    await mapInSlices([...this.parts.store.loadedRuns], (run) => {
      for (const { key, value } of Object.values(run.metrics)) example.set(key, value);
    });
    const title = vscode.l10n.t('Choose the Metric Shown on Runs');
    const none = { label: vscode.l10n.t('None'), key: undefined as string | undefined };
    const items = [...example]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, value]) => ({ label: key, description: vscode.l10n.t('such as {0}', shortNumber(value)), key }));
    const placeHolder =
      items.length > 0 ? vscode.l10n.t('Metric') : vscode.l10n.t('Expand an experiment first: its metrics appear here');
    const picked = await vscode.window.showQuickPick([...items, none], { title, placeHolder });
    if (!picked) return;
    this.options.metric = picked.key;
    await this.options.save(this.parts.store.query);
    this.parts.tree.refresh(undefined);
  }

  private async loadMore(more: unknown): Promise<void> {
    const experimentId = typeof more === 'object' && more !== null ? Reflect.get(more, 'experimentId') : undefined;
    if (typeof experimentId !== 'string') return;
    const list = this.parts.store.list(experimentId);
    await withProgress(vscode.l10n.t('Loading runs'), (signal) => list.loadMore(signal));
  }

  /** Of all that was loaded: with 12,000 metrics a run that takes a while, so others run in between. */
  private async keys(): Promise<{ readonly metrics: readonly string[]; readonly params: readonly string[] }> {
    const metrics = new Set<string>();
    const params = new Set<string>();
    await mapInSlices([...this.parts.store.loadedRuns], (run) => {
      for (const key of Object.keys(run.metrics)) metrics.add(key);
      for (const key of Object.keys(run.params)) params.add(key);
    });
    return { metrics: [...metrics].sort(), params: [...params].sort() };
  }
}

type Judge = (filter: string) => Promise<string | undefined>;

/** An input with the filters of before under it. Stays open until the server takes the filter. */
function askForFilter(now: string, recent: readonly string[], judge: Judge): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick();
  const hint = vscode.l10n.t("For example: metrics.accuracy > 0.9 and params.model = 'cnn'");
  pick.title = vscode.l10n.t('Filter Runs');
  pick.placeholder = hint;
  pick.value = now;
  pick.ignoreFocusOut = true;
  let complaint: string | undefined;
  const render = () => {
    const text = pick.value.trim();
    const typed = {
      label: text === '' ? vscode.l10n.t('All runs') : text,
      detail: complaint === undefined ? hint : `$(error) ${complaint}`,
      alwaysShow: true,
    };
    const known = recent.filter((filter) => filter !== text).map((label) => ({ label, alwaysShow: true }));
    pick.items = [typed, ...known];
  };
  render();
  return new Promise((resolve, reject) => {
    const end = (result: string | undefined) => {
      resolve(result);
      pick.dispose();
    };
    pick.onDidChangeValue(() => {
      complaint = undefined;
      render();
    });
    pick.onDidAccept(async () => {
      const [chosen] = pick.selectedItems;
      const isTyped = chosen === undefined || chosen === pick.items[0];
      const filter = isTyped ? pick.value.trim() : chosen.label;
      pick.busy = true;
      try {
        complaint = filter === '' ? undefined : await judge(filter);
      } catch (error) {
        reject(error);
        pick.dispose();
        return;
      }
      pick.busy = false;
      if (complaint === undefined) return end(filter);
      pick.value = filter;
      render();
    });
    pick.onDidHide(() => end(undefined));
    pick.show();
  });
}
