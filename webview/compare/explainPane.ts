import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import {
  basisText,
  explainedLabel,
  explainingColumns,
  leftOutTexts,
  metricOf,
  usualMetric,
} from '../../src/shared/compare/explain';
import { inOrder } from '../../src/shared/compare/keyOrder';
import { count } from '../../src/shared/series/format';
import { type Association, type Associations, associationsWith } from '../../src/shared/stats/rankCorrelation';
import { LightElement } from '../controls/lightElement';
import { styled } from '../controls/styled';
import type { Comparison } from './comparison';

/** Metrics that are offered while one is typed, and rows that are shown before somebody asks for more. */
const mostOffered = 100;
const rowsPerPage = 200;
/** How long working out may go on before others get their turn, ms. */
const turn = 12;

/** How params go with a metric, over all runs that are loaded. */
@customElement('flowdeck-explain')
export class ExplainPane extends LightElement {
  @property({ attribute: false }) comparison!: Comparison;
  @property({ attribute: false }) revision = 0;
  @state() private found: (Associations & { readonly metric: string; readonly basis: string }) | undefined;
  @state() private typed: string | undefined;
  @state() private rows = rowsPerPage;
  private of: readonly unknown[] = [];
  private job = 0;
  /** When the last answer was there, and how long it took, ms. */
  private last = { at: 0, took: 0 };

  private get metric(): string | undefined {
    const { table } = this.comparison.session;
    const { explained } = this.comparison.view;
    return explained !== undefined && table.metric(explained) ? explained : usualMetric(table);
  }

  override updated(): void {
    const { session } = this.comparison;
    const { metric } = this;
    const of = [session.table.version, session.loader.order, session.loader.total, metric];
    const isSame = (at: number) => of[at] === this.of[at];
    if (of.every((_, at) => isSame(at))) return;
    // While runs are running every look for news changes a little: what takes long is not done each time.
    if (isSame(1) && isSame(3) && performance.now() - this.last.at < 20 * this.last.took) return;
    this.of = of;
    if (metric !== undefined) void this.work(metric);
  }

  /** Column by column, with turns for others: thousands of runs with hundreds of params take a while. */
  private async work(metric: string): Promise<void> {
    const job = ++this.job;
    const { table, loader } = this.comparison.session;
    const { order, total } = loader;
    const values = metricOf(table, order, metric);
    const found: Associations[] = [];
    const started = performance.now();
    let since = started;
    for (const column of explainingColumns(table, order)) {
      found.push(associationsWith(values, [column]));
      if (performance.now() - since < turn) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
      if (job !== this.job) return;
    }
    const rows = found.flatMap((one) => one.rows);
    rows.sort((a, b) => Math.abs(b.coefficient) - Math.abs(a.coefficient) || b.n - a.n);
    this.last = { at: performance.now(), took: performance.now() - started };
    this.found = { rows, leftOut: found.flatMap((one) => one.leftOut), metric, basis: basisText(values, total) };
  }

  override render(): TemplateResult {
    const { metric, found } = this;
    if (metric === undefined)
      return html`<div class="compare-empty"><h1>No metrics yet</h1><p>None of the loaded runs has logged a metric.</p></div>`;
    return html`<h1 class="visually-hidden">What explains a metric</h1>
      <div class="explain-head">
        <label>Metric <input list="explain-metrics" data-begin .value=${this.typed ?? metric} aria-describedby="explain-basis"
          @input=${(event: Event) => this.type(event)} @change=${(event: Event) => this.choose(event)} @blur=${() => {
            this.typed = undefined;
          }} /></label>
        <datalist id="explain-metrics">${this.offered().map((key) => html`<option value=${key}></option>`)}</datalist>
      </div>
      <p class="explain-basis" id="explain-basis" role="status">${found?.basis ?? ''}</p>
      ${found ? this.renderFound(found) : nothing}`;
  }

  private renderFound({ rows, leftOut, metric }: Associations & { readonly metric: string }): TemplateResult {
    const left = leftOutTexts(leftOut);
    const none = html`<p>No param changes between these runs in a way that could be compared with ${metric}.</p>`;
    return html`${rows.length === 0 ? none : this.renderTable(rows, metric)}
      ${
        rows.length > this.rows
          ? html`<p><button class="link-button" @click=${() => {
              this.rows += rowsPerPage;
            }}>${count(this.rows)} of ${count(rows.length)}: show more</button></p>`
          : nothing
      }
      ${left.length > 0 ? html`<ul class="explain-left" aria-label="Left out">${left.map((text) => html`<li>${text}</li>`)}</ul>` : nothing}`;
  }

  private renderTable(rows: readonly Association[], metric: string): TemplateResult {
    return html`<table class="explain-table">
      <caption class="visually-hidden">What goes with ${metric}, strongest first</caption>
      <thead>
        <tr>
          <th scope="col">Param</th>
          <th scope="col">Strength</th>
          <th scope="col" class="number">Coefficient</th>
          <th scope="col">Measure</th>
          <th scope="col" class="number">Runs</th>
          <th scope="col" class="number">Different values</th>
        </tr>
      </thead>
      <tbody>
        ${rows.slice(0, this.rows).map((row) => this.renderRow(row))}
      </tbody>
    </table>`;
  }

  private renderRow({ key, kind, coefficient, n, distinct }: Association): TemplateResult {
    const numeric = kind === 'numeric';
    const measure = numeric
      ? ['Spearman ρ', 'Rank correlation, −1 to 1: whether the metric rises (or falls) as the param does']
      : ['rank ε', 'Root of Kruskal and Wallis’ ε², 0 to 1, without direction: how far the groups stand apart'];
    const sign = numeric && coefficient > 0 ? '+' : '';
    const label = explainedLabel(key);
    return html`<tr>
      <th scope="row" title=${label}>${label}</th>
      <td class="bar-cell">${bar(coefficient, numeric)}</td>
      <td class="number" title=${String(coefficient)}>${sign}${coefficient.toFixed(3)}</td>
      <td title=${measure[1] ?? ''}>${measure[0]}</td>
      <td class="number">${count(n)}</td>
      <td class="number">${count(distinct)}</td>
    </tr>`;
  }

  private offered(): readonly string[] {
    const { table } = this.comparison.session;
    const typed = this.typed?.toLowerCase();
    if (typed === undefined) return [];
    return inOrder(table.metricKeys.filter((key) => key.toLowerCase().includes(typed))).slice(0, mostOffered);
  }

  private type(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.typed = event.target.value;
  }

  private choose(event: Event): void {
    if (!(event.target instanceof HTMLInputElement)) return;
    const { value } = event.target;
    this.typed = undefined;
    this.rows = rowsPerPage;
    if (this.comparison.session.table.metric(value)) this.comparison.update({ explained: value });
    else event.target.value = this.metric ?? '';
  }
}

/** From the middle: to the right what rises with the metric, to the left what falls. */
function bar(coefficient: number, numeric: boolean): TemplateResult {
  const width = `${Math.abs(coefficient) * 50}%`;
  const left = coefficient < 0 ? `${50 + coefficient * 50}%` : '50%';
  const look = numeric ? (coefficient < 0 ? 'negative' : '') : 'without';
  return html`<span class="strength" aria-hidden="true"><i class=${look} ${styled({ left, width })}></i></span>`;
}
