import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { age } from '../../src/shared/age';
import { RemoteError } from '../../src/shared/rpc';
import type { Tab } from '../../src/shared/view/runsView';
import { focusKeeper } from '../controls/focusKeeper';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { onThemeChange } from '../controls/theme';
import type { TableTab } from '../table/tableTab';
import type { Session } from './session';

const tabs: readonly { readonly tab: Tab; readonly title: string; readonly icon: keyof typeof icons }[] = [
  { tab: 'table', title: 'Table', icon: 'table' },
  { tab: 'charts', title: 'Charts', icon: 'chart' },
  { tab: 'compare', title: 'Compare', icon: 'compare' },
];

/** Each tab's code is read when the tab is shown first. */
const load: Readonly<Record<Tab, () => Promise<unknown>>> = {
  table: () => import('../table/tableTab'),
  charts: () => import('../charts/chartsTab'),
  compare: () => import('../compare/compareTab'),
};

/** The page: what is wrong, which tab, and the tab. */
@customElement('flowdeck-runs')
export class RunsApp extends LightElement {
  @property({ attribute: false }) session!: Session;
  @state() private revision = 0;
  @state() private now = Date.now();
  @state() private readonly loaded = new Set<Tab>();
  private readonly change = () => {
    this.revision++;
  };
  private theme: { dispose(): void } | undefined;
  private exports: { dispose(): void } | undefined;
  private shows: { dispose(): void } | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener('change', this.change);
    this.theme = onThemeChange(this.change);
    this.exports = this.session.rpc.on('exportWanted', () => void this.export());
    this.shows = this.session.rpc.on('showView', () => focusKeeper.begin());
    this.clock = setInterval(() => {
      this.now = Date.now();
    }, 30_000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.session.removeEventListener('change', this.change);
    this.theme?.dispose();
    this.exports?.dispose();
    this.shows?.dispose();
    clearInterval(this.clock);
  }

  override willUpdate(): void {
    const { tab } = this.session.view;
    if (this.loaded.has(tab)) return;
    void load[tab]().then(() => {
      this.loaded.add(tab);
      this.requestUpdate();
    });
  }

  override render(): TemplateResult {
    const { tab } = this.session.view;
    return html`<header>
        <div class="tabs" role="tablist" aria-label="Views of the runs" @keydown=${(event: KeyboardEvent) => this.moveTab(event)}>
          ${tabs.map(({ tab: name, title, icon }) => this.renderTab(name, title, icon))}
        </div>
      </header>
      ${this.renderBanner()}
      <main>
        <div class="tab-panel" role="tabpanel" id="panel-${tab}" aria-labelledby="tab-${tab}">${this.renderPanel(tab)}</div>
      </main>`;
  }

  private renderTab(tab: Tab, title: string, icon: keyof typeof icons): TemplateResult {
    const selected = this.session.view.tab === tab;
    return html`<button
      class="tab"
      role="tab"
      id="tab-${tab}"
      aria-selected=${selected}
      aria-controls=${selected ? `panel-${tab}` : nothing}
      tabindex=${selected ? 0 : -1}
      @click=${() => this.session.update({ tab })}
    >${icons[icon]}<span>${title}</span></button>`;
  }

  /** Arrows move between tabs, as the pattern of tabs asks. */
  private moveTab(event: KeyboardEvent): void {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (by === 0) return;
    const at = tabs.findIndex(({ tab }) => tab === this.session.view.tab);
    const next = tabs[(at + by + tabs.length) % tabs.length];
    if (!next) return;
    event.preventDefault();
    this.session.update({ tab: next.tab });
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(`#tab-${next.tab}`)?.focus());
  }

  /** Runs are exported as they stand in the table. */
  private async export(): Promise<void> {
    this.session.update({ tab: 'table' });
    await load.table();
    this.loaded.add('table');
    this.requestUpdate();
    await this.updateComplete;
    const table = this.querySelector<TableTab>('flowdeck-table-tab');
    await table?.updateComplete;
    table?.export();
  }

  private renderPanel(tab: Tab): TemplateResult | typeof nothing {
    const { session, revision } = this;
    if (!this.loaded.has(tab)) return nothing;
    switch (tab) {
      case 'table':
        return html`<flowdeck-table-tab .session=${session} .revision=${revision}></flowdeck-table-tab>`;
      case 'charts':
        return html`<flowdeck-charts .runs=${session} .revision=${revision}></flowdeck-charts>`;
      case 'compare':
        return html`<flowdeck-compare .session=${session} .revision=${revision}></flowdeck-compare>`;
    }
  }

  /** What went wrong, with what is shown meanwhile and how old it is. */
  private renderBanner(): TemplateResult | typeof nothing {
    const { snapshot, loader } = this.session;
    const contact = snapshot?.contact;
    const { problem } = loader;
    if (problem && loader.edition === 0)
      return this.banner(problem.message, problem.advice, 'There is nothing to show yet.');
    if (contact && !contact.ok)
      return this.banner(contact.message, contact.advice, `Showing ${dataOf(contact.at, this.now)}.`);
    // A filter that is refused is said beside the filter.
    if (problem && problem.kind !== 'invalid') return this.banner(problem.message, problem.advice, '');
    return nothing;
  }

  private banner(message: string, advice: string | undefined, shown: string): TemplateResult {
    return html`<div class="banner" role="alert">
      ${icons.warning}
      <span>${withStop(message)} ${advice ?? ''} <b>${shown}</b></span>
      <button class="button secondary" @click=${() => void this.retry()}>Retry</button>
    </div>`;
  }

  private async retry(): Promise<void> {
    try {
      await this.session.refresh();
    } catch (error) {
      // The host tells the banner.
      if (!(error instanceof RemoteError)) throw error;
    }
  }
}

const dataOf = (at: number, now: number) =>
  now - at < 60_000 ? 'data that is less than a minute old' : `data of ${age(at, now)}`;
const withStop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
