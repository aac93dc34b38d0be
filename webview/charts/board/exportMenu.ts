import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { RemoteError } from '../../../src/shared/rpc';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';
import type { HostRpc } from '../../runs/hostRpc';
import { boardIcons } from './boardIcons';
import './menuButton';
import type { MenuItem } from './menuButton';

const reading = 'Reading everything…';
/** ms */
const moment = 6_000;

/** What an action of the menu works with. */
export interface ExportTools {
  readonly rpc: HostRpc;
  /** Says something for a moment. */
  say(message: string): void;
  /** Says that it takes a while, where it does; ended when the card is gone. */
  whileReading<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Something to save or copy. What it throws is shown. */
export interface ExportAction {
  readonly label: string;
  readonly disabled?: boolean;
  /** A line stands above it. */
  readonly first?: boolean;
  run(tools: ExportTools): Promise<void>;
}

/** Saves and copies what a card shows, and says what became of it. */
@customElement('flowdeck-export-menu')
export class ExportMenu extends LightElement {
  @property({ attribute: false }) rpc!: HostRpc;
  /** Asked when the menu opens: a chart that is not drawn costs nothing. */
  @property({ attribute: false }) actions!: () => readonly ExportAction[];
  @property({ attribute: false }) name = '';
  @state() private message = '';
  @state() private failed = false;
  private abort: AbortController | undefined;
  private fading: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.abort?.abort();
    clearTimeout(this.fading);
  }

  override render(): TemplateResult {
    return html`<flowdeck-menu-button
        .label=${`Save or copy: ${this.name}`}
        .icon=${boardIcons.save}
        .items=${() => this.items()}
      ></flowdeck-menu-button>
      ${
        this.message === ''
          ? nothing
          : html`<div class="export-message ${this.failed ? 'is-error' : ''}" role=${this.failed ? 'alert' : 'status'}>
              <span>${this.message}</span>
              <button class="icon-button" aria-label="Dismiss" title="Dismiss" @click=${() => this.say('')}>${icons.failed}</button>
            </div>`
      }`;
  }

  private items(): readonly MenuItem[] {
    const tools: ExportTools = {
      rpc: this.rpc,
      say: (message) => this.say(message),
      whileReading: (read) => this.whileReading(read),
    };
    return this.actions().map((action) => ({
      label: action.label,
      ...(action.first ? { first: true } : {}),
      ...(action.disabled ? { disabled: true } : {}),
      run: () => void this.attempt(() => action.run(tools)),
    }));
  }

  private async whileReading<T>(read: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.abort?.abort();
    this.abort = new AbortController();
    const slow = setTimeout(() => this.say(reading), 300);
    try {
      return await read(this.abort.signal);
    } finally {
      clearTimeout(slow);
      if (this.message === reading) this.say('');
    }
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.say('');
    try {
      await action();
    } catch (error) {
      if (error instanceof RemoteError && error.kind === 'cancelled') return;
      this.failed = true;
      this.message = error instanceof Error ? error.message : String(error);
    }
  }

  /** What went well is said for a moment; what failed stays. */
  private say(message: string): void {
    this.failed = false;
    this.message = message;
    clearTimeout(this.fading);
    this.fading = setTimeout(() => {
      if (!this.failed) this.message = '';
    }, moment);
  }
}
