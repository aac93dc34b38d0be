import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Brush } from '../../../src/shared/charts/brush';
import type { ColumnId } from '../../../src/shared/runs/column';
import { LightElement } from '../../controls/lightElement';
import { cancelDraw, drawSoon } from '../drawQueue';
import type { Drawn, Mark, Picture } from '../kinds/picture';
import { AxisBrush } from './axisBrush';
import { MarkReader } from './markReader';

interface Pointed {
  readonly mark: Mark;
  readonly clientX: number;
  readonly clientY: number;
  readonly spoken: boolean;
}

/** A picture on its canvas, with what pointer and keys read from it. */
@customElement('flowdeck-picture')
export class PictureView extends LightElement {
  @property({ attribute: false }) picture!: Picture;
  /** A run was clicked, by row of the table. */
  @property({ attribute: false }) reveal: (row: number) => void = () => undefined;
  /** A run is pointed at, by row of the table; undefined for none. */
  @property({ attribute: false }) point: (row: number | undefined) => void = () => undefined;
  /** The run that is pointed at here or elsewhere, by row of the table. */
  @property({ attribute: false }) marked: number | undefined;
  @property({ attribute: false }) brush: (column: ColumnId, brush: Brush | undefined) => void = () => undefined;
  @state() private pointed: Pointed | undefined;
  @query('canvas') private canvas?: HTMLCanvasElement;
  @query('.readout') private readout?: HTMLElement;
  @query('.pointed') private ring?: HTMLElement;
  private drawn: Drawn | undefined;
  private reader: MarkReader | undefined;
  private drawnPicture: Picture | undefined;
  private readonly axisBrush = new AxisBrush((column, brush) => this.brush(column, brush));
  private readonly resized = new ResizeObserver(() => this.redraw());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resized.disconnect();
    cancelDraw(this);
    this.setPointed(undefined);
    this.forget();
  }

  private forget(): void {
    this.drawn?.dispose();
    this.drawn = undefined;
    this.reader = undefined;
    this.drawnPicture = undefined;
  }

  override updated(): void {
    if (this.picture !== this.drawnPicture) this.redraw();
    this.placeRing();
    this.placeReadout();
  }

  private redraw(): void {
    drawSoon(this, () => this.draw());
  }

  private draw(): void {
    const { canvas, picture, clientWidth: width, clientHeight: height } = this;
    if (!canvas?.isConnected || width < 20 || height < 20) return;
    this.forget();
    this.drawn = picture.draw({ canvas, width, height, ratio: window.devicePixelRatio });
    this.drawnPicture = picture;
    this.reader = new MarkReader(this.drawn);
    this.axisBrush.use(picture, width, height);
    if (this.pointed) this.setPointed(undefined);
    if (this.marked !== undefined) this.requestUpdate();
  }

  /** What is pointed at here, else what stands for the run that is pointed at elsewhere. */
  private get mark(): Mark | undefined {
    const { pointed, marked } = this;
    return pointed?.mark ?? (marked === undefined ? undefined : this.reader?.of(marked));
  }

  override render(): TemplateResult {
    const { picture, pointed, mark } = this;
    const path = mark?.path?.();
    return html`<div
        class="plot"
        tabindex="0"
        role="application"
        aria-roledescription="chart"
        aria-label=${`${picture.summary}. Arrow keys walk what is drawn, Enter shows the run.`}
        @pointermove=${(event: PointerEvent) => this.pointAt(event)}
        @pointerleave=${() => this.leave()}
        @pointerdown=${(event: PointerEvent) => this.axisBrush.start(event, this)}
        @click=${(event: MouseEvent) => this.pick(event)}
        @keydown=${(event: KeyboardEvent) => this.key(event)}
        @blur=${() => this.leave()}
      >
        <canvas aria-hidden="true"></canvas>
        ${path === undefined ? nothing : html`<svg class="pointed-line" aria-hidden="true"><path d=${path}></path></svg>`}
        <div class="pointed" ?hidden=${!pointed && (!mark || path !== undefined)}></div>
        <div class="brush" hidden></div>
      </div>
      <div class="visually-hidden" aria-live="polite">${pointed?.spoken ? spokenText(pointed.mark) : ''}</div>
      ${pointed ? readoutView(pointed.mark) : nothing}`;
  }

  private pointAt(event: PointerEvent): void {
    if (this.axisBrush.move(event, this)) {
      this.setPointed(undefined);
      return;
    }
    const { left, top } = this.getBoundingClientRect();
    const mark = this.reader?.nearest(event.clientX - left, event.clientY - top);
    this.setPointed(mark && { mark, clientX: event.clientX, clientY: event.clientY, spoken: false });
    this.classList.toggle('can-reveal', mark?.row !== undefined);
    this.classList.toggle('can-brush', this.axisBrush.isOn(event.clientX - left));
  }

  private setPointed(pointed: Pointed | undefined): void {
    if (this.pointed?.mark.row !== pointed?.mark.row) this.point(pointed?.mark.row);
    this.pointed = pointed;
  }

  private leave(): void {
    this.setPointed(undefined);
    this.reader?.leave();
  }

  private pick(event: MouseEvent): void {
    if (this.axisBrush.wasUsed) return;
    const { left, top } = this.getBoundingClientRect();
    const row = this.reader?.nearest(event.clientX - left, event.clientY - top)?.row;
    if (row !== undefined) this.reveal(row);
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.pointed) {
      event.stopPropagation();
      this.leave();
      return;
    }
    if (event.key === 'Enter') {
      const row = this.pointed?.mark.row;
      if (row !== undefined) this.reveal(row);
      return;
    }
    const mark = event.altKey || event.ctrlKey || event.metaKey ? undefined : this.reader?.move(event.key);
    if (!mark) return;
    event.preventDefault();
    const { left, top } = this.getBoundingClientRect();
    this.setPointed({ mark, clientX: left + mark.x, clientY: top + mark.y, spoken: true });
  }

  private placeRing(): void {
    const { mark, ring } = this;
    if (!mark || !ring) return;
    const [rx, ry] = [(mark.rx ?? 4) + 3, (mark.ry ?? 4) + 3];
    Object.assign(ring.style, {
      transform: `translate(${mark.x - rx}px, ${mark.y - ry}px)`,
      width: `${2 * rx}px`,
      height: `${2 * ry}px`,
      borderRadius: mark.rx === undefined ? '50%' : '2px',
    });
  }

  /** Beside the pointer, never beyond the window. */
  private placeReadout(): void {
    const { pointed, readout } = this;
    if (!pointed || !readout) return;
    const { width, height } = readout.getBoundingClientRect();
    const right = pointed.clientX + 16 + width <= window.innerWidth - 8;
    const left = right ? pointed.clientX + 16 : Math.max(8, pointed.clientX - 16 - width);
    const top = Math.max(8, Math.min(pointed.clientY - 12, window.innerHeight - height - 8));
    readout.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

const spokenText = ({ title, lines }: Mark) =>
  `${title}: ${lines()
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')}`;

function readoutView({ title, lines }: Mark): TemplateResult {
  return html`<div class="readout" aria-hidden="true">
    <div class="readout-head"><strong>${title}</strong></div>
    <table>
      ${lines().map(([name, value]) => html`<tr><td class="name quiet">${name}</td><td class="value">${value}</td></tr>`)}
    </table>
  </div>`;
}
