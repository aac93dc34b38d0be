import { brushesIn, withBrush } from '../../../src/shared/charts/brush';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { mostDrawn } from '../../../src/shared/charts/runRows';
import { runColorCount } from '../../../src/shared/runColor';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { chartColors } from '../../controls/theme';
import type { Session } from '../../runs/session';
import { type DrawnKind, loadKind, type MakePicture } from '../kinds/kind';
import type { Picture } from '../kinds/picture';
import { chartRows, wantColors } from './chartRows';

const makers = new Map<DrawnKind, MakePicture>();

/** Makes the picture of a chart again only when something it is made of changed. */
export class PictureSource {
  private of: readonly unknown[] = [];
  private made: Picture | undefined;
  /** What the picture was made of. */
  rows: readonly number[] = [];
  /** What was there before brushes took runs away: parallel coordinates still show them, faintly. */
  private unbrushed: { readonly filter: string; readonly rows: readonly number[] } | undefined;

  constructor(
    private readonly session: Session,
    private readonly changed: () => void,
  ) {}

  /** Undefined while the kind's code is being read. `theme` is another number after each change of colours. */
  picture(chart: ChartDefinition, theme: number): Picture | undefined {
    const kind = chart.kind as DrawnKind;
    const make = makers.get(kind);
    if (!make) {
      void loadKind[kind]().then((maker) => {
        makers.set(kind, maker);
        this.changed();
      });
      return undefined;
    }
    const { table, loader, sorted, view, colors } = this.session;
    const { chosen, hiddenRuns, filter, compare, better } = view;
    const of = [
      make,
      chart,
      theme,
      table.version,
      loader.edition,
      sorted.rows,
      chosen,
      hiddenRuns,
      filter,
      compare.baseline,
      better,
      colors.edition,
    ];
    if (this.made && this.of.every((part, at) => part === of[at])) return this.made;
    this.of = of;
    this.made = this.make(chart, make);
    return this.made;
  }

  private make(chart: ChartDefinition, make: MakePicture): Picture {
    const { session } = this;
    const { table, colors, loader, view } = session;
    const rows = chart.kind === 'parallel' ? this.rowsAround(chart) : chartRows(session, chart.runs);
    this.rows = rows;
    if (!chart.colorBy || chart.kind === 'bar' || chart.kind === 'difference') wantColors(session, rows);
    const palette = chartColors();
    const byNumber = Array.from({ length: runColorCount + 1 }, (_, at) => (at === 0 ? palette.muted : palette.run(at)));
    const colorOf = (row: number) => byNumber[colors.of(table.head(row).runId)] ?? palette.muted;
    const { baseline } = view.compare;
    const input = { runs: { table, rows, better: view.better }, chart, colors: palette, colorOf, filter: view.filter };
    const picture = make({ ...input, ...(baseline === undefined ? {} : { baseline }) });
    const notes = [
      ...(chart.runs === 'all' && loader.more ? [`first ${runsText(loader.order.length)}; load all in the table`] : []),
      ...(rows.length === mostDrawn ? [`first ${runsText(mostDrawn)} drawn`] : []),
    ];
    return notes.length === 0 ? picture : { ...picture, notes: [...notes, ...picture.notes] };
  }

  private rowsAround(chart: ChartDefinition): readonly number[] {
    const rows = chartRows(this.session, chart.runs);
    const { filter } = this.session.view;
    const brushes = brushesIn(filter).filter(({ column }) => chart.columns?.includes(column));
    const bare = brushes.reduce((text, { column }) => withBrush(text, column, undefined), filter);
    if (brushes.length > 0 && this.unbrushed?.filter === bare) return this.unbrushed.rows;
    // While the answer to a changed filter is under way, rows and filter do not belong together.
    if (brushes.length === 0 && this.session.loader.loadingSince === undefined) this.unbrushed = { filter: bare, rows };
    return rows;
  }
}
