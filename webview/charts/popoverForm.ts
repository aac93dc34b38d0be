import { html, nothing, type TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { LightElement } from '../controls/lightElement';

interface PopoverTexts {
  /** Of the button and of what it opens. */
  readonly label: string;
  readonly title: string;
  readonly icon: unknown;
  /** Of the dialog, where it is called otherwise than its button. */
  readonly heading?: string;
  /** Classes of the button and of the popover. */
  readonly button?: string;
  readonly popover?: string;
}

let count = 0;

/** A button with a form in a popover, which is made when it opens and takes the focus. */
export abstract class PopoverForm extends LightElement {
  @state() private open = false;
  @query('.popover') private popoverElement?: HTMLElement;
  @query('button') private button?: HTMLElement;
  protected readonly popoverName = `popover-${++count}`;

  protected abstract readonly texts: PopoverTexts;
  protected abstract renderForm(): TemplateResult;

  /** What has the focus when it opens. */
  protected get firstField(): HTMLElement | null | undefined {
    return this.popoverElement?.querySelector<HTMLElement>('select, input');
  }

  override render(): TemplateResult {
    const { label, title, icon, heading = label, button = '', popover = '' } = this.texts;
    return html`<button
        class="icon-button ${button}"
        popovertarget=${this.popoverName}
        title=${title}
        aria-label=${label}
      >${icon}</button>
      <div
        class="popover ${popover}"
        popover="auto"
        id=${this.popoverName}
        role="dialog"
        aria-label=${heading}
        @toggle=${(event: ToggleEvent) => void this.toggled(event)}
      >${this.open ? this.renderForm() : nothing}</div>`;
  }

  protected close(): void {
    this.popoverElement?.hidePopover();
  }

  private async toggled(event: ToggleEvent): Promise<void> {
    this.open = event.newState === 'open';
    await this.updateComplete;
    if (!this.open || !this.popoverElement || !this.button) return;
    place(this.popoverElement, this.button);
    this.firstField?.focus();
  }
}

/** Below its button, inside the window. */
function place(popover: HTMLElement, button: HTMLElement): void {
  const from = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(8, Math.min(from.right - width, window.innerWidth - width - 8));
  const below = from.bottom + 4;
  const top = below + height <= window.innerHeight - 8 ? below : Math.max(8, from.top - 4 - height);
  popover.style.left = `${Math.round(left)}px`;
  popover.style.top = `${Math.round(top)}px`;
}
