import type { ChartRow } from '../../../src/shared/charts/chartTable';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import type { LegendItem, Picture } from '../kinds/picture';
import type { Surface } from '../kinds/surface';

/** All points in full precision, also those that were not loaded for the screen: they may be more than a page can hold. */
export interface AllPoints {
  readonly columns: readonly string[];
  /** Runs they are of. */
  readonly runs: number;
  /** One after the other: what one gave is written, and forgotten, before the next is called. */
  readonly reads: readonly ((signal: AbortSignal) => Promise<Iterable<PointRows>>)[];
}

export interface PointRows {
  readonly rows: readonly ChartRow[];
  /** Runs that are done with these. */
  readonly runs: number;
}

/** A chart that can be saved, copied and defined: what `<flowdeck-export-menu>` needs of a card. */
export interface Exportable {
  readonly title: string;
  /** What the picture leaves out, written under the title. */
  readonly notes: readonly string[];
  readonly legend: readonly LegendItem[];
  /** As it is on screen now; a file gets its size from it. Undefined while it is shown as a table. */
  canvas(): HTMLCanvasElement | undefined;
  points(): AllPoints;
  definition(): ChartDefinition;
  /** Draws what is on screen somewhere else; `dispose` is called once it was taken from there. */
  drawTo(surface: Surface): { dispose(): void };
}

/** A picture over columns as what can be saved. @param canvas what it is drawn on, if it is on screen */
export function pictureExportable(
  picture: Picture,
  chart: ChartDefinition,
  title: string,
  canvas: () => HTMLCanvasElement | undefined,
): Exportable {
  return {
    title,
    notes: picture.notes,
    legend: picture.legend,
    canvas,
    points: () => {
      const { columns, rows } = picture.table;
      return { columns, runs: 0, reads: [async () => [{ rows, runs: 0 }]] };
    },
    definition: () => chart,
    drawTo: (surface) => picture.draw(surface),
  };
}
