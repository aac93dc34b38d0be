import { html, nothing, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { LightElement } from '../controls/lightElement';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  /** One of several that exclude one another, and whether it is the one. */
  readonly checked?: boolean;
}

export interface MenuPlace {
  readonly x: number;
  readonly y: number;
}

/** A menu at a place of the page: arrows, Home, End, Enter, Escape, as the pattern of menus asks. */
@customElement('flowdeck-compare-menu')
export class CompareMenu extends LightElement {
  @state() private items: readonly MenuItem[] = [];
  private label = '';
  private place: MenuPlace = { x: 0, y: 0 };
  private back: HTMLElement | undefined;

  /** @param back gets the focus when the menu is gone */
  show(label: string, items: readonly MenuItem[], place: MenuPlace, back: HTMLElement): void {
    this.label = label;
    this.items = items;
    this.place = place;
    this.back = back;
  }

  override updated(): void {
    const menu = this.querySelector<HTMLElement>('.compare-menu');
    if (!menu) return;
    const { width, height } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(4, Math.min(this.place.x, window.innerWidth - width - 4))}px`;
    menu.style.top = `${Math.max(4, Math.min(this.place.y, window.innerHeight - height - 4))}px`;
    if (!menu.contains(document.activeElement)) menu.querySelector<HTMLElement>('button')?.focus();
  }

  override render(): TemplateResult | typeof nothing {
    if (this.items.length === 0) return nothing;
    return html`<div class="menu-backdrop" @pointerdown=${() => this.close()}></div>
      <div class="compare-menu" role="menu" aria-label=${this.label} @keydown=${(event: KeyboardEvent) => this.key(event)}>
        ${this.items.map((item) => this.renderItem(item))}
      </div>`;
  }

  private renderItem(item: MenuItem): TemplateResult {
    const choose = () => {
      this.close();
      item.run();
    };
    return item.checked === undefined
      ? html`<button role="menuitem" tabindex="-1" @click=${choose}><span class="check"></span>${item.label}</button>`
      : html`<button role="menuitemradio" aria-checked=${item.checked} tabindex="-1" @click=${choose}>
          <span class="check">${item.checked ? '✓' : ''}</span>${item.label}
        </button>`;
  }

  private key(event: KeyboardEvent): void {
    const buttons = [...this.querySelectorAll<HTMLElement>('button')];
    const at = buttons.findIndex((button) => button.matches(':focus'));
    const last = buttons.length - 1;
    const next = { ArrowDown: at === last ? 0 : at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[
      event.key
    ];
    if (next !== undefined) buttons[next]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private close(): void {
    this.items = [];
    this.back?.focus();
  }
}
