import { serverSort } from '../../src/shared/runs/serverSort';
import { count } from '../../src/shared/series/format';
import { type MenuItem, openMenu } from '../controls/menu';
import type { Session } from '../runs/session';
import { againItems, codeItems, mayHaveCode, tagLabel } from './codeMenu';
import type { CopyForm, RowActions } from './rowActions';

type Place = { readonly x: number; readonly y: number };

/** What the menu asks of the table around it. */
export interface RowMenuHooks {
  details(runId: string, edit: boolean): void;
}

/** The menu of a row, or of all that are selected. What the server or the runs do not allow is not in it. */
export function openRowMenu(
  session: Session,
  actions: RowActions,
  runIds: readonly string[],
  at: Place,
  hooks: RowMenuHooks,
): void {
  const [first] = runIds;
  if (first === undefined) return;
  const heads = headsOf(session, runIds);
  const label = runIds.length === 1 ? (heads[0]?.name ?? first) : `${runIds.length} runs`;
  const groups = [
    runIds.length === 1 ? openItems(actions, first, heads.some(mayHaveCode), at, hooks) : [],
    [...showItems(session, actions, runIds), ...diffItems(actions, heads)],
    session.snapshot?.readOnly === false ? againItems(actions, heads) : [],
    session.snapshot?.readOnly === false ? writeItems(session, actions, runIds, hooks) : [],
    copyItems(actions, runIds, at),
    [{ label: 'Export…', run: () => openExportMenu(session, actions, runIds, at) }],
  ].filter((group) => group.length > 0);
  openMenu(
    label,
    groups.flatMap((group, index): MenuItem[] => (index === 0 ? group : ['separator', ...group])),
    at,
  );
}

const headsOf = ({ table }: Session, runIds: readonly string[]) =>
  runIds.flatMap((runId) => {
    const row = table.rowOf(runId);
    return row === undefined ? [] : [table.head(row)];
  });

function openItems(actions: RowActions, runId: string, hasCode: boolean, at: Place, hooks: RowMenuHooks): MenuItem[] {
  return [
    { label: 'Open in Run view', hint: 'Enter', run: () => actions.reveal(runId) },
    { label: 'Details', hint: 'Alt+Enter', run: () => hooks.details(runId, false) },
    ...(hasCode ? [{ label: 'Code…', run: () => openMenu('Code', codeItems(actions, runId), at, 'Code') }] : []),
    { label: 'Open in MLflow web UI', run: () => void actions.run('openWebUi', [runId]) },
  ];
}

function showItems({ view }: Session, actions: RowActions, runIds: readonly string[]): MenuItem[] {
  const pinned = runIds.every((id) => view.pinnedRuns.includes(id));
  const hidden = runIds.every((id) => view.hiddenRuns.includes(id));
  const many = runIds.length > 1;
  return [
    { label: pinned ? 'Unpin' : 'Pin at the top', hint: many ? '' : 'P', run: () => actions.pin(runIds, !pinned) },
    {
      label: hidden ? 'Show in charts' : 'Hide in charts',
      hint: many ? '' : 'H',
      run: () => actions.hide(runIds, !hidden),
    },
    {
      label: many ? 'Chart these runs' : 'Chart this run alone',
      run: () => actions.choose(runIds, 'charts'),
    },
    ...(many ? [{ label: 'Compare these runs', run: () => actions.choose(runIds, 'compare') }] : []),
  ];
}

/** Two runs that have code each. */
function diffItems(actions: RowActions, heads: ReturnType<typeof headsOf>): MenuItem[] {
  if (heads.length !== 2 || !heads.every(mayHaveCode)) return [];
  const runIds = heads.map(({ runId }) => runId);
  return [{ label: 'Diff their code', run: () => void actions.run('diffCode', runIds) }];
}

function writeItems(session: Session, actions: RowActions, runIds: readonly string[], hooks: RowMenuHooks): MenuItem[] {
  const heads = headsOf(session, runIds);
  const active = heads.filter(({ deleted }) => !deleted).map(({ runId }) => runId);
  const deleted = heads.filter((head) => head.deleted).map(({ runId }) => runId);
  const many = active.length > 1;
  const [first] = active;
  const items: MenuItem[] = [];
  if (first !== undefined && !many && runIds.length === 1)
    items.push(
      { label: 'Rename…', hint: 'F2', run: () => void actions.run('rename', [first]) },
      { label: 'Edit description', run: () => hooks.details(first, true) },
    );
  if (first !== undefined)
    items.push(
      { label: many ? `Set tag on ${active.length} runs…` : 'Set tag…', run: () => void actions.run('setTag', active) },
      {
        label: many ? `Remove tag of ${active.length} runs…` : 'Remove tag…',
        run: () => void actions.run('removeTag', active),
      },
      { label: tagLabel(active.length), run: () => void actions.run('tagWithCommit', active) },
      {
        label: many ? `Delete ${active.length} runs…` : 'Delete…',
        hint: 'Delete',
        run: () => void actions.run('delete', active),
      },
    );
  if (deleted.length > 0)
    items.push({
      label: deleted.length > 1 ? `Restore ${deleted.length} runs` : 'Restore',
      run: () => void actions.run('restore', deleted),
    });
  return items;
}

function copyItems(actions: RowActions, runIds: readonly string[], at: Place): MenuItem[] {
  const forms: readonly (readonly [string, CopyForm, string?])[] = [
    ['Cells for a spreadsheet', 'tsv', 'Ctrl+C'],
    ['Markdown table', 'markdown'],
    ['CSV', 'csv'],
    [runIds.length === 1 ? 'Name' : 'Names', 'names'],
    [runIds.length === 1 ? 'Run ID' : 'Run IDs', 'ids'],
  ];
  const items: MenuItem[] = forms.map(([label, form, hint]) => ({
    label,
    ...(hint ? { hint } : {}),
    run: () => void actions.copy(runIds, form),
  }));
  const link = { label: runIds.length === 1 ? 'Link' : 'Links', run: () => void actions.run('copyLink', runIds) };
  return [{ label: 'Copy as…', run: () => openMenu('Copy as', [...items, link], at, 'Copy as') }];
}

/** Asks what is to be exported: these runs, those that are loaded, or all that match. */
export function openExportMenu(session: Session, actions: RowActions, runIds: readonly string[], at: Place): void {
  const { loader, view } = session;
  const { sort } = view.table;
  const these = runIds.length === 1 ? 'This run…' : `The ${count(runIds.length)} selected runs…`;
  const all = loader.total === undefined ? 'All runs that match…' : `All ${count(loader.total)} runs that match…`;
  const order = serverSort(sort).length < sort.length ? { hint: 'as the server sorts' } : {};
  const items: MenuItem[] = [
    ...(runIds.length > 0 ? [{ label: these, run: () => void actions.exportRuns(runIds) }] : []),
    { label: `The ${count(loader.order.length)} loaded runs…`, run: () => void actions.exportLoaded() },
    ...(loader.more ? [{ label: all, ...order, run: () => void actions.exportAll() }] : []),
  ];
  openMenu('Export', items, at, 'Export');
}
