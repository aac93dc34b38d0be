import { html, type TemplateResult } from 'lit';

/** The grammar by example: what is said, and what it means. */
const lines: readonly (readonly [string, string])[] = [
  ['baseline', 'the name of the run contains it'],
  ['metrics.loss < 0.1 AND params.lr > 0.01', 'last values; params compare as numbers with a number'],
  ['metrics."val/loss" >= 0.9', 'keys with / or spaces go in quotes'],
  ["params.net IN ('cnn', 'vit') OR NOT tags.team = 'nlp'", 'OR, NOT, parentheses and lists'],
  ["tags.note LIKE '%retry%'", '% is any text, _ one character; ILIKE folds case'],
  ['tags.team IS NULL', 'what is missing; IS NOT NULL what is there'],
  ["start_time > now-7d AND start_time < '2026-11-01'", 's m h d w; dates are in local time'],
  ['status = failed AND duration > 5m', "also user_id, run_id, end_time, datasets.name = 'x'"],
];

export const filterHelp = (id: string): TemplateResult => html`<div class="filter-popup filter-help" id=${id}>
  <h2>Filter runs</h2>
  <dl>${lines.map(([said, meant]) => html`<dt>${said}</dt><dd>${meant}</dd>`)}</dl>
</div>`;
