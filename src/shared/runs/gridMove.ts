/** A cell of the grid; the head is row -1. */
export interface GridPosition {
  readonly row: number;
  readonly col: number;
}

export interface GridExtent {
  readonly rows: number;
  readonly cols: number;
  /** Rows that fit on the screen. */
  readonly page: number;
}

export interface GridKey {
  readonly key: string;
  readonly ctrlKey: boolean;
}

/**
 * Where a key moves the focus, by the ARIA grid pattern (https://www.w3.org/WAI/ARIA/apg/patterns/grid/): the same place
 * at an edge, undefined for keys that do not move.
 */
export function gridMove({ key, ctrlKey }: GridKey, at: GridPosition, extent: GridExtent): GridPosition | undefined {
  const { rows, cols, page } = extent;
  const last = rows - 1;
  const row = (value: number) => ({ row: Math.max(-1, Math.min(last, value)), col: at.col });
  const col = (value: number) => ({ row: at.row, col: Math.max(0, Math.min(cols - 1, value)) });
  switch (key) {
    case 'ArrowDown':
      return row(at.row + 1);
    case 'ArrowUp':
      return row(at.row - 1);
    case 'ArrowRight':
      return col(at.col + 1);
    case 'ArrowLeft':
      return col(at.col - 1);
    case 'PageDown':
      return row(at.row + Math.max(1, page - 1));
    case 'PageUp':
      return row(Math.max(Math.min(at.row, 0), at.row - Math.max(1, page - 1)));
    case 'Home':
      return ctrlKey ? { row: Math.min(0, last), col: 0 } : col(0);
    case 'End':
      return ctrlKey ? { row: last, col: Math.max(0, cols - 1) } : col(cols - 1);
    default:
      return undefined;
  }
}
