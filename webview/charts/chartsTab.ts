import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { RemoteError } from '../../src/shared/rpc';
import { count } from '../../src/shared/series/format';
import {
  cardsPerPage,
  type MetricSection,
  openAtFirst,
  sectionsOf,
  systemSection,
} from '../../src/shared/series/sections';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { adoptSheet } from '../controls/styles';
import { registerControls } from '../controls/toolkit';
import type { Session as RunsSession } from '../runs/session';
import './board/board';
import { cardStyles } from './cardStyles';
import './chartCard';
import { chartsStyles } from './chartsStyles';
import './legend';
import './readout';
import { Session } from './session';
import './toolbar';

registerControls();
adoptSheet(chartsStyles);
adoptSheet(cardStyles);

/** The points stay while other tabs are looked at. */
const sessions = new WeakMap<RunsSession, Session>();

/** The charts tab: toolbar, runs, and the metrics in their sections. */
@customElement('flowdeck-charts')
export class ChartsApp extends LightElement {
  @property({ attribute: false }) runs!: RunsSession;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  private readonly shownCards = new Map<string, number>();
  /** Whether each section starts open, decided when it is first seen: new metrics close none. */
  private readonly startsOpen = new Map<string, boolean>();
  /** Sections toggled while this is searched for. */
  private toggledInSearch: { readonly search: string; readonly names: Set<string> } = { search: '', names: new Set() };
  private scrollRestored = false;

  private get session(): Session {
    const known = sessions.get(this.runs) ?? new Session(this.runs);
    sessions.set(this.runs, known);
    return known;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.connect();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.disconnect();
  }

  private async refresh(): Promise<void> {
    try {
      await this.session.refresh();
    } catch (error) {
      // The banner says it: the host told of the lost contact.
      if (!(error instanceof RemoteError)) throw error;
    }
  }

  override updated(): void {
    const main = this.querySelector('main');
    if (this.scrollRestored || !main || !this.session.snapshot) return;
    this.scrollRestored = true;
    const { scroll } = this.session.view;
    if (scroll > 0) requestAnimationFrame(() => main.scrollTo({ top: scroll }));
  }

  override render(): TemplateResult {
    const { snapshot, view } = this.session;
    if (!snapshot) return this.runs.loader.problem ? html`` : this.renderLoading();
    const { session, revision } = this;
    return html`<header><flowdeck-toolbar
        .session=${session}
        .revision=${revision}
        .refresh=${() => void this.refresh()}
      ></flowdeck-toolbar></header>
      <div class="columns">
        ${
          view.legendShown
            ? html`<aside aria-label="Runs"><flowdeck-legend .session=${session} .revision=${revision}></flowdeck-legend></aside>`
            : nothing
        }
        <main tabindex="-1" @scroll=${(event: Event) => this.keepScroll(event)}>
          <h1 class="visually-hidden">Metric charts of ${snapshot.runs.length} runs</h1>
          <flowdeck-board .session=${this.runs} .lines=${session} .revision=${revision}></flowdeck-board>
          ${this.renderSections()}
        </main>
      </div>
      <flowdeck-readout .session=${session}></flowdeck-readout>`;
  }

  private keepScroll(event: Event): void {
    if (event.target instanceof Element) this.session.keepScroll(event.target.scrollTop);
  }

  private renderSections(): TemplateResult | TemplateResult[] {
    const { snapshot, view } = this.session;
    if (!snapshot || snapshot.metrics.length === 0)
      return html`<p class="empty">
        ${snapshot?.runs.length === 0 ? 'These runs are no longer on the server.' : 'These runs have logged no metrics.'}
      </p>`;
    const sections = sectionsOf(snapshot.metrics, view.search);
    if (sections.length === 0) return html`<p class="empty">No metric has “${view.search}” in its name.</p>`;
    if (sections.length === 1) return sections.map((section) => this.renderSection(section, undefined));
    const isOpen = view.search === '' ? this.openSections(sections) : this.openInSearch(sections, view.search);
    return sections.map((section) => this.renderSection(section, isOpen(section.name)));
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
  private renderSection({ name, keys }: MetricSection, isOpen: boolean | undefined): TemplateResult {
    const several = isOpen !== undefined;
    const open = isOpen ?? true;
    const shown = this.shownCards.get(name) ?? cardsPerPage;
    const title = name === '' ? 'Metrics' : name === systemSection ? 'System metrics' : name;
    return html`<section>
      ${
        several
          ? html`<h2>
              <button class="section-head" aria-expanded=${open} @click=${() => this.toggleSection(name)}>
                <span class="chevron">${icons.chevron}</span>${title}<span class="count">${count(keys.length)}</span>
              </button>
            </h2>`
          : html`<h2 class="visually-hidden">${title}</h2>`
      }
      ${
        open
          ? html`<div class="cards">
                ${repeat(
                  keys.slice(0, shown),
                  (key) => key,
                  (key) =>
                    html`<flowdeck-chart-card
                      .session=${this.session}
                      .metric=${key}
                      .revision=${this.revision}
                    ></flowdeck-chart-card>`,
                )}
              </div>
              ${keys.length > shown ? this.renderMore(name, shown, keys.length) : nothing}`
          : nothing
      }
    </section>`;
  }

  private renderMore(name: string, shown: number, all: number): TemplateResult {
    return html`<div class="more">
      <span>${count(shown)} of ${count(all)} metrics</span>
      <vscode-button
        appearance="secondary"
        @click=${() => {
          this.shownCards.set(name, shown + cardsPerPage);
          this.requestUpdate();
        }}
        >Show more</vscode-button
      >
    </div>`;
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

  private renderLoading(): TemplateResult {
    return html`<main class="cards" role="status" aria-label="Loading runs">
      ${[1, 2, 3, 4].map(() => html`<div class="card"><div class="skeleton"></div></div>`)}
    </main>`;
  }
}
