import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { type ImageSeries, imageAt, imageSeries, stepsOf } from '../../../src/shared/charts/loggedImages';
import { runName } from '../../../src/shared/charts/runRows';
import { count } from '../../../src/shared/series/format';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';
import type { Session } from '../../runs/session';
import { type ArtifactCache, imageCache } from './artifactCache';
import { ArtifactFinder, mostSideBySide } from './artifactFinder';

/** Rows of the grid: keys, or images without one. */
const mostKeys = 30;

interface RunImages {
  readonly runId: string;
  readonly name: string;
  readonly color: number;
  readonly series: ReadonlyMap<string, ImageSeries>;
  readonly problem?: string;
  readonly more: boolean;
}

/** Logged images: a column for each run, a row for each key, and a slider over the steps. */
@customElement('flowdeck-image-grid')
export class ImageGrid extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chart!: ChartDefinition;
  @property({ attribute: false }) revision = 0;
  /** Place in the steps; undefined is the last. */
  @state() private stepAt: number | undefined;
  private finder: ArtifactFinder | undefined;
  private images: ArtifactCache<string> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.finder = new ArtifactFinder(this.session, () => this.requestUpdate());
    this.images = imageCache(this.session.rpc, () => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.finder?.dispose();
    this.images?.dispose();
  }

  override willUpdate(): void {
    this.finder?.sync(this.chart);
  }

  override render(): TemplateResult {
    const { finder } = this;
    if (this.chart.path === undefined) return html`<p class="quiet nothing">Edit the chart to say which images.</p>`;
    if (finder?.problem !== undefined) return this.renderProblem(finder.problem);
    if (!finder?.found) return html`<div class="skeleton" role="status" aria-label="Looking for images"></div>`;
    const runs = this.runImages();
    const keys = [...new Set(runs.flatMap(({ series }) => [...series.keys()]))];
    if (keys.length === 0)
      return html`<p class="quiet nothing">No image of these runs matches “${this.chart.path}”.</p>${problems(runs)}`;
    const steps = stepsOf(runs.flatMap(({ series }) => [...series.values()]));
    const at = Math.min(this.stepAt ?? steps.length - 1, steps.length - 1);
    const withImages = runs.filter(({ series }) => series.size > 0);
    const shown = keys.slice(0, mostKeys);
    return html`${steps.length > 1 ? this.renderSlider(steps, at) : nothing}
      <div class="grid-scroll" tabindex="0" role="region" aria-label="Images">
        <table class="image-grid">
          <thead><tr><td></td>${withImages.map(({ name, color }) => html`<th scope="col"><span class="swatch run-${color}"></span>${name}</th>`)}</tr></thead>
          <tbody>${shown.map((key) => html`<tr><th scope="row">${key}</th>${withImages.map((run) => html`<td>${this.renderImage(run, key, steps[at])}</td>`)}</tr>`)}</tbody>
        </table>
      </div>
      ${this.renderNotes(runs, withImages.length, keys.length)}`;
  }

  private runImages(): RunImages[] {
    const { table, colors } = this.session;
    return (this.finder?.found ?? []).map(({ runId, paths, problem, more }) => {
      const row = table.rowOf(runId);
      const name = row === undefined ? runId : runName(table, row);
      const series = new Map(imageSeries(paths).map((item) => [item.key, item]));
      return { runId, name, color: colors.of(runId), series, more, ...(problem === undefined ? {} : { problem }) };
    });
  }

  private renderSlider(steps: readonly number[], at: number): TemplateResult {
    const change = (event: Event) => {
      if (event.target instanceof HTMLInputElement) this.stepAt = Number(event.target.value);
    };
    return html`<label class="step-slider">
      <span>Step</span>
      <input type="range" min="0" max=${steps.length - 1} step="1" .value=${String(at)} aria-valuetext=${`Step ${steps[at]}`} @input=${change} />
      <output>${count(steps[at] ?? 0)}</output>
      <span class="quiet">${count(steps.length)} steps</span>
    </label>`;
  }

  private renderImage({ runId, name, series }: RunImages, key: string, step: number | undefined): TemplateResult {
    const found = series.get(key);
    const image = found && imageAt(found, step);
    if (!image) return html`<span class="quiet">–</span>`;
    const loaded = this.images?.get(runId, image.path) ?? { kind: 'loading' };
    const isOlder = image.step !== undefined && step !== undefined && image.step !== step;
    switch (loaded.kind) {
      case 'loading':
        return html`<div class="image-box skeleton" role="status" aria-label="Loading"></div>`;
      case 'failed':
        return html`<div class="image-box image-failed" role="img" aria-label=${loaded.message} title=${loaded.message}>${loaded.message}</div>`;
      case 'ready':
        return html`<img
            class="image-box"
            src=${loaded.value}
            alt=${`${key} of ${name}${image.step === undefined ? '' : ` at step ${image.step}`}`}
            title=${image.path}
          />${isOlder ? html`<div class="quiet">step ${count(image.step ?? 0)}</div>` : nothing}`;
    }
  }

  private renderNotes(runs: readonly RunImages[], withImages: number, keys: number): TemplateResult {
    const total = this.finder?.total ?? 0;
    const notes = [
      ...(total > mostSideBySide ? [`first ${mostSideBySide} of ${runsText(total)}`] : []),
      ...(withImages < runs.length ? [`${runsText(runs.length - withImages)} without images`] : []),
      ...(keys > mostKeys ? [`${mostKeys} of ${count(keys)} images by name`] : []),
      ...(runs.some(({ more }) => more) ? ['not all folders were looked at'] : []),
    ];
    return html`${notes.length > 0 ? html`<p class="quiet grid-notes">${notes.join(' · ')}</p>` : nothing}${problems(runs)}`;
  }

  private renderProblem(problem: string): TemplateResult {
    return html`<div class="problem" role="alert"><p>${problem}</p>
      <button class="button secondary" @click=${() => this.finder?.retry(this.chart)}>Retry</button></div>`;
  }
}

function problems(
  runs: readonly { readonly name: string; readonly problem?: string }[],
): TemplateResult | typeof nothing {
  const failed = runs.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
  return failed.length > 0 ? html`<p class="grid-notes is-error" role="alert">${failed.join(' · ')}</p>` : nothing;
}
