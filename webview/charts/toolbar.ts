import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { metricSearch } from '../../src/shared/series/metricSearch';
import { smoothingText } from '../../src/shared/series/runCurves';
import type { LineAxis } from '../../src/shared/view/lineSettings';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { controlChecked, controlText } from '../controls/toolkit';
import './addExpression';
import './allSettings';
import type { Session } from './session';
import { metricField } from './settingsFields';
import { axisNames } from './xText';

const axisTitles: Readonly<Record<LineAxis, string>> = {
  step: 'x is the step',
  relative: 'x is the time since the run started',
  wall: 'x is the time of day',
  metric: 'x is another metric of the same run, joined by step',
};

/** What holds for all charts of the page. */
@customElement('flowdeck-toolbar')
export class Toolbar extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;
  @property({ attribute: false }) refresh: () => void = () => undefined;

  /** The toolkit names a text field "Text field" once it is on the page; until then a name of its own would be lost. */
  override firstUpdated(): void {
    this.querySelector('.search')?.setAttribute('aria-label', 'Search metrics');
  }

  override render(): TemplateResult {
    const { session, revision } = this;
    const { view } = session;
    return html`<div class="toolbar" role="toolbar" aria-label="Charts">
      <button
        class="icon-button"
        aria-pressed=${view.legendShown}
        aria-label="Runs"
        title="Show or hide the list of runs"
        @click=${() => session.update({ legendShown: !view.legendShown })}
      >${icons.list}</button>
      ${this.renderSearch()}
      <div class="segments" role="radiogroup" aria-label="x axis">
        ${(['step', 'relative', 'wall', 'metric'] satisfies LineAxis[]).map((axis) => this.renderAxis(axis))}
      </div>
      ${
        view.axis === 'metric'
          ? metricField('on x', 'x-metrics', view.xMetric, session.snapshot?.metrics ?? [], (xMetric) =>
              this.chooseAxis(xMetric === '' ? 'step' : 'metric', xMetric),
            )
          : nothing
      }
      <vscode-checkbox class="log-y" .checked=${view.logY} @change=${(event: Event) => session.update({ logY: controlChecked(event) })}
        >Log y</vscode-checkbox
      >
      ${this.renderSmoothing()}
      <flowdeck-charts-settings .session=${session} .revision=${revision}></flowdeck-charts-settings>
      <span class="spring"></span>
      <span class="toolbar-end">
        ${this.renderZoom()} ${this.renderLive()} ${this.renderLoadAll()}
        <flowdeck-add-expression .session=${session}></flowdeck-add-expression>
        <button class="icon-button" title="Refresh" aria-label="Refresh" @click=${() => this.refresh()}>
          ${icons.refresh}
        </button>
      </span>
    </div>`;
  }

  private renderSearch(): TemplateResult {
    const { search } = this.session.view;
    const found = metricSearch(search);
    return html`<vscode-text-field
        class="search"
        placeholder="Search or /regex/"
        .value=${search}
        @input=${(event: Event) => this.session.update({ search: controlText(event) })}
      ></vscode-text-field>
      ${found.ok ? nothing : html`<span class="search-problem" role="alert">${found.message}</span>`}`;
  }

  private renderSmoothing(): TemplateResult {
    const { view } = this.session;
    return html`<label class="smoothing" title="The raw line stays faint. Other ways to smooth are in the settings"
      ><span>Smoothing</span>
      <input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        .value=${String(view.smoothing)}
        @input=${(event: Event) => this.session.update({ smoothing: Number(controlText(event)) })}
      />
      <output>${smoothingText(view)}</output>
    </label>`;
  }

  private renderAxis(axis: LineAxis): TemplateResult {
    const { view } = this.session;
    return html`<label title=${axisTitles[axis]}
      ><input
        type="radio"
        name="axis"
        value=${axis}
        .checked=${view.axis === axis}
        @change=${() => this.chooseAxis(axis, axis === 'metric' ? this.firstMetric : view.xMetric)}
      /><span>${axisNames[axis]}</span></label
    >`;
  }

  /** The one used before, else the first there is, so that something is seen at once. */
  private get firstMetric(): string {
    return this.session.view.xMetric || (this.session.snapshot?.metrics[0] ?? '');
  }

  /** An interval means nothing on another axis. */
  private chooseAxis(axis: LineAxis, xMetric: string): void {
    this.session.crosshair.clear();
    this.session.zoom.set(undefined);
    this.session.update({ axis, xMetric });
  }

  private renderZoom(): TemplateResult | typeof nothing {
    const { session } = this;
    const { view } = session;
    if (!view.zoom) return nothing;
    return html`<label class="check" title="y fits what the zoom shows; else it stays as it is"
        ><input
          type="checkbox"
          .checked=${view.fitY}
          @change=${(event: Event) => session.update({ fitY: controlChecked(event) })}
        /><span>Fit y</span></label
      >
      <button class="icon-button" title="Reset zoom" aria-label="Reset zoom" @click=${() => session.zoom.set(undefined)}>
        ${icons.unzoom}
      </button>`;
  }

  /** For all charts on screen: what is not looked at is not fetched. */
  private renderLoadAll(): TemplateResult | typeof nothing {
    const { viewed } = this.session;
    const loading = viewed.filter(({ progress }) => progress);
    if (loading.length > 0)
      return html`<button class="button secondary" @click=${() => this.cancelAll()}>
        Cancel loading
      </button>`;
    if (!viewed.some(({ hasSampled }) => hasSampled)) return nothing;
    return html`<button
      class="icon-button"
      title="Load every point of the charts on screen"
      aria-label="Load every point"
      @click=${() => this.loadAll()}
    >${icons.loadAll}</button>`;
  }

  private cancelAll(): void {
    for (const store of this.session.viewed) store.cancelAll();
  }

  private loadAll(): void {
    const runs = this.session.snapshot?.runs ?? [];
    for (const store of this.session.viewed) void store.loadAll(runs);
    this.requestUpdate();
  }

  private renderLive(): TemplateResult | typeof nothing {
    const { snapshot } = this.session;
    if (!snapshot?.contact.ok || snapshot.refreshSeconds === 0) return nothing;
    const running = snapshot.runs.filter(({ status }) => status === 'RUNNING').length;
    if (running === 0) return nothing;
    const title = `${running === 1 ? 'One run is' : `${running} runs are`} running: new points every ${snapshot.refreshSeconds} s`;
    return html`<span class="live" title=${title}><span class="live-dot"></span>Live</span>`;
  }
}
