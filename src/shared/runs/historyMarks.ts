import { NumberCells } from './cells';

/** The last point of a metric. */
export interface HistoryPoint {
  readonly value: number;
  readonly step: number;
  /** ms; of the point while the run goes on, of the run's end after it. */
  readonly time: number;
}

/** How far the histories of one metric went when they were read, row by row. */
export class HistoryMarks {
  private readonly values = new NumberCells();
  private readonly steps = new NumberCells();
  private readonly times = new NumberCells();

  set(row: number, { value, step, time }: HistoryPoint): void {
    this.values.set(row, value);
    this.steps.set(row, step);
    this.times.set(row, time);
  }

  /** Whether a history that was read has gone on since. */
  isBehind(row: number, now: HistoryPoint): boolean {
    if (!this.values.has(row)) return false;
    const isSame = Object.is(this.values.get(row), now.value) && this.steps.get(row) === now.step;
    return !isSame || this.times.get(row) !== now.time;
  }
}
