import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { FoundFile } from '../../../src/shared/charts/artifactFiles';
import { type ImageSeries, imageAt, imageSeries, stepsOf } from '../../../src/shared/charts/loggedImages';
import { count } from '../../../src/shared/series/format';
import { type Artifact, type ArtifactCache, imageCache } from '../../runs/artifactCache';
import { saveFilesAction } from './artifactExports';
import { ArtifactGrid, type FoundRun } from './artifactGrid';
import type { MatrixColumn, MatrixRow } from './artifactMatrix';
import type { ExportAction } from './exportMenu';

const small = { least: 160, widest: 160, height: 138 };
const large = { least: 280, widest: 420, height: 280 };

/** The images of each run by key. */
type Series = ReadonlyMap<string, ReadonlyMap<string, ImageSeries>>;

/** Logged images: a column for each run, a row for each key, and a slider over the steps. */
@customElement('flowdeck-image-grid')
export class ImageGrid extends ArtifactGrid<string> {
  /** Place in the steps; undefined is the last. */
  @state() private stepAt: number | undefined;
  protected readonly what = 'images';

  protected makeCache(changed: () => void): ArtifactCache<string> {
    return imageCache(this.session.rpc, changed);
  }

  exports(title: string): readonly ExportAction[] {
    const runs = this.foundRuns();
    const series = seriesOf(runs);
    const step = this.shownStep(series).step;
    const named = (run: FoundRun, image: ReturnType<typeof imageAt>): FoundFile[] =>
      image ? [{ ...this.fileOf(run, image.path), image }] : [];
    const all = runs.flatMap((run) =>
      [...(series.get(run.runId)?.values() ?? [])].flatMap(({ images }) =>
        images.flatMap((image) => named(run, image)),
      ),
    );
    const shown = runs.flatMap((run) =>
      [...(series.get(run.runId)?.values() ?? [])].flatMap((one) => named(run, imageAt(one, step))),
    );
    return [
      ...(shown.length < all.length ? [saveFilesAction('Images Shown', title, shown)] : []),
      saveFilesAction('Images', title, all),
    ];
  }

  private shownStep(series: Series) {
    const steps = stepsOf([...series.values()].flatMap((byKey) => [...byKey.values()]));
    const at = Math.min(this.stepAt ?? steps.length - 1, steps.length - 1);
    return { steps, at, step: steps[at] };
  }

  protected renderFound(runs: readonly FoundRun[]): TemplateResult {
    const series = seriesOf(runs);
    const keys = [...new Set([...series.values()].flatMap((byKey) => [...byKey.keys()]))];
    if (keys.length === 0) return html`<p class="quiet nothing">What matches “${this.chart.path}” are no images.</p>`;
    const { steps, at, step } = this.shownStep(series);
    const imageOf = ({ runId }: MatrixColumn, key: string) => {
      const found = series.get(runId)?.get(key);
      return found && imageAt(found, step);
    };
    const rows = keys.map(
      (key): MatrixRow => ({
        key,
        artifactOf: (column) => {
          const image = imageOf(column, key);
          return image && { runId: column.runId, path: image.path };
        },
      }),
    );
    const content = ({ key }: MatrixRow, column: MatrixColumn) =>
      this.renderImage(column, key, imageOf(column, key), step);
    return html`${steps.length > 1 ? this.renderSlider(steps, at) : nothing}
      <flowdeck-artifact-matrix
        .columns=${runs.filter(({ runId }) => (series.get(runId)?.size ?? 0) > 0)}
        .rows=${rows}
        .cell=${this.full ? large : small}
        .label=${'Images'}
        .content=${content}
        .want=${(artifacts: readonly Artifact[]) => this.cache?.want(artifacts)}
        .revision=${this.edition}
      ></flowdeck-artifact-matrix>`;
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

  private renderImage(
    { runId, name }: MatrixColumn,
    key: string,
    image: ReturnType<typeof imageAt>,
    step: number | undefined,
  ): TemplateResult {
    if (!image) return html`<span class="quiet">–</span>`;
    const loaded = this.cache?.of(runId, image.path);
    const isOlder = image.step !== undefined && step !== undefined && image.step !== step;
    if (!loaded) return html`<div class="image-box skeleton" role="status" aria-label="Loading"></div>`;
    if (loaded.kind === 'failed')
      return html`<div class="image-box image-failed" role="img" aria-label=${loaded.message} title=${loaded.message}>${loaded.message}</div>`;
    return html`<img
        class="image-box"
        src=${loaded.value}
        alt=${`${key} of ${name}${image.step === undefined ? '' : ` at step ${image.step}`}`}
        title=${image.path}
      />${isOlder ? html`<div class="quiet">step ${count(image.step ?? 0)}</div>` : nothing}`;
  }
}

const known = new WeakMap<readonly string[], ReadonlyMap<string, ImageSeries>>();

/** Names are read once: a slider's move asks for all of them again. */
function seriesOf(runs: readonly FoundRun[]): Series {
  return new Map(
    runs.map(({ runId, paths }) => {
      const series = known.get(paths) ?? new Map(imageSeries(paths).map((item) => [item.key, item]));
      known.set(paths, series);
      return [runId, series];
    }),
  );
}
