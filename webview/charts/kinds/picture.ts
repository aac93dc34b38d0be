import type { ChartTable } from '../../../src/shared/charts/chartTable';
import type { ChartedRuns } from '../../../src/shared/charts/runRows';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import type { ChartColors } from '../../controls/theme';
import type { Surface } from './surface';

export interface LegendItem {
  readonly label: string;
  readonly color: string;
}

/** What can be pointed at: a dot, a bar, a box, a line of a run. */
export interface Mark {
  /** CSS pixels in the picture. */
  readonly x: number;
  readonly y: number;
  /** Half of its width and height, where it is no dot. */
  readonly rx?: number;
  readonly ry?: number;
  /** Where it is a line: SVG path data. */
  readonly path?: () => string;
  /** Of the table; absent for what stands for several runs. */
  readonly row?: number;
  readonly title: string;
  /** Names and values, as the readout shows them. */
  readonly lines: () => readonly (readonly [name: string, value: string])[];
}

/** A picture as it was drawn once. */
export interface Drawn {
  readonly marks: readonly Mark[];
  /** The mark at a place, if one is near enough. */
  nearest?(x: number, y: number): Mark | undefined;
  /** What stands for one of the runs, by row of the table, where marks are of several. */
  ofRun?(row: number): Mark | undefined;
  /** Gives up what drawing took; a canvas may be cleared by it. */
  dispose(): void;
}

/** A chart's data made ready: the same for the screen, a file and a reader. */
export interface Picture {
  /** One sentence for people who do not see it. */
  readonly summary: string;
  /** What is left out, and why. */
  readonly notes: readonly string[];
  /** Without the id's digits: a default for the title. */
  readonly title: string;
  readonly table: ChartTable;
  readonly legend: readonly LegendItem[];
  /** Why there is nothing to draw. */
  readonly problem?: string;
  draw(surface: Surface): Drawn;
}

export interface KindInput {
  readonly runs: ChartedRuns;
  readonly chart: ChartDefinition;
  readonly colors: ChartColors;
  /** The run's colour, as the theme has it. */
  readonly colorOf: (row: number) => string;
  /** The runs that a filter keeps, where others are still drawn. */
  readonly filter: string;
  /** The comparison's baseline. */
  readonly baseline?: string;
}

/** A picture that only says what is missing. */
export function emptyPicture(title: string, problem: string, notes: readonly string[] = []): Picture {
  return {
    title,
    problem,
    notes,
    summary: `${title}: ${problem}`,
    table: { columns: [], rows: [] },
    legend: [],
    draw: () => ({ marks: [], dispose: () => undefined }),
  };
}

/** px a pointer may be off. */
const reach = 14;

/** The mark nearest to a place, 0 inside bars and boxes; undefined when all are further off than a finger's width. */
export function nearestMark(marks: readonly Mark[], x: number, y: number): Mark | undefined {
  let best: Mark | undefined;
  let least = reach ** 2;
  for (const mark of marks) {
    const dx = Math.max(0, Math.abs(mark.x - x) - (mark.rx ?? 0));
    const dy = Math.max(0, Math.abs(mark.y - y) - (mark.ry ?? 0));
    const distance = dx * dx + dy * dy;
    if (distance <= least) [best, least] = [mark, distance];
  }
  return best;
}

/** Runs behind one mark, and their values. */
interface MarkedRuns {
  readonly rows: readonly number[];
  readonly values: readonly number[];
}

/** A run of a group stands at its own value, above or below the middle of the group's mark; off the axis that mark does. */
export function runInGroup(
  groups: readonly MarkedRuns[],
  marks: readonly Mark[],
  axis: { readonly top: number; readonly bottom: number; getPixelForValue(value: number): number } | undefined,
): (row: number) => Mark | undefined {
  return (row) => {
    const at = groups.findIndex(({ rows }) => rows.includes(row));
    const [group, mark] = [groups[at], marks[at]];
    if (!group || !mark || !axis) return undefined;
    const y = axis.getPixelForValue(group.values[group.rows.indexOf(row)] ?? Number.NaN);
    const { x, title, lines } = mark;
    return y >= axis.top && y <= axis.bottom ? { x, y, title, lines } : mark;
  };
}
