import * as vscode from 'vscode';
import { oneLine } from '../shared/oneLine';
import type { ExperimentOrder } from './experimentFolders';
import { decodeQuery, newestFirst, type RunQuery, type RunSort } from './runQuery';

const memoryKey = 'flowdeck.experimentsView';
const recentKey = 'flowdeck.recentFilters';
const mostRecent = 12;
const mostInTitle = 80;

type Memory = Pick<vscode.Memento, 'get' | 'update'>;

/** What the person set up in the Experiments view, remembered for the workspace. */
export class ViewOptions {
  order: ExperimentOrder;
  /** The metric shown on runs. */
  metric: string | undefined;
  readonly query: RunQuery;

  constructor(private readonly memory: Memory) {
    const raw = memory.get<unknown>(memoryKey);
    const kept = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
    this.order = kept.order === 'name' ? 'name' : 'newest';
    this.metric = typeof kept.metric === 'string' ? kept.metric : undefined;
    this.query = decodeQuery(kept.query);
  }

  get recentFilters(): readonly string[] {
    const raw = this.memory.get<unknown>(recentKey);
    return Array.isArray(raw) ? raw.filter((text): text is string => typeof text === 'string') : [];
  }

  async save(query: RunQuery): Promise<void> {
    const { order, metric } = this;
    await this.memory.update(memoryKey, { order, metric, query: { filter: query.filter, sort: query.sort } });
    if (query.filter.trim() === '') return;
    const others = this.recentFilters.filter((text) => text !== query.filter);
    await this.memory.update(recentKey, [query.filter, ...others].slice(0, mostRecent));
  }
}

/** For people: `newest first`, `loss ↓`. */
export function sortText(sort: RunSort): string {
  const arrow = sort.descending ? '↓' : '↑';
  switch (sort.by) {
    case 'start_time':
      return sort.descending ? vscode.l10n.t('newest first') : vscode.l10n.t('oldest first');
    case 'run_name':
      return `${vscode.l10n.t('name')} ${arrow}`;
    case 'status':
      return `${vscode.l10n.t('status')} ${arrow}`;
    case 'metric':
    case 'param':
      return `${sort.key} ${arrow}`;
  }
}

/** The view's description: the metric on runs, the filter and the sort, where they are not what they start as. */
export function viewDescription({ filter, sort }: RunQuery, metric: string | undefined): string {
  const isNewestFirst = sort.by === newestFirst.by && sort.descending;
  return [oneLine(metric ?? '', mostInTitle), oneLine(filter, mostInTitle), isNewestFirst ? '' : sortText(sort)]
    .filter(Boolean)
    .join(' · ');
}
