import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { functionNames, metricsOf, type ParsedExpression, parseExpression } from '../../src/shared/series/expression';
import { icons } from '../controls/icons';
import { controlText } from '../controls/toolkit';
import type { ChartCard } from './chartCard';
import { PopoverForm } from './popoverForm';
import type { Session } from './session';

const mostOffered = 1_000;

/** "Add chart": a chart of an expression over metrics, with what is wrong in it while it is typed. */
@customElement('flowdeck-add-expression')
export class AddExpression extends PopoverForm {
  @property({ attribute: false }) session!: Session;
  @state() private text = '';
  @query('.expression') private input?: HTMLInputElement;

  protected readonly texts = {
    label: 'Add chart of an expression',
    title: 'Add a chart of an expression',
    heading: 'Add a chart of an expression',
    icon: icons.add,
    popover: 'wide-popover',
  };

  protected override get firstField(): HTMLElement | undefined {
    return this.input;
  }

  private get parsed(): ParsedExpression | undefined {
    return this.text.trim() === '' ? undefined : parseExpression(this.text);
  }

  /** Metrics that no charted run has: the chart would be empty. */
  private get unknown(): readonly string[] {
    const { parsed } = this;
    const known = new Set(this.session.snapshot?.metrics);
    return parsed?.ok ? metricsOf(parsed.expression).filter((key) => !known.has(key)) : [];
  }

  protected renderForm(): TemplateResult {
    const { parsed, unknown } = this;
    const metrics = this.session.snapshot?.metrics ?? [];
    const hasMetric = parsed?.ok === true && metricsOf(parsed.expression).length > 0;
    return html`<h4>Chart of an expression</h4>
      <form @submit=${(event: Event) => this.submit(event)}>
        <label class="field column"
          ><span>Expression</span>
          <input
            class="expression"
            type="text"
            spellcheck="false"
            placeholder="\${val/loss} - \${loss}"
            .value=${this.text}
            aria-invalid=${parsed?.ok === false}
            aria-describedby="expression-problem"
            @input=${(event: Event) => {
              this.text = controlText(event);
            }}
          />
        </label>
        <div id="expression-problem" class="expression-problem" aria-live="polite">
          ${parsed && !parsed.ok ? this.renderProblem(parsed.problem) : nothing}
          ${unknown.length > 0 ? html`<p class="quiet">No charted run has ${unknown.join(', ')}.</p>` : nothing}
          ${parsed?.ok && !hasMetric ? html`<p class="quiet">An expression needs a metric.</p>` : nothing}
        </div>
        <label class="field column"
          ><span>Insert a metric</span>
          <input type="text" list="expression-metrics" placeholder="Metric" @change=${(event: Event) => this.insert(event)} />
          <datalist id="expression-metrics">
            ${metrics.slice(0, mostOffered).map((key) => html`<option value=${key}></option>`)}
          </datalist>
        </label>
        <p class="quiet hint">+ - * / ^ ( ) and ${functionNames.join(', ')}. Points are joined by step.</p>
        <div class="popover-foot">
          <button class="button" type="submit" ?disabled=${!hasMetric}>Add chart</button>
        </div>
      </form>`;
  }

  /** The text with the fault marked. */
  private renderProblem({ message, start, end }: { message: string; start: number; end: number }): TemplateResult {
    const fault = this.text.slice(start, end);
    return html`<p class="marked"
        >${this.text.slice(0, start)}<mark>${fault === '' ? ' ' : fault}</mark>${this.text.slice(end)}</p
      >
      <p class="error">${message} (at ${start + 1})</p>`;
  }

  private insert(event: Event): void {
    const key = controlText(event);
    if (key === '' || !this.input) return;
    const at = this.input.selectionStart ?? this.text.length;
    this.text = `${this.text.slice(0, at)}\${${key}}${this.text.slice(at)}`;
    if (event.target instanceof HTMLInputElement) event.target.value = '';
  }

  private submit(event: Event): void {
    event.preventDefault();
    const { parsed, session } = this;
    if (!parsed?.ok || metricsOf(parsed.expression).length === 0) return;
    const added = { id: `expression ${crypto.randomUUID()}`, text: this.text.trim() };
    session.update({ expressions: [...session.view.expressions, added] });
    this.text = '';
    this.close();
    // It stands at the top, which may be out of sight.
    setTimeout(() => {
      const cards = document.querySelectorAll<ChartCard>('flowdeck-chart-card');
      [...cards].find(({ metric }) => metric === added.id)?.scrollIntoView({ block: 'nearest' });
    });
  }
}
