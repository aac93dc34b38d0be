import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { FoundFile } from '../../../src/shared/charts/artifactFiles';
import { runs as runsText } from '../../../src/shared/charts/columnData';
import { runName } from '../../../src/shared/charts/runRows';
import type { FoundArtifacts } from '../../../src/shared/protocol/exports';
import { count } from '../../../src/shared/series/format';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { LightElement } from '../../controls/lightElement';
import type { ArtifactCache } from '../../runs/artifactCache';
import type { Session } from '../../runs/session';
import { ArtifactFinder } from './artifactFinder';
import './artifactMatrix';
import type { MatrixColumn } from './artifactMatrix';
import type { ExportAction } from './exportMenu';

/** A run with the artifacts that were found of it. */
export interface FoundRun extends MatrixColumn, FoundArtifacts {}

/** What charts of artifacts share: what was found of which run, and what is said of it. */
export abstract class ArtifactGrid<Value> extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) chart!: ChartDefinition;
  /** It fills the page. */
  @property({ attribute: false }) full = false;
  @property({ attribute: false }) revision = 0;
  protected finder: ArtifactFinder | undefined;
  protected cache: ArtifactCache<Value> | undefined;
  /** Cells are drawn again when another artifact has come. */
  protected edition = 0;

  protected abstract makeCache(changed: () => void): ArtifactCache<Value>;
  protected abstract renderFound(runs: readonly FoundRun[]): TemplateResult;
  /** What can be saved of it. */
  abstract exports(title: string): readonly ExportAction[];
  /** `images` */
  protected abstract readonly what: string;

  override connectedCallback(): void {
    super.connectedCallback();
    const changed = () => {
      this.edition++;
      this.requestUpdate();
    };
    this.finder = new ArtifactFinder(this.session, changed);
    this.cache = this.makeCache(changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.finder?.dispose();
    this.cache?.dispose();
  }

  override willUpdate(): void {
    this.finder?.sync(this.chart);
  }

  override render(): TemplateResult {
    const { finder, chart, what } = this;
    if (chart.path === undefined) return html`<p class="quiet nothing">Edit the chart to say which ${what}.</p>`;
    if (!finder || finder.isFirst)
      return html`<div class="skeleton" role="status" aria-label=${`Looking for ${what}`}></div>`;
    const runs = this.foundRuns();
    const having = runs.filter(({ paths }) => paths.length > 0);
    return html`${
      having.length > 0
        ? this.renderFound(having)
        : html`<p class="quiet nothing">${finder.busy ? `Looking for ${what}…` : `No artifact of ${finder.left > 0 ? 'the first' : 'these'} runs matches “${chart.path}”.`}</p>`
    }${this.renderNotes(runs, having.length)}`;
  }

  protected foundRuns(): readonly FoundRun[] {
    const { table, colors } = this.session;
    return (this.finder?.found ?? []).map((found) => {
      const row = table.rowOf(found.runId);
      const name = row === undefined ? found.runId : runName(table, row);
      return { ...found, name, color: colors.of(found.runId) };
    });
  }

  protected fileOf({ runId, name }: FoundRun, path: string): FoundFile {
    return { runId, run: name, path };
  }

  private renderNotes(runs: readonly FoundRun[], having: number): TemplateResult {
    const { finder } = this;
    const { total = 0, left = 0, busy = false } = finder ?? {};
    const without = runs.length - having;
    const notes = [
      ...(busy ? [`${count(runs.length)} of ${runsText(total)} looked through`] : []),
      ...(left > 0 ? [`first ${count(runs.length)} of ${runsText(total)}`] : []),
      ...(without > 0 ? [`${runsText(without)} without ${this.what}`] : []),
      ...(runs.some(({ more }) => more) ? ['not all folders were looked at'] : []),
    ];
    const failed = runs.flatMap(({ name, problem }) => (problem === undefined ? [] : [`${name}: ${problem}`]));
    return html`${
      notes.length === 0 && left === 0
        ? nothing
        : html`<p class="quiet grid-notes" role="status">${notes.join(' · ')}${left > 0 ? html`<button class="link-button grid-more" @click=${() => finder?.lookAtAll()}>Look through all</button>` : nothing}</p>`
    }${failed.length > 0 ? html`<p class="grid-notes is-error" role="alert">${failed.slice(0, 5).join(' · ')}${failed.length > 5 ? ` · and ${count(failed.length - 5)} more` : nothing}</p>` : nothing}${this.renderProblem()}`;
  }

  private renderProblem(): TemplateResult | typeof nothing {
    const { finder } = this;
    if (finder?.problem === undefined) return nothing;
    return html`<div class="problem" role="alert"><p>${finder.problem}</p>
      <button class="button secondary" @click=${() => finder.retry()}>Retry</button></div>`;
  }
}
