import { html, type TemplateResult } from 'lit';
import { dashPatterns } from './curvePainter';

/** A piece of a run's line: its colour (by the class around it) and its dashes. */
export function runSwatch(color: number, dash: number): TemplateResult {
  const pattern = (dashPatterns[dash % dashPatterns.length] ?? []).join(' ');
  return html`<svg class="curve-swatch run-${color}" width="22" height="10" viewBox="0 0 22 10" aria-hidden="true">
    <line x1="1" y1="5" x2="21" y2="5" stroke-dasharray=${pattern}></line>
  </svg>`;
}
