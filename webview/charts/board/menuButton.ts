import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { LightElement } from '../../controls/lightElement';

export interface MenuItem {
  readonly label: string;
  readonly run: () => void;
  /** Of one among several: it is the one in force. */
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** A line above it. */
  readonly first?: boolean;
}

/** A button that opens a menu, by pointer and keys as ARIA's pattern of menu buttons has it. */
@customElement('flowdeck-menu-button')
export class MenuButton extends LightElement {
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) icon: unknown = nothing;
  @property({ attribute: false }) items: () => readonly MenuItem[] = () => [];
  @state() private open = false;
  @query('button') private button?: HTMLButtonElement;
  @query('[role=menu]') private menu?: HTMLElement;

  override render(): TemplateResult {
    return html`<button
        class="icon-button"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        @click=${() => this.toggle()}
        @keydown=${(event: KeyboardEvent) => this.openWithKey(event)}
      >${this.icon}</button>
      <div
        class="pop-menu"
        role="menu"
        popover="auto"
        aria-label=${this.label}
        @toggle=${(event: ToggleEvent) => this.toggled(event)}
        @keydown=${(event: KeyboardEvent) => this.move(event)}
      >${this.open ? this.items().map((item) => this.renderItem(item)) : nothing}</div>`;
  }

  private renderItem({ label, run, checked, disabled, first }: MenuItem): TemplateResult {
    return html`<button
      class="pop-item ${first ? 'first' : ''}"
      role=${checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked=${checked === undefined ? nothing : checked}
      tabindex="-1"
      ?disabled=${disabled ?? false}
      @click=${() => {
        this.menu?.hidePopover();
        run();
      }}
    ><span class="pop-check" aria-hidden="true">${checked ? '✓' : ''}</span>${label}</button>`;
  }

  private toggle(): void {
    if (this.open) this.menu?.hidePopover();
    else this.menu?.showPopover();
  }

  private openWithKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' || this.open) return;
    event.preventDefault();
    this.menu?.showPopover();
  }

  private toggled({ newState }: ToggleEvent): void {
    this.open = newState === 'open';
    void this.updateComplete.then(() => {
      if (!this.open) {
        if (document.activeElement === document.body || this.contains(document.activeElement)) this.button?.focus();
        return;
      }
      this.place();
      this.enabled[0]?.focus();
    });
  }

  /** Under the button, or above it where there is no room. */
  private place(): void {
    const { menu, button } = this;
    if (!menu || !button) return;
    const at = button.getBoundingClientRect();
    const { width, height } = menu.getBoundingClientRect();
    const below = at.bottom + 2 + height <= window.innerHeight - 4;
    const left = Math.max(4, Math.min(at.right - width, window.innerWidth - width - 4));
    const top = below ? at.bottom + 2 : Math.max(4, at.top - 2 - height);
    Object.assign(menu.style, { left: `${left}px`, top: `${top}px` });
  }

  private get enabled(): HTMLButtonElement[] {
    return [...(this.menu?.querySelectorAll<HTMLButtonElement>('.pop-item:not(:disabled)') ?? [])];
  }

  private move(event: KeyboardEvent): void {
    const items = this.enabled;
    const at = items.indexOf(document.activeElement as HTMLButtonElement);
    const next = nextItem(event.key, at, items.length);
    if (event.key === 'Tab') this.menu?.hidePopover();
    if (next === undefined) return;
    event.preventDefault();
    items[next]?.focus();
  }
}

function nextItem(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return (at + 1) % count;
    case 'ArrowUp':
      return (at - 1 + count) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
