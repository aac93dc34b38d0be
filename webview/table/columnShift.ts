import type { GridModel } from './gridModel';

/**
 * px by which the cells that scroll sideways are moved together. It changes when none of the columns in sight was there
 * before: then all cells in sight are filled anew in their places.
 */
export class ColumnShift {
  private px = 0;
  /** Columns that were in sight, by their place among those that scroll. */
  private across = { first: 0, last: 0 };

  for(inSight: readonly number[], { columns, pinnedCount }: GridModel): number {
    const { first, last } = this.across;
    this.across = { first: inSight[0] ?? 0, last: inSight.at(-1) ?? 0 };
    if (this.across.first > last || this.across.last < first)
      this.px = columns[pinnedCount + this.across.first]?.left ?? 0;
    return this.px;
  }
}
