import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { kindTexts, kindTitle, type Setting, settingsOf } from '../../../src/shared/charts/chartSettings';
import { columnLabel } from '../../../src/shared/charts/columnData';
import { type Field, fieldsOf } from '../../../src/shared/charts/fields';
import { runName } from '../../../src/shared/charts/runRows';
import { suggestChart } from '../../../src/shared/charts/suggest';
import type { ColumnId } from '../../../src/shared/runs/column';
import { type ChartDefinition, type ChartKind, mostColumns } from '../../../src/shared/view/chartDefinition';
import { icons } from '../../controls/icons';
import { LightElement } from '../../controls/lightElement';
import type { Session } from '../../runs/session';
import { kindIcons } from './boardIcons';
import { chartRows } from './chartRows';
import './fieldPicker';
import { statChoice } from './statChoice';

/** Runs that a list offers. */
const mostRuns = 500;

/** The dialog that makes or changes a chart: its kind, then what the kind needs, filled in so that it is a picture at once. */
@customElement('flowdeck-chart-form')
export class ChartForm extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) save: (chart: ChartDefinition) => void = () => undefined;
  @state() private draft: ChartDefinition | undefined;
  @state() private isNew = false;
  @query('dialog') private dialog?: HTMLDialogElement;
  private numbers: readonly Field[] = [];
  private any: readonly Field[] = [];

  /** Begins a new chart, which has the id. */
  add(id: string): void {
    this.isNew = true;
    this.begin(this.suggest('scatter', id));
  }

  edit(chart: ChartDefinition): void {
    this.isNew = false;
    this.begin(chart);
  }

  private begin(chart: ChartDefinition): void {
    const { table } = this.session;
    this.numbers = fieldsOf(table, 'number');
    this.any = fieldsOf(table, 'any');
    this.draft = chart;
    void this.updateComplete.then(() => {
      this.dialog?.showModal();
      this.dialog?.querySelector<HTMLElement>('.kinds input:checked')?.focus();
    });
  }

  private suggest(kind: ChartKind, id: string): ChartDefinition {
    return suggestChart(this.session.table, chartRows(this.session, 'all'), kind, id);
  }

  override render(): TemplateResult {
    const { draft } = this;
    const settings = draft ? settingsOf(draft.kind) : [];
    return html`<dialog class="chart-form" aria-labelledby="chart-form-title" @close=${() => this.closed()}>
      ${
        draft
          ? html`<form method="dialog" @submit=${(event: SubmitEvent) => this.submit(event)}>
              <h2 id="chart-form-title">${this.isNew ? 'Add Chart' : 'Edit Chart'}</h2>
              ${this.renderKinds(draft)}
              <div class="form-fields">
                ${settings.filter(({ type }) => type !== 'flag').map((setting) => this.renderSetting(draft, setting))}
                ${this.renderCommon(draft)}
                <div class="flags">${settings.filter(({ type }) => type === 'flag').map((setting) => this.renderSetting(draft, setting))}</div>
              </div>
              <div class="form-buttons">
                <button class="button secondary" type="button" @click=${() => this.dialog?.close()}>Cancel</button>
                <button class="button" type="submit">${this.isNew ? 'Add Chart' : 'Save'}</button>
              </div>
            </form>`
          : nothing
      }
    </dialog>`;
  }

  private renderKinds({ kind: chosen }: ChartDefinition): TemplateResult {
    const text = kindTexts.find(({ kind }) => kind === chosen);
    return html`<fieldset class="kinds">
        <legend class="visually-hidden">Kind of chart</legend>
        ${kindTexts.map(
          ({ kind, title }) => html`<label class="kind" title=${title}>
            <input type="radio" name="kind" .checked=${kind === chosen} @change=${() => this.changeKind(kind)} />
            <span class="kind-face">${kindIcons[kind]}<span>${title}</span></span>
          </label>`,
        )}
      </fieldset>
      <p class="quiet kind-use">${text?.title}: ${text?.use}.</p>`;
  }

  private renderSetting(draft: ChartDefinition, setting: Setting): TemplateResult {
    switch (setting.type) {
      case 'column':
        return html`<flowdeck-field-picker
          .name=${`field-${setting.name}`}
          .label=${setting.label}
          .fields=${setting.accepts === 'number' ? this.numbers : this.any}
          .value=${draft[setting.name]}
          .optional=${!setting.required}
          .stats=${true}
          .choose=${(id: ColumnId | undefined) => this.set(setting.name, id)}
        ></flowdeck-field-picker>`;
      case 'columns':
        return this.renderColumns(draft, setting.label);
      case 'metric':
        return html`<flowdeck-field-picker
          .name=${'field-metric'}
          .label=${setting.label}
          .fields=${this.numbers.filter(({ group }) => group === 'Metrics')}
          .value=${draft.metric === undefined ? undefined : `metrics.${draft.metric}`}
          .choose=${(id: ColumnId | undefined) => this.set('metric', id?.slice('metrics.'.length))}
        ></flowdeck-field-picker>`;
      case 'run':
        return this.renderChoice(setting.name, setting.label, draft[setting.name], [
          ['', setting.none],
          ...this.runChoices(draft),
        ]);
      case 'flag':
        return html`<label class="flag"><input
          type="checkbox"
          .checked=${draft[setting.name] === true}
          @change=${(event: Event) => this.set(setting.name, isChecked(event) || undefined)}
        />${setting.label}</label>`;
      case 'choice':
        return this.renderChoice(setting.name, setting.label, draft[setting.name], setting.options);
      case 'number':
      case 'text':
        return this.renderInput(draft, setting);
    }
  }

  private renderInput(draft: ChartDefinition, setting: Extract<Setting, { type: 'number' | 'text' }>): TemplateResult {
    const isNumber = setting.type === 'number';
    const change = (event: Event) => {
      const text = event.target instanceof HTMLInputElement ? event.target.value.trim() : '';
      if (text === '') this.set(setting.name, undefined);
      else this.set(setting.name, isNumber ? Math.min(200, Math.max(1, Math.round(Number(text)))) : text);
    };
    return html`<div>
      <label class="field-label" for=${`field-${setting.name}`}>${setting.label}</label>
      <input
        class="input"
        id=${`field-${setting.name}`}
        type=${isNumber ? 'number' : 'text'}
        min=${isNumber ? 1 : nothing}
        max=${isNumber ? 200 : nothing}
        placeholder=${setting.hint}
        .value=${String(draft[setting.name] ?? '')}
        @change=${change}
      />
    </div>`;
  }

  private renderChoice(
    name: keyof ChartDefinition,
    label: string,
    value: string | undefined,
    options: readonly (readonly [string, string])[],
  ): TemplateResult {
    return html`<div>
      <label class="field-label" for=${`field-${name}`}>${label}</label>
      <select class="input" id=${`field-${name}`} @change=${(event: Event) => this.set(name, (event.target instanceof HTMLSelectElement && event.target.value) || undefined)}>
        ${options.map(([option, text]) => html`<option value=${option} ?selected=${option === (value ?? '')}>${text}</option>`)}
      </select>
    </div>`;
  }

  /** Runs of the chart by name; the chosen one also when it is not among them any more. */
  private runChoices({ runs, baseline }: ChartDefinition): (readonly [string, string])[] {
    const { table } = this.session;
    const choices = chartRows(this.session, runs)
      .slice(0, mostRuns)
      .map((row) => [table.head(row).runId, runName(table, row)] as const);
    const row = baseline === undefined ? undefined : table.rowOf(baseline);
    if (baseline === undefined || choices.some(([runId]) => runId === baseline)) return choices;
    return [[baseline, row === undefined ? baseline : runName(table, row)], ...choices];
  }

  private renderColumns(draft: ChartDefinition, label: string): TemplateResult {
    const columns = draft.columns ?? [];
    const change = (next: readonly ColumnId[]) => this.set('columns', next);
    const toggleLog = (id: ColumnId, on: boolean) => {
      const rest = (draft.logColumns ?? []).filter((column) => column !== id);
      this.set('logColumns', on ? [...rest, id] : rest);
    };
    return html`<div class="axes">
      <span class="field-label" id="axes-label">${label}</span>
      <ul class="axis-list" aria-labelledby="axes-label">
        ${columns.map(
          (id, at) => html`<li>
            <span class="axis-name" title=${columnLabel(id)}>${columnLabel(id)}</span>
            ${statChoice(id, columnLabel(id), (other) => change(columns.map((column) => (column === id ? other : column))), columns)}
            <label class="axis-log"><input type="checkbox" .checked=${draft.logColumns?.includes(id) === true} @change=${(event: Event) => toggleLog(id, isChecked(event))} aria-label=${`Log axis: ${columnLabel(id)}`} />log</label>
            <button type="button" class="icon-button turn-up" title="Move up" aria-label=${`Move ${columnLabel(id)} up`} ?disabled=${at === 0} @click=${() => change(moved(columns, at, -1))}>${icons.chevron}</button>
            <button type="button" class="icon-button turn-down" title="Move down" aria-label=${`Move ${columnLabel(id)} down`} ?disabled=${at === columns.length - 1} @click=${() => change(moved(columns, at, 1))}>${icons.chevron}</button>
            <button type="button" class="icon-button" title="Remove" aria-label=${`Remove ${columnLabel(id)}`} @click=${() => change(columns.filter((column) => column !== id))}>${icons.failed}</button>
          </li>`,
        )}
      </ul>
      ${
        columns.length < mostColumns
          ? html`<flowdeck-field-picker
              .name=${'field-columns'}
              .label=${'Add an axis'}
              .fields=${this.any.filter(({ id }) => !columns.includes(id))}
              .adds=${true}
              .choose=${(id: ColumnId | undefined) => id && change([...columns, id])}
            ></flowdeck-field-picker>`
          : nothing
      }
    </div>`;
  }

  private renderCommon(draft: ChartDefinition): TemplateResult {
    const change = (event: Event) => {
      const text = event.target instanceof HTMLInputElement ? event.target.value.trim() : '';
      this.set('title', text === '' ? undefined : text);
    };
    return html`${
      draft.kind === 'line'
        ? nothing
        : this.renderChoice('runs', 'Runs', draft.runs, [
            ['all', 'All that match the filter'],
            ['chosen', 'Those chosen for charts'],
          ])
    }
      ${this.renderChoice('size', 'Width', draft.size, [
        ['small', 'One column'],
        ['wide', 'Two columns'],
        ['large', 'Whole width'],
      ])}
      <div>
        <label class="field-label" for="field-title">Title <span class="quiet">(optional)</span></label>
        <input class="input" id="field-title" maxlength="200" placeholder=${kindTitle(draft.kind)} .value=${draft.title ?? ''} @change=${change} />
      </div>`;
  }

  private changeKind(kind: ChartKind): void {
    if (!this.draft) return;
    const { id, title } = this.draft;
    this.draft = { ...this.suggest(kind, id), ...(title === undefined ? {} : { title }) };
  }

  private set<Name extends keyof ChartDefinition>(name: Name, value: unknown): void {
    if (!this.draft) return;
    const { [name]: _, ...rest } = this.draft;
    // Every control gives what its setting holds; what is read back is decoded again.
    this.draft = { ...rest, ...(value === undefined ? {} : { [name]: value }) } as unknown as ChartDefinition;
  }

  private submit(event: SubmitEvent): void {
    event.preventDefault();
    const { draft } = this;
    this.dialog?.close();
    if (draft) this.save(draft);
  }

  private closed(): void {
    this.draft = undefined;
  }
}

const isChecked = (event: Event) => event.target instanceof HTMLInputElement && event.target.checked;

function moved(columns: readonly ColumnId[], at: number, by: number): readonly ColumnId[] {
  const column = columns[at];
  return column === undefined ? columns : columns.toSpliced(at, 1).toSpliced(at + by, 0, column);
}
