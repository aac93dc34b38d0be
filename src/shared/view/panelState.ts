import { isRecord, texts } from './decode';
import { decodeRunsView, mostChosen, type RunsView, type Scope } from './runsView';

/** What a panel's page keeps and VS Code hands back when the window was reloaded. */
export interface PanelState {
  readonly serverUri: string;
  readonly scope: Scope;
  readonly view: RunsView;
}

/** Undefined when there is nothing in it that can be shown. */
export function decodePanelState(raw: unknown): PanelState | undefined {
  if (!isRecord(raw) || typeof raw.serverUri !== 'string') return undefined;
  const scope = decodeScope(raw.scope);
  return scope && { serverUri: raw.serverUri, scope, view: decodeRunsView(raw.view) };
}

export function decodeScope(raw: unknown): Scope | undefined {
  if (!isRecord(raw)) return undefined;
  const experimentIds = texts(raw.experimentIds);
  if (experimentIds.length > 0) return { experimentIds };
  const runIds = texts(raw.runIds).slice(0, mostChosen);
  return runIds.length > 0 ? { runIds } : undefined;
}
