import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { boardKey } from '../../src/shared/charts/boardLines';
import { moved } from '../../src/shared/series/cardOrder';
import { count } from '../../src/shared/series/format';
import { metricSearch } from '../../src/shared/series/metricSearch';
import {
  cardsPerPage,
  expressionSection,
  type MetricSection,
  openAtFirst,
  orderedSections,
  systemSection,
} from '../../src/shared/series/sections';
import { dragType } from '../controls/dragTypes';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import type { CardPlace } from './cardPlace';
import './chartCard';
import { chartsEmpty } from './chartsEmpty';
import type { Session } from './session';

/** The metrics in their sections, in the order a person gave them. */
@customElement('flowdeck-sections')
export class SectionList extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) revision = 0;
  private readonly shownCards = new Map<string, number>();
  /** Whether each section starts open, decided when it is first seen: new metrics close none. */
  private readonly startsOpen = new Map<string, boolean>();
  /** Sections toggled while this is searched for. */
  private toggledInSearch: { readonly search: string; readonly names: Set<string> } = { search: '', names: new Set() };

  override render(): TemplateResult {
    const { snapshot, view } = this.session;
    if (!snapshot || snapshot.metrics.length === 0) return chartsEmpty(this.session);
    const { full } = this.session;
    if (full !== undefined) return html`<div class="cards">${this.renderCard(full, 0, [full])}</div>`;
    const sections = this.sections(snapshot.metrics);
    const found = sections.reduce((sum, { keys }) => sum + keys.length, 0);
    return html`<span class="visually-hidden" role="status">${view.search.trim() === '' ? '' : `${count(found)} ${found === 1 ? 'chart' : 'charts'} found`}</span>
      ${this.renderSections(sections)}`;
  }

  private renderSections(sections: readonly MetricSection[]): TemplateResult {
    const { view } = this.session;
    if (sections.length === 0) return html`<p class="empty">No metric has “${view.search}” in its name.</p>`;
    const isOpen = view.search === '' ? this.openSections(sections) : this.openInSearch(sections, view.search);
    const only = sections.length === 1;
    return html`${repeat(
      sections,
      ({ name }) => name,
      (section, at) => this.renderSection(section, only ? undefined : isOpen(section.name), at, sections),
    )}`;
  }

  private sections(metrics: readonly string[]): readonly MetricSection[] {
    const { view } = this.session;
    const search = metricSearch(view.search);
    if (!search.ok) return [];
    const wanted = view.search.trim() === '' ? metrics : metrics.filter(search.matches);
    const expressions = view.expressions.filter(({ text }) => search.matches(text)).map(({ id }) => id);
    return orderedSections(wanted, expressions, view);
  }

  private openSections(sections: readonly MetricSection[]): (name: string) => boolean {
    const first = openAtFirst(sections, false);
    for (const { name } of sections) if (!this.startsOpen.has(name)) this.startsOpen.set(name, first.has(name));
    const { toggledSections } = this.session.view;
    return (name) => this.startsOpen.get(name) !== toggledSections.includes(name);
  }

  private openInSearch(sections: readonly MetricSection[], search: string): (name: string) => boolean {
    if (this.toggledInSearch.search !== search) this.toggledInSearch = { search, names: new Set() };
    const first = openAtFirst(sections, true);
    return (name) => first.has(name) !== this.toggledInSearch.names.has(name);
  }

  /** `isOpen`: undefined for the only section, which has no head. */
  private renderSection(
    section: MetricSection,
    isOpen: boolean | undefined,
    at: number,
    all: readonly MetricSection[],
  ): TemplateResult {
    const { name, keys } = section;
    const open = isOpen ?? true;
    const shown = this.shownCards.get(name) ?? cardsPerPage;
    return html`<section>
      ${isOpen === undefined ? html`<h2 class="visually-hidden">${titleOf(name)}</h2>` : this.renderHead(section, open, at, all)}
      ${
        open
          ? html`<div class="cards">
                ${repeat(
                  keys.slice(0, shown),
                  (key) => key,
                  (key, index) => this.renderCard(key, index, keys),
                )}
              </div>
              ${keys.length > shown ? this.renderMore(name, shown, keys.length) : nothing}`
          : nothing
      }
    </section>`;
  }

  private renderHead(
    { name, keys }: MetricSection,
    open: boolean,
    at: number,
    all: readonly MetricSection[],
  ): TemplateResult {
    const names = all.map((section) => section.name);
    const title = titleOf(name);
    return html`<h2
      class="section-line"
      @dragover=${(event: DragEvent) => {
        if (event.dataTransfer?.types.includes(dragType.section)) event.preventDefault();
      }}
      @drop=${(event: DragEvent) => {
        event.preventDefault();
        const dropped = names.find((other) => other === event.dataTransfer?.getData(dragType.section));
        if (dropped !== undefined) this.moveSection(dropped, at, names);
      }}
    >
      <button class="section-head" aria-expanded=${open} @click=${() => this.toggleSection(name)}>
        <span class="chevron">${icons.chevron}</span>${title}<span class="count">${count(keys.length)}</span>
      </button>
      <button
        class="grip"
        draggable="true"
        title="Drag, or press up and down, to move this section"
        aria-label=${`Move section ${title}: ${at + 1} of ${names.length}. Arrow keys move it`}
        @dragstart=${(event: DragEvent) => event.dataTransfer?.setData(dragType.section, name)}
        @keydown=${(event: KeyboardEvent) => this.moveSectionByKey(event, name, at, names)}
      >${icons.grip}</button>
    </h2>`;
  }

  private renderCard(key: string, at: number, keys: readonly string[]): TemplateResult {
    const { session } = this;
    const made = session.view.board.find(({ id, kind }) => kind === 'line' && boardKey(id) === key);
    const ofMade = made?.metric === undefined ? made?.expression : undefined;
    const expression = session.view.expressions.find(({ id }) => id === key)?.text ?? ofMade;
    const place: CardPlace = {
      at,
      of: keys.length,
      move: (to) => this.moveCard(key, to, keys),
      drop: (dropped) => {
        if (keys.includes(dropped)) this.moveCard(dropped, at, keys);
      },
    };
    return html`<flowdeck-chart-card
      .session=${session}
      .metric=${key}
      .expression=${expression}
      .drawnMetric=${made?.metric}
      .heading=${made?.title}
      .place=${place}
      .revision=${this.revision}
    ></flowdeck-chart-card>`;
  }

  private renderMore(name: string, shown: number, all: number): TemplateResult {
    return html`<div class="more">
      <span>${count(shown)} of ${count(all)} metrics</span>
      <button
        class="button secondary"
        @click=${() => {
          this.shownCards.set(name, shown + cardsPerPage);
          this.requestUpdate();
        }}
        >Show more</button>
    </div>`;
  }

  private moveCard(key: string, to: number, keys: readonly string[]): void {
    this.session.update({ cardOrder: moved(keys, key, to, this.session.view.cardOrder) });
  }

  private moveSection(name: string, to: number, names: readonly string[]): void {
    this.session.update({ sectionOrder: moved(names, name, to, this.session.view.sectionOrder) });
  }

  private moveSectionByKey(event: KeyboardEvent, name: string, at: number, names: readonly string[]): void {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const { currentTarget } = event;
    this.moveSection(name, Math.max(0, Math.min(names.length - 1, at + by)), names);
    // What was put elsewhere in the page has lost the focus.
    if (currentTarget instanceof HTMLElement) requestAnimationFrame(() => currentTarget.focus());
  }

  private toggleSection(name: string): void {
    const { toggledSections, search } = this.session.view;
    if (search !== '') {
      const { names } = this.toggledInSearch;
      if (!names.delete(name)) names.add(name);
      this.requestUpdate();
      return;
    }
    const toggled = toggledSections.includes(name)
      ? toggledSections.filter((section) => section !== name)
      : [...toggledSections, name];
    this.session.update({ toggledSections: toggled });
  }
}

function titleOf(name: string): string {
  if (name === expressionSection) return 'Expressions';
  return name === '' ? 'Metrics' : name === systemSection ? 'System metrics' : name;
}
