import type { Session } from '../runs/session';
import type { GridColumn, GridModel } from './gridModel';

/** What painting a row needs to know, the same for all rows of one painting. */
export interface PaintContext {
  readonly session: Session;
  readonly model: GridModel;
  /** ms */
  readonly now: number;
  /** Columns of values: the pinned ones and those in sight. The same array as long as they are the same. */
  readonly columns: readonly number[];
  /** px from the left edge at which the cells that scroll begin, roughly. */
  readonly shift: number;
  readonly activeRow: number;
  readonly activeCol: number;
  readonly selected: ReadonlySet<string>;
  readonly chosen: ReadonlySet<number>;
  readonly hidden: ReadonlySet<string>;
  readonly pinned: ReadonlySet<string>;
  /** The run that is pointed at in a chart. */
  readonly highlighted: string | undefined;
  /** Metrics whose histories are being read, for rows in sight. */
  isPending(column: GridColumn, row: number): boolean;
}
