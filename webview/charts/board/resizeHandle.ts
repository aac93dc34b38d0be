import { html, type TemplateResult } from 'lit';
import type { ChartDefinition } from '../../../src/shared/view/chartDefinition';
import { followPointer } from '../../controls/followPointer';

const least = 160;
const most = 1_600;
const usual = 300;
const step = 20;

/** The lower edge of a card: dragged, or moved with arrows, as ARIA's separator. */
export function resizeHandle(chart: ChartDefinition, done: (height: number) => void): TemplateResult {
  const height = chart.height ?? usual;
  const bounded = (value: number) => Math.round(Math.min(most, Math.max(least, value)));
  const key = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? step : event.key === 'ArrowUp' ? -step : 0;
    if (by === 0) return;
    event.preventDefault();
    done(bounded(height + by));
  };
  return html`<div
    class="resize"
    role="separator"
    tabindex="0"
    aria-orientation="horizontal"
    aria-label="Height of the chart"
    aria-valuemin=${least}
    aria-valuemax=${most}
    aria-valuenow=${height}
    title="Drag to resize"
    @keydown=${key}
    @pointerdown=${(event: PointerEvent) => drag(event, bounded, done)}
  ></div>`;
}

/** The card follows the pointer; the view is told once, at the end. */
function drag(event: PointerEvent, bounded: (value: number) => number, done: (height: number) => void): void {
  const handle = event.currentTarget;
  if (!(handle instanceof HTMLElement) || event.button !== 0) return;
  const item = handle.parentElement;
  const card = item?.querySelector<HTMLElement>('.card');
  if (!item || !card) return;
  const from = event.clientY - card.offsetHeight;
  const before = item.style.getPropertyValue('--card-height');
  const heightAt = ({ clientY }: PointerEvent) => bounded(clientY - from);
  handle.setPointerCapture(event.pointerId);
  followPointer({
    move: (at) => item.style.setProperty('--card-height', `${heightAt(at)}px`),
    end: (at) => done(heightAt(at)),
    cancel: () => item.style.setProperty('--card-height', before),
  });
}
