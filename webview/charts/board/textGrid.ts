import { html, nothing, type TemplateResult } from 'lit';
import { customElement } from 'lit/decorators.js';
import { loggedTable } from '../../../src/shared/charts/loggedTable';
import { naturalCompare } from '../../../src/shared/naturalCompare';
import { count } from '../../../src/shared/series/format';
import { type Artifact, type ArtifactCache, type LoadedText, textCache } from '../../runs/artifactCache';
import { saveFilesAction, textActions } from './artifactExports';
import { ArtifactGrid, type FoundRun } from './artifactGrid';
import type { MatrixColumn, MatrixRow } from './artifactMatrix';
import type { ExportAction } from './exportMenu';

const small = { least: 280, widest: 640, height: 190 };
const large = { least: 320, widest: 900, height: 420 };
const mostRows = 50;
/** A text that holds these is none. */
const binary = /\0/;

/** Texts and tables that runs logged, side by side: a column for each run, a row for each file. */
@customElement('flowdeck-text-grid')
export class TextGrid extends ArtifactGrid<LoadedText> {
  protected readonly what = 'artifacts';

  protected makeCache(changed: () => void): ArtifactCache<LoadedText> {
    return textCache(this.session.rpc, changed);
  }

  exports(title: string): readonly ExportAction[] {
    const found = this.foundRuns().flatMap((run) => run.paths.map((path) => this.fileOf(run, path)));
    return [...textActions(title, found), saveFilesAction('Files', title, found)];
  }

  protected renderFound(runs: readonly FoundRun[]): TemplateResult {
    const having = new Map<string, Set<string>>();
    for (const { runId, paths } of runs)
      for (const path of paths) {
        const ids = having.get(path) ?? new Set();
        having.set(path, ids.add(runId));
      }
    const rows = [...having.keys()].sort(naturalCompare).map(
      (path): MatrixRow => ({
        key: path,
        artifactOf: ({ runId }) => (having.get(path)?.has(runId) ? { runId, path } : undefined),
      }),
    );
    const content = ({ key }: MatrixRow, { runId }: MatrixColumn) =>
      having.get(key)?.has(runId) ? this.renderFile(runId, key) : html`<span class="quiet">no ${key}</span>`;
    return html`<flowdeck-artifact-matrix
      .columns=${runs}
      .rows=${rows}
      .cell=${this.full ? large : small}
      .label=${'Texts'}
      .content=${content}
      .want=${(artifacts: readonly Artifact[]) => this.cache?.want(artifacts)}
      .revision=${this.edition}
    ></flowdeck-artifact-matrix>`;
  }

  private renderFile(runId: string, path: string): TemplateResult {
    const loaded = this.cache?.of(runId, path);
    if (!loaded) return html`<div class="text-box skeleton" role="status" aria-label="Loading"></div>`;
    if (loaded.kind === 'failed') return html`<p class="is-error">${loaded.message}</p>`;
    const { text, cut } = loaded.value;
    return html`${binary.test(text) ? html`<p class="quiet">This is no text.</p>` : content(path, text, cut)}
      ${cut ? html`<p class="quiet">The first 200 kB.</p>` : nothing}`;
  }
}

/** A table where it is one and all of it is here; else the text as it is. */
function content(path: string, text: string, cut: boolean): TemplateResult {
  const table = cut && /\.json$/i.test(path) ? undefined : loggedTable(path, text);
  if (!table) return html`<pre class="text-box" tabindex="0">${text}</pre>`;
  return html`<div class="table-box" tabindex="0"><table class="logged-table">
      <thead><tr>${table.columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
      <tbody>${table.rows.slice(0, mostRows).map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
    </table></div>
    ${table.rows.length > mostRows ? html`<p class="quiet">${mostRows} of ${count(table.rows.length)}${cut ? '+' : ''} rows</p>` : nothing}`;
}
