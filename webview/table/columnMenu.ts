import { type MetricStat, metricStats } from '../../src/shared/runs/column';
import { statTitle } from '../../src/shared/runs/columns/columnTitle';
import { addColumns, nextSort, pinColumn, removeColumns, statColumn } from '../../src/shared/runs/columns/editColumns';
import { nameColumn } from '../../src/shared/runs/columns/shownColumns';
import { betterOf, type Sort } from '../../src/shared/view/runsView';
import { type MenuItem, openMenu } from '../controls/menu';
import type { Session } from '../runs/session';
import type { GridColumn } from './gridModel';
import type { HeadActions } from './headActions';
import type { RunsGrid } from './runsGrid';

type Place = { readonly x: number; readonly y: number };

/** The menu at the head of a column. */
export function openColumnMenu(session: Session, grid: RunsGrid, heads: HeadActions, col: number, at: Place): void {
  const column = heads.column(col);
  if (!column) return;
  const items: MenuItem[] = [
    ...sortItems(session, column),
    'separator',
    ...placeItems(session, grid, heads, column, col),
    ...(column.column.kind === 'metric' ? metricItems(session, grid, column, at) : []),
  ];
  openMenu(column.label, items, at);
}

function sortItems(session: Session, { id }: GridColumn): MenuItem[] {
  const { sort } = session.view.table;
  const known = sort.find(({ column }) => column === id);
  const set = (sorts: readonly Sort[]) => session.updateTable({ sort: sorts });
  const only = known !== undefined && sort.length === 1;
  const others = sort.filter(({ column }) => column !== id);
  return [
    {
      label: 'Sort ascending',
      checked: only && !known.descending,
      run: () => set([{ column: id, descending: false }]),
    },
    { label: 'Sort descending', checked: only && known.descending, run: () => set([{ column: id, descending: true }]) },
    ...(known
      ? [{ label: 'No longer sort by this column', run: () => set(others) }]
      : [
          {
            label: 'Also sort by this column',
            hint: 'Shift+click',
            disabled: sort.length === 0,
            run: () => set(nextSort(sort, id, true, false)),
          },
        ]),
  ];
}

function placeItems(session: Session, grid: RunsGrid, heads: HeadActions, column: GridColumn, col: number): MenuItem[] {
  const { model } = grid;
  const { id, pinned } = column;
  const isName = id === nameColumn;
  const { groupBy } = session.view.table;
  const grouped = groupBy.includes(id);
  const canGroup = column.column.kind !== 'metric' && !isName;
  const items: MenuItem[] = [];
  if (canGroup)
    items.push({
      label: 'Group by this column',
      checked: grouped,
      run: () => session.updateTable({ groupBy: grouped ? groupBy.filter((other) => other !== id) : [...groupBy, id] }),
    });
  if (!isName)
    items.push(
      {
        label: 'Pin at the left',
        checked: pinned,
        run: () => session.updateTable(pinColumn(model.state, id, !pinned)),
      },
      { label: 'Move left', hint: 'Alt+Shift+←', run: () => heads.step(col, -1) },
      { label: 'Move right', hint: 'Alt+Shift+→', run: () => heads.step(col, 1) },
    );
  items.push({ label: 'Fit width to content', run: () => heads.fit(col) });
  if (!isName) items.push({ label: 'Hide', run: () => session.updateTable(removeColumns(model.state, [id])) });
  return items;
}

function metricItems(session: Session, grid: RunsGrid, { id, column }: GridColumn, at: Place): MenuItem[] {
  if (column.kind !== 'metric') return [];
  const { key } = column;
  const { better } = session.view;
  const shown = new Set(grid.model.state.columns);
  const toggle = (stat: MetricStat) => {
    const other = statColumn(id, stat);
    if (shown.has(other)) return session.updateTable(removeColumns(grid.model.state, [other]));
    const add = () => session.updateTable(addColumns(grid.model.state, [other], id));
    if ((stat === 'best' || stat === 'bestStep') && betterOf(better, key) === undefined)
      askBetter(session, key, at, add);
    else add();
  };
  return [
    'separator',
    ...metricStats.map(
      (stat): MenuItem => ({
        label: `Column of the ${statTitle(stat)}${stat === 'last' ? ' value' : ''}`,
        checked: shown.has(statColumn(id, stat)),
        run: () => toggle(stat),
      }),
    ),
    'separator',
    ...betterItems(session, key, () => undefined),
  ];
}

/** Asked once per metric: nothing says by itself whether more of it is good. */
export function askBetter(session: Session, key: string, at: Place, then: () => void): void {
  openMenu(`Which ${key} is better?`, betterItems(session, key, then), at, `Which ${key} is better?`);
}

function betterItems(session: Session, key: string, then: () => void): MenuItem[] {
  const { better } = session.view;
  return (['lower', 'higher'] as const).map((which) => ({
    label: which === 'lower' ? 'Lower is better' : 'Higher is better',
    checked: betterOf(better, key) === which,
    run: () => {
      session.update({ better: { ...session.view.better, [key]: which } });
      then();
    },
  }));
}
