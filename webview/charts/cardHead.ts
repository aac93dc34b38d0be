import { html, nothing, type TemplateResult } from 'lit';
import { dragType } from '../controls/dragTypes';
import { icons } from '../controls/icons';
import { chartExports } from './board/chartExports';
import type { Exportable } from './board/exportable';
import './board/exportMenu';
import type { CardData } from './cardData';
import type { CardPlace } from './cardPlace';
import type { Session } from './session';
import './cardSettings';

interface CardHead {
  readonly session: Session;
  readonly data: CardData;
  readonly place: CardPlace | undefined;
  readonly asTable: boolean;
  readonly isFull: boolean;
  toggleTable(): void;
  toggleFull(): void;
  exportable(): Exportable | undefined;
}

/** Name and buttons of a card; taken by its grip it is moved, by pointer or arrows. */
export function cardHead(head: CardHead): TemplateResult {
  const { data, place, asTable, isFull, session } = head;
  const { title, source } = data;
  return html`<header
    class="card-head"
    @dragover=${(event: DragEvent) => allowDrop(event, place)}
    @drop=${(event: DragEvent) => drop(event, place)}
  >
    <h3 title=${title}>${title}</h3>
    <span class="card-actions">
      ${place && !isFull ? grip(source.key, title, place) : nothing}
      <flowdeck-card-settings .session=${session} .chartKey=${source.key} .chartTitle=${title} .settings=${data.settings}></flowdeck-card-settings>
      <button
        class="icon-button"
        title=${asTable ? 'Show as chart' : 'Show as table'}
        aria-label=${`${asTable ? 'Show as chart' : 'Show as table'}: ${title}`}
        aria-pressed=${asTable}
        @click=${head.toggleTable}
      >${asTable ? icons.chart : icons.table}</button>
      <flowdeck-export-menu .rpc=${session.rpc} .name=${title} .actions=${() => chartExports(() => head.exportable())}></flowdeck-export-menu>
      <button
        class="icon-button full-button"
        title=${isFull ? 'Back to all charts (Escape)' : 'Full size'}
        aria-label=${`${isFull ? 'Back to all charts' : 'Full size'}: ${title}`}
        @click=${head.toggleFull}
      >${isFull ? icons.shrink : icons.expand}</button>
    </span>
  </header>`;
}

function grip(key: string, title: string, place: CardPlace): TemplateResult {
  const where = `${place.at + 1} of ${place.of}`;
  return html`<button
    class="grip"
    draggable="true"
    title="Drag, or press arrow keys, to move this chart"
    aria-label=${`Move ${title}: ${where}. Arrow keys move it`}
    @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(dragType.card, key)}
    @keydown=${(event: KeyboardEvent) => moveByKey(event, place)}
  >${icons.grip}</button>`;
}

function moveByKey(event: KeyboardEvent, { at, of, move }: CardPlace): void {
  const places: Readonly<Record<string, number>> = {
    ArrowLeft: at - 1,
    ArrowUp: at - 1,
    ArrowRight: at + 1,
    ArrowDown: at + 1,
    Home: 0,
    End: of - 1,
  };
  const to = places[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const { currentTarget } = event;
  move(Math.max(0, Math.min(of - 1, to)));
  // A card that was put elsewhere in the page has lost the focus.
  if (currentTarget instanceof HTMLElement) requestAnimationFrame(() => currentTarget.focus());
}

function allowDrop(event: DragEvent, place: CardPlace | undefined): void {
  if (place && event.dataTransfer?.types.includes(dragType.card)) event.preventDefault();
}

function drop(event: DragEvent, place: CardPlace | undefined): void {
  const key = event.dataTransfer?.getData(dragType.card);
  if (!place || !key) return;
  event.preventDefault();
  place.drop(key);
}
