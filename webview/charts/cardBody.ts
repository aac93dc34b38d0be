import { html, nothing, type TemplateResult } from 'lit';
import { summaryOf } from '../../src/shared/series/readings';
import type { CardData } from './cardData';
import { dataTable } from './dataTable';
import type { Session } from './session';

interface CardBody {
  readonly session: Session;
  readonly data: CardData;
  readonly asTable: boolean;
  readonly tableRows: number;
  showMore(): void;
}

/** The plot, its table, or why there is neither. */
export function cardBody(body: CardBody): TemplateResult {
  const { data } = body;
  const { error, loaded, loading, parsed } = data;
  if (parsed && !parsed.ok)
    return problem(data, `${parsed.problem.message} (at ${parsed.problem.start + 1})`, undefined);
  if (error && !loaded) return problem(data, error.message, error.advice);
  const isEmpty = data.curves.length === 0;
  if (isEmpty && (!loaded || loading)) return html`<div class="skeleton" role="status" aria-label="Loading"></div>`;
  if (isEmpty) return html`<p class="quiet">${whyEmpty(body)}</p>`;
  return html`${error ? problem(data, error.message, error.advice) : nothing}
    ${body.asTable ? dataTable(data, body.tableRows, body.showMore) : plot(data)}`;
}

function whyEmpty({ session, data }: CardBody): string {
  if (session.shownRuns.length === 0) return 'All runs are hidden. Show some in the list of runs.';
  if (data.settings.axis === 'metric') return `No shown run has logged this together with ${data.settings.xMetric}.`;
  return 'No shown run has logged this metric.';
}

function plot(data: CardData): TemplateResult {
  const { axis, xMetric } = data.settings;
  const summary = summaryOf(data.title, data.curves, axis, xMetric);
  return html`<div
    class="plot"
    tabindex="0"
    role="application"
    aria-roledescription="line chart"
    aria-label=${`${summary}. Arrow keys read values, Space holds them, plus and minus zoom, Enter shows a table.`}
  >
    <canvas aria-hidden="true"></canvas>
    <div class="crosshair" hidden></div>
    <div class="selection" hidden></div>
    ${data.blank ? html`<p class="plot-nothing quiet">${whyBlank(data.blank, data.zoom !== undefined)}</p>` : nothing}
  </div>`;
}

function whyBlank(blank: NonNullable<CardData['blank']>, zoomed: boolean): string {
  switch (blank) {
    case 'notFinite':
      return 'No value is a finite number.';
    case 'notPositive':
      return 'No value is above 0, and a log axis has no others.';
    case 'beside':
      return zoomed
        ? 'No point is where it is zoomed to. 0 shows everything.'
        : 'No point is between the ends that are set.';
  }
}

function problem(data: CardData, message: string, advice: string | undefined): TemplateResult {
  return html`<div class="problem" role="alert">
    <p>${message}${/[.!?)]$/.test(message) ? '' : '.'} ${advice ?? ''}</p>
    ${data.error ? html`<button class="button secondary" @click=${() => data.retry()}>Retry</button>` : nothing}
  </div>`;
}
