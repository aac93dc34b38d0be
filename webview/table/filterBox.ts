import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { completeFilter, type FilterVocabulary } from '../../src/shared/filter/complete';
import { parseFilter } from '../../src/shared/filter/parse';
import type { FilterError } from '../../src/shared/filter/reader';
import { vocabularyOf } from '../../src/shared/filter/vocabularyOf';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { adoptSheet } from '../controls/styles';
import type { Session } from '../runs/session';
import { filterBoxStyles } from './filterBoxStyles';
import { filterHelp } from './filterHelp';
import { type FilterOption, optionId, optionList } from './filterOptions';

adoptSheet(filterBoxStyles);

/** A person who types on is not told of what is not finished yet, ms. */
const pause = 700;

type Open = 'completions' | 'recent' | 'help' | undefined;

/** One line to filter by: read while it is typed, completed, applied by Enter. */
@customElement('flowdeck-filter-box')
export class FilterBox extends LightElement {
  @property({ attribute: false }) session!: Session;
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private text = '';
  @state() private open: Open;
  @state() private options: readonly FilterOption[] = [];
  @state() private active = -1;
  /** The person has paused or asked: what is wrong is said. */
  @state() private told = false;
  private applied = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private vocabulary: { readonly version: number; readonly words: FilterVocabulary } | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  override willUpdate(changed: PropertyValues): void {
    const { filter } = this.session.view;
    if (!changed.has('revision') && this.hasUpdated) return;
    // A view that was opened, or "clear filter" elsewhere; what is being typed is left alone otherwise.
    if (filter !== this.applied || !this.hasUpdated) this.text = filter;
    this.applied = filter;
  }

  override updated(): void {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    this.followScroll();
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector('input');
  }

  private get error(): FilterError | undefined {
    const parsed = parseFilter(this.text, Date.now());
    return parsed.ok ? undefined : parsed.error;
  }

  /** What is wrong with the text, or what the server said of the filter that is applied. */
  private get problem(): string | undefined {
    const { problem } = this.session.loader;
    const { error } = this;
    if (error) return this.told && !this.isUnfinished(error) ? error.message : undefined;
    if (this.text !== this.applied || problem?.kind !== 'invalid') return undefined;
    return [problem.message, problem.advice].filter(Boolean).join(' ');
  }

  /** The list says what may come next: that it has not come yet is no news. */
  private isUnfinished({ from }: FilterError): boolean {
    return this.open === 'completions' && this.options.length > 0 && from >= this.text.trimEnd().length;
  }

  override render(): TemplateResult {
    const { text, open, problem, error } = this;
    const isListed = (open === 'completions' || open === 'recent') && this.options.length > 0;
    return html`<div class="filter-line ${problem ? 'wrong' : ''}">
        ${icons.filter}
        <div class="filter-text">
          <div class="filter-marks" aria-hidden="true">${error && !this.isUnfinished(error) ? marked(text, error) : nothing}</div>
          ${this.renderInput(isListed, problem)}
        </div>
        ${text !== this.applied ? html`<span class="filter-hint" aria-hidden="true">Enter to apply</span>` : nothing}
        ${text ? this.button('close', 'Clear the filter', () => this.clear()) : nothing}
        ${this.button('history', 'Filters used before', () => void this.toggleRecent(), open === 'recent')}
        ${this.button('help', 'How to filter', () => this.show(open === 'help' ? undefined : 'help'), open === 'help')}
      </div>
      ${open === 'help' ? filterHelp('filter-help') : nothing}
      ${
        isListed || (problem && open !== 'help')
          ? html`<div class="filter-popup">
              ${isListed ? optionList('filter-options', this.options, this.active, (at) => this.choose(at)) : nothing}
              ${problem ? html`<div class="filter-problem" id="filter-problem">${icons.warning}<span>${problem}</span></div>` : nothing}
            </div>`
          : nothing
      }
      <span class="visually-hidden" role="status">${problem ?? ''}</span>`;
  }

  private renderInput(isListed: boolean, problem: string | undefined): TemplateResult {
    return html`<input
      class="filter-input"
      type="text"
      role="combobox"
      aria-label="Filter runs"
      aria-autocomplete="list"
      aria-expanded=${isListed}
      aria-controls=${isListed ? 'filter-options' : nothing}
      aria-activedescendant=${isListed && this.active >= 0 ? optionId(this.active) : nothing}
      aria-invalid=${problem ? 'true' : nothing}
      aria-describedby=${problem ? 'filter-problem' : nothing}
      placeholder="Filter: metrics.loss < 0.1 AND params.lr > 0.01, or a part of a name"
      spellcheck="false"
      autocomplete="off"
      .value=${this.text}
      @input=${() => this.typed()}
      @keydown=${(event: KeyboardEvent) => this.press(event)}
      @scroll=${() => this.followScroll()}
      @blur=${() => this.left()}
    />`;
  }

