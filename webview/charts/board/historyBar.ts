import { html, nothing, type TemplateResult } from 'lit';
import { type Column, parseColumnId } from '../../../src/shared/runs/column';
import { count } from '../../../src/shared/series/format';
import { betterOf } from '../../../src/shared/view/runsView';
import type { Session } from '../../runs/session';
import type { ChartHistories, ChartProgress } from './chartHistories';

/** Under a picture: how far its histories are read, and what nobody has said yet of its metrics. */
export function historyBar(
  histories: ChartHistories,
  chartId: string,
  progress: ChartProgress | undefined,
): TemplateResult | typeof nothing {
  if (!progress) return nothing;
  const { of, read, left } = progress;
  if (read + left < of)
    return html`<p class="history-bar quiet">
      <progress class="load-progress" aria-label="Reading histories" .value=${read / of}></progress>
      ${count(read)} of ${count(of)} histories read
      <button class="link-button" title="Draw what is read" @click=${() => histories.stop(chartId)}>Cancel</button>
    </p>`;
  if (left === 0) return nothing;
  return html`<p class="history-bar quiet">
    ${count(left)} of ${count(of)} histories are not read
    <button class="link-button" @click=${() => histories.readAll(chartId)}>Read ${count(left)} more</button>
  </p>`;
}

/** Nothing says by itself whether more of a metric is good: a chart of its best value asks. */
export function betterQuestion(session: Session, columns: readonly string[]): TemplateResult | undefined {
  const keys = new Set(columns.flatMap((id) => bestOf(parseColumnId(id))));
  const open = [...keys].find((key) => betterOf(session.view.better, key) === undefined);
  if (open === undefined) return undefined;
  const say = (which: 'lower' | 'higher') => session.update({ better: { ...session.view.better, [open]: which } });
  return html`<p class="history-bar">
    Which ${open} is better?
    <button class="link-button" @click=${() => say('lower')}>Lower is Better</button>
    <button class="link-button" @click=${() => say('higher')}>Higher is Better</button>
  </p>`;
}

const bestOf = (column: Column | undefined): readonly string[] =>
  column?.kind === 'metric' && (column.stat === 'best' || column.stat === 'bestStep') ? [column.key] : [];
