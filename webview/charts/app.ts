import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { age } from '../../src/shared/age';
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
import { onThemeChange } from '../controls/theme';
import type { Session } from './session';

/** The page: toolbar, runs, and the metrics in their sections. */
@customElement('flowdeck-charts')
export class ChartsApp extends LightElement {
  @property({ attribute: false }) session!: Session;
  @state() private problem: RemoteError | undefined;
  @state() private revision = 0;
  @state() private now = Date.now();
  private readonly shownCards = new Map<string, number>();
  /** Whether each section starts open, decided when it is first seen: new metrics close none. */
  private readonly startsOpen = new Map<string, boolean>();
  /** Sections toggled while this is searched for. */
  private toggledInSearch: { readonly search: string; readonly names: Set<string> } = { search: '', names: new Set() };
  private readonly change = () => {
    this.revision++;
  };
  private theme: { dispose(): void } | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private scrollRestored = false;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.change);
    this.theme = onThemeChange(this.change);
    this.clock = setInterval(() => {
      this.now = Date.now();
    }, 30_000);
    void this.load('open');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.change);
    this.theme?.dispose();
    clearInterval(this.clock);
  }

  private async load(method: 'open' | 'refresh'): Promise<void> {
    try {
      await this.session.load(method);
      this.problem = undefined;
    } catch (error) {
      // With a snapshot the banner says it: the host told of the lost contact.
      this.problem = error instanceof RemoteError ? error : new RemoteError({ message: String(error) });
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
    if (!snapshot) return this.problem ? this.renderProblem(this.problem) : this.renderLoading();
    const { session, revision } = this;
    return html`<header><flowdeck-toolbar
        .session=${session}
        .revision=${revision}
        .refresh=${() => void this.load('refresh')}
      ></flowdeck-toolbar></header>
      ${this.renderBanner()}
      <div class="columns">
        ${
          view.legendShown
            ? html`<aside aria-label="Runs"><flowdeck-legend .session=${session} .revision=${revision}></flowdeck-legend></aside>`
            : nothing
        }
        <main tabindex="-1" @scroll=${(event: Event) => this.keepScroll(event)}>
          <h1 class="visually-hidden">Metric charts of ${snapshot.runs.length} runs</h1>
          ${this.renderSections()}
        </main>
      </div>
      <flowdeck-readout .session=${session}></flowdeck-readout>`;
  }

  private keepScroll(event: Event): void {
    if (event.target instanceof Element) this.session.keepScroll(event.target.scrollTop);
  }

  private renderBanner(): TemplateResult | typeof nothing {
    const contact = this.session.snapshot?.contact;
    if (!contact || contact.ok) return nothing;
    return html`<div class="banner" role="alert">
      ${icons.warning}
      <span>${withStop(contact.message)} ${contact.advice ?? ''} <b>Showing ${dataOf(contact.at, this.now)}.</b></span>
      <vscode-button appearance="secondary" @click=${() => void this.load('refresh')}>Retry</vscode-button>
    </div>`;
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

  private renderProblem(problem: RemoteError): TemplateResult {
    return html`<main class="failed" role="alert">
      <h1>The runs could not be loaded</h1>
      <p>${withStop(problem.message)} ${problem.advice ?? ''}</p>
      <vscode-button @click=${() => void this.load('open')}>Retry</vscode-button>
    </main>`;
  }
}

const dataOf = (at: number, now: number) =>
  now - at < 60_000 ? 'data that is less than a minute old' : `data of ${age(at, now)}`;
const withStop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
