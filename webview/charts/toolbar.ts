import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { XAxis } from '../../src/shared/series/axis';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { controlChecked, controlText } from '../controls/toolkit';
import type { Session } from './session';
import { axisNames } from './xText';

const axisTitles: Readonly<Record<XAxis, string>> = {
  step: 'x is the step',
  relative: 'x is the time since the run started',
  wall: 'x is the time of day',
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
    const { view } = this.session;
    return html`<div class="toolbar" role="toolbar" aria-label="Charts">
      <button
        class="icon-button"
        aria-pressed=${view.legendShown}
        aria-label="Runs"
        title="Show or hide the list of runs"
        @click=${() => this.session.update({ legendShown: !view.legendShown })}
      >${icons.list}</button>
      <vscode-text-field
        class="search"
        placeholder="Search metrics"
        .value=${view.search}
        @input=${(event: Event) => this.session.update({ search: controlText(event) })}
      ></vscode-text-field>
      <div class="segments" role="radiogroup" aria-label="x axis">
        ${(['step', 'relative', 'wall'] satisfies XAxis[]).map((axis) => this.renderAxis(axis))}
      </div>
      <vscode-checkbox class="log-y" .checked=${view.logY} @change=${(event: Event) => this.session.update({ logY: controlChecked(event) })}
        >Log y</vscode-checkbox
      >
      <label class="smoothing" title="Exponential moving average; the raw line stays faint"
        ><span>Smoothing</span>
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          .value=${String(view.smoothing)}
          @input=${(event: Event) => this.session.update({ smoothing: Number(controlText(event)) })}
        />
        <output>${view.smoothing.toFixed(2)}</output>
      </label>
      <span class="spring"></span>
      ${
        view.zoom
          ? html`<vscode-button appearance="secondary" class="reset-zoom" @click=${() => this.session.zoomTo(undefined)}
              >Reset zoom</vscode-button
            >`
          : nothing
      }
      ${this.renderLive()}
      <button class="icon-button" title="Refresh" aria-label="Refresh" @click=${() => this.refresh()}>
        ${icons.refresh}
      </button>
    </div>`;
  }

  private renderAxis(axis: XAxis): TemplateResult {
    const { view } = this.session;
    return html`<label title=${axisTitles[axis]}
      ><input
        type="radio"
        name="axis"
        value=${axis}
        .checked=${view.axis === axis}
        @change=${() => this.chooseAxis(axis)}
      /><span>${axisNames[axis]}</span></label
    >`;
  }

  /** An interval means nothing on another axis. */
  private chooseAxis(axis: XAxis): void {
    this.session.zoomTo(undefined);
    this.session.update({ axis });
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
