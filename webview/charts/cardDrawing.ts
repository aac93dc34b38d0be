import type { Bounds } from '../../src/shared/series/bounds';
import { chartColors } from '../controls/theme';
import type { CardData } from './cardData';
import { cancelDraw, drawSoon } from './drawQueue';
import { LineChart } from './lineChart';
import { PlotKeys } from './plotKeys';
import { PlotPointer } from './plotPointer';
import type { Session } from './session';

/** The picture of a card while it is on screen: drawn when the card says so, and with every move of zoom or highlight. */
export class CardDrawing {
  readonly chart: LineChart;
  private readonly pointer: PlotPointer;
  private readonly abort = new AbortController();
  /** y while x moves. */
  private held: Bounds | undefined;

  constructor(
    canvas: HTMLCanvasElement,
    plot: HTMLElement,
    private readonly session: Session,
    private readonly data: CardData,
    toggleTable: () => void,
  ) {
    this.chart = new LineChart(canvas, () => this.pointer?.place());
    const owner = { data, toggleTable };
    this.pointer = new PlotPointer(plot, this.chart, session, data);
    const { signal } = this.abort;
    new PlotKeys(plot, this.chart, session, this.pointer, owner).listen(signal);
    session.zoom.addEventListener('move', () => this.drawSoon(), { signal });
    session.addEventListener('highlight', () => this.drawSoon(), { signal });
  }

  drawSoon(): void {
    drawSoon(this, () => this.draw());
  }

  dispose(): void {
    cancelDraw(this);
    this.abort.abort();
    this.pointer.dispose();
    this.chart.destroy();
  }

  private draw(): void {
    const { data, session } = this;
    if (!this.chart.canvas.isConnected) return;
    const { curves, settings, shown: interval } = data;
    if (!interval) return;
    const moving = session.zoom.moving !== undefined;
    const bounds = moving && this.held ? this.held : data.range.bounds;
    this.held = bounds;
    const { axis, logX, logY } = settings;
    this.chart.draw({ curves, interval, axis, logX, logY, bounds }, chartColors(), session.highlighted);
    this.pointer.place();
    if (!moving) void data.askForDetail();
  }
}
