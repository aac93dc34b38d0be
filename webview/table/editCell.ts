import type { RunEdit } from '../../src/shared/protocol/runs';
import { type ColumnId, parseColumnId } from '../../src/shared/runs/column';
import type { Session } from '../runs/session';
import { editRun, shownNow } from './optimisticEdit';

export interface CellEdit {
  readonly runId: string;
  readonly column: ColumnId;
  readonly rect: DOMRect;
}

type Target = { readonly field: 'name' } | { readonly field: 'tag'; readonly key: string };

/** What of a cell can be written: a run's name and its own tags. MLflow's tags are how it knows the run. */
export function editTarget(session: Session, runId: string, id: ColumnId): Target | undefined {
  const row = session.table.rowOf(runId);
  if (session.snapshot?.readOnly !== false || row === undefined || session.table.head(row).deleted) return undefined;
  const column = parseColumnId(id);
  if (column?.kind === 'attribute' && column.key === 'run_name') return { field: 'name' };
  return column?.kind === 'tag' && !column.key.startsWith('mlflow.') ? { field: 'tag', key: column.key } : undefined;
}

/**
 * Puts an editor over a cell. Enter and leaving it write what was typed, Escape does not; the focus goes back to where it
 * was. Texts of several lines take several lines, where Ctrl+Enter ends. @param failed gets what went wrong, in words
 */
export function openCellEditor(
  session: Session,
  { runId, column, rect }: CellEdit,
  target: Target,
  failed: (message: string) => void,
): void {
  const { table } = session;
  const row = table.rowOf(runId) ?? 0;
  const { name } = table.head(row);
  const shown = shownNow(session, { runId, ...target });
  const before = shown ?? '';
  const label = target.field === 'name' ? `Name of ${name}` : `Tag ${target.key} of ${name}`;
  const focused = document.activeElement;
  const editor = document.createElement(before.includes('\n') ? 'textarea' : 'input');
  editor.className = 'cell-editor';
  editor.setAttribute('aria-label', label);
  editor.dataset.column = column;
  editor.value = before;
  let ended = false;
  const end = (write: boolean) => {
    if (ended) return;
    ended = true;
    const value = target.field === 'name' ? editor.value.trim() : editor.value;
    const hadFocus = document.activeElement === editor;
    editor.remove();
    if (hadFocus && focused instanceof HTMLElement) focused.focus();
    if (!write || value === before || (target.field === 'name' && value === '')) return;
    const edit: RunEdit = { runId, before: shown, ...target, value };
    void editRun(session, edit).then((message) => {
      if (message !== undefined) failed(message);
    });
  };
  editor.addEventListener('keydown', (event) => {
    if (!(event instanceof KeyboardEvent)) return;
    event.stopPropagation();
    const enters = event.key === 'Enter' && (editor instanceof HTMLInputElement || event.ctrlKey || event.metaKey);
    if (!enters && event.key !== 'Escape') return;
    event.preventDefault();
    end(enters);
  });
  editor.addEventListener('blur', () => end(true));
  document.body.append(editor);
  place(editor, rect);
  editor.focus();
  editor.select();
}

const leastWidth = 160;

function place(editor: HTMLElement, { left, top, width, height }: DOMRect): void {
  const wide = Math.min(Math.max(width, leastWidth), window.innerWidth - 8);
  editor.style.left = `${Math.max(4, Math.min(left, window.innerWidth - wide - 4))}px`;
  editor.style.top = `${top}px`;
  editor.style.width = `${wide}px`;
  editor.style.height = `${editor instanceof HTMLTextAreaElement ? height * 4 : height}px`;
}
