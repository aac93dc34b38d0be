import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { TagKey } from '../../src/shared/domain';
import { cellText, fullText, localInstant, statusName } from '../../src/shared/runs/cellText';
import { columnId } from '../../src/shared/runs/column';
import { type Entry, runEntries } from '../../src/shared/runs/runFacts';
import { count, duration, shortNumber } from '../../src/shared/series/format';
import { icons } from '../controls/icons';
import { LightElement } from '../controls/lightElement';
import { openMenu } from '../controls/menu';
import { adoptSheet } from '../controls/styles';
import type { Session } from '../runs/session';
import { codeItems } from './codeMenu';
import './commitNote';
import './descriptionEditor';
import type { DescriptionEditor } from './descriptionEditor';
import { detailsStyles } from './detailsStyles';
import { editTarget, openCellEditor } from './editCell';
import { statusIcons } from './nameCell';
import { editRun, shownNow } from './optimisticEdit';
import type { RowActions } from './rowActions';

adoptSheet(detailsStyles);

/** Rows of one section; a run may have thousands of metrics. */
const mostEntries = 200;

/** Everything of one run, beside the table. */
@customElement('flowdeck-run-details')
export class RunDetails extends LightElement {
  @property({ attribute: false }) session!: Session;
  @property({ attribute: false }) actions!: RowActions;
  @property({ attribute: false }) runId = '';
  /** Changes whenever the session did. */
  @property({ attribute: false }) revision = 0;
  @state() private find = '';

  editDescription(): void {
    this.querySelector<DescriptionEditor>('flowdeck-description')?.edit();
  }

  override render(): TemplateResult {
    const { table, snapshot } = this.session;
    const row = table.rowOf(this.runId);
    if (row === undefined)
      return html`${this.renderHead('Run')}<p class="details-none quiet">This run is not loaded.</p>`;
    const head = table.head(row);
    const entries = runEntries(table, row, this.find);
    const writable = snapshot?.readOnly === false && !head.deleted;
    return html`${this.renderHead(head.name || head.runId)}
      <div class="details-body">
        ${this.renderFacts(row)}
        <flowdeck-description
          .session=${this.session}
          .runId=${this.runId}
          .text=${table.tag(TagKey.note)?.get(row) ?? ''}
          .writable=${writable}
        ></flowdeck-description>
        <input class="text-input details-find" type="search" aria-label="Find in metrics, params and tags" placeholder="Find in metrics, params and tags" .value=${this.find} @input=${(event: Event) => this.searched(event)} />
        ${section('Metrics', entries.metrics, ({ value, step }) => html`<td class="number" title=${String(value)}>${shortNumber(Number(value))}</td><td class="number quiet" title="step">${step}</td>`)}
        ${section('Params', entries.params, plainValue)}
        ${section('Tags', entries.tags, (entry) => this.renderTag(entry, writable))}
        ${writable ? html`<button class="link-button" @click=${() => void this.actions.run('setTag', [this.runId])}>Add a tag…</button>` : nothing}
        ${this.renderInputs(row)}
        ${section('MLflow’s own tags', entries.systemTags, plainValue)}
      </div>`;
  }

  private renderHead(name: string): TemplateResult {
    return html`<div class="details-head">
      <h2 title=${name}>${name}</h2>
      <button class="icon-button" title="Close" aria-label="Close details" @click=${() => this.dispatchEvent(new Event('close-details'))}>${icons.close}</button>
    </div>`;
  }