  private button(icon: 'close' | 'history' | 'help', label: string, press: () => void, on?: boolean): TemplateResult {
    return html`<button
      class="icon-button"
      title=${label}
      aria-label=${label}
      aria-expanded=${on === undefined ? nothing : on}
      @mousedown=${(event: Event) => event.preventDefault()}
      @click=${press}
    >${icons[icon]}</button>`;
  }

  private typed(): void {
    this.text = this.input?.value ?? '';
    this.told = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.told = true;
    }, pause);
    this.complete();
  }

  private complete(): void {
    const { text, input } = this;
    const { table } = this.session;
    if (this.vocabulary?.version !== table.version)
      this.vocabulary = { version: table.version, words: vocabularyOf(table) };
    const pieces = completeFilter(text, input?.selectionStart ?? text.length, this.vocabulary.words);
    this.options = pieces.map((piece) => ({ kind: 'piece', piece }));
    this.active = -1;
    this.show('completions');
  }

  private press(event: KeyboardEvent): void {
    const { options, open, active } = this;
    const isListed = (open === 'completions' || open === 'recent') && options.length > 0;
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        if (isListed) this.active = step(active, event.key === 'ArrowDown' ? 1 : -1, options.length);
        else if (this.text === '') void this.toggleRecent();
        else this.complete();
        break;
      case ' ':
        if (!event.ctrlKey) return;
        this.complete();
        break;
      case 'Tab':
        if (!isListed || event.shiftKey || open !== 'completions' || (active < 0 && this.text === this.applied)) return;
        this.choose(Math.max(0, active));
        break;
      case 'Enter':
        if (isListed && active >= 0) this.choose(active);
        else this.apply(this.text);
        break;
      case 'Escape':
        if (open) this.show(undefined);
        else this.revert();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  private choose(at: number): void {
    const option = this.options[at];
    if (!option) return;
    if (option.kind === 'recent') {
      this.apply(option.filter);
      return;
    }
    const { insert, from, to } = option.piece;
    const text = `${this.text.slice(0, from)}${insert}${this.text.slice(to)}`;
    this.text = text;
    this.told = false;
    void this.updateComplete.then(() => {
      this.input?.focus();
      this.input?.setSelectionRange(from + insert.length, from + insert.length);
    });
    this.show(undefined);
  }

  private apply(text: string): void {
    this.text = text;
    this.told = true;
    this.show(undefined);
    const { error } = this;
    if (error) {
      this.input?.setSelectionRange(error.from, error.to);
      return;
    }
    const filter = text.trim();
    this.text = filter;
    // The list of filters used is an extra: what cannot be kept is not missed.
    if (filter) this.session.rpc.call('noteFilter', { filter }).catch(() => undefined);
    if (filter !== this.session.view.filter) this.session.update({ filter });
  }

  private clear(): void {
    this.apply('');
    this.input?.focus();
  }

  private revert(): void {
    this.text = this.applied;
    this.told = true;
  }

  private async toggleRecent(): Promise<void> {
    if (this.open === 'recent') {
      this.show(undefined);
      return;
    }
    const filters = await this.session.rpc.call('recentFilters', {}).catch(() => []);
    this.options = filters.map((filter) => ({ kind: 'recent', filter }));
    this.active = -1;
    this.show('recent');
    this.input?.focus();
  }

  private show(open: Open): void {
    this.open = open;
    if (open === undefined) this.active = -1;
  }

  private left(): void {
    this.show(undefined);
    this.told = true;
  }

  /** The marks lie under the text however far it is scrolled. */
  private followScroll(): void {
    const marks = this.querySelector('.filter-marks');
    // Asked where nothing is written, the page would be laid out for nothing.
    if (marks && this.input && this.text !== '') marks.scrollLeft = this.input.scrollLeft;
  }
}

/** What is wrong, underlined; where something is missing, the place after the end. */
function marked(text: string, { from, to }: FilterError): TemplateResult {
  const wrong = to > from ? text.slice(from, to) : '  ';
  return html`${text.slice(0, from)}<span class="filter-mark">${wrong}</span>${text.slice(to)}`;
}

const step = (at: number, by: 1 | -1, length: number) =>
  at < 0 ? (by > 0 ? 0 : length - 1) : (at + by + length) % length;