  private renderFacts(row: number): TemplateResult {
    const { table, snapshot } = this.session;
    const head = table.head(row);
    const [start, end] = [table.startTime(row), table.endTime(row)];
    const time = (ms: number | undefined, key: 'start_time' | 'end_time') =>
      ms === undefined
        ? ''
        : html`<span title=${localInstant(ms)}>${cellText(ms, { kind: 'attribute', key }, Date.now())}</span>`;
    const text = (key: 'commit' | 'source' | 'branch', value: string | undefined) =>
      value === undefined
        ? ''
        : html`<span title=${fullText(value, { kind: 'attribute', key })}>${cellText(value, { kind: 'attribute', key }, 0)}</span>`;
    const openSource = html`<button class="link-button" @click=${() => void this.actions.run('openSource', [this.runId])}>Open source</button> <button class="link-button" aria-haspopup="menu" @click=${(event: Event) => this.openCode(event)}>More…</button>`;
    const status = html`<span class="details-status"><span class="status status-${head.status.toLowerCase()}">${icons[statusIcons[head.status]]}</span>${statusName(head.status)}${head.deleted ? ', deleted' : ''}</span>`;
    const facts: readonly (readonly [string, unknown])[] = [
      ['Status', status],
      ['Started', time(start, 'start_time')],
      ['Ended', time(end, 'end_time')],
      ['Duration', start !== undefined && end !== undefined ? duration((end - start) / 1000) : ''],
      ['User', head.userId],
      ['Experiment', snapshot?.experiments[head.experimentId] ?? head.experimentId],
      ['Parent', head.parentRunId === undefined ? '' : this.renderParent(head.parentRunId)],
      ['Source', text('source', head.source)],
      ['Branch', text('branch', head.branch)],
      [
        'Commit',
        head.commit === undefined
          ? ''
          : html`${text('commit', head.commit)} ${openSource}<flowdeck-commit-note .session=${this.session} .commit=${head.commit}></flowdeck-commit-note>`,
      ],
      [
        'Run ID',
        html`<code>${head.runId}</code> <button class="icon-button" title="Copy the run ID" aria-label="Copy the run ID" @click=${() => void this.actions.copy([head.runId], 'ids')}>${icons.copy}</button>`,
      ],
    ];
    return html`<dl class="details-facts">
      ${facts.filter(([, value]) => value !== '').map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
    </dl>
    <div class="details-buttons">
      <button class="button secondary" @click=${() => this.actions.reveal(this.runId)}>Open in Run view</button>
      <button class="button secondary" @click=${() => void this.actions.run('openWebUi', [this.runId])}>Open in web UI</button>
    </div>`;
  }

  private openCode(event: Event): void {
    if (!(event.currentTarget instanceof Element)) return;
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    openMenu('Code', codeItems(this.actions, this.runId), { x: left, y: bottom }, 'Code');
  }

  private renderParent(runId: string): TemplateResult {
    const { table } = this.session;
    const row = table.rowOf(runId);
    return html`<span title=${runId}>${row === undefined ? runId : table.head(row).name}</span>`;
  }

  private renderTag({ key, value }: Entry, writable: boolean): TemplateResult {
    const text = String(value);
    return html`<td class="details-value"><span>${text}</span>${
      writable
        ? html`<span class="details-tools">
            <button class="icon-button" title="Edit" aria-label=${`Edit the tag ${key}`} @click=${(event: Event) => this.editTag(event, key)}>${icons.edit}</button>
            <button class="icon-button" title="Remove" aria-label=${`Remove the tag ${key}`} @click=${() => void this.removeTag(key)}>${icons.trash}</button>
          </span>`
        : nothing
    }</td>`;
  }

  private renderInputs(row: number): TemplateResult {
    const { datasets = [], models = [] } = this.session.table.head(row);
    return html`${section(
      'Datasets',
      datasets.map(({ name, digest, context }) => ({ key: name, value: context ? `${context} · ${digest}` : digest })),
      plainValue,
    )}
    ${models.length > 0 ? html`<h3>Models <span class="quiet">${count(models.length)}</span></h3><ul class="details-list">${models.map((id) => html`<li><code>${id}</code></li>`)}</ul>` : nothing}`;
  }

  private searched(event: Event): void {
    if (event.target instanceof HTMLInputElement) this.find = event.target.value;
  }

  private editTag(event: Event, key: string): void {
    const cell = event.target instanceof Element ? event.target.closest('td') : null;
    const column = columnId({ kind: 'tag', key });
    const target = editTarget(this.session, this.runId, column);
    if (!cell || !target) return;
    const edit = { runId: this.runId, column, rect: cell.getBoundingClientRect() };
    openCellEditor(this.session, edit, target, (message) => this.actions.announce(message));
  }

  private async removeTag(key: string): Promise<void> {
    const { runId, session } = this;
    const before = shownNow(session, { runId, field: 'tag', key });
    const message = await editRun(session, { runId, before, field: 'tag', key, value: null });
    this.actions.announce(message ?? `Removed the tag ${key}${before === null ? '' : `, which was ${before}`}.`);
  }
}

const plainValue = ({ value }: Entry) => html`<td class="details-value">${value}</td>`;

function section(
  title: string,
  entries: readonly Entry[],
  cells: (entry: Entry) => TemplateResult,
): TemplateResult | typeof nothing {
  if (entries.length === 0) return nothing;
  const rest = entries.length - mostEntries;
  return html`<h3>${title} <span class="quiet">${count(entries.length)}</span></h3>
    <table class="details-table" aria-label=${title}>
      <tbody>${entries.slice(0, mostEntries).map((entry) => html`<tr><th scope="row" title=${entry.key}>${entry.key}</th>${cells(entry)}</tr>`)}</tbody>
    </table>
    ${rest > 0 ? html`<p class="quiet">and ${count(rest)} more: find them by a part of their name</p>` : nothing}`;
}
